#include "core/trackers/table_log.h"

#include <algorithm>
#include <cmath>

#include "core/trackers/time_text.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr std::size_t mostColumns = 100'000;

int indexOf(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return name.empty() || found == names.end() ? -1 : int(found - names.begin());
}

}  // namespace

char separatorOf(std::string_view header) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (const char candidate : {'\t', ',', ';'}) {
        bool quoted = false;
        std::ptrdiff_t count = 0;
        for (const char c : header) {
            if (c == '"') quoted = !quoted;
            if (c == candidate && !quoted) ++count;
        }
        if (count > most) {
            most = count;
            best = candidate;
        }
    }
    return best;
}

bool splitRow(std::string_view row, char separator, std::vector<std::string>& cells) {
    std::size_t count = 0;
    bool quoted = false;
    const auto begin = [&] {
        if (count == cells.size()) cells.emplace_back();
        cells[count].clear();
    };
    begin();
    for (std::size_t i = 0; i < row.size(); ++i) {
        const char c = row[i];
        if (quoted) {
            if (c != '"')
                cells[count] += c;
            else if (i + 1 < row.size() && row[i + 1] == '"')
                cells[count] += row[i++];
            else
                quoted = false;
        } else if (c == '"' && trimmed(cells[count]).empty()) {
            cells[count].clear();
            quoted = true;
        } else if (c == separator) {
            if (++count >= mostColumns) return false;
            begin();
        } else {
            cells[count] += c;
        }
    }
    cells.resize(count + 1);
    return !quoted;
}

TableReader::TableReader(const std::filesystem::path& file, const TrackerOptions& options, std::string metric)
    : m_lines(file, options),
      m_mapping(options.mapping),
      m_run(options.select),
      m_metric(std::move(metric)),
      m_row(options.from.check) {}

bool TableReader::readHeader() {
    if (m_separator != 0) return true;
    const auto header = m_lines.first();
    if (!header) return false;
    const char separator = separatorOf(*header);
    if (!splitRow(*header, separator, m_names))
        throw Error("the header is no row of a table", m_lines.path().string() + ":1");
    for (std::string& name : m_names) name = std::string(trimmed(name));
    const ColumnMapping mapping = completed(m_mapping, m_names, m_lines.path().string() + ":1");
    m_step = indexOf(m_names, mapping.step);
    m_time = indexOf(m_names, mapping.time);
    m_runColumn = indexOf(m_names, mapping.run);
    m_series = indexOf(m_names, mapping.series);
    m_value = indexOf(m_names, mapping.value);
    m_separator = separator;
    return true;
}

bool TableReader::read(TrackerSink& sink, std::size_t maxBytes) {
    const GrowingFile::Look look = m_lines.look();
    if (look == GrowingFile::Look::Same) return true;
    if (look == GrowingFile::Look::Replaced) {
        m_row = 0;
        m_separator = 0;
        sink.restart(std::nullopt);
    }
    const std::uint64_t stopAt = m_lines.at() + maxBytes;
    bool more = readHeader();
    std::string_view text;
    while (more && m_lines.at() < stopAt) {
        const bool isHeader = m_lines.at() == 0;
        more = m_lines.next(text, sink);
        if (more && !isHeader && !trimmed(text).empty()) line(text, sink);
    }
    m_lines.leave();
    return !more;
}

std::string_view TableReader::cell(int column) const {
    return column >= 0 && std::size_t(column) < m_cells.size()
               ? std::string_view(m_cells[std::size_t(column)])
               : std::string_view();
}

void TableReader::line(std::string_view text, TrackerSink& sink) {
    const std::uint64_t row = m_row++;
    if (!splitRow(text, m_separator, m_cells))
        return sink.problem(m_lines.placed("the row has an open quote; it was passed over"));
    if (m_cells.size() > m_names.size())
        return sink.problem(m_lines.placed("the row has " + std::to_string(m_cells.size()) +
                                           " cells, the header " + std::to_string(m_names.size()) +
                                           "; it was passed over"));
    if (m_runColumn >= 0 && cell(m_runColumn) != m_run) return;
    TrackedRow told;
    told.step = std::int64_t(row);
    if (m_step >= 0) {
        const auto step = tolerantNumber(cell(m_step));
        if (!step || !(std::abs(*step) < 9e15))
            return sink.problem(m_lines.placed("the step is no number: \"" +
                                               std::string(cell(m_step).substr(0, 40)) +
                                               "\"; the row was passed over"));
        told.step = std::int64_t(*step);
    }
    if (m_time >= 0) told.t = timeOf(cell(m_time));
    m_values.clear();
    if (m_series >= 0 && m_value >= 0) {
        if (const auto value = tolerantNumber(cell(m_value))) m_values.push_back({cell(m_series), *value});
    } else {
        for (int i = 0; i < int(m_cells.size()); ++i)
            if (i != m_step && i != m_time && i != m_runColumn)
                if (const auto value = tolerantNumber(cell(i)))
                    m_values.push_back(
                        {m_metric.empty() ? std::string_view(m_names[std::size_t(i)]) : m_metric, *value});
    }
    told.values = m_values;
    if (!m_values.empty()) sink.row(told, cursor());
}

}  // namespace retort
