#include "core/trackers/wandb_log.h"

#include <cmath>

#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr BlockLogFormat format{"a log of W&B", std::string_view(":W&B\xE1\xBE\x00", 7)};

/// HistoryItem, ConfigItem and StatsItem: 1 key, 2 nested_key*, 16 value_json; newer writers give history's
/// values typed: 3 none, 4 boolean, 5 integer, 6 number, 7 text, 8 json.
struct Item {
    std::string_view key;
    std::vector<std::string_view> nested;
    std::string_view json;
    std::optional<double> number;
    bool isText = false;
};

void readItem(std::string_view message, Item& item) {
    item.key = item.json = {};
    item.nested.clear();
    item.number.reset();
    item.isText = false;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        switch (field.number) {
            case 1:
                item.key = field.bytes;
                break;
            case 2:
                item.nested.push_back(field.bytes);
                break;
            case 4:
                item.number = field.value ? 1 : 0;
                break;
            case 5:  // zigzag
                item.number = double(std::int64_t(field.value >> 1) ^ -std::int64_t(field.value & 1));
                break;
            case 6:
                if (field.type == WireField::Type::Fixed64) item.number = field.asDouble();
                break;
            case 7:
                item.isText = true;
                break;
            case 8:
            case 16:
                item.json = field.bytes;
                break;
            default:
                break;
        }
    }
    if (!item.number && !item.json.empty()) item.number = tolerantNumber(item.json);
}

void setNested(Json& into, const Item& item, Json value) {
    Json* at = &into;
    if (item.nested.empty()) {
        (*at)[std::string(item.key)] = std::move(value);
        return;
    }
    for (std::size_t i = 0; i < item.nested.size() && i < 32; ++i) {
        at = &(*at)[std::string(item.nested[i])];
        if (i + 1 < item.nested.size() && !at->is_object()) *at = Json::object();
    }
    *at = std::move(value);
}

}  // namespace

WandbReader::WandbReader(const std::filesystem::path& file, const TrackerOptions& options)
    : m_log(format, file, options), m_step(options.from.check) {}

bool WandbReader::read(TrackerSink& sink, std::size_t maxBytes) {
    return m_log.read(sink, maxBytes, [&](std::string_view record) { take(record, sink); });
}

// Record: 2 history, 5 config, 7 stats, 17 run, 18 exit.
void WandbReader::take(std::string_view record, TrackerSink& sink) {
    WireReader fields(record);
    for (WireField field; fields.next(field);) {
        if (field.type != WireField::Type::Bytes) continue;
        switch (field.number) {
            case 2:
                history(field.bytes, sink);
                break;
            case 5:
                config(field.bytes);
                break;
            case 7:
                stats(field.bytes, sink);
                break;
            case 17:
                run(field.bytes);
                break;
            case 18:
                exit(field.bytes);
                break;
            default:
                break;
        }
    }
    if (fields.isDamaged())
        sink.problem(m_log.placed("the record before is none of W&B; it was passed over"));
}

// HistoryRecord: 1 item*, 2 step{1 num}. _step and _timestamp are items, too.
void WandbReader::history(std::string_view message, TrackerSink& sink) {
    TrackedRow row;
    bool hasStep = false;
    std::optional<std::int64_t> trainerStep;
    m_values.clear();
    m_names.clear();
    static thread_local Item item;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(2)) {
            WireReader step(field.bytes);
            for (WireField number; step.next(number);)
                if (number.is(1, WireField::Type::Varint)) row.step = number.asInt();
            hasStep = true;
            continue;
        }
        if (!field.isBytes(1)) continue;
        readItem(field.bytes, item);
        const std::string_view key = item.nested.size() == 1 ? item.nested.front() : item.key;
        if (key == "_step" && item.number) {
            if (!hasStep && std::abs(*item.number) < 9e18) row.step = std::int64_t(*item.number);
        } else if (key == "_timestamp" && item.number) {
            row.t = item.number;
        } else if (!item.number) {
            if (!item.isText) ++m_media;
        } else if (item.nested.size() > 1) {
            std::string& joined = m_names.emplace_back(item.nested.front());
            for (std::size_t i = 1; i < item.nested.size(); ++i) joined.append(".").append(item.nested[i]);
            m_values.push_back({{}, *item.number});
        } else if (key != "_runtime" && key != "_wandb") {
            // transformers' callback counts its calls as steps, and logs the trainer's own beside.
            if (key == "train/global_step" && std::abs(*item.number) < 9e15)
                trainerStep = std::int64_t(*item.number);
            m_values.push_back({key, *item.number});
        }
    }
    if (fields.isDamaged())
        return sink.problem(m_log.placed("the history before is damaged; it was passed over"));
    std::size_t nested = 0;
    for (TrackedValue& value : m_values)
        if (value.name.empty() && nested < m_names.size()) value.name = m_names[nested++];
    if (trainerStep) row.step = *trainerStep;
    m_step = std::uint64_t(row.step);
    row.values = m_values;
    if (!m_values.empty()) sink.row(row, cursor());
}

// StatsRecord: 2 timestamp, 3 item*.
void WandbReader::stats(std::string_view message, TrackerSink& sink) {
    TrackedRow row;
    row.step = std::int64_t(m_step);
    m_values.clear();
    m_names.clear();
    Item item;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.isBytes(2)) row.t = wireTimestamp(field.bytes);
        if (!field.isBytes(3)) continue;
        readItem(field.bytes, item);
        if (!item.number) continue;
        m_names.push_back("system/" + std::string(item.key));
        m_values.push_back({{}, *item.number});
    }
    for (std::size_t i = 0; i < m_values.size(); ++i) m_values[i].name = m_names[i];
    row.values = m_values;
    if (!m_values.empty() && !fields.isDamaged()) sink.row(row, cursor());
}

// RunRecord: 1 run_id, 4 config, 8 display_name, 13 host, 17 start_time.
void WandbReader::run(std::string_view message) {
    WireReader fields(message);
    std::string id;
    for (WireField field; fields.next(field);) {
        if (field.isBytes(1)) id = field.bytes;
        if (field.isBytes(4)) config(field.bytes);
        if (field.isBytes(8)) m_facts.name = field.bytes;
        if (field.isBytes(13)) m_facts.host = field.bytes;
        if (field.isBytes(17)) m_facts.started = wireTimestamp(field.bytes);
    }
    if (m_facts.name.empty()) m_facts.name = id;
}

// ConfigRecord: 1 update*, 2 remove*. What W&B keeps there of itself is under _wandb.
void WandbReader::config(std::string_view message) {
    Item item;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (!field.isBytes(1)) continue;
        readItem(field.bytes, item);
        const std::string_view top = item.nested.empty() ? item.key : item.nested.front();
        if (top == "_wandb" || item.json.size() > (1u << 20)) continue;
        if (auto value = tolerantJson(item.json)) setNested(m_facts.config, item, std::move(*value));
    }
}

// RunExitRecord: 1 exit_code.
void WandbReader::exit(std::string_view message) {
    std::int32_t code = 0;
    WireReader fields(message);
    for (WireField field; fields.next(field);)
        if (field.is(1, WireField::Type::Varint)) code = std::int32_t(field.asInt());
    m_facts.outcome = code == 0 ? "finished" : code == 255 ? "stopped" : "failed";
    if (code != 0) m_facts.error = "W&B has exit code " + std::to_string(code) + " of it";
}

std::string WandbReader::notTaken() const {
    return m_media > 0 ? std::to_string(m_media) + " tables, histograms and media" : "";
}

}  // namespace retort
