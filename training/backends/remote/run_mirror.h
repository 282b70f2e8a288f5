// The files of a run directory here that grow as those of the run elsewhere do: always a beginning of them,
// byte for byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace retort {

class RunMirror {
  public:
    explicit RunMirror(std::filesystem::path directory) : m_directory(std::move(directory)) {}

    const std::filesystem::path& directory() const { return m_directory; }
    /// Bytes that are here.
    std::int64_t size(const std::string& file) const;
    /// tailDigest() of them.
    std::string tail(const std::string& file) const;

    /// What the far file has from `offset`. Bytes that are here already are left out, so that several
    /// programs may follow one run; false when some before them are missing, and nothing was written. Throws
    /// Error (disk full …).
    bool append(const std::string& file, std::int64_t offset, std::string_view bytes);

    /// Takes over run.json from there, whose trainer has added its environment. Ignored when it is another
    /// run's.
    void setIdentity(const std::string& text);

  private:
    std::filesystem::path m_directory;
};

}  // namespace retort
