// A large file that appears whole or not at all.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace retort {

class OutputFile {
  public:
    /// Writes beside `path` until finish(). Throws Error.
    explicit OutputFile(std::filesystem::path path);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    /// Without finish() nothing is left behind.
    ~OutputFile();

    /// Throws Error (disk full …).
    void writeLine(std::string_view line);
    /// Syncs and renames into place. Throws Error.
    void finish();

  private:
    [[noreturn]] void fail() const;
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path m_path, m_temporary;
    std::unique_ptr<std::FILE, Close> m_file;
    bool m_finished = false;
};

}  // namespace retort
