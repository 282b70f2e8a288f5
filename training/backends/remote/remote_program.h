// retort-cli on a machine: found, or brought from here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/backends/remote/work_place.h"

namespace retort {

/// What is said of a program there.
struct FarProgram {
    std::string path;     ///< absolute
    std::string version;  ///< "0.1.0"; empty: it does not start
    std::string trouble;  ///< why it does not start
};

/// retort-cli in the PATH (with the machine's environment), and those that were brought, the newest first.
std::vector<FarProgram> programsThere(const WorkPlace& place);
/// `uname -m` of it: "x86_64".
std::string architectureThere(const WorkPlace& place);

/// The retort-cli that is brought: $RETORT_CLI, else beside this program, else in PATH. Throws Error when
/// there is none.
std::filesystem::path programHere();

/// Brings retort-cli, its library and the training module, and starts them there once; the path of the
/// program. Throws Error where the architectures differ, or a library is missing there (it names it).
std::string bringProgram(const WorkPlace& place);

/// One of this program's version: found, or else brought. Throws Error that says what is there and what to
/// do.
std::string findOrBringProgram(const WorkPlace& place);

}  // namespace retort
