// A run whose trainer is any command: a script with TRL, torchrun, verl, a shell script.
#include <map>

#include "core/config/recipes/declarations.h"
#include "core/trackers/column_mapping.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t longestWord = 128u << 10;  // Linux takes no longer ones (MAX_ARG_STRLEN)

/// What stands before the "=" of "NAME=value"; empty: it is no such text.
std::string variableName(const std::string& text) {
    const std::string name = text.substr(0, text.find('='));
    const bool isName =
        name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
            std::string::npos &&
        !name.empty() && !(name[0] >= '0' && name[0] <= '9');
    return isName && name.size() < text.size() ? name : std::string();
}

/// The last part of a path, whether a slash follows it or not.
std::string lastName(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path.substr(path.rfind('/') + 1);
}

void checkCommand(const ExternalSettings& external, const ReportContradiction& report) {
    if (external.command.empty() && external.shell.empty())
        report("external.command", "is missing",
               "write the program and its arguments: [python3, train.py], or a line for the shell as "
               "external.shell");
    if (!external.command.empty() && !external.shell.empty())
        report("external.shell", "there is a command already",
               "keep one of external.command and "
               "external.shell");
    if (!external.command.empty() && external.command.front().empty())
        report("external.command.0", "the program's name is empty", "");
    for (std::size_t i = 0; i < external.command.size(); ++i)
        if (external.command[i].size() >= longestWord)
            report("external.command." + std::to_string(i), "is longer than a program's argument can be", "");
    if (external.shell.size() >= longestWord)
        report("external.shell", "is longer than a program's argument can be",
               "put it into a file of "
               "external.files");
}

void checkExternal(const RunConfig& config, const ReportContradiction& report) {
    const ExternalSettings& external = config.external;
    checkCommand(external, report);
    for (std::size_t i = 0; i < external.environment.size(); ++i) {
        const std::string path = "external.environment." + std::to_string(i);
        const std::string name = variableName(external.environment[i]);
        if (name.empty())
            report(path, "expected NAME=value, found '" + external.environment[i].substr(0, 60) + "'", "");
        else if (name.starts_with("RETORT_") && name != "RETORT_LOG" && name != "RETORT_HOME")
            report(path, name + " is set by Retort itself", "");
    }
    std::map<std::string, std::size_t> names;
    for (std::size_t i = 0; i < external.files.size(); ++i) {
        const std::string path = "external.files." + std::to_string(i), name = lastName(external.files[i]);
        if (name.empty() || name == "." || name == "..")
            report(path, "is no file's name: '" + external.files[i] + "'", "");
        else if (const auto [first, isNew] = names.emplace(name, i); !isNew)
            report(
                path,
                "has the same name as external.files." + std::to_string(first->second) + ": '" + name + "'",
                "all of them lie side by side in the work folder");
    }
    try {
        columnMappingOf(external.columns);
    } catch (const Error& error) {
        report("external.columns", error.what_happened(), error.hint());
    }
}

}  // namespace

std::vector<BoundRecipe> externalRecipes() {
    using E = ExternalSettings;
    BoundRecipe recipe =
        newRecipe(externalRecipe, "Runs any command as the trainer, and follows the logs that it writes.");
    recipe.check = checkExternal;
    declareRun(recipe);
    SectionDeclarations external(recipe, "external.", "Command", &RunConfig::external);
    external("command", &E::command)
        .help("The program and its arguments, as a list; no shell looks at them.");
    external("shell", &E::shell)
        .help("Instead of a command: a line or a script for /bin/sh; it ends at the first error.");
    external("files", &E::files)
        .file()
        .help(
            "Files and folders that the command needs: copied side by side into the run's work folder, on "
            "another machine too.");
    external("folder", &E::folder)
        .help(
            "Where the command is started, on the machine where it runs: /…, ~/…, or from this "
            "configuration's folder; empty: the run's work folder, where the files are.");
    external("environment", &E::environment).help("Variables of its environment: NAME=value.");
    external("grace", &E::grace)
        .help(
            "How long it may take to end when it is asked to; then comes SIGTERM, and after as long again "
            "SIGKILL.")
        .unit("s")
        .between(0, 86400);
    external("gpus", &E::gpus)
        .help(
            "How many GPUs it uses: where the queue gives runs GPUs of their own, it gets so many; 0: it "
            "needs "
            "none.")
        .between(0, 64);
    external("checkpoint_signal", &E::checkpoint_signal)
        .help(
            "What asks those of its processes that have a handler for it for a checkpoint, where it does not "
            "look "
            "at requests by itself.")
        .choices({"none", "USR1", "USR2"})
        .advanced();
    SectionDeclarations model(recipe, "model.", "Command", &RunConfig::model);
    model("from", &ModelSettings::from)
        .help(
            "Optional: a checkpoint for the command to start from; the folder's path is in its environment "
            "as RETORT_MODEL.")
        .checkpoint();
    external.group("Logs");
    external("adopt", &E::adopt)
        .help(
            "Folders and files whose logs are followed, from where the command is started; empty: the run's "
            "own folders, unless it logs with retort_log.py.");
    external("columns", &E::columns)
        .help("Columns of tables and JSON lines with unusual names: step=iteration,time=stamp.")
        .advanced();
    declareDefaults(recipe);
    return {recipe};
}

}  // namespace retort
