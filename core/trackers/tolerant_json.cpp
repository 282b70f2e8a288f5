#include "core/trackers/tolerant_json.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/trace_formats/record_reader.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr int deepest = 200;

std::optional<double> nonFinite(std::string_view word) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (word == "NaN" || word == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (word == "Infinity" || word == "inf" || word == "+inf" || word == "+Infinity") return infinity;
    if (word == "-Infinity" || word == "-inf") return -infinity;
    return std::nullopt;
}

// nlohmann's parser needs no stack for depth, but the destructor of what it makes does.
bool isTooDeep(std::string_view text) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            if (c == '\\') ++i;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            if (++depth > deepest) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

}  // namespace

std::optional<Json> tolerantJson(std::string_view text) {
    if (isTooDeep(text)) return std::nullopt;
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) json = Json::parse(withQuotedNonFinite(text), nullptr, false);
    if (json.is_discarded()) return std::nullopt;
    return json;
}

std::optional<double> tolerantNumber(std::string_view text) {
    text = trimmed(text);
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
        return nonFinite(text);
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    const char first = text.front() == '-' && text.size() > 1 ? text[1] : text.front();
    if ((first >= '0' && first <= '9') || first == '.') {
        double value = 0;
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (end != text.data() + text.size()) return std::nullopt;
        if (code == std::errc()) return value;
        if (code != std::errc::result_out_of_range) return std::nullopt;
        // Too large, or too small: from_chars does not say which.
        const bool tiny =
            text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
        const double most = tiny ? 0 : std::numeric_limits<double>::infinity();
        return text.front() == '-' ? -most : most;
    }
    if (text == "true" || text == "True") return 1;
    if (text == "false" || text == "False") return 0;
    return nonFinite(text);
}

std::optional<double> numberInJson(const Json& value) {
    if (value.is_number()) return value.get<double>();
    if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
    if (value.is_string()) return nonFinite(value.get_ref<const std::string&>());
    return std::nullopt;
}

}  // namespace retort
