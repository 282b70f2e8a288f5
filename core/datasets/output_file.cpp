#include "core/datasets/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {

OutputFile::OutputFile(fs::path path) : m_path(std::move(path)), m_temporary(m_path) {
    m_temporary += ".tmp" + std::to_string(::getpid());
    m_file.reset(std::fopen(m_temporary.c_str(), "wbe"));
    if (!m_file) fail();
}

OutputFile::~OutputFile() {
    if (m_finished) return;
    m_file.reset();
    std::error_code code;
    fs::remove(m_temporary, code);
}

void OutputFile::fail() const {
    const int code = errno;
    throw Error(std::string("cannot write: ") + std::strerror(code), m_path.string(),
                code == ENOSPC ? "free some space on this disk" : "");
}

void OutputFile::writeLine(std::string_view line) {
    if (std::fwrite(line.data(), 1, line.size(), m_file.get()) != line.size() ||
        std::fputc('\n', m_file.get()) == EOF)
        fail();
}

void OutputFile::finish() {
    if (std::fflush(m_file.get()) != 0 || ::fsync(::fileno(m_file.get())) != 0) fail();
    m_file.reset();
    std::error_code code;
    fs::rename(m_temporary, m_path, code);
    if (code) {
        errno = code.value();
        fail();
    }
    m_finished = true;
    syncPath(m_path.has_parent_path() ? m_path.parent_path() : fs::path("."));
}

}  // namespace retort
