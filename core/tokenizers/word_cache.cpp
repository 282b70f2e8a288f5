#include "core/tokenizers/word_cache.h"

namespace retort {

bool WordCache::find(std::string_view word, std::vector<std::int32_t>& ids) {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock) return false;
    const auto found = m_words.find(word);
    if (found == m_words.end()) return false;
    ids.insert(ids.end(), found->second.begin(), found->second.end());
    return true;
}

void WordCache::insert(std::string_view word, const std::int32_t* ids, std::size_t count) {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    if (!lock) return;
    if (m_words.size() >= maxWords) m_words.clear();  // text that changes its subject is served too
    m_words.emplace(word, std::vector<std::int32_t>(ids, ids + count));
}

}  // namespace retort
