#include "core/tokenizers/pre_tokenizer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort {
namespace {

SplitBehavior readBehavior(const std::string& name) {
    constexpr std::array<const char*, 5> names{"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext",
                                               "Contiguous"};
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw Error("unknown behavior '" + name.substr(0, 60) + "' of a Split");
    return SplitBehavior(found - names.begin());
}

}  // namespace

PreTokenizer PreTokenizer::gpt2() {
    PreTokenizer result;
    result.m_byteLevel = true;
    result.addSplit(SplitPattern(expressionOf(WordRule::Gpt2)));
    return result;
}

PreTokenizer::PreTokenizer(const simdjson::dom::element& json) {
    for (const JsonConstruct& construct : jsonSequence(json, "pretokenizers", "pre_tokenizer")) {
        if (m_byteLevel) throw Error("a pre-tokenizer behind ByteLevel is not supported");
        readStep(construct);
    }
}

void PreTokenizer::addSplit(SplitPattern pattern) {
    // Part of the hash that checkpoints keep: a single Isolated expression is described by itself.
    m_description += (m_description.empty() ? "" : "\n") + pattern.expression();
    m_steps.push_back(std::move(pattern));
}

void PreTokenizer::readStep(const JsonConstruct& construct) {
    const auto& [type, fields] = construct;
    if (type == "ByteLevel") return readByteLevel(fields);
    if (type == "Metaspace") return readMetaspace(fields);
    if (type == "Digits") {
        m_steps.push_back(Digits{fields.flag("individual_digits", false)});
        m_description += "\ndigits";
        return;
    }
    if (type != "Split") refuseConstruct("pre-tokenizer", type);
    const JsonPattern pattern = jsonPattern(fields);
    const SplitBehavior behavior = readBehavior(fields.text("behavior"));
    const bool invert = fields.flag("invert", false);
    addSplit(pattern.isRegex ? SplitPattern(pattern.text, behavior, invert)
                             : SplitPattern::ofText(pattern.text, behavior, invert));
}

void PreTokenizer::readByteLevel(const JsonFields& fields) {
    m_byteLevel = true;
    m_addsPrefixSpace = fields.flag("add_prefix_space", true);
    if (m_addsPrefixSpace) m_steps.push_back(PrefixSpace{});
    if (fields.flag("use_regex", true)) addSplit(SplitPattern(expressionOf(WordRule::Gpt2)));
}

void PreTokenizer::readMetaspace(const JsonFields& fields) {
    Metaspace metaspace;
    metaspace.replacement = fields.text("replacement");
    if (metaspace.replacement.empty() || utf8Length(metaspace.replacement, 0) != metaspace.replacement.size())
        throw Error("the replacement of a Metaspace is not one character");
    const std::string scheme =
        fields.text("prepend_scheme", fields.flag("add_prefix_space", true) ? "always" : "never");
    if (scheme != "always" && scheme != "first" && scheme != "never")
        throw Error("unknown prepend_scheme '" + scheme.substr(0, 60) + "' of a Metaspace");
    if (!fields.flag("add_prefix_space", true) && scheme != "never")
        throw Error("a Metaspace's add_prefix_space contradicts its prepend_scheme");
    metaspace.scheme = scheme == "always"  ? PrependScheme::Always
                       : scheme == "first" ? PrependScheme::First
                                           : PrependScheme::Never;
    metaspace.split = fields.flag("split", true);
    m_description += "\nmetaspace " + metaspace.replacement + scheme + (metaspace.split ? "split" : "");
    m_steps.push_back(std::move(metaspace));
}

void PreTokenizer::apply(const SplitPattern& pattern, const Part& part, Cut& cut) {
    std::vector<std::string_view> words;
    pattern.split(part.text, words);
    for (std::string_view word : words)
        cut.parts.push_back({word, part.atStart && word.data() == part.text.data()});
}

void PreTokenizer::apply(const PrefixSpace&, const Part& part, Cut& cut) {
    if (part.text.starts_with(' ')) return cut.parts.push_back(part);
    cut.parts.push_back({cut.changed.emplace_back(std::string(" ").append(part.text)), part.atStart});
}

void PreTokenizer::apply(const Metaspace& metaspace, const Part& part, Cut& cut) {
    std::string text;
    for (char c : part.text) c == ' ' ? text.append(metaspace.replacement) : text.append(1, c);
    const bool wanted = metaspace.scheme == PrependScheme::Always ||
                        (metaspace.scheme == PrependScheme::First && part.atStart);
    if (wanted && !text.starts_with(metaspace.replacement)) text.insert(0, metaspace.replacement);
    const Part whole{cut.changed.emplace_back(std::move(text)), part.atStart};
    if (!metaspace.split) return cut.parts.push_back(whole);
    apply(SplitPattern::ofText(metaspace.replacement, SplitBehavior::MergedWithNext), whole, cut);
}

// Not by an expression: PCRE2's Unicode is older than that of isNumber().
void PreTokenizer::apply(const Digits& digits, const Part& part, Cut& cut) {
    const std::string_view text = part.text;
    std::size_t begin = 0;
    bool numbers = false;
    const auto cutAt = [&](std::size_t end) {
        if (end > begin) cut.parts.push_back({text.substr(begin, end - begin), part.atStart && begin == 0});
        begin = end;
    };
    for (std::size_t i = 0, length; i < text.size(); i += std::max<std::size_t>(length, 1)) {
        length = utf8Length(text, i);
        const bool number = length > 0 && isNumber(utf8Decode(text, i, length));
        if (number != numbers || (number && digits.individual)) cutAt(i);
        numbers = number;
    }
    cutAt(text.size());
}

void PreTokenizer::split(std::string_view text, bool atStart, Words& words) const {
    if (text.empty()) return;
    if (m_steps.size() == 1)  // the common case needs no parts
        if (const SplitPattern* pattern = std::get_if<SplitPattern>(&m_steps.front()))
            return pattern->split(text, words.list);
    Cut cut{{{text, atStart}}, words.changed};
    for (const Step& step : m_steps) {
        const std::vector<Part> parts = std::exchange(cut.parts, {});
        for (const Part& part : parts) std::visit([&](const auto& kind) { apply(kind, part, cut); }, step);
    }
    for (const Part& part : cut.parts) words.list.push_back(part.text);
}

}  // namespace retort
