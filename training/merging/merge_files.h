// What a merged checkpoint has beside its weights: config.json, the tokenizer's files, the recipe,
// lineage.json.
#pragma once

#include <filesystem>
#include <string>

#include "training/merging/merge_plan.h"

namespace retort {

/// The template that `chat_template` of the recipe stands for: Jinja as it is, a known name's ("chatml",
/// "llama3", "mistral", "alpaca"), or with "auto" the one that most models have. Empty: there is none. Throws
/// Error.
std::string mergedChatTemplate(const MergePlan& plan);

/// Copies or writes the tokenizer's files, generation_config.json and the recipe; everything but config.json.
void writeMergeFiles(const MergePlan& plan, const std::filesystem::path& folder, const std::string& program,
                     bool hashParents);
/// Last, so that a folder with it is whole.
void writeMergeConfig(const MergePlan& plan, const std::filesystem::path& folder);

}  // namespace retort
