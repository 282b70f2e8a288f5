// Lines of a file that grows, one after another; a line without its end is not there yet.
#pragma once

#include "core/trackers/growing_file.h"

namespace retort {

class LineLog {
  public:
    LineLog(const std::filesystem::path& file, const TrackerOptions& options)
        : m_file(file, options.from.at, options.head) {}

    GrowingFile::Look look() { return m_file.look(); }
    void leave() { m_file.leave(); }
    /// From now on the end of the file ends its last line.
    void settle() { m_isSettled = true; }
    /// The next line without its end, valid until the next call; false when there is no whole one. One of
    /// more than 16 MB is told and passed over.
    bool next(std::string_view& line, TrackerSink& sink);
    /// The first line of the file, wherever reading is; nothing while it has no end.
    std::optional<std::string> first();

    std::uint64_t at() const { return m_file.at(); }
    const FileHead& head() const { return m_file.head(); }
    const std::filesystem::path& path() const { return m_file.path(); }
    /// Of the line that next() gave last.
    std::string placed(std::string_view text) const { return m_file.placed(m_lineAt, text); }

  private:
    /// Behind the line that begins at `from`, or nothing when it has no end.
    std::optional<std::uint64_t> endOf(std::uint64_t from);
    GrowingFile m_file;
    std::uint64_t m_lineAt = 0;
    std::uint64_t m_noEnd = 0;  // up to here the line at the position has none
    bool m_isSettled = false;
};

}  // namespace retort
