#include "core/trackers/swanlab_log.h"

namespace retort {
namespace {
constexpr BlockLogFormat format{"a log of SwanLab, version 2", std::string_view(":SWL\xD6\xE1\x02", 7)};
}

SwanLabReader::SwanLabReader(const std::filesystem::path& file, const TrackerOptions& options)
    : m_log(format, file, options) {}

bool SwanLabReader::read(TrackerSink& sink, std::size_t maxBytes) {
    return m_log.read(sink, maxBytes, [&](std::string_view record) { take(record, sink); });
}

// Record: 10 start, 11 finish, 12 column, 13 scalar, 14 media, 16 log, 20 save.
void SwanLabReader::take(std::string_view record, TrackerSink& sink) {
    WireReader fields(record);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(10)) start(field.bytes);
        if (field.isBytes(11)) finish(field.bytes);
        if (field.isBytes(13)) scalar(field.bytes, sink);
        if (field.isBytes(14)) ++m_media;
    }
    if (fields.isDamaged())
        sink.problem(m_log.placed("the record before is none of SwanLab; it was passed over"));
}

// StartRecord: 4 name, 10 id, 12 started_at.
void SwanLabReader::start(std::string_view message) {
    std::string id;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(4)) m_facts.name = field.bytes;
        if (field.isBytes(10)) id = field.bytes;
        if (field.isBytes(12)) m_facts.started = wireTimestamp(field.bytes);
    }
    if (m_facts.name.empty()) m_facts.name = id;
}

// FinishRecord: 1 state (1 finished, 2 crashed, 3 aborted), 2 error, 3 finished_at.
void SwanLabReader::finish(std::string_view message) {
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.is(1, WireField::Type::Varint))
            m_facts.outcome = field.value == 1   ? "finished"
                              : field.value == 2 ? "failed"
                              : field.value == 3 ? "stopped"
                                                 : "";
        if (field.isBytes(2)) m_facts.error = field.bytes;
        if (field.isBytes(3)) m_facts.ended = wireTimestamp(field.bytes);
    }
}

// ScalarRecord: 1 key, 2 step, 4 timestamp, 5 value {1 number}; proto3 leaves zeros out.
void SwanLabReader::scalar(std::string_view message, TrackerSink& sink) {
    TrackedRow row;
    TrackedValue value;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(1)) value.name = field.bytes;
        if (field.is(2, WireField::Type::Varint)) row.step = field.asInt();
        if (field.isBytes(4)) row.t = wireTimestamp(field.bytes);
        if (field.isBytes(5)) {
            WireReader inner(field.bytes);
            for (WireField number; inner.next(number);)
                if (number.is(1, WireField::Type::Fixed64)) value.value = number.asDouble();
        }
    }
    if (fields.isDamaged() || value.name.empty())
        return sink.problem(m_log.placed("the scalar before is damaged; it was passed over"));
    row.values = std::span(&value, 1);
    sink.row(row, cursor());
}

std::string SwanLabReader::notTaken() const {
    return m_media > 0 ? std::to_string(m_media) + " pictures and other media" : "";
}

}  // namespace retort
