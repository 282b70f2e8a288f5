#include "core/config/yaml_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/config/values.h"

namespace retort {
namespace {

// Plain where every YAML reader takes it for text; else double-quoted, whose escapes are JSON's.
bool canBePlain(const std::string& text) {
    if (text.empty() || text.size() > 200) return false;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto plain = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/' ||
               c == '+';
    };
    if (!letter(text[0]) && text[0] != '/') return false;
    if (!std::all_of(text.begin(), text.end(), plain)) return false;
    std::string lower = text;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
    constexpr std::array<std::string_view, 9> words = {"true", "false", "null", "yes", "no",
                                                       "on",   "off",   "y",    "n"};
    return std::find(words.begin(), words.end(), lower) == words.end();
}

bool canBeBlock(const std::string& text) {
    const std::size_t end = text.find_last_not_of('\n');
    if (end == std::string::npos || text.find('\n') > end) return false;
    if (text.size() - end > 2 || text[0] == ' ' || text[0] == '\n') return false;
    return std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return (c < ' ' && c != '\n') || c == 0x7f; });
}

}  // namespace

std::string yamlScalar(const Json& value) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return canBePlain(text) ? text : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    if (value.is_number_float()) return shortestNumber(value.get<double>());
    if (!value.is_array()) return value.dump();
    std::string items;
    for (const Json& item : value) items += (items.empty() ? "" : ", ") + yamlScalar(item);
    return "[" + items + "]";
}

std::optional<std::vector<std::string>> yamlBlock(const Json& value) {
    if (!value.is_string() || !canBeBlock(value.get_ref<const std::string&>())) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    std::vector<std::string> lines = {text.back() == '\n' ? "|" : "|-"};
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

}  // namespace retort
