#include "core/config/overrides.h"

#include <charconv>

#include "core/config/values.h"

namespace retort {
namespace {

YamlNode textNode(const std::string& text) {
    return {
        .kind = YamlNode::Kind::Scalar, .place = {}, .scalar = text, .quoted = true, .fromOverride = true};
}

void markAsOverride(YamlNode& node) {
    node.place = {};
    node.fromOverride = true;
    for (YamlNode& item : node.items) markAsOverride(item);
    for (auto& [key, value] : node.entries) markAsOverride(value);
    for (TextPlace& place : node.keyPlaces) place = {};
}

// A value is YAML; what is none ("@stage", "# 3") is the text itself, so that the shell's quotes are enough.
YamlNode valueNode(const std::string& text) {
    std::vector<YamlComplaint> complaints;
    YamlNode node = readYaml(text, complaints);
    const bool isNull = node.kind == YamlNode::Kind::Null;
    if (!complaints.empty() || (isNull && text != "null" && text != "~")) return textNode(text);
    markAsOverride(node);
    return node;
}

YamlNode defaultNode(const RecipeSchema& schema, const std::string& path) {
    const Parameter* parameter = schema.find(path);
    return parameter ? nodeFromJson(parameter->defaultValue) : YamlNode{};
}

YamlNode* itemOf(YamlNode& list, const std::string& part) {
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), index);
    if (code != std::errc() || end != part.data() + part.size() || index > list.items.size()) return nullptr;
    if (index == list.items.size()) list.items.push_back({});
    return &list.items[index];
}

}  // namespace

Override parseOverride(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return {text, "", ""};
    return {text, text.substr(0, equals), text.substr(equals + 1)};
}

std::string applyOverride(YamlNode& root, const Override& override, const RecipeSchema& schema) {
    if (override.path.empty()) return "expected key.path=value";
    const std::vector<std::string> parts = splitPath(override.path);
    if (parts.size() > 16) return "the path is too long";
    YamlNode* node = &root;
    std::string path;
    for (const std::string& part : parts) {
        if (node->kind == YamlNode::Kind::Scalar) return path + " is a value, and has nothing below it";
        if (node->kind == YamlNode::Kind::List) {
            const std::size_t count = node->items.size();
            node = itemOf(*node, part);
            if (!node)
                return path + " has no item " + part + ": its " + std::to_string(count) +
                       " items count from 0, and " + std::to_string(count) + " adds one";
        } else {
            node->kind = YamlNode::Kind::Map;
            YamlNode* child = node->find(part);
            const std::string below = path.empty() ? part : path + "." + part;
            node = child ? child : &node->set(part, defaultNode(schema, below));
        }
        path += (path.empty() ? "" : ".") + part;
    }
    *node = valueNode(override.value);
    return "";
}

}  // namespace retort
