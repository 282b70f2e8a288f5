// The files of resources/quickstart, which the build turns into quickstart_files.cpp
// (cmake/EmbedFiles.cmake): a program that was installed or copied by itself has them too.
#pragma once

#include <string>
#include <vector>

namespace retort {

struct EmbeddedFile {
    std::string name, content;
};

const std::vector<EmbeddedFile>& quickstartFiles();

}  // namespace retort
