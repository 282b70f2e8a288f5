#include "core/config/study.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/config/binding.h"
#include "core/config/launch.h"
#include "core/config/merge_models.h"
#include "core/config/names.h"
#include "core/config/quickstart_files.h"
#include "core/config/values.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

// "2-sft.yaml" is stage 2, "sft".
struct StageFile {
    int number = 0;
    std::string name;
};

std::optional<StageFile> parseFileName(const std::string& file) {
    const std::size_t dash = file.find('-'), dot = file.rfind(".yaml");
    if (dash == std::string::npos || dot == std::string::npos || dot + 5 != file.size() || dot <= dash + 1)
        return std::nullopt;
    StageFile stage;
    const auto [end, code] = std::from_chars(file.data(), file.data() + dash, stage.number);
    if (code != std::errc() || end != file.data() + dash) return std::nullopt;
    stage.name = file.substr(dash + 1, dot - dash - 1);
    return stage;
}

Study order(std::string name, std::vector<std::pair<StageFile, StudyStage>> stages) {
    std::sort(stages.begin(), stages.end(),
              [](const auto& a, const auto& b) { return a.first.number < b.first.number; });
    Study study;
    study.name = std::move(name);
    for (auto& [file, stage] : stages) {
        for (const StudyStage& earlier : study.stages)
            if (earlier.name == stage.name)
                throw Error("two stages are called '" + stage.name + "'", stage.file,
                            "rename one of the files");
        study.stages.push_back(std::move(stage));
    }
    return study;
}

const fs::path& runOfStage(const std::string& name, const std::map<std::string, fs::path>& runs,
                           const std::string& place) {
    if (const auto run = runs.find(name); run != runs.end()) return run->second;
    std::vector<std::string> names;
    for (const auto& [known, directory] : runs) names.push_back(known);
    throw Error("no earlier stage is called '" + name + "'", place, didYouMean(name, names));
}

}  // namespace

Study readStudy(const fs::path& folder) {
    std::error_code code;
    std::vector<std::pair<StageFile, StudyStage>> stages;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
        const std::string file = entry.path().filename().string();
        if (const std::optional<StageFile> stage = parseFileName(file))
            stages.push_back({*stage, {stage->name, file, readFile(entry.path(), 4u << 20)}});
    }
    if (code) throw Error("cannot read the folder: " + code.message(), folder.string());
    if (stages.empty())
        throw Error("holds no stage", folder.string(), "stages are files such as 1-pretrain.yaml");
    return order(fs::absolute(folder).lexically_normal().filename().string(), std::move(stages));
}

const Study& quickstartStudy() {
    static const Study study = [] {
        std::vector<std::pair<StageFile, StudyStage>> stages;
        for (const EmbeddedFile& file : quickstartFiles())
            if (const std::optional<StageFile> stage = parseFileName(file.name))
                stages.push_back({*stage, {stage->name, file.name, file.content}});
        return order("quickstart", std::move(stages));
    }();
    return study;
}

ParsedConfig resolveStage(const StudyStage& stage, const std::map<std::string, fs::path>& runs,
                          const std::vector<std::string>& overrides) {
    ParsedConfig parsed = parseConfig(stage.yaml, stage.file, overrides);
    const BoundRecipe& recipe = *findRecipe(parsed.config.recipe);
    for (const Parameter& parameter : recipe.schema.parameters) {
        const Json* value = valueAt(parsed.values, parameter.path);
        const auto resolved = [&](const std::string& name) {
            if (name.rfind('@', 0) != 0) return name;
            return lastCheckpoint(runOfStage(name.substr(1), runs, stage.file + ": " + parameter.path))
                .string();
        };
        if (value && parameter.reference == Reference::Checkpoint)
            setValueAt(parsed.values, parameter.path, resolved(value->get<std::string>()));
        if (value && parameter.reference == Reference::MergeRecipe)
            setValueAt(parsed.values, parameter.path, withMergeModels(value->get<std::string>(), resolved));
    }
    parsed.config = recipe.write(parsed.values);
    return parsed;
}

}  // namespace retort
