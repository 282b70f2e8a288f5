// Heights of many rows of which most are estimates: the place of a row and the row at a place in logarithmic
// time, also while heights change (a Fenwick tree).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace retort {

class HeightIndex {
  public:
    void reset(std::vector<std::int32_t> heights) {
        m_heights = std::move(heights);
        m_sums.assign(m_heights.size() + 1, 0);
        for (std::size_t i = 1; i < m_sums.size(); ++i) {
            m_sums[i] += m_heights[i - 1];
            if (const std::size_t up = i + (i & (~i + 1)); up < m_sums.size()) m_sums[up] += m_sums[i];
        }
        m_total = 0;
        for (const std::int32_t height : m_heights) m_total += height;
    }

    std::size_t size() const { return m_heights.size(); }
    std::int32_t height(std::size_t row) const { return m_heights[row]; }
    std::int64_t total() const { return m_total; }

    void set(std::size_t row, std::int32_t height) {
        const std::int64_t delta = height - m_heights[row];
        if (delta == 0) return;
        m_heights[row] = height;
        m_total += delta;
        for (std::size_t i = row + 1; i < m_sums.size(); i += i & (~i + 1)) m_sums[i] += delta;
    }

    /// Where the row begins.
    std::int64_t before(std::size_t row) const {
        std::int64_t sum = 0;
        for (std::size_t i = row; i > 0; i &= i - 1) sum += m_sums[i];
        return sum;
    }

    /// The row that holds this place, never one without height; the last such row beyond the end, and size()
    /// when nothing has a height.
    std::size_t rowAt(std::int64_t place) const {
        if (m_total <= 0) return size();
        place = place < 0 ? 0 : place >= m_total ? m_total - 1 : place;
        std::size_t row = 0, step = 1;
        while (step * 2 < m_sums.size()) step *= 2;
        for (; step > 0; step /= 2) {
            if (row + step >= m_sums.size() || m_sums[row + step] > place) continue;
            row += step;
            place -= m_sums[row];
        }
        return row;
    }

  private:
    std::vector<std::int32_t> m_heights;
    std::vector<std::int64_t> m_sums;
    std::int64_t m_total = 0;
};

}  // namespace retort
