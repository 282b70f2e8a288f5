#include "training/merging/methods/key_ranks.h"

#include <algorithm>

namespace retort {

KeyRanks::Counts::Counts(const KeyRanks& ranks)
    : m_isLower(ranks.m_isLower), m_uppers(ranks.m_uppers), m_counts(ranks.m_counts.size()) {}

void KeyRanks::addCounts(const Counts& counts) {
    for (std::size_t i = 0; i < m_counts.size(); ++i) m_counts[i] += counts.m_counts[i];
}

bool KeyRanks::endPass() {
    if (!m_isLower) {
        for (const std::uint64_t count : m_counts) m_total += count;
        if (m_total == 0) {
            m_keys.assign(m_wanted(0).size(), 0);
            return false;
        }
        for (std::size_t rank : m_wanted(m_total)) {
            rank = std::min(rank, m_total - 1);
            std::uint32_t upper = 0;
            while (m_counts[upper] <= rank) rank -= m_counts[upper++];
            m_ranks.push_back(rank);
            m_uppers.push_back(upper);
        }
        m_isLower = true;
        m_counts.assign(m_uppers.size() << 16, 0);
        return true;
    }
    for (std::size_t i = 0; i < m_uppers.size(); ++i) {
        std::size_t rank = m_ranks[i];
        std::uint32_t lower = 0;
        while (m_counts[i << 16 | lower] <= rank) rank -= m_counts[i << 16 | lower++];
        m_keys.push_back(m_uppers[i] << 16 | lower);
    }
    return false;
}

}  // namespace retort
