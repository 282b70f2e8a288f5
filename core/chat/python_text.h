// Values as Python writes them, and Python's operations on text: by code points, with its own white space.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/chat/value.h"

namespace retort::chat {

/// str(value). Throws Error for what has no text that a template could mean (namespaces, macros).
std::string text(const Value& value);
/// repr(value): how it looks inside a list.
std::string representation(const Value& value);
/// repr of a float: the shortest digits that give it back, as Python writes them.
std::string floatText(double value);

struct JsonStyle {
    int indent = -1;  ///< -1: one line
    bool ensureAscii = false, sortKeys = false;
    std::string itemSeparator = ", ", keySeparator = ": ";
};
/// json.dumps(value). Throws Error for Undefined, namespaces and macros.
std::string jsonText(const Value& value, const JsonStyle& style);

/// str.isspace() of one character.
bool isPythonSpace(char32_t c);
std::size_t characterCount(std::string_view text);
/// The bytes of the code point of this number; `index` must be below characterCount().
std::string_view characterNumber(std::string_view text, std::size_t index);
/// The code points' bytes, one by one. Invalid bytes stand for themselves.
std::vector<std::string_view> characters(std::string_view text);

enum class Side { Left, Right, Both };
/// str.strip(): white space, or the characters of `set` where it is not null.
std::string stripped(std::string_view text, Side side, const std::string* set = nullptr);
std::string upper(std::string_view text);
std::string lower(std::string_view text);
/// str.capitalize(): the first character upper, the others lower.
std::string capitalized(std::string_view text);
/// str.title(): every run of letters so.
std::string titled(std::string_view text);
/// str.replace(); `count` < 0: all. Throws Error when the result has more than `maxBytes`.
std::string replaced(std::string_view text, std::string_view what, std::string_view with, std::int64_t count,
                     std::size_t maxBytes);
/// str.split() at white space, and str.split(separator); `count` < 0: as often as it occurs.
std::vector<std::string> splitAtSpace(std::string_view text, std::int64_t count);
std::vector<std::string> splitAt(std::string_view text, std::string_view separator, std::int64_t count,
                                 bool fromRight);
std::vector<std::string> splitLines(std::string_view text, bool keepEnds);

}  // namespace retort::chat
