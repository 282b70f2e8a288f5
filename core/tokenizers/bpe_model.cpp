#include "core/tokenizers/bpe_model.h"

#include <queue>
#include <tuple>

namespace retort {

BpeModel::BpeModel(std::vector<std::string> tokens, const std::array<std::int32_t, 256>& bytes,
                   std::vector<BpeMerge> merges, bool ignoreMerges)
    : m_tokens(std::move(tokens)), m_bytes(bytes), m_merges(std::move(merges)) {
    m_ranks.reserve(m_merges.size());
    for (std::size_t rank = 0; rank < m_merges.size(); ++rank) {
        const BpeMerge& merge = m_merges[rank];
        m_ranks.emplace(pairKey(merge.left, merge.right), Ranked{std::int32_t(rank), merge.result});
    }
    if (!ignoreMerges) return;
    for (std::size_t id = 0; id < m_tokens.size(); ++id)
        if (!m_tokens[id].empty()) m_whole.emplace(m_tokens[id], std::int32_t(id));
}

// The lowest-ranked merge first, the leftmost among equals. Symbols are a linked list, candidates a heap
// whose stale entries are recognised by the pair that they were made for: n log n, also for a word of a
// hundred megabytes.
void BpeModel::encode(std::string_view word, std::vector<std::int32_t>& ids) const {
    if (const auto whole = m_whole.find(word); whole != m_whole.end()) {
        ids.push_back(whole->second);
        return;
    }
    struct Symbol {
        std::int32_t id;
        std::int32_t previous, next;
    };
    struct Candidate {
        std::int32_t rank, position, result;
        std::uint64_t pair;
        bool operator>(const Candidate& other) const {
            return std::tie(rank, position) > std::tie(other.rank, other.position);
        }
    };
    std::vector<Symbol> symbols(word.size());
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    const auto consider = [&](std::int32_t left) {
        if (left < 0 || symbols[std::size_t(left)].next < 0) return;
        const std::uint64_t pair =
            pairKey(symbols[std::size_t(left)].id, symbols[std::size_t(symbols[std::size_t(left)].next)].id);
        if (const auto found = m_ranks.find(pair); found != m_ranks.end())
            candidates.push({found->second.rank, left, found->second.result, pair});
    };
    const auto count = std::int32_t(word.size());
    for (std::int32_t i = 0; i < count; ++i)
        symbols[std::size_t(i)] = {m_bytes[static_cast<unsigned char>(word[std::size_t(i)])], i - 1,
                                   i + 1 < count ? i + 1 : -1};
    for (std::int32_t i = 0; i < count; ++i) consider(i);
    while (!candidates.empty()) {
        const Candidate candidate = candidates.top();
        candidates.pop();
        Symbol& left = symbols[std::size_t(candidate.position)];
        if (left.id < 0 || left.next < 0) continue;  // merged into its left neighbour, or the last one by now
        Symbol& right = symbols[std::size_t(left.next)];
        if (pairKey(left.id, right.id) != candidate.pair) continue;
        left.id = candidate.result;
        left.next = right.next;
        right.id = -1;
        if (left.next >= 0) symbols[std::size_t(left.next)].previous = candidate.position;
        consider(left.previous);
        consider(candidate.position);
    }
    for (std::int32_t i = count > 0 ? 0 : -1; i >= 0; i = symbols[std::size_t(i)].next)
        ids.push_back(symbols[std::size_t(i)].id);
}

}  // namespace retort
