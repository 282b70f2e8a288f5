// A run whose trainer is a command that waits a second, before anybody submits it.
#pragma once

#include <QString>
#include <filesystem>
#include <string>

#include "core/config/load.h"
#include "core/runlog/run_directory.h"
#include "core/util/uuid.h"

namespace retort::test {

/// Its directory.
inline QString newWaitingCommand(const std::filesystem::path& runs, const std::string& name) {
    const ParsedConfig parsed = parseConfig("recipe: external\nexternal: {shell: sleep 1}\n", "c.yaml");
    RunIdentity identity;
    identity.id = newUuid();
    identity.recipe = "external";
    identity.name = name;
    return QString::fromStdString(
        RunDirectory::create(runs, name, toYaml(parsed.config), identity).path().string());
}

}  // namespace retort::test
