#include "app/cli/remote_program.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {

void becomeRemoteProgram(const std::vector<std::string>& words) {
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "retort-cli-remote";
    std::vector<std::string> texts = {program.string()};
    texts.insert(texts.end(), words.begin(), words.end());
    std::vector<char*> values;
    for (std::string& text : texts) values.push_back(text.data());
    values.push_back(nullptr);
    ::execv(program.c_str(), values.data());
    throw Error(std::string("cannot be started: ") + std::strerror(errno), program.string(),
                "it is built and installed with the window (-DRETORT_GUI=ON)");
}

}  // namespace retort::cli
