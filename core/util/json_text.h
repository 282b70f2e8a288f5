// JSON written by hand, for the lines that are written ten thousand times a second: everything is appended to
// one string, numbers in their shortest exact form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort {

/// `text` in quotes. JSON is UTF-8, so a byte that is not (half a character at the end of a completion)
/// becomes '?': one byte for one byte, so that byte offsets into the text stay right.
void appendJsonString(std::string& out, std::string_view text);

/// Not a number and the infinities have no JSON form: "NaN", "Infinity" and "-Infinity", as strings.
void appendJsonNumber(std::string& out, double value);
void appendJsonNumber(std::string& out, float value);
void appendJsonNumber(std::string& out, std::int64_t value);

/// Members of one object, in order: `JsonMembers(out).add("step", 3).add("name", "x")`. Writes the commas and
/// the keys (which must need no escaping); the braces are the caller's.
class JsonMembers {
  public:
    explicit JsonMembers(std::string& out, bool first = true) : m_out(out), m_first(first) {}

    /// Writes the comma and `"key":`; the caller appends the value.
    std::string& key(std::string_view name);
    JsonMembers& add(std::string_view name, std::string_view text);
    JsonMembers& add(std::string_view name, const char* text) { return add(name, std::string_view(text)); }
    JsonMembers& add(std::string_view name, double value);
    JsonMembers& add(std::string_view name, std::int64_t value);
    JsonMembers& add(std::string_view name, std::int32_t value) { return add(name, std::int64_t(value)); }
    JsonMembers& add(std::string_view name, bool value);

  private:
    std::string& m_out;
    bool m_first;
};

/// `[a,b,…]`; `append(out, item)` writes one item.
template <class Range, class Append>
void appendJsonArray(std::string& out, const Range& range, Append append) {
    out += '[';
    bool first = true;
    for (const auto& item : range) {
        if (!first) out += ',';
        first = false;
        append(out, item);
    }
    out += ']';
}

/// `{"name":number,…}` of (name, number) pairs.
template <class Pairs>
void appendJsonNumberMap(std::string& out, const Pairs& pairs) {
    out += '{';
    bool first = true;
    for (const auto& [name, value] : pairs) {
        if (!first) out += ',';
        first = false;
        appendJsonString(out, name);
        out += ':';
        appendJsonNumber(out, value);
    }
    out += '}';
}

}  // namespace retort
