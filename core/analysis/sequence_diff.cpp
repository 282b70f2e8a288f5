#include "core/analysis/sequence_diff.h"

#include <algorithm>

namespace retort {
namespace {

using Pieces = std::vector<std::string_view>;

void add(std::vector<DiffHunk>& hunks, DiffHunk hunk) {
    if (hunk.beginA == hunk.endA && hunk.beginB == hunk.endB) return;
    if (!hunks.empty() && hunks.back().same == hunk.same) {
        hunks.back().endA = hunk.endA;
        hunks.back().endB = hunk.endB;
    } else {
        hunks.push_back(hunk);
    }
}

/// One step of the way back: from (a, b) to (toA, toB).
struct Move {
    std::size_t fromA, fromB, toA, toB;
    bool same;
};

/// The greedy forward search over [begin, endA) and [begin, endB), with each round's furthest points kept for
/// the way back.
class Search {
  public:
    Search(const Pieces& a, const Pieces& b, std::size_t begin, std::size_t endA, std::size_t endB)
        : m_a(a),
          m_b(b),
          m_begin(begin),
          m_n(std::ptrdiff_t(endA - begin)),
          m_m(std::ptrdiff_t(endB - begin)) {}

    /// False when more than `maxEdits` are needed.
    bool run(std::size_t maxEdits) {
        const auto most = std::min<std::ptrdiff_t>(m_n + m_m, std::ptrdiff_t(maxEdits));
        std::vector<std::ptrdiff_t> furthest(std::size_t(2 * most + 3), 0);
        const auto at = [&](std::ptrdiff_t k) -> std::ptrdiff_t& {
            return furthest[std::size_t(k + most + 1)];
        };
        for (std::ptrdiff_t d = 0; d <= most; ++d) {
            for (std::ptrdiff_t k = -d; k <= d; k += 2) {
                const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
                std::ptrdiff_t x = d == 0 ? 0 : down ? at(k + 1) : at(k - 1) + 1;
                while (x < m_n && x - k < m_m && x - k >= 0 && equal(x, x - k)) ++x;
                at(k) = x;
                if (x >= m_n && x - k >= m_m) {
                    keep(d, at);
                    return true;
                }
            }
            keep(d, at);
        }
        return false;
    }

    std::vector<DiffHunk> hunks() const {
        std::vector<Move> moves;
        std::ptrdiff_t x = m_n, y = m_m;
        for (auto d = std::ptrdiff_t(m_rounds.size()) - 1; d > 0; --d) {
            const std::ptrdiff_t k = x - y;
            const bool down = k == -d || (k != d && furthestOf(d - 1, k - 1) < furthestOf(d - 1, k + 1));
            const std::ptrdiff_t before = down ? k + 1 : k - 1;
            const std::ptrdiff_t fromX = furthestOf(d - 1, before), fromY = fromX - before;
            const std::ptrdiff_t startX = down ? fromX : fromX + 1, startY = startX - k;
            moves.push_back(move(startX, startY, x, y, true));
            moves.push_back(move(fromX, fromY, startX, startY, false));
            x = fromX;
            y = fromY;
        }
        moves.push_back(move(0, 0, x, y, true));
        std::vector<DiffHunk> hunks;
        for (auto it = moves.rbegin(); it != moves.rend(); ++it)
            add(hunks, {it->fromA, it->toA, it->fromB, it->toB, it->same});
        return hunks;
    }

  private:
    bool equal(std::ptrdiff_t x, std::ptrdiff_t y) const {
        return m_a[m_begin + std::size_t(x)] == m_b[m_begin + std::size_t(y)];
    }
    Move move(std::ptrdiff_t x, std::ptrdiff_t y, std::ptrdiff_t toX, std::ptrdiff_t toY, bool same) const {
        return {m_begin + std::size_t(x), m_begin + std::size_t(y), m_begin + std::size_t(toX),
                m_begin + std::size_t(toY), same};
    }
    template <class At>
    void keep(std::ptrdiff_t d, At at) {
        std::vector<std::ptrdiff_t>& round = m_rounds.emplace_back();
        for (std::ptrdiff_t k = -d; k <= d; ++k) round.push_back(at(k));
    }
    std::ptrdiff_t furthestOf(std::ptrdiff_t d, std::ptrdiff_t k) const {
        // Outside of the round's diagonals nothing was reached.
        return k < -d || k > d ? -1 : m_rounds[std::size_t(d)][std::size_t(k + d)];
    }

    const Pieces &m_a, &m_b;
    std::size_t m_begin;
    std::ptrdiff_t m_n, m_m;
    std::vector<std::vector<std::ptrdiff_t>> m_rounds;
};

}  // namespace

std::vector<DiffHunk> diffSequences(const Pieces& a, const Pieces& b, std::size_t maxEdits) {
    std::size_t begin = 0, endA = a.size(), endB = b.size();
    while (begin < endA && begin < endB && a[begin] == b[begin]) ++begin;
    while (endA > begin && endB > begin && a[endA - 1] == b[endB - 1]) --endA, --endB;
    std::vector<DiffHunk> hunks;
    add(hunks, {0, begin, 0, begin, true});
    if (Search search(a, b, begin, endA, endB); endA > begin && endB > begin && search.run(maxEdits))
        for (const DiffHunk& hunk : search.hunks()) add(hunks, hunk);
    else
        add(hunks, {begin, endA, begin, endB, false});
    add(hunks, {endA, a.size(), endB, b.size(), true});
    return hunks;
}

}  // namespace retort
