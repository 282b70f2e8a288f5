// Lines of a file of any size, one at a time, with a bound on their length.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace retort {

class LineReader {
  public:
    /// Throws Error when the file cannot be opened.
    LineReader(const std::filesystem::path& path, std::size_t maxLineBytes);

    /// The next line without its end (`\n` or `\r\n`); false at the end of the file. Throws Error for a line
    /// that is too long.
    bool next(std::string& line);
    /// Of the line that next() gave last; 1-based.
    std::int64_t number() const { return m_number; }
    /// "data.jsonl:12"
    std::string place() const { return m_path.string() + ":" + std::to_string(m_number); }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path m_path;
    std::size_t m_maxLineBytes;
    std::unique_ptr<std::FILE, Close> m_file;
    std::string m_buffer;
    std::size_t m_at = 0;
    std::int64_t m_number = 0;
};

}  // namespace retort
