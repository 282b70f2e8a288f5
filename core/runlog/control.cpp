#include "core/runlog/control.h"

#include <sys/stat.h>

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

const char* fileName(Request request) {
    switch (request) {
        case Request::Stop:
            return "stop";
        case Request::Pause:
            return "pause";
        case Request::Checkpoint:
            return "checkpoint";
    }
    return "";
}

}  // namespace

void ask(const fs::path& runDirectory, Request request) {
    const fs::path folder = runDirectory / "control";
    std::error_code code;
    fs::create_directory(folder, code);
    if (code) throw Error("cannot ask the run: " + code.message(), folder.string());
    writeFileAtomically(folder / fileName(request), "");
}

bool withdraw(const fs::path& runDirectory, Request request) {
    std::error_code code;
    const fs::path file = runDirectory / "control" / fileName(request);
    const bool stood = fs::remove(file, code);
    if (code) throw Error("cannot withdraw the request: " + code.message(), file.string());
    return stood;
}

bool withdrawLeftOver(const fs::path& runDirectory) {
    withdraw(runDirectory, Request::Pause);
    return withdraw(runDirectory, Request::Stop);
}

ControlReader::ControlReader(fs::path runDirectory) : m_folder(std::move(runDirectory) / "control") {}

bool ControlReader::isAsked(Request request) const {
    struct stat info;
    return ::stat((m_folder / fileName(request)).c_str(), &info) == 0;
}

void ControlReader::done(Request request) {
    std::error_code ignored;  // withdrawn in the same moment: carried out all the same
    fs::remove(m_folder / fileName(request), ignored);
}

}  // namespace retort
