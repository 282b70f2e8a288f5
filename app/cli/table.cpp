#include "app/cli/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace retort::cli {
namespace {

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool isNumber(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == '/' || c == '%';
    });
}

void appendCell(std::string& line, const std::string& cell, std::size_t width, bool right, bool last) {
    const std::string padding(width - std::min(width, displayWidth(cell)), ' ');
    if (right)
        line.append(padding).append(cell);
    else
        line.append(cell).append(last ? "" : padding);
    if (!last) line += "  ";
}

template <class... Values>
std::string formatted(const char* format, Values... values) {
    char text[96];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

}  // namespace

std::size_t displayWidth(const std::string& text) {
    return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return !isContinuation(c); }));
}

std::string shortened(const std::string& text, std::size_t width) {
    if (displayWidth(text) <= width) return text;
    std::size_t end = 0, columns = 0;
    while (end < text.size()) {
        if (!isContinuation(text[end]) && ++columns >= width) break;
        ++end;
    }
    return text.substr(0, end) + "…";
}

std::string printable(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (byte < 0x20 || byte == 0x7f)
            out += formatted("\\x%02x", unsigned(byte));
        else
            out += c;
    }
    return out;
}

std::string formatTable(const std::vector<std::string>& head,
                        const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(head.size());
    std::vector<bool> right(head.size(), !rows.empty());
    for (std::size_t i = 0; i < head.size(); ++i) {
        widths[i] = displayWidth(head[i]);
        for (const auto& row : rows) {
            widths[i] = std::max(widths[i], displayWidth(row[i]));
            if (!isNumber(row[i]) && row[i] != "–") right[i] = false;
        }
    }
    std::string text;
    const auto appendRow = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i)
            appendCell(line, cells[i], widths[i], right[i], i + 1 == cells.size());
        text.append(line).append("\n");
    };
    appendRow(head);
    for (const auto& row : rows) appendRow(row);
    return text;
}

std::string formatTable(const std::vector<std::string>& head, std::vector<std::vector<std::string>> rows,
                        std::size_t column, std::optional<std::size_t> width) {
    std::string text = formatTable(head, rows);
    if (!width) return text;
    std::size_t widest = 0, widestCell = 8;
    for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
        widest = std::max(widest, displayWidth(text.substr(begin, end - begin)));
    if (widest <= *width) return text;
    for (const auto& row : rows) widestCell = std::max(widestCell, displayWidth(row[column]));
    const std::size_t most = std::max<std::size_t>(8, widestCell - std::min(widestCell, widest - *width));
    for (auto& row : rows) row[column] = shortened(row[column], most);
    return formatTable(head, rows);
}

const char* evaluationLabel(const std::string& metric) {
    static constexpr std::array<std::pair<const char*, const char*>, 6> labels = {
        {{"accuracy", "accuracy"},
         {"step_accuracy", "steps"},
         {"mean_length", "length"},
         {"worked_share", "worked"},
         {"clipped_ratio", "cut off"},
         {"pass@1", nullptr}}};
    for (const auto& [name, label] : labels)
        if (metric == name) return label;
    return metric.c_str();
}

std::string shortNumber(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
    return formatted("%.4g", value);
}

std::string shortNumber(std::optional<double> value) {
    return value ? shortNumber(*value) : "–";
}

std::string duration(double seconds) {
    if (!(seconds >= 0) || seconds > 1e9) return "?";
    const auto whole = static_cast<long>(std::lround(seconds));
    if (whole < 60) return formatted("%ld s", whole);
    if (whole < 3600) return formatted("%ld min %02ld s", whole / 60, whole % 60);
    return formatted("%ld h %02ld min", whole / 3600, whole / 60 % 60);
}

std::string localTime(double unixSeconds) {
    const auto time = static_cast<std::time_t>(unixSeconds);
    std::tm local{};
    char text[32];
    if (!::localtime_r(&time, &local) || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local) == 0)
        return "?";
    return text;
}

std::string sparkline(const std::vector<double>& values, std::size_t width) {
    static const std::array<const char*, 8> bars = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (values.empty() || width == 0) return {};
    const std::size_t columns = std::min(width, values.size());
    // Means of equal stretches: the shape, not the noise.
    std::vector<double> means(columns);
    double low = INFINITY, high = -INFINITY;
    for (std::size_t i = 0; i < columns; ++i) {
        const std::size_t begin = i * values.size() / columns, end = (i + 1) * values.size() / columns;
        double sum = 0;
        for (std::size_t k = begin; k < end; ++k) sum += values[k];
        means[i] = sum / double(end - begin);
        if (!std::isfinite(means[i])) continue;
        low = std::min(low, means[i]);
        high = std::max(high, means[i]);
    }
    std::string line;
    for (const double mean : means) {
        const double share = high > low ? (mean - low) / (high - low) : 0.5;
        line += std::isfinite(mean) ? bars[std::size_t(std::lround(share * 7))] : " ";
    }
    return line;
}

}  // namespace retort::cli
