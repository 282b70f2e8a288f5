#include "core/trackers/json_lines_log.h"

#include <simdjson.h>

#include <cmath>

#include "core/trace_formats/record_reader.h"
#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr int deepest = 8;

/// Numbers, truth values, and null, which orjson writes for NaN.
std::optional<double> numberOf(const simdjson::dom::element& value) {
    if (double number; value.get(number) == simdjson::SUCCESS) return number;
    if (bool flag; value.get(flag) == simdjson::SUCCESS) return flag ? 1 : 0;
    if (value.is_null()) return std::nan("");
    if (std::string_view text; value.get(text) == simdjson::SUCCESS && text.size() <= 9)
        return text.empty() || (text.front() >= '0' && text.front() <= '9') ? std::nullopt
                                                                            : tolerantNumber(text);
    return std::nullopt;
}

std::string textOf(const simdjson::dom::element& value) {
    if (std::string_view text; value.get(text) == simdjson::SUCCESS) return std::string(text);
    return simdjson::minify(value);
}

}  // namespace

struct JsonLinesReader::Impl {
    simdjson::dom::parser parser;
    std::string padded;
    struct Member {
        std::string name;
        simdjson::dom::element value;
    };
    std::vector<Member> members;  // with nested ones opened
    std::size_t count = 0;
    std::vector<TrackedValue> values;

    void open(const simdjson::dom::object& object, const std::string& before, int depth) {
        for (const auto [key, value] : object) {
            simdjson::dom::object inner;
            if (depth < deepest && value.get(inner) == simdjson::SUCCESS) {
                open(inner, before + std::string(key) + "/", depth + 1);
                continue;
            }
            if (count == members.size()) members.emplace_back();
            members[count].name.assign(before).append(key);
            members[count++].value = value;
        }
    }
    const simdjson::dom::element* find(std::string_view name) const {
        if (name.empty()) return nullptr;
        for (std::size_t i = 0; i < count; ++i)
            if (members[i].name == name) return &members[i].value;
        return nullptr;
    }
    /// Metrics are logged when there are some: each line says anew what its members mean.
    ColumnMapping mappingOf(const ColumnMapping& asked) const {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < count; ++i) names.push_back(members[i].name);
        ColumnMapping mapping = asked;
        for (std::string* each :
             {&mapping.step, &mapping.time, &mapping.run, &mapping.series, &mapping.value})
            if (!each->empty() && std::find(names.begin(), names.end(), *each) == names.end()) return asked;
        return completed(asked, names, {});
    }
};

JsonLinesReader::JsonLinesReader(const std::filesystem::path& file, const TrackerOptions& options,
                                 bool isVerl)
    : m_lines(file, options),
      m_asked(options.mapping),
      m_run(options.select),
      m_isVerl(isVerl),
      m_row(options.from.check),
      m_impl(std::make_unique<Impl>()) {}

JsonLinesReader::~JsonLinesReader() = default;

bool JsonLinesReader::read(TrackerSink& sink, std::size_t maxBytes) {
    const GrowingFile::Look look = m_lines.look();
    if (look == GrowingFile::Look::Same) return true;
    if (look == GrowingFile::Look::Replaced) {
        m_row = 0;
        sink.restart(std::nullopt);
    }
    const std::uint64_t stopAt = m_lines.at() + maxBytes;
    bool more = true;
    std::string_view text;
    while (m_lines.at() < stopAt && (more = m_lines.next(text, sink)))
        if (!trimmed(text).empty()) line(text, sink);
    m_lines.leave();
    return !more;
}

void JsonLinesReader::line(std::string_view text, TrackerSink& sink) {
    const std::uint64_t row = m_row++;
    Impl& impl = *m_impl;
    simdjson::dom::element parsed;
    simdjson::dom::object object;
    auto code = impl.parser.parse(text.data(), text.size()).get(parsed);
    if (code) {
        impl.padded = withQuotedNonFinite(text);
        code = impl.parser.parse(impl.padded.data(), impl.padded.size()).get(parsed);
    }
    if (code || parsed.get(object) != simdjson::SUCCESS) {
        const std::string why =
            code ? std::string("is no JSON: ") + simdjson::error_message(code) : "is no object";
        return sink.problem(m_lines.placed("the line " + why + "; it was passed over"));
    }
    impl.count = 0;
    impl.values.clear();
    TrackedRow told;
    told.step = std::int64_t(row);
    const simdjson::dom::element* step = nullptr;
    simdjson::dom::element verlStep;
    ColumnMapping mapping;
    if (m_isVerl) {
        simdjson::dom::object data;
        if (object["data"].get(data) != simdjson::SUCCESS ||
            object["step"].get(verlStep) != simdjson::SUCCESS)
            return sink.problem(m_lines.placed("the line has no \"step\" and \"data\"; it was passed over"));
        impl.open(data, "", 1);
        step = &verlStep;
    } else {
        impl.open(object, "", 1);
        mapping = impl.mappingOf(m_asked);
        step = impl.find(mapping.step);
        if (const auto* run = impl.find(mapping.run); run && textOf(*run) != m_run) return;
    }
    if (step) {
        const auto number = numberOf(*step);
        if (!number || !(std::abs(*number) < 9e15))
            return sink.problem(m_lines.placed("the line's step is no number; it was passed over"));
        told.step = std::int64_t(*number);
    }
    if (const auto* time = impl.find(mapping.time)) {
        const auto number = numberOf(*time);
        told.t = number ? timeOf(*number) : timeOf(textOf(*time));
    }
    std::string series;
    if (mapping.isLong()) {
        const auto *name = impl.find(mapping.series), *value = impl.find(mapping.value);
        const auto number = value ? numberOf(*value) : std::nullopt;
        if (!name || !number)
            return sink.problem(m_lines.placed("the line has no metric and value; it was passed over"));
        series = textOf(*name);
        impl.values.push_back({series, *number});
    } else {
        for (std::size_t i = 0; i < impl.count; ++i) {
            const std::string& name = impl.members[i].name;
            if (!m_isVerl && (name == mapping.step || name == mapping.time || name == mapping.run)) continue;
            if (const auto number = numberOf(impl.members[i].value)) impl.values.push_back({name, *number});
        }
    }
    told.values = impl.values;
    if (!impl.values.empty()) sink.row(told, cursor());
}

}  // namespace retort
