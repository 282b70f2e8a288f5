// trackio's tables: a JSON object a log call, as text or as bytes.
#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/trackers/tracker_database.h"
#include "core/util/error.h"

namespace retort {
namespace {
constexpr std::size_t rowBytes = 400;  // about what one takes in the file
}

TrackioReader::TrackioReader(std::filesystem::path file, const TrackerOptions& options)
    : m_file(std::move(file)), m_run(options.select), m_cursor(options.from) {}

void TrackioReader::readConfig(TrackerDatabase& database, const std::string& column, TrackerSink& sink) {
    if (!database.hasTable("configs", {column, "config"})) return;
    Statement row(database.connection(), "SELECT config FROM configs WHERE " + column + " = ?1 LIMIT 1");
    if (!row.with(m_run).step()) return;
    const auto config = tolerantJson(row.text(0));
    if (!config || !config->is_object())
        return sink.problem(m_file.string() + ": configs: is no JSON object");
    m_facts.config = Json::object();
    for (const auto& [key, value] : config->items())
        if (!key.starts_with('_')) m_facts.config[key] = value;
}

bool TrackioReader::read(TrackerSink& sink, std::size_t maxBytes) {
    TrackerDatabase database(m_file);
    const std::string column = database.hasTable("metrics", {"run_id"}) ? "run_id" : "run_name";
    const auto most = std::int64_t(std::max<std::size_t>(maxBytes / rowBytes, 1));
    Statement rows(database.connection(),
                   "SELECT id, timestamp, step, metrics, run_name FROM metrics WHERE id > ?1 AND " + column +
                       " = ?2 ORDER BY id LIMIT ?3");
    std::int64_t count = 0;
    std::vector<TrackedValue> values;
    for (rows.with(std::int64_t(m_cursor.at), m_run, most); rows.step(); ++count) {
        m_cursor.at = std::uint64_t(rows.integer(0));
        m_facts.name = rows.text(4);
        const auto metrics = tolerantJson(rows.text(3));
        if (!metrics || !metrics->is_object()) {
            sink.problem(m_file.string() + ": metrics: row " + std::to_string(m_cursor.at) +
                         " is no JSON object; it was passed over");
            continue;
        }
        values.clear();
        for (const auto& [key, value] : metrics->items())
            if (const auto number = numberInJson(value)) values.push_back({key, *number});
        std::int64_t step = rows.integer(2);
        // transformers' callback lets trackio count its calls, and logs the trainer's own step beside.
        if (const auto own = metrics->find("train/global_step");
            own != metrics->end() && own->is_number_integer())
            step = own->get<std::int64_t>();
        const auto t = timeOf(rows.text(1));
        if (t && !m_facts.started) m_facts.started = t;
        if (!values.empty()) sink.row({step, t, values}, m_cursor);
    }
    readConfig(database, column, sink);
    return count < most;
}

}  // namespace retort
