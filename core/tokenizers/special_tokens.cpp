#include "core/tokenizers/special_tokens.h"

#include <algorithm>

#include "core/tokenizers/unicode_class.h"
#include "core/tokenizers/utf8.h"
#include "core/util/files.h"

namespace retort {
namespace {

// The code point that ends at text[end - 1]; U+FFFD when the bytes are no character.
char32_t before(std::string_view text, std::size_t end, std::size_t& begin) {
    begin = end - 1;
    while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xc0u) == 0x80u)
        --begin;
    const std::size_t length = utf8Length(text, begin);
    if (length == end - begin) return utf8Decode(text, begin, length);
    begin = end - 1;
    return 0xfffd;
}

char32_t at(std::string_view text, std::size_t begin, std::size_t& end) {
    const std::size_t length = utf8Length(text, begin);
    end = begin + std::max<std::size_t>(length, 1);
    return length > 0 ? utf8Decode(text, begin, length) : 0xfffd;
}

bool touchesWord(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t unused = 0;
    return (begin > 0 && isWordCharacter(before(text, begin, unused))) ||
           (end < text.size() && isWordCharacter(at(text, end, unused)));
}

std::size_t spaceBegin(std::string_view text, std::size_t begin, std::size_t lowest) {
    for (std::size_t next = begin;
         begin > lowest && isWhiteSpace(before(text, begin, next)) && next >= lowest;)
        begin = next;
    return begin;
}

std::size_t spaceEnd(std::string_view text, std::size_t end) {
    for (std::size_t next = end; end < text.size() && isWhiteSpace(at(text, end, next));) end = next;
    return end;
}

}  // namespace

SpecialTokens::SpecialTokens(std::vector<SpecialToken> tokens) : m_tokens(std::move(tokens)) {
    for (std::size_t i = 0; i < m_tokens.size(); ++i) m_byId[m_tokens[i].id] = i;
    normalise([](std::string_view text) { return std::string(text); });
}

void SpecialTokens::normalise(const std::function<std::string(std::string_view)>& normalised) {
    std::vector<Pattern> raw, changed;
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        if (m_tokens[i].normalized)
            changed.push_back({normalised(m_tokens[i].text), i});
        else
            raw.push_back({m_tokens[i].text, i});
    }
    m_raw = sorted(std::move(raw));
    m_normalised = sorted(std::move(changed));
}

SpecialTokens::Patterns SpecialTokens::sorted(std::vector<Pattern> list) {
    Patterns patterns{std::move(list), {}};
    std::erase_if(patterns.list, [](const Pattern& pattern) { return pattern.text.empty(); });
    std::stable_sort(patterns.list.begin(), patterns.list.end(),
                     [](const Pattern& a, const Pattern& b) { return a.text < b.text; });
    for (const Pattern& pattern : patterns.list)
        ++patterns.begin[static_cast<unsigned char>(pattern.text[0]) + 1u];
    for (std::size_t i = 0; i < 256; ++i) patterns.begin[i + 1] += patterns.begin[i];
    return patterns;
}

const SpecialTokens::Pattern* SpecialTokens::longestAt(const Patterns& patterns, std::string_view text) {
    const unsigned char lead = static_cast<unsigned char>(text[0]);
    std::size_t low = patterns.begin[lead], high = patterns.begin[lead + 1u];
    const Pattern* longest = nullptr;
    for (std::size_t depth = 1; low < high; ++depth) {
        if (patterns.list[low].text.size() == depth) longest = &patterns.list[low];
        while (low < high && patterns.list[low].text.size() == depth) ++low;
        if (depth == text.size()) break;
        const auto less = [&](const Pattern& pattern, char c) {
            return static_cast<unsigned char>(pattern.text[depth]) < static_cast<unsigned char>(c);
        };
        const auto begin = patterns.list.begin();
        const auto from =
            std::lower_bound(begin + std::ptrdiff_t(low), begin + std::ptrdiff_t(high), text[depth], less);
        low = std::size_t(from - begin);
        const auto differs = [&](const Pattern& pattern) { return pattern.text[depth] == text[depth]; };
        high = std::size_t(std::partition_point(from, begin + std::ptrdiff_t(high), differs) - begin);
    }
    return longest;
}

std::vector<SpecialTokens::Part> SpecialTokens::split(std::string_view text, const Patterns& patterns) const {
    std::vector<Part> parts;
    if (patterns.list.empty()) {
        if (!text.empty()) parts.push_back({text, -1});
        return parts;
    }
    std::size_t plainBegin = 0;
    for (std::size_t i = 0; i < text.size();) {
        const Pattern* found = longestAt(patterns, text.substr(i));
        if (found == nullptr) {
            ++i;
            continue;
        }
        const SpecialToken& token = m_tokens[found->token];
        std::size_t begin = i, end = i + found->text.size();
        i = end;
        if (token.singleWord && touchesWord(text, begin, end)) continue;
        if (token.lstrip) begin = std::max(spaceBegin(text, begin, plainBegin), plainBegin);
        if (token.rstrip) end = spaceEnd(text, end);
        if (begin >= end) continue;  // the one before has taken its white space, all that it was
        if (begin > plainBegin) parts.push_back({text.substr(plainBegin, begin - plainBegin), -1});
        parts.push_back({text.substr(begin, end - begin), token.id});
        plainBegin = end;
    }
    if (plainBegin < text.size()) parts.push_back({text.substr(plainBegin), -1});
    return parts;
}

const SpecialToken* SpecialTokens::byId(std::int32_t id) const {
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : &m_tokens[found->second];
}

std::int32_t SpecialTokens::idOf(std::string_view text) const {
    for (const SpecialToken& token : m_tokens)
        if (token.text == text) return token.id;
    return -1;
}

Json SpecialTokens::addedTokens() const {
    Json list = Json::array();
    for (const SpecialToken& token : m_tokens)
        list.push_back({{"id", token.id},
                        {"content", token.text},
                        {"single_word", token.singleWord},
                        {"lstrip", token.lstrip},
                        {"rstrip", token.rstrip},
                        {"normalized", token.normalized},
                        {"special", token.special}});
    return list;
}

Json SpecialTokens::addedTokensDecoder() const {
    Json map = Json::object();
    for (Json& token : addedTokens()) {
        const std::string id = std::to_string(token["id"].get<std::int32_t>());
        token.erase("id");
        map[id] = std::move(token);
    }
    return map;
}

void saveTokenizerConfig(const std::filesystem::path& folder, const SpecialTokens& tokens,
                         const SpecialRoles& roles) {
    Json map = Json::object();
    if (roles.bos >= 0) map["bos_token"] = roles.bosText;
    if (roles.eos >= 0) map["eos_token"] = roles.eosText;
    if (roles.pad >= 0) map["pad_token"] = roles.padText;
    if (roles.unknown >= 0) map["unk_token"] = roles.unknownText;
    // Without clean_up_tokenization_spaces=false, transformers would remove blanks before punctuation when
    // decoding.
    Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"clean_up_tokenization_spaces", false}};
    config.update(map);
    config["added_tokens_decoder"] = tokens.addedTokensDecoder();
    writeFileAtomically(folder / "tokenizer_config.json", config.dump(2) + "\n");
    writeFileAtomically(folder / "special_tokens_map.json", map.dump(2) + "\n");
}

}  // namespace retort
