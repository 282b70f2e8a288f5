#include "core/tasks/line_reader.h"

#include <cerrno>
#include <cstring>

#include "core/util/error.h"

namespace retort {
namespace {
constexpr std::size_t blockBytes = 1 << 20;
}

LineReader::LineReader(const std::filesystem::path& path, std::size_t maxLineBytes)
    : m_path(path), m_maxLineBytes(maxLineBytes) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        throw Error("is a folder, a file was expected", path.string());
    m_file.reset(std::fopen(path.c_str(), "rbe"));
    if (!m_file) throw Error(std::string("cannot open: ") + std::strerror(errno), path.string());
}

bool LineReader::next(std::string& line) {
    ++m_number;
    std::size_t searched = m_at;
    for (;;) {
        const std::size_t end = m_buffer.find('\n', searched);
        const bool complete = end != std::string::npos;
        const std::size_t length = (complete ? end : m_buffer.size()) - m_at;
        if (length > m_maxLineBytes)
            throw Error("the line is longer than " + std::to_string(m_maxLineBytes >> 20) + " MB", place());
        if (complete) {
            line.assign(m_buffer, m_at, length);
            m_at = end + 1;
            break;
        }
        searched = length;
        m_buffer.erase(0, m_at);
        m_at = 0;
        m_buffer.resize(length + blockBytes);
        const std::size_t read = std::fread(m_buffer.data() + length, 1, blockBytes, m_file.get());
        m_buffer.resize(length + read);
        if (std::ferror(m_file.get()))
            throw Error(std::string("cannot read: ") + std::strerror(errno), place());
        if (read > 0) continue;
        if (length == 0) return false;
        line = std::move(m_buffer);
        m_buffer.clear();
        break;
    }
    if (line.ends_with('\r')) line.pop_back();
    return true;
}

}  // namespace retort
