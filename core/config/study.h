// A study is an ordered list of stages, each a configuration; a stage may start from an earlier one's last
// checkpoint by `model.from: "@name"`.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/config/load.h"

namespace retort {

struct StudyStage {
    std::string name;  ///< "sft"
    std::string file;  ///< "2-sft.yaml"
    std::string yaml;
};

struct Study {
    std::string name;
    std::vector<StudyStage> stages;
};

/// The files `<number>-<name>.yaml` of a folder, by number. Throws Error when there is none, or a name stands
/// twice.
Study readStudy(const std::filesystem::path& folder);

/// The study of resources/quickstart, which is part of the program.
const Study& quickstartStudy();

/// The stage's configuration with "@name" in model.from, and wherever else a checkpoint is named, replaced by
/// the last checkpoint of that stage's run. Throws Error naming the nearest stage when there is no run for
/// it. Problems of the configuration stay in the result.
ParsedConfig resolveStage(const StudyStage& stage, const std::map<std::string, std::filesystem::path>& runs,
                          const std::vector<std::string>& overrides = {});

}  // namespace retort
