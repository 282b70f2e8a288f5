// Building retort-cli on a machine in words: the script that does it, what its log says, what is missing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/machines/machine.h"

namespace retort {

struct BuildOptions {
    std::vector<std::string> definitions;  ///< for CMake: "RETORT_TRAINING=OFF"
    int jobs = 0;                          ///< compilers at once; 0: one a core, as far as there is memory
};

/// What the machine has to have. Its output is for parseBuildTools().
std::string buildToolsScript(const Machine& machine);
struct BuildTools {
    std::vector<std::string> problems;  ///< what is missing or too old, and what to install; empty: nothing
    std::vector<std::string> unseen;    ///< libraries that pkg-config does not see; CMake may find them
};
BuildTools parseBuildTools(const std::string& output);

/// The script that unpacks the archive, configures (CMake's preset `node`), builds at `nice` and puts the
/// program into the folder `program`, all below `folder`. What an earlier try has done is not done again.
/// `content`, the archive's SHA-256, is kept beside the program, also when nobody waits for the end.
std::string buildScript(const Machine& machine, const std::string& folder, const std::string& archive,
                        const std::string& content, const std::string& program, const BuildOptions& options);

/// The line by which the script says what comes next: "retort-step compiling".
inline constexpr const char* buildStepMark = "retort-step ";

struct BuildProgress {
    std::string step;       ///< "unpacking", "configuring", "compiling", "installing"
    int done = 0, all = 0;  ///< of the files to compile; make says percents: then all is 100
    bool operator==(const BuildProgress&) const = default;
};

/// Reads the log as it comes, in pieces of any size.
class BuildLog {
  public:
    /// `changed` is called for each line that makes another progress.
    void add(const std::string& piece, const std::function<void(const BuildProgress&)>& changed = nullptr);
    const BuildProgress& progress() const { return m_progress; }
    /// What CMake, the compiler or whatever else failed said about it.
    std::string lastWords() const;

  private:
    void line(const std::string& text);

    BuildProgress m_progress;
    std::string m_rest;                ///< of a line
    std::vector<std::string> m_lines;  ///< the last ones
};

/// What to install, for words of CMake or the compiler that name something missing; empty: nothing is known.
std::string adviceForBuild(const std::string& lastWords, const BuildTools& tools);

}  // namespace retort
