#include "training/merging/methods/magnitude.h"

#include <array>
#include <cstring>

#include "training/merging/methods/vector_clones.h"

namespace retort {

namespace {

constexpr std::size_t smallSize = 8192;  // below, a copy and nth_element are quicker than sampling
constexpr float zeros[mergeChunk] = {};  // the base of what has none

/// Where the sample's elements are: groups of a few neighbours (one line of the cache, or two), one in each
/// of equal stretches, in rising order (memory is read forwards), and far from any pattern of rows and
/// columns.
constexpr std::size_t sampleGroup = 8;
std::size_t samplePosition(std::size_t group, std::size_t groups, std::size_t size) {
    std::uint64_t h = (group + 1) * 0x9E3779B97F4A7C15ull;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    const std::size_t stretch = size / groups, places = stretch - sampleGroup + 1;
    return group * stretch + std::size_t((h >> 32) * places >> 32);
}

std::int32_t bitsAt(const Delta& delta, std::size_t i) {
    return magnitudeBits(delta.base ? delta.values[i] - delta.base[i] : delta.values[i]);
}

struct OutsideCounts {
    std::int32_t below = 0, atLow = 0, atHigh = 0;
};

/// Also writes the magnitudes, and which of them are inside: 1 or 0.
RETORT_VECTOR_CLONES OutsideCounts countOutside(const float* __restrict values, const float* __restrict base,
                                                std::size_t count, std::int32_t low, std::int32_t high,
                                                std::int32_t* __restrict bits,
                                                std::uint8_t* __restrict inside) {
    OutsideCounts counts;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t b = magnitudeBits(values[i] - base[i]);
        bits[i] = b;
        counts.below += b < low;
        counts.atLow += b == low;
        counts.atHigh += b == high;
    }
    for (std::size_t i = 0; i < count; ++i) inside[i] = (bits[i] > low) & (bits[i] < high);
    return counts;
}

/// Appends what is inside to `out`, eight flags at a time: most eights have none. `count`: a multiple of
/// eight. How many those were.
std::size_t collectInside(const std::int32_t* bits, const std::uint8_t* inside, std::size_t count,
                          std::int32_t* out) {
    std::size_t filled = 0;
    for (std::size_t first = 0; first < count; first += 8) {
        std::uint64_t flags = 0;
        std::memcpy(&flags, inside + first, sizeof flags);
        for (; flags != 0; flags &= flags - 1) {
            const std::size_t byte = std::size_t(std::countr_zero(flags)) / 8;
            const std::size_t place = std::endian::native == std::endian::little ? byte : 7 - byte;
            out[filled++] = bits[first + place];
        }
    }
    return filled;
}

/// One delta's search: a sample brackets the wanted rank, one pass counts what is outside the bracket and
/// collects what is inside, which a selection then orders.
class RankSearch {
  public:
    RankSearch(const Delta& delta, std::size_t rank) : m_delta(delta), m_rank(rank) {
        if (m_delta.size <= smallSize) {
            m_high = largestMagnitude;
            m_low = -1;
            return;
        }
        bracket();
    }

    /// At most a chunk.
    void scan(std::size_t first, std::size_t count) {
        alignas(64) std::int32_t bits[mergeChunk];
        alignas(64) std::uint8_t inside[mergeChunk + 8];
        const float* const base = m_delta.base ? m_delta.base + first : zeros;
        const OutsideCounts counts =
            countOutside(m_delta.values + first, base, count, m_low, m_high, bits, inside);
        m_below += std::size_t(counts.below);
        m_atLow += std::size_t(counts.atLow);
        m_atHigh += std::size_t(counts.atHigh);
        if (m_tooMany) return;
        std::memset(inside + count, 0, 8);
        if (m_inside.size() < m_filled + count) m_inside.resize(2 * (m_filled + count));
        m_filled += collectInside(bits, inside, (count + 7) / 8 * 8, m_inside.data() + m_filled);
        m_tooMany = m_filled > m_limit;
    }

    RankedMagnitude finish() {
        m_inside.resize(m_filled);
        if (m_tooMany || m_rank < m_below) return byHistogram();
        std::size_t smaller = m_below;
        if (m_rank < smaller + m_atLow) return {m_low, smaller, m_atLow};
        smaller += m_atLow;
        if (m_rank < smaller + m_inside.size()) return insideBracket(smaller);
        smaller += m_inside.size();
        // With m_low == m_high, m_atHigh counts what m_atLow has already counted.
        if (m_high != m_low && m_rank < smaller + m_atHigh) return {m_high, smaller, m_atHigh};
        return byHistogram();
    }

  private:
    void bracket() {
        const std::size_t groups = std::clamp<std::size_t>(m_delta.size / 128, 1024, 32768) / sampleGroup;
        std::vector<std::int32_t> sample;
        sample.reserve(groups * sampleGroup);
        for (std::size_t group = 0; group < groups; ++group) {
            const std::size_t first = samplePosition(group, groups, m_delta.size);
            for (std::size_t i = 0; i < sampleGroup; ++i) sample.push_back(bitsAt(m_delta, first + i));
        }
        const auto samples = double(sample.size());
        const double share = (double(m_rank) + 0.5) / double(m_delta.size);
        // Three standard deviations of the sample's quantile: outside, which costs two passes more, three
        // times in a thousand.
        const double slack = 3 * std::sqrt(share * (1 - share) * samples) + 2;
        const double low = share * samples - slack, high = share * samples + slack;
        const auto lowest = sample.begin() + std::ptrdiff_t(std::clamp(low, 0.0, samples - 1));
        const auto highest = sample.begin() + std::ptrdiff_t(std::clamp(high, 0.0, samples - 1));
        std::nth_element(sample.begin(), highest, sample.end());
        std::nth_element(sample.begin(), lowest, highest);  // leaves what is at `highest`
        // Beyond the sample's ends lie the few that it has not seen.
        m_low = low < 0 ? -1 : *lowest;
        m_high = high >= samples ? largestMagnitude : *highest;
        m_limit = m_delta.size / 8 + 4 * smallSize;
    }

    /// Counted in equal ranges first, so that the numbers of one range alone are ordered.
    RankedMagnitude insideBracket(std::size_t smaller) {
        const auto width = std::uint32_t(m_high) - std::uint32_t(m_low);
        const int shift = std::max(0, int(std::bit_width(width)) - 10);
        const auto rangeOf = [&](std::int32_t b) {
            return (std::uint32_t(b) - std::uint32_t(m_low)) >> shift;
        };
        std::array<std::size_t, 1024> counts{};
        for (const std::int32_t b : m_inside) ++counts[rangeOf(b)];
        std::uint32_t range = 0;
        while (smaller + counts[range] <= m_rank) smaller += counts[range++];
        std::erase_if(m_inside, [&](std::int32_t b) { return rangeOf(b) != range; });

        const auto wanted = m_inside.begin() + std::ptrdiff_t(m_rank - smaller);
        std::nth_element(m_inside.begin(), wanted, m_inside.end());
        const std::int32_t bits = *wanted;
        const auto below = std::count_if(m_inside.begin(), wanted, [&](std::int32_t b) { return b < bits; });
        const auto equal = std::count(m_inside.begin(), m_inside.end(), bits);
        return {bits, smaller + std::size_t(below), std::size_t(equal)};
    }

    /// Always works: the upper and then the lower half of the bits, counted. For brackets that missed, or
    /// that hold a large share (few different values).
    RankedMagnitude byHistogram() const {
        std::vector<std::size_t> counts(1 << 15);
        for (std::size_t i = 0; i < m_delta.size; ++i) ++counts[std::size_t(bitsAt(m_delta, i) >> 16)];
        std::size_t smaller = 0, upper = 0;
        while (smaller + counts[upper] <= m_rank) smaller += counts[upper++];
        counts.assign(1 << 16, 0);
        for (std::size_t i = 0; i < m_delta.size; ++i) {
            const std::int32_t bits = bitsAt(m_delta, i);
            if (std::size_t(bits >> 16) == upper) ++counts[std::size_t(bits & 0xffff)];
        }
        std::size_t lower = 0;
        while (smaller + counts[lower] <= m_rank) smaller += counts[lower++];
        return {std::int32_t((upper << 16) | lower), smaller, counts[lower]};
    }

    Delta m_delta;
    std::size_t m_rank, m_limit = 2 * smallSize;
    std::int32_t m_low = 0, m_high = 0;  // the bracket's ends, which are counted but not collected
    std::size_t m_below = 0, m_atLow = 0, m_atHigh = 0;
    std::vector<std::int32_t> m_inside;  // its first m_filled
    std::size_t m_filled = 0;
    bool m_tooMany = false;
};

/// The index after the `count`-th element of this magnitude.
std::size_t afterEqual(const Delta& delta, std::int32_t bits, std::size_t count) {
    std::size_t i = 0;
    for (std::size_t seen = 0; seen < count; ++i) seen += bitsAt(delta, i) == bits;
    return i;
}

RETORT_VECTOR_CLONES void readInside(const float* __restrict values, const float* __restrict base,
                                     std::int32_t low, std::int32_t high, std::size_t count,
                                     float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        const float delta = values[i] - base[i];
        const std::int32_t bits = magnitudeBits(delta);
        out[i] = delta * ((bits >= low) & (bits <= high) ? 1.0f : 0.0f);
    }
}

}  // namespace

std::vector<RankedMagnitude> rankedMagnitudes(const std::vector<Delta>& deltas,
                                              const std::vector<std::size_t>& ranks) {
    std::vector<RankSearch> searches;
    for (std::size_t i = 0; i < deltas.size(); ++i) searches.emplace_back(deltas[i], ranks[i]);
    if (!deltas.empty()) {
        // Chunk by chunk through all models: the base's chunk is read from memory once.
        forChunks(deltas.front().size, [&](std::size_t first, std::size_t count) {
            for (RankSearch& search : searches) search.scan(first, count);
        });
    }
    std::vector<RankedMagnitude> found;
    for (RankSearch& search : searches) found.push_back(search.finish());
    return found;
}

std::vector<MagnitudeBand> largestOf(const std::vector<Delta>& deltas,
                                     const std::vector<std::size_t>& counts) {
    std::vector<MagnitudeBand> bands(deltas.size());
    std::vector<Delta> searched;
    std::vector<std::size_t> ranks, places;
    for (std::size_t i = 0; i < deltas.size(); ++i) {
        const std::size_t size = deltas[i].size;
        if (counts[i] >= size) continue;
        if (counts[i] == 0) {
            bands[i].high = {-1, -1, 0};
            continue;
        }
        searched.push_back(deltas[i]);
        ranks.push_back(size - counts[i]);
        places.push_back(i);
    }
    const std::vector<RankedMagnitude> found = rankedMagnitudes(searched, ranks);
    for (std::size_t j = 0; j < found.size(); ++j) {
        const std::size_t size = searched[j].size, larger = size - found[j].smaller - found[j].equal;
        const std::size_t kept = counts[places[j]] - larger;  // of the equals
        const std::int32_t bits = found[j].bits;
        MagnitudeLimit& low = bands[places[j]].low;
        low = {bits, bits, 0};
        if (kept == found[j].equal) continue;
        low.after = bits == largestMagnitude ? bits : bits + 1;
        low.at = afterEqual(searched[j], bits, kept);
    }
    return bands;
}

MagnitudeBand ranksBetween(const Delta& delta, std::size_t first, std::size_t last) {
    MagnitudeBand band;
    if (first >= last || first >= delta.size) {
        band.high = {-1, -1, 0};
        return band;
    }
    if (first > 0) {
        const RankedMagnitude found = rankedMagnitudes({delta}, {first}).front();
        const std::size_t dropped = first - found.smaller;  // of the equals
        band.low = {found.bits, found.bits, 0};
        if (dropped > 0 && found.bits != largestMagnitude) {
            band.low.before = found.bits + 1;
            band.low.at = afterEqual(delta, found.bits, dropped);
        }
    }
    if (last < delta.size) {
        const RankedMagnitude found = rankedMagnitudes({delta}, {last}).front();
        const std::size_t kept = last - found.smaller;  // of the equals
        band.high = {found.bits, found.bits - 1, kept ? afterEqual(delta, found.bits, kept) : 0};
    }
    return band;
}

void readBand(const Delta& delta, const MagnitudeBand& band, std::size_t first, std::size_t count,
              float* out) {
    while (count > 0) {
        // Up to the next change of a limit, or the chunk's end.
        std::size_t piece = std::min(count, mergeChunk);
        for (const std::size_t at : {band.low.at, band.high.at})
            if (at > first) piece = std::min(piece, at - first);
        readInside(delta.values + first, delta.base ? delta.base + first : zeros,
                   first < band.low.at ? band.low.before : band.low.after,
                   first < band.high.at ? band.high.before : band.high.after, piece, out);
        first += piece;
        count -= piece;
        out += piece;
    }
}

}  // namespace retort
