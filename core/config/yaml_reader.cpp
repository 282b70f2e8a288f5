#include "core/config/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

namespace retort {
namespace {

constexpr std::size_t largestText = 4u << 20;
constexpr std::size_t deepest = 32;
constexpr std::size_t mostNodes = 100'000;

TextPlace placeOf(const YAML::Mark& mark) {
    return {mark.line + 1, mark.column + 1};
}

// Thrown through yaml-cpp to end the reading at once.
struct Refusal {
    YamlComplaint complaint;
};

class TreeBuilder final : public YAML::EventHandler {
  public:
    explicit TreeBuilder(std::vector<YamlComplaint>& complaints) : m_complaints(complaints) {}

    YamlNode take() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add({.place = placeOf(mark)}); }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        throw Refusal{{placeOf(mark), "aliases (*name) are not used here", "write the value out"}};
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        refuseTag(mark, tag);
        YamlNode node{.kind = YamlNode::Kind::Scalar, .place = placeOf(mark), .scalar = value};
        node.quoted = tag == "!";
        add(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, YamlNode::Kind::List);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, YamlNode::Kind::Map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        YamlNode node;
        bool hasKey = false;
        std::string key;
        TextPlace keyPlace;
    };

    void refuseTag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        throw Refusal{{placeOf(mark), "tags (" + tag + ") are not used here", "remove the tag"}};
    }

    void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
        refuseTag(mark, tag);
        if (m_open.size() >= deepest)
            throw Refusal{{placeOf(mark), "nested deeper than " + std::to_string(deepest) + " levels", ""}};
        if (!m_open.empty()) refuseAsKey(placeOf(mark));
        m_open.push_back({{.kind = kind, .place = placeOf(mark)}, false, {}, {}});
    }

    void refuseAsKey(TextPlace place) {
        const Open& top = m_open.back();
        if (top.node.kind == YamlNode::Kind::Map && !top.hasKey)
            throw Refusal{{place, "a list or map cannot be a key", ""}};
    }

    void close() {
        YamlNode node = std::move(m_open.back().node);
        m_open.pop_back();
        add(std::move(node));
    }

    void add(YamlNode node) {
        if (++m_count > mostNodes)
            throw Refusal{{node.place, "more than " + std::to_string(mostNodes) + " values", ""}};
        if (m_open.empty()) {
            m_root = std::move(node);
            return;
        }
        Open& top = m_open.back();
        if (top.node.kind == YamlNode::Kind::List)
            top.node.items.push_back(std::move(node));
        else if (!top.hasKey)
            takeKey(top, node);
        else
            addEntry(top, std::move(node));
    }

    void takeKey(Open& top, const YamlNode& node) {
        top.hasKey = true;
        top.key = node.kind == YamlNode::Kind::Null ? "null" : node.scalar;
        top.keyPlace = node.place;
    }

    void addEntry(Open& top, YamlNode value) {
        top.hasKey = false;
        // yaml-cpp notices that a value is missing only at the next token.
        if (value.kind == YamlNode::Kind::Null) value.place = top.keyPlace;
        // Looking through the list is quadratic; no honest map of ours has this many keys.
        if (top.node.entries.size() >= 1000)
            throw Refusal{{top.keyPlace, "more than 1000 keys in one map", ""}};
        if (const YamlNode* first = top.node.find(top.key)) {
            m_complaints.push_back({top.keyPlace, "key '" + top.key + "' is given twice",
                                    "it was given before at line " + std::to_string(first->place.line)});
            return;
        }
        top.node.entries.emplace_back(std::move(top.key), std::move(value));
        top.node.keyPlaces.push_back(top.keyPlace);
    }

    std::vector<YamlComplaint>& m_complaints;
    YamlNode m_root;
    std::vector<Open> m_open;
    std::size_t m_count = 0;
};

// Roughly: brackets in quotes and comments are rarely unbalanced.
bool isLeftOpen(const std::string& text) {
    const auto count = [&](char c) { return std::count(text.begin(), text.end(), c); };
    return count('[') > count(']') || count('{') > count('}');
}

std::string hintFor(const std::string& text, TextPlace place) {
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i < place.line && std::getline(lines, line); ++i) {
    }
    if (line.find('\t') != std::string::npos) return "YAML indents with spaces, not tabs";
    if (line.find(" @") != std::string::npos) return "put the text that begins with @ in quotes";
    return isLeftOpen(text) ? "a [ or { is not closed" : "";
}

}  // namespace

const YamlNode* YamlNode::find(const std::string& key) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

YamlNode* YamlNode::find(const std::string& key) {
    return const_cast<YamlNode*>(static_cast<const YamlNode*>(this)->find(key));
}

YamlNode& YamlNode::set(const std::string& key, YamlNode value) {
    if (YamlNode* existing = find(key)) return *existing = std::move(value);
    entries.emplace_back(key, std::move(value));
    keyPlaces.push_back({});
    return entries.back().second;
}

YamlNode readYaml(const std::string& text, std::vector<YamlComplaint>& complaints) {
    if (text.size() > largestText) {
        complaints.push_back({{}, "the text is larger than 4 MB", "is this a configuration?"});
        return {};
    }
    if (const int line = firstLineThatIsNotUtf8(text)) {
        complaints.push_back({{line, 1}, "this line is not UTF-8 text", ""});
        return {};
    }
    TreeBuilder builder(complaints);
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        YamlNode root = builder.take();
        TreeBuilder second(complaints);
        if (parser.HandleNextDocument(second))
            complaints.push_back(
                {second.take().place, "a second document in one file", "keep one configuration a file"});
        return root;
    } catch (const Refusal& refusal) {
        complaints.push_back(refusal.complaint);
        // At a torn end yaml-cpp speaks of what stands before it.
        if (complaints.back().hint.empty() && isLeftOpen(text))
            complaints.back().hint = "a [ or { is not closed";
    } catch (const YAML::Exception& error) {
        const TextPlace place = error.mark.is_null() ? TextPlace{1, 1} : placeOf(error.mark);
        complaints.push_back({place, "not valid YAML: " + error.msg, hintFor(text, place)});
    }
    return {};
}

YamlNode nodeFromJson(const Json& value) {
    YamlNode node;
    if (value.is_object()) {
        node.kind = YamlNode::Kind::Map;
        for (const auto& [key, item] : value.items()) node.set(key, nodeFromJson(item));
    } else if (value.is_array()) {
        node.kind = YamlNode::Kind::List;
        for (const Json& item : value) node.items.push_back(nodeFromJson(item));
    } else if (!value.is_null()) {
        node.kind = YamlNode::Kind::Scalar;
        node.quoted = value.is_string();
        node.scalar = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return node;
}

int firstLineThatIsNotUtf8(const std::string& text) {
    int line = 1;
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char lead = static_cast<unsigned char>(text[i]);
        if (lead == '\n') ++line;
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                   : lead >= 0xE0 && lead < 0xF0 ? 3
                                   : lead >= 0xC2 && lead < 0xE0 ? 2
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return line;
        std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const unsigned char next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0) != 0x80) return line;
            code = (code << 6) | (next & 0x3Fu);
        }
        const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
        if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return line;
        i += length;
    }
    return 0;
}

}  // namespace retort
