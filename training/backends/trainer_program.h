// The program that a backend starts for a run.
#pragma once

#include <filesystem>

namespace retort {

/// $RETORT_CLI, else retort-cli beside this program, else in PATH; absolute or as named. Throws Error when
/// there is none.
std::filesystem::path trainerProgram();

}  // namespace retort
