#include "core/config/values.h"

#include <charconv>

#include "core/util/error.h"

namespace retort {
namespace {

bool parseIndex(const std::string& text, std::size_t& index) {
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), index);
    return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::vector<std::string> splitPath(const std::string& path) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (true) {
        const std::size_t dot = path.find('.', begin);
        parts.push_back(path.substr(begin, dot - begin));
        if (dot == std::string::npos) return parts;
        begin = dot + 1;
    }
}

const Json* valueAt(const Json& values, const std::string& path) {
    const Json* node = &values;
    for (const std::string& part : splitPath(path)) {
        std::size_t index = 0;
        if (node->is_object()) {
            const auto found = node->find(part);
            if (found == node->end()) return nullptr;
            node = &*found;
        } else if (node->is_array() && parseIndex(part, index) && index < node->size()) {
            node = &(*node)[index];
        } else {
            return nullptr;
        }
    }
    return node;
}

void setValueAt(Json& values, const std::string& path, Json value) {
    Json* node = &values;
    for (const std::string& part : splitPath(path)) {
        std::size_t index = 0;
        if (node->is_array()) {
            if (!parseIndex(part, index) || index > node->size())
                throw Error("there is no list item '" + part + "'", path);
            if (index == node->size()) node->push_back(Json::object());
            node = &(*node)[index];
        } else {
            if (!node->is_object()) *node = Json::object();
            node = &(*node)[part];
        }
    }
    *node = std::move(value);
}

std::string shortestNumber(double value) {
    char text[32];
    const auto result = std::to_chars(text, text + sizeof text, value);
    return {text, result.ptr};
}

}  // namespace retort
