#include "views/live/chart_csv.h"

#include <charconv>
#include <cmath>

namespace retort {

namespace {

void appendNumber(std::string& text, double value) {
    if (std::isnan(value)) {
        text += "NaN";
    } else if (std::isinf(value)) {
        text += value > 0 ? "Infinity" : "-Infinity";
    } else {
        char buffer[32];
        text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
    }
}

/// RFC 4180: quoted where needed, quotes doubled.
std::string field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

std::string chartCsv(StoreReader& reader, const std::vector<RowId>& runs, const std::string& metric) {
    std::string text = "run,step,tokens,time," + field(metric) + "\n";
    for (const RowId id : runs) {
        const auto run = reader.run(id);
        if (!run) continue;
        const std::string name = field(run->name);
        for (const SeriesRow& series : reader.series(id)) {
            if (series.name != metric) continue;
            for (const SeriesPoint& point : reader.points(series.id)) {
                text += name + ',' + std::to_string(point.step) + ',' + std::to_string(point.tokens) + ',';
                appendNumber(text, point.t);
                text += ',';
                appendNumber(text, point.value);
                text += '\n';
            }
        }
    }
    return text;
}

}  // namespace retort
