#include "core/trace_formats/parquet_records.h"

#include <algorithm>
#include <numeric>

#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

void appendValue(std::string& out, const ParquetColumn& column, const ParquetValues& values,
                 std::size_t row) {
    if (!values.present[row]) {
        out += "null";
        return;
    }
    switch (column.type) {
        case ParquetColumn::Type::Boolean:
            out += values.integers[row] ? "true" : "false";
            return;
        case ParquetColumn::Type::Integer:
            return appendJsonNumber(out, values.integers[row]);
        case ParquetColumn::Type::Real:
            return appendJsonNumber(out, values.reals[row]);
        case ParquetColumn::Type::Text:
            return appendJsonString(out, values.texts[row]);
    }
}

}  // namespace

ParquetRecords::ParquetRecords(const std::filesystem::path& file) : m_file(file), m_path(file) {}

bool ParquetRecords::next(std::string& record) {
    while (m_values.empty() || m_inGroup == m_file.rowsOf(m_group)) {
        if (!m_values.empty()) ++m_group;
        m_values.clear();
        m_inGroup = 0;
        if (m_group >= m_file.groups()) return false;
        const auto& columns = m_file.columns();
        try {
            for (std::size_t i = 0; i < columns.size(); ++i)
                if (columns[i].refused.empty()) m_values.emplace_back(i, m_file.read(m_group, i));
        } catch (...) {  // the row group is lost; those behind it are not
            m_values.clear();
            m_row += m_file.rowsOf(m_group++);
            throw;
        }
        if (m_values.empty()) return false;
    }
    const auto row = std::size_t(m_inGroup++);
    ++m_row;
    record.assign(1, '{');
    bool first = true;
    for (const auto& [index, values] : m_values) {
        const ParquetColumn& column = m_file.columns()[index];
        if (column.type == ParquetColumn::Type::Text && record.size() + values.texts[row].size() > mostBytes)
            throw Error("is longer than " + std::to_string(mostBytes >> 20) + " MB", column.name);
        if (!first) record += ',';
        first = false;
        appendJsonString(record, column.name);
        record += ':';
        appendValue(record, column, values, row);
    }
    record += '}';
    if (record.size() > mostBytes)
        throw Error("the row is longer than " + std::to_string(mostBytes >> 20) + " MB");
    return true;
}

std::uint64_t ParquetRecords::bytes() const {
    std::error_code code;
    const auto size = double(std::filesystem::file_size(m_path, code));
    return code ? 0 : std::uint64_t(size * double(m_row) / double(std::max<std::int64_t>(m_file.rows(), 1)));
}

std::vector<std::string> ParquetRecords::columns() const {
    std::vector<std::string> names;
    for (const ParquetColumn& column : m_file.columns())
        if (column.refused.empty()) names.push_back(column.name);
    return names;
}

std::string ParquetRecords::firstRefused() const {
    for (const ParquetColumn& column : m_file.columns())
        if (!column.refused.empty()) return "the column \"" + column.name + "\" " + column.refused;
    return {};
}

std::vector<std::string> ParquetRecords::notes() const {
    std::vector<std::string> notes;
    for (const ParquetColumn& column : m_file.columns())
        if (!column.refused.empty())
            notes.push_back("the column \"" + column.name + "\" " + column.refused + "; it was passed over");
    return notes;
}

std::int64_t ParquetRecords::groupSize(std::string_view name) const {
    const auto& columns = m_file.columns();
    const auto column = std::find_if(columns.begin(), columns.end(), [&](const ParquetColumn& each) {
        return each.name == name && each.refused.empty() && each.type == ParquetColumn::Type::Text;
    });
    if (column == columns.end()) return 1;
    std::int64_t divisor = 0, run = 0;
    std::string previous;
    for (std::size_t group = 0; group < m_file.groups(); ++group) {
        const ParquetValues values = m_file.read(group, std::size_t(column - columns.begin()));
        for (const std::string_view text : values.texts) {
            if (run > 0 && text != previous) {
                divisor = std::gcd(divisor, run);
                run = 0;
            }
            if (run++ == 0) previous = text;
        }
    }
    return std::max<std::int64_t>(std::gcd(divisor, run), 1);
}

}  // namespace retort
