// What tests of foreign logs share: a sink that keeps all, and writers of the formats that share no code with
// the readers.
#pragma once

#include <QTemporaryDir>
#include <cmath>
#include <cstring>
#include <fstream>

#include "core/trackers/tracker_reader.h"

namespace retort {

/// Everything that was told, as text: one line a value, so that a comparison shows what differs.
class Told final : public TrackerSink {
  public:
    void row(const TrackedRow& row, const TrackerCursor& behind) override {
        for (const TrackedValue& value : row.values) {
            char text[64];
            std::snprintf(text, sizeof text, "%.9g", value.value);
            lines.push_back(std::to_string(row.step) + " " + std::string(value.name) + " " + text);
        }
        times.push_back(row.t);
        cursors.push_back(behind);
    }
    void restart(std::optional<std::int64_t> lastStep) override {
        lines.push_back(lastStep ? "restart " + std::to_string(*lastStep) : "restart");
    }
    void problem(std::string text) override { problems.push_back(std::move(text)); }

    std::vector<std::string> lines, problems;
    std::vector<std::optional<double>> times;
    std::vector<TrackerCursor> cursors;
};

inline void writeBytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}
inline void appendBytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::app) << bytes;
}
inline std::string readBytes(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Reads to the end, in slices of `slice` bytes; false when that takes more slices than there are bytes.
inline bool readAll(TrackerReader& reader, TrackerSink& sink, std::size_t slice = 1 << 20) {
    for (int i = 0; i < 1'000'000; ++i)
        if (reader.read(sink, slice)) return true;
    return false;
}

/// Protocol buffers, bit by bit.
struct Message {
    std::string bytes;

    static std::string varint(std::uint64_t value) {
        std::string out;
        for (; value >= 128; value /= 128) out += char(value % 128 + 128);
        return out + char(value);
    }
    Message& number(int field, std::uint64_t value) {
        bytes += varint(std::uint64_t(field) * 8) + varint(value);
        return *this;
    }
    Message& real(int field, double value) {
        char raw[8];
        std::memcpy(raw, &value, 8);
        bytes += varint(std::uint64_t(field) * 8 + 1) + std::string(raw, 8);
        return *this;
    }
    Message& single(int field, float value) {
        char raw[4];
        std::memcpy(raw, &value, 4);
        bytes += varint(std::uint64_t(field) * 8 + 5) + std::string(raw, 4);
        return *this;
    }
    Message& text(int field, const std::string& value) {
        bytes += varint(std::uint64_t(field) * 8 + 2) + varint(value.size()) + value;
        return *this;
    }
    Message& message(int field, const Message& value) { return text(field, value.bytes); }
};

/// CRC by its definition, one bit at a time: polynomial division, reflected.
inline std::uint32_t plainCrc(const std::string& data, std::uint32_t polynomial) {
    std::uint32_t crc = 0xffffffffu;
    for (const unsigned char byte : data) {
        crc ^= byte;
        for (int i = 0; i < 8; ++i) crc = crc & 1 ? (crc >> 1) ^ polynomial : crc >> 1;
    }
    return ~crc;
}

inline std::string little(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += char(value >> (8 * i));
    return out;
}

inline std::string tfRecord(const std::string& data) {
    const auto masked = [](const std::string& text) {
        const std::uint32_t crc = plainCrc(text, 0x82F63B78u);
        return little(((crc >> 15) | (crc << 17)) + 0xa282ead8u, 4);
    };
    const std::string length = little(data.size(), 8);
    return length + masked(length) + data + masked(data);
}

inline std::string scalarEvent(double t, std::int64_t step, const std::string& tag, float value) {
    Message event, summary;
    summary.message(1, Message().text(1, tag).single(2, value));
    event.real(1, t).number(2, std::uint64_t(step)).message(5, summary);
    return tfRecord(event.bytes);
}

/// A log in LevelDB's framing, of these records; `magic` has 7 bytes.
inline std::string blockLog(const std::string& magic, const std::vector<std::string>& records) {
    std::string out = magic;
    for (const std::string& record : records) {
        std::size_t at = 0;
        do {
            std::size_t left = 32768 - out.size() % 32768;
            if (left < 7) {
                out.append(left, '\0');
                left = 32768;
            }
            const std::size_t count = std::min(left - 7, record.size() - at);
            const bool first = at == 0, last = at + count == record.size();
            const std::string type(1, char(first && last ? 1 : first ? 2 : last ? 4 : 3));
            const std::string data = record.substr(at, count);
            out += little(plainCrc(type + data, 0xEDB88320u), 4) + little(count, 2) + type + data;
            at += count;
        } while (at < record.size());
    }
    return out;
}

}  // namespace retort
