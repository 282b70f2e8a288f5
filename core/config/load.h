// YAML (text or file) to a validated RunConfig and back. Every error carries file, line and column, what was
// expected, and the nearest known name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/run_config.h"

namespace retort {

struct ConfigProblem {
    std::string file;
    int line = 0, column = 0;  ///< 1-based; 0: not from a place in the text (an override)
    std::string path;          ///< "training.learning_rate"
    std::string message;       ///< "expected a number > 0, found 'fast'"
    std::string hint;          ///< "did you mean learning_rate?"

    std::string text() const;  ///< "config.yaml:12:3: training.learning_rate: …"
};

struct ParsedConfig {
    RunConfig config;  ///< defaults where the text was silent or wrong
    Json values;       ///< the resolved tree: every parameter of the recipe with its value
    std::vector<ConfigProblem> problems;
};

/// Never throws on bad content: all problems are collected, so that the form can show each in its place.
/// `overrides` are "key.path=value" with YAML values, list items by index: "data.tasks.0.max_digits=5".
ParsedConfig parseConfig(const std::string& yaml, const std::string& fileName,
                         const std::vector<std::string>& overrides = {});

/// Throws Error with all problems, one a line, when there are any.
void throwProblems(const ParsedConfig& parsed);

/// parseConfig of a file; throws Error with all problems, one a line, when there are any.
RunConfig loadConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The resolved configuration as YAML, every parameter of the recipe written out: enough to run it again.
std::string toYaml(const RunConfig& config);
/// As above, from a resolved tree (the form edits this). `onlyChanged` leaves out what equals the default.
std::string toYaml(const std::string& recipe, const Json& values, bool onlyChanged);

}  // namespace retort
