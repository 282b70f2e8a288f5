#include "training/merging/recipe_text.h"

#include <algorithm>
#include <charconv>

#include "core/config/overrides.h"
#include "core/util/error.h"
#include "core/util/json.h"

namespace retort {
namespace {

using Kind = YamlNode::Kind;

bool isPlain(const std::string& text) {
    constexpr std::string_view allowed = "_-./+@";
    if (text.empty() || text.front() == '-' || text.front() == '@') return false;
    return std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return (c < 0x80 && std::isalnum(c) != 0) || allowed.find(char(c)) != std::string_view::npos;
    });
}

// Numbers and flags that were plain stay plain: "-0.5" too.
std::string scalarText(const YamlNode& node) {
    const bool isNumber =
        !node.scalar.empty() && node.scalar.find_first_not_of("0123456789+-.eE") == std::string::npos;
    if (node.kind == Kind::Null) return "null";
    if (!node.quoted && (isNumber || isPlain(node.scalar))) return node.scalar;
    return Json(node.scalar).dump();
}

bool isSimple(const YamlNode& node) {
    return node.kind == Kind::Scalar || node.kind == Kind::Null;
}

void write(const YamlNode& node, const std::string& indent, std::string& out);

void writeValue(const YamlNode& value, const std::string& indent, std::string& out) {
    const bool isFlow =
        value.kind == Kind::List && std::all_of(value.items.begin(), value.items.end(), isSimple);
    if (isSimple(value)) {
        out += " " + scalarText(value) + "\n";
    } else if (isFlow) {
        out += " [";
        for (std::size_t i = 0; i < value.items.size(); ++i)
            out += (i > 0 ? ", " : "") + scalarText(value.items[i]);
        out += "]\n";
    } else if (value.kind == Kind::Map && value.entries.empty()) {
        out += " {}\n";
    } else {
        out += "\n";
        write(value, indent + "  ", out);
    }
}

void write(const YamlNode& node, const std::string& indent, std::string& out) {
    if (node.kind == Kind::Map) {
        for (const auto& [key, value] : node.entries) {
            out += indent + (isPlain(key) ? key : Json(key).dump()) + ":";
            writeValue(value, indent, out);
        }
    } else if (node.kind == Kind::List) {
        for (const YamlNode& item : node.items) {
            if (isSimple(item) || item.kind == Kind::List) {
                out += indent + "-";
                writeValue(item, indent, out);
                continue;
            }
            std::string block;
            write(item, indent + "  ", block);
            if (block.empty()) block = indent + "  {}\n";
            block[indent.size()] = '-';
            out += block;
        }
    }
}

YamlNode valueOf(const Override& override) {
    std::vector<YamlComplaint> complaints;
    YamlNode value = readYaml(override.value, complaints);
    if (!complaints.empty()) throw Error(complaints.front().message, "--set " + override.text);
    return value;
}

void apply(YamlNode& root, const Override& override) {
    const std::string where = "--set " + override.text;
    if (override.path.empty()) throw Error("expected key.path=value", where);
    YamlNode* node = &root;
    for (std::size_t begin = 0; begin <= override.path.size();) {
        const std::size_t end = std::min(override.path.find('.', begin), override.path.size());
        const std::string key = override.path.substr(begin, end - begin);
        begin = end + 1;
        if (node->kind == Kind::List) {
            std::size_t index = 0;
            const auto [stop, code] = std::from_chars(key.data(), key.data() + key.size(), index);
            if (code != std::errc() || stop != key.data() + key.size() || index >= node->items.size())
                throw Error("'" + key + "' is no item of a list of " + std::to_string(node->items.size()),
                            where);
            node = &node->items[index];
            continue;
        }
        if (node->kind != Kind::Map && node->kind != Kind::Null)
            throw Error("there is nothing below this key: '" + key + "'", where);
        node->kind = Kind::Map;
        YamlNode* next = node->find(key);
        node = next != nullptr ? next : &node->set(key, {});
    }
    *node = valueOf(override);
}

}  // namespace

std::string writeYamlTree(const YamlNode& node) {
    std::string text;
    if (isSimple(node))
        text = scalarText(node) + "\n";
    else
        write(node, "", text);
    return text;
}

std::string recipeWith(const std::string& text, const std::vector<std::string>& overrides) {
    if (overrides.empty()) return text;
    std::vector<YamlComplaint> complaints;
    YamlNode root = readYaml(text, complaints);
    if (!complaints.empty()) return text;  // whoever parses it says what is wrong
    for (const std::string& each : overrides) apply(root, parseOverride(each));
    return writeYamlTree(root);
}

}  // namespace retort
