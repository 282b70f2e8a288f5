#include "core/trackers/block_log.h"

#include <zlib.h>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::uint64_t blockBytes = 32768;
constexpr std::size_t headerBytes = 7;
constexpr std::size_t mostRecordBytes = std::size_t(256) << 20;
enum ChunkType : unsigned char { full = 1, first = 2, middle = 3, last = 4 };

std::uint32_t numberAt(std::string_view bytes, std::size_t at, int count) {
    std::uint32_t value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + std::size_t(i)]);
    return value;
}

}  // namespace

BlockLog::BlockLog(const BlockLogFormat& format, const std::filesystem::path& file,
                   const TrackerOptions& options)
    : m_format(format), m_file(file, options.from.at, options.head), m_recordAt(options.from.at) {}

bool BlockLog::read(TrackerSink& sink, std::size_t maxBytes,
                    const std::function<void(std::string_view)>& take) {
    const GrowingFile::Look look = m_file.look();
    if (look == GrowingFile::Look::Same) return true;
    if (look == GrowingFile::Look::Replaced) {
        m_parts.clear();
        m_inRecord = false;
        m_recordAt = 0;
        sink.restart(std::nullopt);
    }
    const std::uint64_t stopAt = m_recordAt + maxBytes;
    bool more = true;
    std::string_view record;
    while (m_recordAt < stopAt && (more = next(record, sink))) take(record);
    m_file.leave();
    return !more;
}

// A chunk that does not hold what it says: the rest of its block is lost, as LevelDB's own reader has it. In
// the last block it may still be written.
bool BlockLog::skipBlock(TrackerSink& sink, const char* why) {
    const std::uint64_t next = (m_file.at() / blockBytes + 1) * blockBytes;
    if (next >= m_file.size()) return false;
    sink.problem(
        m_file.placed(m_file.at(), std::string(why) + "; passed over up to byte " + std::to_string(next)));
    m_file.moveTo(next);
    m_parts.clear();
    m_inRecord = false;
    m_recordAt = next;
    return true;
}

void BlockLog::take(unsigned char type, std::string_view data, std::string_view& record, bool& whole) {
    if (type == full) {
        record = data;
        whole = true;
    } else if (type == first) {
        m_parts.assign(data);
        m_inRecord = true;
    } else if (m_inRecord && m_parts.size() + data.size() <= mostRecordBytes) {
        m_parts.append(data);
        if (type == last) {
            record = m_parts;
            whole = true;
        }
    } else {
        // The end of a record whose beginning was lost, or that is too long to be one.
        m_inRecord = false;
        m_parts.clear();
    }
    if (type == full || type == last) m_inRecord = false;
    if (!m_inRecord) m_recordAt = m_file.at();
}

bool BlockLog::next(std::string_view& record, TrackerSink& sink) {
    if (m_file.at() == 0) {
        const std::string_view bytes = m_file.bytes(0, headerBytes);
        if (m_format.magic.substr(0, bytes.size()) != bytes.substr(0, std::min(bytes.size(), headerBytes)))
            throw Error("is not " + std::string(m_format.name), m_file.path().string());
        if (bytes.size() < headerBytes) return false;
        m_file.moveTo(headerBytes);
        m_recordAt = headerBytes;
    }
    for (;;) {
        const std::uint64_t at = m_file.at();
        const std::uint64_t left = blockBytes - at % blockBytes;
        if (left < headerBytes) {
            if (at + left > m_file.size()) return false;
            m_file.moveTo(at + left);
            if (!m_inRecord) m_recordAt = m_file.at();
            continue;
        }
        std::string_view bytes = m_file.bytes(at, headerBytes);
        if (bytes.size() < headerBytes) return false;
        const std::uint32_t crc = numberAt(bytes, 0, 4);
        const std::size_t length = numberAt(bytes, 4, 2);
        const auto type = static_cast<unsigned char>(bytes[6]);
        if (headerBytes + length > left || type < full || type > last) {
            if (!skipBlock(sink, "no chunk begins here")) return false;
            continue;
        }
        bytes = m_file.bytes(at, headerBytes + length);
        if (bytes.size() < headerBytes + length) return false;
        // The type is part of what is checked, and lies before the data.
        if (crc32(0, reinterpret_cast<const Bytef*>(bytes.data() + 6), uInt(length + 1)) != crc) {
            if (!skipBlock(sink, "a chunk does not fit its checksum")) return false;
            continue;
        }
        m_file.moveTo(at + headerBytes + length);
        bool whole = false;
        take(type, bytes.substr(headerBytes, length), record, whole);
        if (whole) return true;
    }
}

}  // namespace retort
