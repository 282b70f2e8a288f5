#include "core/trackers/tensorboard_events.h"

#include <cstring>

#include "core/trackers/crc32c.h"
#include "core/trackers/tensor_scalar.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t headerBytes = 12, footerBytes = 4;
// Larger records hold pictures or graphs: passed over without being read.
constexpr std::uint64_t mostRecordBytes = std::uint64_t(64) << 20;
constexpr std::uint64_t largestRecord = std::uint64_t(1) << 40;

std::uint64_t u64At(std::string_view bytes, std::size_t at) {
    std::uint64_t value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}
std::uint32_t u32At(std::string_view bytes, std::size_t at) {
    std::uint32_t value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

/// The length of a record, if these are the first bytes of one.
std::optional<std::uint64_t> lengthAt(std::string_view bytes) {
    if (bytes.size() < headerBytes || maskedCrc(crc32c(bytes.data(), 8)) != u32At(bytes, 8))
        return std::nullopt;
    const std::uint64_t length = u64At(bytes, 0);
    return length <= largestRecord ? std::optional(length) : std::nullopt;
}

}  // namespace

TensorBoardReader::TensorBoardReader(const std::filesystem::path& file, const TrackerOptions& options)
    : m_file(file, options.from.at, options.head) {}

bool TensorBoardReader::read(TrackerSink& sink, std::size_t maxBytes) {
    const GrowingFile::Look look = m_file.look();
    if (look == GrowingFile::Look::Same) return true;
    if (look == GrowingFile::Look::Replaced) {
        m_searched = 0;
        sink.restart(std::nullopt);
    }
    const std::uint64_t stopAt = m_file.at() + maxBytes;
    bool atEnd = false;
    while (!atEnd && m_file.at() < stopAt) {
        Step step = m_searched > m_file.at() ? Step::Lost : record(sink);
        if (step == Step::Lost) step = findNext(sink, maxBytes);
        if (step == Step::Lost) break;
        atEnd = step == Step::NotYet || m_file.at() >= m_file.size();
    }
    m_file.leave();
    return atEnd;
}

TensorBoardReader::Step TensorBoardReader::record(TrackerSink& sink) {
    const std::uint64_t at = m_file.at();
    std::string_view bytes = m_file.bytes(at, headerBytes);
    if (bytes.size() < headerBytes) return Step::NotYet;
    const auto length = lengthAt(bytes);
    if (!length) return Step::Lost;
    const std::uint64_t whole = headerBytes + *length + footerBytes;
    if (m_file.size() - at < whole) return Step::NotYet;
    if (*length > mostRecordBytes) {
        ++m_media;
        m_file.moveTo(at + whole);
        return Step::Told;
    }
    if (bytes.size() < whole) bytes = m_file.bytes(at, std::size_t(whole));
    if (bytes.size() < whole) return Step::NotYet;
    const std::string_view data = bytes.substr(headerBytes, std::size_t(*length));
    m_file.moveTo(at + whole);
    if (maskedCrc(crc32c(data.data(), data.size())) != u32At(bytes, headerBytes + data.size()))
        sink.problem(m_file.placed(at, "a record does not fit its checksum and was passed over"));
    else
        event(data, at + whole, sink);
    return Step::Told;
}

// The next place whose first bytes are those of a record: one in four thousand million is so by chance. Lost:
// not among the next `maxBytes`. The position moves only when there is one, because a file system may show a
// hole at a file's end before what belongs there.
TensorBoardReader::Step TensorBoardReader::findNext(TrackerSink& sink, std::size_t maxBytes) {
    const std::uint64_t lost = m_file.at();
    std::uint64_t at = std::max(lost + 1, m_searched);
    const std::uint64_t stopAt = at + maxBytes;
    for (; at + headerBytes <= m_file.size() && at < stopAt; ++at) {
        if (!lengthAt(m_file.bytes(at, headerBytes))) continue;
        sink.problem(m_file.placed(
            lost, "no record begins here; " + std::to_string(at - lost) + " bytes were passed over"));
        m_file.moveTo(at);
        m_searched = 0;
        return Step::Told;
    }
    m_searched = at;
    return at + headerBytes > m_file.size() ? Step::NotYet : Step::Lost;
}

// Event: 1 wall_time, 2 step, 3 file_version, 5 summary, 7 session_log, 10 source_metadata.
void TensorBoardReader::event(std::string_view data, std::uint64_t behind, TrackerSink& sink) {
    TrackedRow row;
    m_values.clear();
    std::string_view session;
    WireReader fields(data);
    for (WireField field; fields.next(field);) {
        if (field.is(1, WireField::Type::Fixed64))
            row.t = field.asDouble();
        else if (field.is(2, WireField::Type::Varint))
            row.step = field.asInt();
        else if (field.isBytes(5))
            summary(field.bytes);
        else if (field.isBytes(7))
            session = field.bytes;
    }
    if (fields.isDamaged()) {
        sink.problem(m_file.placed(behind - data.size() - footerBytes, "is no event; it was passed over"));
        return;
    }
    if (row.t && !m_facts.started) m_facts.started = row.t;
    // TensorBoard (event_accumulator.py, _Purge) and torch's purge_step mean this step, too.
    WireReader log(session);
    for (WireField field; log.next(field);)
        if (field.is(1, WireField::Type::Varint) && field.value == 1) sink.restart(row.step - 1);  // START
    if (m_values.empty()) return;
    row.values = m_values;
    sink.row(row, {behind, 0});
}

void TensorBoardReader::summary(std::string_view data) {
    WireReader fields(data);
    for (WireField field; fields.next(field);)
        if (field.isBytes(1)) value(field.bytes);
}

// Summary.Value: 1 tag, 2 simple_value, 4 image, 5 histo, 6 audio, 8 tensor, 9 metadata.
void TensorBoardReader::value(std::string_view data) {
    std::string_view tag;
    WireReader fields(data);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(1)) {
            tag = field.bytes;
        } else if (field.is(2, WireField::Type::Fixed32)) {
            m_values.push_back({tag, double(field.asFloat())});
        } else if (field.isBytes(8)) {
            const TensorScalar tensor = tensorScalar(field.bytes);
            if (tensor.value)
                m_values.push_back({tag, *tensor.value});
            else if (tensor.isText)
                text(tag, tensor.text);
            else
                ++m_histograms;
        } else if (field.isBytes(5)) {
            ++m_histograms;
        } else if (field.isBytes(4) || field.isBytes(6)) {
            ++m_media;
        }
    }
    // The order of fields is the writer's: a value may stand before its tag.
    if (!m_values.empty() && m_values.back().name.empty()) m_values.back().name = tag;
}

// transformers' callback writes its arguments and the model's configuration as texts (integration_utils.py).
void TensorBoardReader::text(std::string_view tag, std::string_view text) {
    for (const std::string_view known : {"args", "model_config"})
        if (tag == std::string(known) + "/text_summary")
            if (auto json = tolerantJson(text); json && json->is_object()) {
                m_facts.config[std::string(known)] = std::move(*json);
                return;
            }
    ++m_texts;
}

std::string TensorBoardReader::notTaken() const {
    std::string text;
    const auto add = [&](std::int64_t count, const char* what) {
        if (count > 0)
            text.append(text.empty() ? "" : ", ").append(std::to_string(count)).append(" ").append(what);
    };
    add(m_histograms, "histograms and tensors");
    add(m_media, "pictures and sounds");
    add(m_texts, "texts");
    return text;
}

}  // namespace retort
