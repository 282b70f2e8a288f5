#include "training/backends/remote/remote_program.h"

#include <sys/utsname.h>

#include <sstream>

#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/transfer.h"
#include "training/backends/trainer_program.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* coreLibrary = "libretort_core.so";
constexpr const char* trainingModule = "libretort_training.so";

std::string architectureHere() {
    utsname names{};
    return ::uname(&names) == 0 ? names.machine : "";
}

/// Beside the program, as it is built, or in the library folder, as it is installed.
fs::path libraryHere(const fs::path& program, const char* name) {
    for (const char* folder :
         {".", "lib", "../lib", "../lib/x86_64-linux-gnu", "../lib/aarch64-linux-gnu", "../lib64"}) {
        const fs::path path = program.parent_path() / folder / name;
        if (fs::exists(path)) return fs::canonical(path);
    }
    throw Error(std::string(name) + " is missing, without which retort-cli cannot be brought to a machine",
                program.string(), "install Retort there, or here as a whole");
}

std::string versionIn(const std::string& line) {
    const std::string name = "retort-cli ";
    return line.rfind(name, 0) == 0 ? line.substr(name.size()) : "";
}

std::string howToBuild(const WorkPlace& place) {
    return "build it there from its source: retort-cli machines build " + shellQuote(place.machine.name);
}

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

/// The libraries that the dynamic linker there does not find, by its own word; empty where it cannot be
/// asked.
std::string missingLibraries(const WorkPlace& place, const std::string& folder) {
    const CommandResult result =
        place.shell.wait(environmentScript(place.machine) + "cd -- " + shellQuote(folder) +
                             " || exit 1\ncommand -v ldd >/dev/null || exit "
                             "0\nLD_LIBRARY_PATH=$PWD/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n"
                             "export LD_LIBRARY_PATH\nldd bin/retort-cli lib/*.so 2>/dev/null | sed -n "
                             "'s/^[[:space:]]*\\(.*\\) => not "
                             "found.*/\\1/p' | sort -u",
                         QByteArray(), place.stop);
    std::string names;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) names += (names.empty() ? "" : ", ") + line;
    return names;
}

}  // namespace

fs::path programHere() {
    const fs::path program = trainerProgram();
    std::error_code code;
    fs::path whole = fs::canonical(program, code);
    if (code) throw Error("retort-cli is missing here: " + code.message(), program.string(), "install it");
    return whole;
}

std::string architectureThere(const WorkPlace& place) {
    return firstLine(runThere(place, "uname -m", "the machine does not say what it is"));
}

std::vector<FarProgram> programsThere(const WorkPlace& place) {
    const std::string out = runThere(
        place,
        environmentScript(place.machine) + "cd -- " + shellQuote(place.folder) +
            "\nlook() {\n[ -x \"$1\" ] || return\nprintf '%s\\n' \"$1\"\n\"$1\" --version </dev/null 2>&1 | "
            "head -n 1\n}\n"
            "p=$(command -v retort-cli) && look \"$p\"\n"
            "for d in $(ls -t programs 2>/dev/null); do look \"$PWD/programs/$d/retort-cli\"; done\ntrue",
        "the environment set-up lines of the machine fail");
    std::vector<FarProgram> programs;
    std::istringstream lines(out);
    for (std::string path, said; std::getline(lines, path) && std::getline(lines, said);) {
        FarProgram program{path, versionIn(said), {}};
        if (program.version.empty()) program.trouble = said;
        programs.push_back(std::move(program));
    }
    return programs;
}

std::string bringProgram(const WorkPlace& place) {
    const std::string here = architectureHere(), there = architectureThere(place);
    if (here != there)
        throw Error("retort-cli cannot be brought: this machine is " + here + ", that one is " + there,
                    place.machine.name, howToBuild(place));
    const fs::path program = programHere();
    const std::string folder =
        bringFiles(place,
                   {{program, "bin/retort-cli", true},
                    {libraryHere(program, coreLibrary), std::string("lib/") + coreLibrary},
                    {libraryHere(program, trainingModule), std::string("lib/") + trainingModule}},
                   "programs");
    // What the program needs beside itself is said by a wrapper, so that whoever starts it need not know.
    runThere(
        place,
        "cd -- " + shellQuote(folder) +
            " || exit 1\n[ -x retort-cli ] && exit 0\ncat >.new-$$ && chmod 755 .new-$$ && "
            "mv -f .new-$$ retort-cli",
        "retort-cli cannot be put in its place",
        "#!/bin/sh\nhere=$(dirname \"$0\")\nLD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n"
        "RETORT_TRAINING_MODULE=$here/lib/libretort_training.so\nexport LD_LIBRARY_PATH "
        "RETORT_TRAINING_MODULE\n"
        "exec \"$here/bin/retort-cli\" \"$@\"\n");
    const std::string path = folder + "/retort-cli";
    const CommandResult started =
        place.shell.wait(environmentScript(place.machine) + shellQuote(path) + " --version </dev/null",
                         QByteArray(), place.stop);
    const std::string missing = missingLibraries(place, folder);
    if (started.exitCode == 0 && missing.empty() && versionIn(firstLine(started.out)) == RETORT_VERSION)
        return path;
    throw Error(
        "retort-cli was brought, but does not start there: " +
            (missing.empty() ? lastWordsOf(started) : "these libraries are missing: " + missing),
        place.machine.name,
        "install them there, give LibTorch's folder in the machine's settings, or " + howToBuild(place));
}

std::string findOrBringProgram(const WorkPlace& place) {
    const std::vector<FarProgram> programs = programsThere(place);
    const std::string ours = place.folder + "/programs/", built = ours + "built-";
    // What was installed, or built because the one from here does not do.
    for (const FarProgram& program : programs)
        if (program.version == RETORT_VERSION &&
            (program.path.rfind(ours, 0) != 0 || program.path.rfind(built, 0) == 0))
            return program.path;
    try {
        // Content tells whether it is there already.
        return bringProgram(place);
    } catch (const Error& error) {
        std::string found;
        for (const FarProgram& program : programs)
            if (!program.version.empty() && program.version != RETORT_VERSION)
                found += " (" + program.path + " there is version " + program.version +
                         ", this is " RETORT_VERSION ")";
        if (found.empty()) throw;
        throw Error(error.what_happened() + found, error.where(), error.hint());
    }
}

}  // namespace retort
