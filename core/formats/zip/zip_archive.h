// Entries of a zip file, through libzip; those that zstd compressed (method 93), which Debian 12's libzip
// does not know, through libzstd. What an archive says of its sizes is not believed: unpacking stops at a
// bound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace retort {

class ZipArchive {
  public:
    /// Throws Error for what is no zip file, or one that breaks off.
    explicit ZipArchive(const std::filesystem::path& file);
    ~ZipArchive();

    /// In the order of the archive's directory.
    const std::vector<std::string>& names() const;
    /// Bytes that entry takes in the archive, as its directory says.
    std::uint64_t packedBytes(std::size_t index) const;
    /// The content of an entry. Throws Error when it is longer than `mostBytes`, damaged, encrypted or packed
    /// by another method; and when the archive as a whole unpacks to far more than any log does (a zip bomb).
    std::string read(std::size_t index, std::size_t mostBytes);

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
