#include "training/external/command_folders.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/runlog/follower.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::uintmax_t largestCopy = std::uintmax_t(256) << 20;

fs::path homePath(const std::string& path) {
    const char* home = std::getenv("HOME");
    if (home && (path == "~" || path.rfind("~/", 0) == 0))
        return fs::path(home) / path.substr(std::min<std::size_t>(2, path.size()));
    return path;
}

/// Absolute, and without a slash at its end: "." is where a machine's script starts the trainer.
fs::path wholePath(const fs::path& path) {
    const fs::path whole = fs::absolute(path).lexically_normal();
    return whole.filename().empty() ? whole.parent_path() : whole;
}

void makeLink(const fs::path& target, const fs::path& link) {
    std::error_code code;
    if (fs::is_symlink(link, code)) return;
    fs::create_directory_symlink(target, link, code);
    if (code) throw Error("cannot be made: " + code.message(), link.string());
}

std::uintmax_t bytesBelow(const fs::path& path) {
    std::error_code code;
    if (!fs::is_directory(path, code)) return fs::file_size(path, code);
    std::uintmax_t bytes = 0;
    for (fs::recursive_directory_iterator entry(path, code), end; !code && entry != end;
         entry.increment(code))
        if (std::error_code ignored; entry->is_regular_file(ignored)) bytes += entry->file_size(ignored);
    return bytes;
}

bool holds(const fs::path& folder, const fs::path& path) {
    std::error_code code;
    if (!fs::is_directory(folder, code)) return false;
    const fs::path relative = fs::canonical(path, code).lexically_relative(fs::canonical(folder, code));
    return !relative.empty() && *relative.begin() != "..";
}

fs::path nameOf(const fs::path& file) {
    return file.filename().empty() ? file.parent_path().filename() : file.filename();
}

}  // namespace

CommandFolders::CommandFolders(const RunDirectory& directory, const ExternalSettings& settings)
    : run(wholePath(directory.path())),
      work(run / "work"),
      output(run / "output"),
      control(run / "control"),
      external(run / "external"),
      log(external / "log"),
      start(settings.folder.empty() ? work : homePath(settings.folder)) {}

void CommandFolders::make() const {
    for (const fs::path& folder : {work, output, control, run / "checkpoints", external, log}) {
        std::error_code code;
        fs::create_directories(folder, code);
        if (code) throw Error("the folder cannot be made: " + code.message(), folder.string());
    }
    makeLink("../../checkpoints", log / "checkpoints");
    makeLink("../../control", log / "control");
}

void placeFiles(const CommandFolders& folders, const std::vector<std::string>& files) {
    for (const std::string& file : files) {
        const fs::path to = folders.work / nameOf(file);
        std::error_code code;
        if (fs::exists(fs::symlink_status(to, code))) continue;
        if (!fs::exists(file, code))
            throw Error("there is no such file", file, "it is named by external.files");
        const fs::path beside = folders.work / (".placing-" + std::to_string(::getpid()));
        fs::remove_all(beside, code);
        const bool isLinked = bytesBelow(file) > largestCopy;
        if (!isLinked && holds(file, folders.work))
            throw Error("holds the run itself, which would be copied into itself", file,
                        "name what the command needs of it in external.files, or keep the runs elsewhere");
        if (isLinked)
            fs::create_symlink(fs::absolute(file), beside, code);
        else
            fs::copy(file, beside, fs::copy_options::recursive, code);
        if (!code) fs::rename(beside, to, code);
        if (code) {
            const std::string why = code.message();
            fs::remove_all(beside, code);
            throw Error("cannot be copied into the run's work folder: " + why, file);
        }
    }
}

std::vector<std::string> commandEnvironment(const CommandFolders& folders, const RunDirectory& run,
                                            const RunConfig& config, const AttemptFacts& attempt) {
    std::map<std::string, std::string> variables;
    const auto put = [&](const std::string& text) {
        if (const std::size_t equals = text.find('='); equals != std::string::npos && equals > 0)
            variables[text.substr(0, equals)] = text.substr(equals + 1);
    };
    for (char** each = ::environ; *each; ++each) put(*each);
    // Of an outer run; and Slurm's script exports the run's directory, whose log is not the command's to
    // write.
    for (const char* name : {"RETORT_RUN_DIR", "RETORT_STUDY", "RETORT_RUNS", "RETORT_RESUME",
                             "RETORT_CHECKPOINT", "RETORT_MODEL"})
        variables.erase(name);
    // Where trackers put their files, unless the user says so.
    variables.emplace("WANDB_DIR", folders.output.string());
    variables.emplace("TRACKIO_DIR", (folders.output / "trackio").string());
    // A traceback should not come after what was printed later, and a line when it is printed.
    variables.emplace("PYTHONUNBUFFERED", "1");
    for (const std::string& each : config.external.environment) put(each);
    variables["RETORT_RUN_DIR"] = folders.log.string();
    variables["RETORT_OUTPUT_DIR"] = folders.output.string();
    variables["RETORT_WORK_DIR"] = folders.work.string();
    variables["RETORT_CONTROL_DIR"] = folders.control.string();
    variables["RETORT_RUN_ID"] = run.identity().id;
    variables["RETORT_RUN_NAME"] = run.identity().name;
    if (!run.identity().study.empty()) variables["RETORT_STUDY"] = run.identity().study;
    variables["RETORT_SEED"] = std::to_string(config.seed);
    if (!config.model.from.empty()) variables["RETORT_MODEL"] = config.model.from;
    variables["RETORT_ATTEMPT"] = std::to_string(attempt.attempt);
    if (attempt.resume) variables["RETORT_RESUME"] = "1";
    if (!attempt.checkpoint.empty()) variables["RETORT_CHECKPOINT"] = attempt.checkpoint;
    std::vector<std::string> environment;
    for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
    return environment;
}

std::string lastCheckpointPath(const RunDirectory& run, std::int64_t& step) {
    const RunLogFollower follower(run.eventsFile());
    std::map<std::int64_t, fs::path> told;
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        for (const Event& event : batch.events) {
            if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event.payload))
                told[checkpoint->step] = run.path() / checkpoint->path;
            else if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                told.erase(told.upper_bound(rewind->toStep), told.end());
        }
    } while (!batch.atEnd);
    for (auto each = told.rbegin(); each != told.rend(); ++each) {
        // Under the name that the command gave it, in which it may look for the step.
        std::error_code code;
        const fs::path there = fs::canonical(each->second, code);
        if (code) continue;  // removed since
        step = each->first;
        return there.string();
    }
    return {};
}

}  // namespace retort
