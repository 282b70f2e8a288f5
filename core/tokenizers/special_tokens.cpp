#include "core/tokenizers/special_tokens.h"

#include <algorithm>

#include "core/util/files.h"

namespace retort {

SpecialTokens::SpecialTokens(std::vector<SpecialToken> tokens) : m_tokens(std::move(tokens)) {
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        m_byId[m_tokens[i].id] = i;
        if (!m_tokens[i].text.empty()) m_byLead[static_cast<unsigned char>(m_tokens[i].text[0])].push_back(i);
    }
    for (auto& indices : m_byLead)
        std::stable_sort(indices.begin(), indices.end(), [this](std::size_t a, std::size_t b) {
            return m_tokens[a].text.size() > m_tokens[b].text.size();
        });
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

const SpecialToken* SpecialTokens::longestAt(std::string_view text) const {
    for (std::size_t index : m_byLead[static_cast<unsigned char>(text[0])])
        if (text.starts_with(m_tokens[index].text)) return &m_tokens[index];
    return nullptr;
}

Json SpecialTokens::addedTokens() const {
    Json list = Json::array();
    for (const SpecialToken& token : m_tokens)
        list.push_back({{"id", token.id},
                        {"content", token.text},
                        {"single_word", false},
                        {"lstrip", false},
                        {"rstrip", false},
                        {"normalized", false},
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
