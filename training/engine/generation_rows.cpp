#include "training/engine/generation_rows.h"

#include <algorithm>

namespace retort {

EndRule::EndRule(const Tokenizer& tokenizer, const SamplingSettings& settings, std::int64_t maxLength)
    : m_tokenizer(tokenizer), m_settings(settings), m_maxLength(maxLength) {
    for (const std::string& stop : settings.stop) m_longestStop = std::max(m_longestStop, stop.size());
}

bool EndRule::append(Completion& completion, const Choice& choice, std::size_t promptLength) const {
    completion.ids.push_back(choice.token);
    completion.logprobs.push_back(choice.logprob);
    if (m_settings.recordEntropies) completion.entropies.push_back(choice.entropy);
    completion.finished = choice.token == m_tokenizer.eosId() || endsInStop(completion.ids);
    const auto length = std::int64_t(completion.ids.size());
    completion.whole = completion.finished || length >= m_settings.maxNewTokens ||
                       (m_maxLength > 0 && std::int64_t(promptLength) + length >= m_maxLength);
    return completion.whole;
}

bool EndRule::endsInStop(const std::vector<std::int32_t>& ids) const {
    if (m_longestStop == 0) return false;
    // A token is at least a byte; the few more cover special tokens (no text) and characters cut in bytes.
    const std::size_t tail = std::min(ids.size(), m_longestStop + 8);
    const std::string text = m_tokenizer.decode(ids.data() + (ids.size() - tail), tail);
    return std::any_of(m_settings.stop.begin(), m_settings.stop.end(), [&](const std::string& stop) {
        return !stop.empty() && text.find(stop) != std::string::npos;
    });
}

std::string completionText(const Tokenizer& tokenizer, const Completion& completion,
                           const std::vector<std::string>& stop) {
    std::string text = tokenizer.decode(completion.ids);
    for (const std::string& mark : stop)
        if (!mark.empty()) text = text.substr(0, text.find(mark));
    return text;
}

}  // namespace retort
