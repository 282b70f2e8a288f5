#include "core/trackers/column_mapping.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/util/error.h"
#include "core/util/text.h"

namespace retort {
namespace {

struct Part {
    std::string_view name;
    std::string ColumnMapping::*member;
    std::vector<std::string_view> usual;  ///< first come, first served; case does not matter
};

const std::array<Part, 5>& parts() {
    static const std::array<Part, 5> all = {
        {{"step",
          &ColumnMapping::step,
          {"step", "global_step", "_step", "train/global_step", "steps", "iteration", "iter", "train_step"}},
         {"time",
          &ColumnMapping::time,
          {"wall time", "wall_time", "timestamp", "_timestamp", "time", "walltime"}},
         {"run", &ColumnMapping::run, {"run", "run_id", "run_name", "experiment"}},
         {"series", &ColumnMapping::series, {"series", "metric", "tag", "key", "name"}},
         {"value", &ColumnMapping::value, {"value"}}}};
    return all;
}

bool sameLetters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
        return lower(x) == lower(y);
    });
}

std::string found(const Part& part, const std::vector<std::string>& names) {
    for (const std::string_view usual : part.usual)
        for (const std::string& each : names)
            if (sameLetters(trimmed(each), usual)) return each;
    return {};
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < 20; ++i)
        text.append(i > 0 ? ", " : "").append(names[i].substr(0, 60));
    return names.size() > 20 ? text + " …" : text;
}

}  // namespace

ColumnMapping columnMappingOf(const std::string& text) {
    ColumnMapping mapping;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        const std::string each = text.substr(begin, end - begin);
        begin = end + 1;
        const std::size_t equals = each.find('=');
        const std::string name = each.substr(0, equals);
        const auto part =
            std::find_if(parts().begin(), parts().end(), [&](const Part& p) { return p.name == name; });
        if (equals == std::string::npos || equals + 1 == each.size() || part == parts().end())
            throw Error("\"" + each + "\" maps no column", "--map",
                        "NAME=COLUMN, with step, time, run, series or value as NAME");
        std::string& column = mapping.*(part->member);
        if (!column.empty()) throw Error("\"" + name + "\" is said twice", "--map");
        column = each.substr(equals + 1);
    }
    return mapping;
}

std::string toText(const ColumnMapping& mapping) {
    std::string text;
    for (const Part& part : parts())
        if (const std::string& column = mapping.*(part.member); !column.empty())
            text.append(text.empty() ? "" : ",").append(part.name).append("=").append(column);
    return text;
}

ColumnMapping completed(ColumnMapping mapping, const std::vector<std::string>& names,
                        const std::string& where) {
    // A column "name" is a label in a wide table; only beside "value" it names metrics. And a run is one
    // only when somebody says so: a wide table may well have a metric of that name.
    const bool isLong = !mapping.series.empty() || !mapping.value.empty() ||
                        (!found(parts()[3], names).empty() && !found(parts()[4], names).empty());
    for (const Part& part : parts()) {
        std::string& column = mapping.*(part.member);
        if (!column.empty()) {
            if (std::find(names.begin(), names.end(), column) == names.end())
                throw Error("there is no column \"" + column + "\"", where, "it has: " + listed(names));
        } else if (part.name == "step" || part.name == "time" ||
                   (isLong && (part.name == "series" || part.name == "value"))) {
            column = found(part, names);
        }
    }
    if (isLong && !mapping.isLong())
        throw Error("rows that name their metric need a column for it and one for its value", where,
                    "--map series=COLUMN,value=COLUMN; it has: " + listed(names));
    return mapping;
}

}  // namespace retort
