// Configurations to start a design from.
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace retort {

struct Template {
    QString title, help, yaml;
};

/// A short configuration of this recipe that runs as it is.
std::string starterYaml(const std::string& recipe);

/// One for each recipe, and the stages of the quickstart study.
std::vector<Template> designTemplates();

}  // namespace retort
