#include "core/tokenizers/normalizer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

#include "core/tokenizers/split_pattern.h"
#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort {
namespace {

// The compatibility form of one character has at most 18 of them; nothing in use makes text longer than that.
constexpr std::size_t maxGrowth = 64, alwaysAllowed = std::size_t(1) << 20;

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Calls change(code point, its bytes) for every valid character; what it leaves of invalid bytes is copied.
template <typename Change>
std::string changed(std::string_view text, Change change) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text, i);
        if (length == 0)
            out += text[i];
        else
            change(out, utf8Decode(text, i, length), text.substr(i, length));
        i += std::max<std::size_t>(length, 1);
    }
    return out;
}

// Bytes of white space at the begin of `text`.
std::size_t spaceAtBegin(std::string_view text) {
    std::size_t i = 0;
    for (std::size_t length; i < text.size(); i += length) {
        length = utf8Length(text, i);
        if (length == 0 || !isWhiteSpace(utf8Decode(text, i, length))) break;
    }
    return i;
}

std::size_t spaceAtEnd(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0) {
        std::size_t begin = end - 1;
        while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0u) == 0x80u)
            --begin;
        const std::size_t length = utf8Length(text, begin);
        if (length != end - begin || !isWhiteSpace(utf8Decode(text, begin, length))) break;
        end = begin;
    }
    return text.size() - end;
}

}  // namespace

std::string Normalizer::apply(Form form, std::string text) {
    if (isAscii(text)) return text;
    unsigned options = UTF8PROC_STABLE;
    options |= form == Form::Nfc || form == Form::Nfkc ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE;
    if (form == Form::Nfkc || form == Form::Nfkd) options |= UTF8PROC_COMPAT;
    utf8proc_uint8_t* result = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(text.size()),
                     &result, utf8proc_option_t(options));
    if (size >= 0) text.assign(reinterpret_cast<char*>(result), std::size_t(size));
    std::free(result);
    return text;
}

std::string Normalizer::apply(const Lowercase&, std::string text) {
    return changed(text, [](std::string& out, char32_t c, std::string_view) {
        out += utf8Encode(char32_t(utf8proc_tolower(utf8proc_int32_t(c))));
        if (c == 0x130) out += utf8Encode(0x307);  // the one letter whose small form has two characters
    });
}

std::string Normalizer::apply(const StripAccents&, std::string text) {
    return changed(text, [](std::string& out, char32_t c, std::string_view bytes) {
        if (!isStrippedAccent(c)) out += bytes;
    });
}

std::string Normalizer::apply(const Strip& strip, std::string text) {
    if (strip.right) text.resize(text.size() - spaceAtEnd(text));
    if (strip.left) text.erase(0, spaceAtBegin(text));
    return text;
}

std::string Normalizer::apply(const Prepend& prepend, std::string text) {
    return text.empty() ? text : prepend.text + text;
}

std::string Normalizer::apply(const Replace& replace, std::string text) {
    const auto matches = replace.regex ? replace.regex->matches(text) : findAll(text, replace.text);
    if (matches.empty()) return text;
    const std::size_t limit = alwaysAllowed + maxGrowth * text.size();
    std::string out;
    std::size_t done = 0;
    for (const auto& [begin, end] : matches) {
        out.append(text, done, begin - done).append(replace.content);
        if (out.size() > limit) throw Error("the normalizer multiplies the text");
        done = end;
    }
    return out.append(text, done);
}

std::string Normalizer::normalized(std::string_view text) const {
    std::string result(text);
    const std::size_t limit = alwaysAllowed + maxGrowth * text.size();
    for (const Step& step : m_steps) {
        result = std::visit([&](const auto& kind) { return apply(kind, std::move(result)); }, step);
        if (result.size() > limit) throw Error("the normalizer multiplies the text");
    }
    return result;
}

Normalizer::Step Normalizer::readStep(const JsonConstruct& construct) {
    const auto& [type, fields] = construct;
    if (type == "NFC") return Form::Nfc;
    if (type == "NFD") return Form::Nfd;
    if (type == "NFKC") return Form::Nfkc;
    if (type == "NFKD") return Form::Nfkd;
    if (type == "Lowercase") return Lowercase{};
    if (type == "StripAccents") return StripAccents{};
    if (type == "Strip") return Strip{fields.flag("strip_left", true), fields.flag("strip_right", true)};
    if (type == "Prepend") return Prepend{fields.text("prepend")};
    if (type != "Replace") refuseConstruct("normalizer", type);
    const JsonPattern pattern = jsonPattern(fields);
    Replace replace{pattern.text, std::nullopt, fields.text("content")};
    if (pattern.isRegex) replace.regex.emplace(pattern.text);
    return replace;
}

Normalizer::Normalizer(const simdjson::dom::element& json) {
    for (const JsonConstruct& construct : jsonSequence(json, "normalizers", "normalizer"))
        m_steps.push_back(readStep(construct));
}

}  // namespace retort
