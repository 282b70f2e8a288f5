// retort-cli built on a machine from the source that the program ships: where the one from here does not run
// (another architecture, an older libc, a LibTorch of its own, CUDA).
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "training/backends/remote/build_texts.h"
#include "training/backends/remote/work_place.h"

namespace retort {

/// The source that is shipped: $RETORT_SOURCE, else share/retort/ beside the program's folder. Throws Error
/// when it is not there.
std::filesystem::path sourceArchive();

/// Builds in the work folder and waits for it; the path of the program. The build has a session of its own:
/// it goes on when the connection breaks (which is made again) and when place.stop says that nobody waits any
/// more (which throws). A build that goes on is followed, one that was ended goes on where it was, one that
/// is done is not done again. Throws Error with what is missing before anything starts, or with the last
/// words of CMake or the compiler.
std::string buildProgram(const WorkPlace& place, const BuildOptions& options = {},
                         const std::function<void(const BuildProgress&)>& progress = nullptr);

/// Ends the builds that go on there. False: there is none.
bool stopBuilds(const WorkPlace& place);

/// The archive from which a program there was built: its SHA-256; empty: it was not built there.
std::string builtFrom(const WorkPlace& place, const std::string& program);

}  // namespace retort
