#include "core/config/launch.h"

#include <algorithm>
#include <charconv>

#include "core/config/references.h"
#include "core/config/values.h"
#include "core/runlog/checkpoint_folder.h"
#include "core/tasks/jsonl_data.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/uuid.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

fs::path checkpointAt(const RunDirectory& run, const std::string& step) {
    std::int64_t number = -1;
    const auto [end, code] = std::from_chars(step.data(), step.data() + step.size(), number);
    const std::vector<std::int64_t> steps = run.checkpointSteps();
    if (code == std::errc() && end == step.data() + step.size() &&
        std::find(steps.begin(), steps.end(), number) != steps.end())
        return run.checkpointFolder(number);
    std::string have;
    for (const std::int64_t each : steps) {
        if (!have.empty()) have += ", ";
        have += std::to_string(each);
    }
    throw Error("has no checkpoint of step " + step, run.path().string(),
                have.empty() ? "it has none at all" : "it has those of " + have);
}

/// An earlier one that was brought from its machine does not stand for the last.
fs::path lastOf(const KnownRun& run) {
    const fs::path last = lastCheckpoint(run.directory);
    const std::int64_t step = checkpointStepOf(last.filename().string()).value_or(-1);
    if (step < run.lastStep && isThere(run.directory / "remote.json"))
        throw Error("this run's last checkpoint, of step " + std::to_string(run.lastStep) +
                        ", was not fetched from its machine; here is that of step " + std::to_string(step),
                    run.directory.string(),
                    "retort-cli fetch brings it; run:<name>@" + std::to_string(step) + " is the earlier one");
    return last;
}

fs::path checkpointOfRun(const std::string& reference, const FindRun& findRun) {
    std::string name = reference, step;
    std::optional<KnownRun> found = findRun(name);
    // A name may contain '@' itself, so the whole goes first.
    if (const std::size_t at = name.rfind('@'); !found && at != std::string::npos) {
        step = name.substr(at + 1);
        name.resize(at);
        found = findRun(name);
    }
    if (!found)
        throw Error("there is no run '" + name + "'", "run:" + reference, "retort-cli runs lists them");
    return step.empty() ? lastOf(*found) : checkpointAt(RunDirectory::open(found->directory), step);
}

void requireCheckpoint(const fs::path& folder) {
    if (!isThere(folder)) throw Error("there is no such checkpoint folder", folder.string());
    if (!fs::is_directory(folder)) throw Error("is a file, and no checkpoint folder", folder.string());
    const auto missing = [&](const char* file, const char* hint) {
        throw Error(std::string("is no checkpoint: ") + file + " is missing", folder.string(), hint);
    };
    const char* content =
        "a checkpoint folder holds config.json, model.safetensors (or its shards and their index) and "
        "tokenizer.json";
    const bool hasWeights =
        isThere(folder / "model.safetensors") || isThere(folder / "model.safetensors.index.json");
    if (!hasWeights && isThere(folder / "adapter_config.json"))
        missing("model.safetensors",
                "it is an adapter: name the model that it was trained on, and the adapter as lora.from, or "
                "merge the two first");
    if (!isThere(folder / "config.json")) missing("config.json", content);
    if (!hasWeights && isThere(folder / "pytorch_model.bin"))
        missing("model.safetensors",
                "its weights are a pickle, which could hold a program; save them as safetensors");
    if (!hasWeights) missing("model.safetensors", content);
}

/// A folder in which a run's command keeps a checkpoint is that checkpoint.
fs::path asItsRunNamesIt(const fs::path& folder) {
    if (folder.parent_path().filename() == "checkpoints") return folder;
    const fs::path directory = runOfCheckpoint(folder);
    if (directory.empty()) return folder;
    const RunDirectory run = RunDirectory::open(directory);
    for (const std::int64_t step : run.checkpointSteps())
        if (std::error_code code; fs::equivalent(run.checkpointFolder(step), folder, code) && !code)
            return run.checkpointFolder(step);
    return folder;
}

Error noCheckpoint(const RunDirectory& run) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(run.checkpointsFolder(), code))
        if (checkpointStepOf(entry.path().filename().string()))
            return Error("none of this run's checkpoints is here any more", run.path().string(),
                         entry.is_symlink(code) ? "its command has removed them" : "they are not whole");
    return Error("this run has no checkpoint yet", run.path().string(),
                 isThere(run.path() / "remote.json") ? "retort-cli fetch brings one from its machine" : "");
}

std::string resolvedFile(const std::string& name, const fs::path& base, const std::string& path) {
    const fs::path file = fs::absolute(base / name).lexically_normal();
    if (!isThere(file)) throw Error("there is no such file", file.string(), "it is named by " + path);
    return file.string();
}

}  // namespace

fs::path lastCheckpoint(const fs::path& runDirectory) {
    const RunDirectory run = RunDirectory::open(runDirectory);
    const std::vector<std::int64_t> steps = run.checkpointSteps();
    if (steps.empty()) throw noCheckpoint(run);
    return run.checkpointFolder(steps.back());
}

fs::path runOfCheckpoint(const fs::path& checkpoint) {
    const fs::path directory = fs::absolute(checkpoint).lexically_normal().parent_path().parent_path();
    return isThere(directory / "run.json") ? directory : fs::path();
}

fs::path findCheckpoint(const std::string& reference, const fs::path& base, const FindRun& findRun) {
    fs::path folder;
    if (reference.rfind("run:", 0) == 0) {
        folder = checkpointOfRun(reference.substr(4), findRun);
    } else if (reference.rfind('@', 0) == 0) {
        throw Error("names a stage of a study, and there is no study here", reference,
                    "use run:<name or id>, or a checkpoint folder");
    } else {
        folder = fs::absolute(base / reference).lexically_normal();
        folder = isThere(folder / "run.json") ? lastCheckpoint(folder) : asItsRunNamesIt(folder);
    }
    requireCheckpoint(folder);
    return folder;
}

PreparedRun prepareRun(ParsedConfig parsed, const fs::path& base, const FindRun& findRun,
                       const KeepReference& keep) {
    throwProblems(parsed);
    PreparedRun prepared;
    const auto checkpoint = [&](const std::string& model) {
        const auto kept = keep ? keep(model) : std::nullopt;
        return kept ? *kept : findCheckpoint(model, base, findRun).string();
    };
    mapReferences(
        parsed.values, recipeSchema(parsed.config.recipe),
        {[&](const std::string& name, const std::string& path) { return resolvedFile(name, base, path); },
         checkpoint});
    if (const Json* from = valueAt(parsed.values, "model.from"); from && !from->get<std::string>().empty())
        if (const fs::path run = runOfCheckpoint(from->get<std::string>()); !run.empty())
            prepared.parent = RunDirectory::open(run).identity().id;
    if (const std::string from = parsed.config.lora.from; !from.empty()) {
        const fs::path adapter = fs::absolute(base / from).lexically_normal();
        if (!isThere(adapter / "adapter_config.json"))
            throw Error("there is no adapter here", adapter.string(),
                        "lora.from names a folder with an adapter_config.json");
        setValueAt(parsed.values, "lora.from", adapter.string());
    }
    if (const fs::path folder = parsed.config.external.folder;
        folder.is_relative() && !folder.empty() && *folder.begin() != "~")
        setValueAt(parsed.values, "external.folder", fs::absolute(base / folder).lexically_normal().string());
    prepared.yaml = toYaml(parsed.config.recipe, parsed.values, false);
    // Read back, so that what runs is what the file says.
    ParsedConfig again = parseConfig(prepared.yaml, "config.yaml");
    throwProblems(again);
    prepared.config = std::move(again.config);
    // Now, before there is a run that could only fail.
    for (const FileSettings& file : prepared.config.data.files) makeFileTask(file);
    return prepared;
}

RunDirectory createRun(const PreparedRun& prepared, const fs::path& root, const std::string& program) {
    RunIdentity identity;
    identity.id = newUuid();
    identity.created = unixTime();
    identity.name = prepared.config.name;
    identity.study = prepared.config.study;
    identity.recipe = prepared.config.recipe;
    identity.program = program;
    identity.parent = prepared.parent;
    return RunDirectory::create(root, prepared.config.name, prepared.yaml, identity);
}

}  // namespace retort
