#include "core/tokenizers/merge_table.h"

#include <bit>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

namespace retort {
namespace {

constexpr std::size_t shortSymbols = 40;
constexpr std::int32_t noRank = std::numeric_limits<std::int32_t>::max();

std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
    return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
}

}  // namespace

void MergeTable::reserve(std::size_t merges) {
    grow(std::bit_ceil(2 * merges + 2));
}

void MergeTable::grow(std::size_t slots) {
    if (slots <= m_slots.size()) return;
    const std::vector<Slot> old = std::exchange(m_slots, std::vector<Slot>(slots));
    m_shift = 64 - std::countr_zero(slots);
    m_count = 0;
    for (const Slot& slot : old)
        if (slot.pair != emptyPair) insert(slot.pair, slot.merge);
}

void MergeTable::insert(std::uint64_t pair, Merge merge) {
    std::size_t i = slotOf(pair);
    while (m_slots[i].pair != emptyPair && m_slots[i].pair != pair) i = (i + 1) & (m_slots.size() - 1);
    if (m_slots[i].pair == pair) return;
    m_slots[i] = {pair, merge};
    ++m_count;
}

void MergeTable::add(std::int32_t left, std::int32_t right, Merge merge) {
    if (2 * (m_count + 1) > m_slots.size()) reserve(m_count + 1);
    insert(pairKey(left, right), merge);
}

const MergeTable::Merge* MergeTable::find(std::int32_t left, std::int32_t right) const {
    if (m_slots.empty()) return nullptr;
    const std::uint64_t pair = pairKey(left, right);
    for (std::size_t i = slotOf(pair); m_slots[i].pair != emptyPair; i = (i + 1) & (m_slots.size() - 1))
        if (m_slots[i].pair == pair) return &m_slots[i].merge;
    return nullptr;
}

void MergeTable::apply(std::vector<std::int32_t>& symbols) const {
    if (symbols.size() <= shortSymbols)
        applyToShort(symbols);
    else
        applyToLong(symbols);
}

// Words are short: a look at all pairs for each merge is faster than keeping them ordered.
void MergeTable::applyToShort(std::vector<std::int32_t>& symbols) const {
    Merge merges[shortSymbols];
    const auto look = [&](std::size_t i) {
        const Merge* merge = i + 1 < symbols.size() ? find(symbols[i], symbols[i + 1]) : nullptr;
        merges[i] = merge != nullptr ? *merge : Merge{noRank, 0};
    };
    for (std::size_t i = 0; i < symbols.size(); ++i) look(i);
    while (symbols.size() > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < symbols.size(); ++i)
            if (merges[i].rank < merges[best].rank) best = i;
        if (merges[best].rank == noRank) return;
        symbols[best] = merges[best].result;
        symbols.erase(symbols.begin() + std::ptrdiff_t(best) + 1);
        for (std::size_t i = best + 1; i < symbols.size(); ++i) merges[i] = merges[i + 1];
        look(best);
        if (best > 0) look(best - 1);
    }
}

// Symbols are a linked list, candidates a heap whose stale entries are recognised by the pair that they were
// made for: also for a word of a hundred megabytes.
void MergeTable::applyToLong(std::vector<std::int32_t>& symbols) const {
    struct Link {
        std::int64_t previous, next;
    };
    struct Candidate {
        std::int32_t rank, result;
        std::int64_t position;
        std::uint64_t pair;
        bool operator>(const Candidate& other) const {
            return std::tie(rank, position) > std::tie(other.rank, other.position);
        }
    };
    const std::int64_t count = std::int64_t(symbols.size());
    std::vector<Link> links(symbols.size());
    std::vector<Candidate> first;
    const auto candidateAt = [&](std::int64_t left, auto take) {
        if (left < 0 || links[std::size_t(left)].next < 0) return;
        const std::int32_t a = symbols[std::size_t(left)],
                           b = symbols[std::size_t(links[std::size_t(left)].next)];
        if (const Merge* merge = find(a, b)) take(Candidate{merge->rank, merge->result, left, pairKey(a, b)});
    };
    for (std::int64_t i = 0; i < count; ++i) links[std::size_t(i)] = {i - 1, i + 1 < count ? i + 1 : -1};
    for (std::int64_t i = 0; i < count; ++i) candidateAt(i, [&](const Candidate& c) { first.push_back(c); });
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates({}, std::move(first));
    while (!candidates.empty()) {
        const Candidate candidate = candidates.top();
        candidates.pop();
        Link& link = links[std::size_t(candidate.position)];
        std::int32_t& left = symbols[std::size_t(candidate.position)];
        if (left < 0 || link.next < 0) continue;  // merged into its left neighbour, or the last one by now
        std::int32_t& right = symbols[std::size_t(link.next)];
        if (pairKey(left, right) != candidate.pair) continue;
        left = candidate.result;
        right = -1;
        link.next = links[std::size_t(link.next)].next;
        if (link.next >= 0) links[std::size_t(link.next)].previous = candidate.position;
        const auto push = [&](const Candidate& c) { candidates.push(c); };
        candidateAt(link.previous, push);
        candidateAt(candidate.position, push);
    }
    std::erase(symbols, -1);
}

}  // namespace retort
