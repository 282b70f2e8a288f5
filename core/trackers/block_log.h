// The log format of LevelDB (google/leveldb doc/log_format.md) as W&B and SwanLab write it: a header of 7
// bytes; blocks of 32 KiB counted from the file's beginning; chunks of `crc u32 | length u16 | type u8 |
// data`, whose checksum is the plain CRC-32 of zlib, unmasked, over type and data.
#pragma once

#include <functional>

#include "core/trackers/growing_file.h"

namespace retort {

struct BlockLogFormat {
    std::string_view name;   ///< "a log of W&B"
    std::string_view magic;  ///< the 7 bytes
};

class BlockLog {
  public:
    BlockLog(const BlockLogFormat& format, const std::filesystem::path& file, const TrackerOptions& options);

    /// Gives the records of at most about `maxBytes` to `take`, each valid until it returns; true when there
    /// is no more (yet). What is damaged is told, and passed over up to the next block. Throws Error for
    /// another kind of file.
    bool read(TrackerSink& sink, std::size_t maxBytes, const std::function<void(std::string_view)>& take);

    /// Where the record behind the last one begins.
    std::uint64_t at() const { return m_recordAt; }
    const FileHead& head() const { return m_file.head(); }
    std::string placed(std::string_view text) const { return m_file.placed(m_recordAt, text); }

  private:
    bool next(std::string_view& record, TrackerSink& sink);
    bool skipBlock(TrackerSink& sink, const char* why);
    void take(unsigned char type, std::string_view data, std::string_view& record, bool& whole);

    BlockLogFormat m_format;
    GrowingFile m_file;
    std::string m_parts;  // of a record of several chunks
    bool m_inRecord = false;
    std::uint64_t m_recordAt;
};

}  // namespace retort
