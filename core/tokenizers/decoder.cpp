#include "core/tokenizers/decoder.h"

#include <algorithm>

#include "core/tokenizers/byte_level.h"
#include "core/tokenizers/split_pattern.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxStrip = 1000;
constexpr std::size_t maxGrowth = 64, alwaysAllowed = std::size_t(1) << 20;
constexpr const char* replacementCharacter = "\xef\xbf\xbd";

// <0x0A> -> 10; -1 for other tokens.
int fallbackByte(std::string_view token) {
    const auto digit = [&](std::size_t i) {
        const char c = token[i];
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                      : -1;
    };
    if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>' || digit(3) < 0 || digit(4) < 0)
        return -1;
    return digit(3) * 16 + digit(4);
}

std::size_t totalBytes(const std::vector<std::string>& tokens) {
    std::size_t bytes = 0;
    for (const std::string& token : tokens) bytes += token.size();
    return bytes;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view content) {
    std::string out;
    std::size_t done = 0;
    for (const auto& [begin, end] : findAll(text, what)) {
        out.append(text.substr(done, begin - done)).append(content);
        done = end;
    }
    return out.append(text.substr(done));
}

}  // namespace

void Decoder::apply(const Replace& replace, Tokens& tokens) {
    for (std::string& token : tokens) {
        if (!replace.regex) {
            token = replaced(token, replace.text, replace.content);
            continue;
        }
        std::string out;
        std::size_t done = 0;
        for (const auto& [begin, end] : replace.regex->matches(token)) {
            out.append(token, done, begin - done).append(replace.content);
            done = end;
        }
        token = out.append(token, done);
    }
}

// A run of byte tokens is text, or, when it is not UTF-8 as a whole, one U+FFFD a byte: as Hugging Face has
// it.
void Decoder::apply(const ByteFallback&, Tokens& tokens) {
    Tokens result;
    std::string run;
    const auto endRun = [&] {
        if (run.empty()) return;
        std::size_t i = 0;
        while (i < run.size() && utf8Length(run, i) > 0) i += utf8Length(run, i);
        if (i == run.size())
            result.push_back(run);
        else
            for (std::size_t k = 0; k < run.size(); ++k) result.push_back(replacementCharacter);
        run.clear();
    };
    for (std::string& token : tokens) {
        if (const int byte = fallbackByte(token); byte >= 0) {
            run += char(byte);
            continue;
        }
        endRun();
        result.push_back(std::move(token));
    }
    endRun();
    tokens = std::move(result);
}

void Decoder::apply(const Fuse&, Tokens& tokens) {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens = {std::move(all)};
}

void Decoder::apply(const Strip& strip, Tokens& tokens) {
    for (std::string& token : tokens) {
        std::string_view rest = token;
        for (std::size_t i = 0; i < strip.start && rest.starts_with(strip.content); ++i)
            rest.remove_prefix(strip.content.size());
        for (std::size_t i = 0; i < strip.stop && rest.ends_with(strip.content); ++i)
            rest.remove_suffix(strip.content.size());
        token = std::string(rest);
    }
}

void Decoder::apply(const Metaspace& metaspace, Tokens& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i)
        tokens[i] = replaced(tokens[i], metaspace.replacement, i == 0 && metaspace.removesFirst ? "" : " ");
}

std::string Decoder::decoded(std::vector<std::string> tokens) const {
    const std::size_t limit = alwaysAllowed + maxGrowth * totalBytes(tokens);
    for (const Step& step : m_steps) {
        std::visit([&](const auto& kind) { apply(kind, tokens); }, step);
        if (totalBytes(tokens) > limit) throw Error("the tokenizer's decoder multiplies the text");
    }
    std::string text;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (m_joinsWithBlanks && i > 0) text += ' ';
        text += m_byteLevel ? fromByteLevel(tokens[i]).value_or(tokens[i]) : tokens[i];
    }
    return utf8Lossy(text);
}

std::string Decoder::tokenBytes(std::string_view token, bool first) const {
    if (m_byteLevel) return fromByteLevel(token).value_or(std::string(token));
    // Where bytes are tokens, one of them may be half a character: it is not decoded as a text of its own.
    const bool fallback = std::any_of(m_steps.begin(), m_steps.end(), [](const Step& step) {
        return std::holds_alternative<ByteFallback>(step);
    });
    if (const int byte = fallbackByte(token); fallback && byte >= 0) return std::string(1, char(byte));
    Tokens tokens;
    if (!first) tokens.emplace_back();  // so that what is done to a text's begin is not done to this one
    tokens.emplace_back(token);
    for (const Step& step : m_steps) {
        const bool wholeText = std::holds_alternative<Fuse>(step);
        if (wholeText && !first) break;
        std::visit([&](const auto& kind) { apply(kind, tokens); }, step);
    }
    std::string text = m_joinsWithBlanks && !first ? " " : "";
    for (const std::string& part : tokens) text += part;
    return text;
}

Decoder::Step Decoder::readStep(const JsonConstruct& construct) {
    const auto& [type, fields] = construct;
    if (type == "ByteFallback") return ByteFallback{};
    if (type == "Fuse") return Fuse{};
    if (type == "Metaspace") {
        const std::string replacement = fields.text("replacement");
        const bool prepends = fields.flag("add_prefix_space", true);
        return Metaspace{replacement,
                         fields.text("prepend_scheme", prepends ? "always" : "never") != "never"};
    }
    if (type == "Strip") {
        const std::int64_t start = fields.integer("start"), stop = fields.integer("stop");
        if (start < 0 || stop < 0 || std::size_t(start) > maxStrip || std::size_t(stop) > maxStrip)
            throw Error("the decoder's Strip takes an impossible number of characters");
        const std::string content = fields.text("content");
        if (content.empty() || utf8Length(content, 0) != content.size())
            throw Error("the decoder's Strip has a content that is not one character");
        return Strip{content, std::size_t(start), std::size_t(stop)};
    }
    if (type != "Replace") refuseConstruct("decoder", type);
    const JsonPattern pattern = jsonPattern(fields);
    Replace replace{pattern.text, std::nullopt, fields.text("content")};
    if (replace.content.size() > maxStrip) throw Error("the decoder's Replace multiplies the text");
    if (pattern.isRegex) replace.regex.emplace(pattern.text);
    return replace;
}

Decoder::Decoder(const simdjson::dom::element& json) : m_byteLevel(false), m_joinsWithBlanks(json.is_null()) {
    const std::vector<JsonConstruct> constructs = jsonSequence(json, "decoders", "decoder");
    if (constructs.size() == 1 && constructs.front().type == "ByteLevel") {
        m_byteLevel = true;
        return;
    }
    for (const JsonConstruct& construct : constructs) m_steps.push_back(readStep(construct));
}

}  // namespace retort
