// A file that another program appends to, and may begin anew.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/trackers/tracker_reader.h"

namespace retort {

/// Gives the bytes from a position on, piece by piece. Open only between look() and leave(), so that a
/// thousand files need no thousand descriptors.
class GrowingFile {
  public:
    GrowingFile(std::filesystem::path path, std::uint64_t at, FileHead head);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    enum class Look {
        Same,     ///< nothing behind the position, or no file
        More,     ///< it is open
        Replaced  ///< it is shorter than it was, or begins with other bytes: open, the position is 0 again
    };
    /// Throws Error when the file is there and cannot be opened, or is a folder.
    Look look();
    /// Closes it, and remembers by what it is known again.
    void leave();

    std::uint64_t at() const { return m_at; }
    std::uint64_t size() const { return m_size; }  ///< when it was looked at
    void moveTo(std::uint64_t at) { m_at = at; }
    const FileHead& head() const { return m_head; }
    const std::filesystem::path& path() const { return m_path; }

    /// Bytes from `offset`: at least `count`, where the file has them. Valid until the next call. Throws
    /// Error.
    std::string_view bytes(std::uint64_t offset, std::size_t count);
    /// "runs/events.out: byte 812: text".
    std::string placed(std::uint64_t offset, std::string_view text) const;

  private:
    void readInto(std::uint64_t offset, std::size_t count);
    FileHead headOf(std::uint64_t bytes);

    std::filesystem::path m_path;
    int m_fd = -1;
    std::uint64_t m_at, m_size = 0;
    FileHead m_head;
    std::string m_buffer;
    std::uint64_t m_bufferAt = 0;
    struct Seen {
        std::uint64_t size = 0, inode = 0;
        std::int64_t modified = 0;
        bool operator==(const Seen&) const = default;
    } m_seen;
    bool m_hasSeen = false;
};

}  // namespace retort
