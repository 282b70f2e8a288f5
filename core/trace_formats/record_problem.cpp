#include "core/trace_formats/record_problem.h"

#include <array>
#include <cstdio>
#include <optional>
#include <vector>

namespace retort {
namespace {

constexpr std::size_t mostFrames = 32;  // deeper ones are not named

struct Frame {
    bool isObject = false;
    std::string_view key;
    std::size_t index = 0;
};

std::string pathOf(const std::vector<Frame>& frames) {
    std::string path;
    for (const Frame& frame : frames)
        if (!frame.isObject)
            path.append("[").append(std::to_string(frame.index)).append("]");
        else if (!frame.key.empty())
            path.append(path.empty() ? "" : ".").append(frame.key);
    return path;
}

/// The first byte that is no part of a UTF-8 character.
std::size_t firstBadByte(std::string_view text) {
    // Halves: whether a prefix is valid is known fast, and the first bad byte makes all longer ones invalid.
    // A prefix that ends within a good character counts as bad, by at most three bytes.
    std::size_t good = 0, bad = text.size();
    while (bad - good > 8) {
        const std::size_t middle = good + (bad - good) / 2;
        std::size_t end = middle;
        while (end > good && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        if (end > good && simdjson::validate_utf8(text.data() + good, end - good))
            good = end;
        else if (end == good)
            break;
        else
            bad = middle;
    }
    while (good < text.size()) {
        std::size_t length = 1;
        while (length <= 4 && good + length <= text.size() &&
               !simdjson::validate_utf8(text.data() + good, length))
            ++length;
        if (length > 4 || good + length > text.size()) return good;
        good += length;
    }
    return good;
}

std::optional<unsigned> escapedUnit(std::string_view text, std::size_t at) {
    unsigned unit = 0;
    if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) return std::nullopt;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        unit = unit * 16 + unsigned(digit);
    }
    return unit;
}

/// Where a half of a surrogate pair stands alone: Python writes such, JSON readers refuse it.
std::optional<std::size_t> loneSurrogate(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != '\\') continue;
        const auto unit = escapedUnit(text, i);
        if (unit && *unit >= 0xD800 && *unit < 0xE000) {
            const auto next = escapedUnit(text, i + 6);
            if (*unit >= 0xDC00 || !next || *next < 0xDC00 || *next >= 0xE000) return i;
            i += 6;
        }
        ++i;
    }
    return std::nullopt;
}

}  // namespace

std::string fieldAt(std::string_view record, std::size_t byte) {
    std::vector<Frame> frames;
    std::size_t depth = 0, stringBegin = 0;
    bool inString = false;
    std::string_view last;  // string that ended last
    for (std::size_t i = 0; i < record.size() && i < byte; ++i) {
        const char c = record[i];
        if (inString) {
            if (c == '\\') ++i;
            if (c != '"') continue;
            inString = false;
            last = record.substr(stringBegin, i - stringBegin);
            continue;
        }
        if (c == '"') {
            inString = true;
            stringBegin = i + 1;
        } else if (c == '{' || c == '[') {
            if (++depth <= mostFrames) frames.push_back({c == '{', {}, 0});
        } else if (c == '}' || c == ']') {
            if (depth > 0 && depth-- <= mostFrames) frames.pop_back();
        } else if (depth == 0 || depth > mostFrames) {
            continue;
        } else if (c == ':') {
            frames.back().key = last;
        } else if (c == ',') {
            ++frames.back().index;
        }
    }
    return pathOf(frames);
}

RecordProblem problemOf(std::string_view record, simdjson::error_code code) {
    if (code == simdjson::UTF8_ERROR) {
        const std::size_t at = firstBadByte(record);
        char text[96];
        std::snprintf(text, sizeof text, "invalid UTF-8: its byte %zu is 0x%02x (is it Latin-1?)", at + 1,
                      unsigned(static_cast<unsigned char>(at < record.size() ? record[at] : 0)));
        return {fieldAt(record, at), text};
    }
    if (code == simdjson::DEPTH_ERROR) return {fieldAt(record, record.size()), "nested too deep"};
    if (const auto at = loneSurrogate(record))
        return {fieldAt(record, *at),
                "has half a character, " + std::string(record.substr(*at, 6)) + " (a lone surrogate)"};
    return {"", std::string("not valid JSON: ") + simdjson::error_message(code)};
}

}  // namespace retort
