#include "core/weights/tensor_difference.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace retort {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Products {
    double aa = 0, bb = 0, ab = 0;

    void add(double a, double b) {
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    double cosine() const { return aa > 0 && bb > 0 ? std::clamp(ab / std::sqrt(aa * bb), -1.0, 1.0) : nan; }
};

/// Counts of magnitudes by the upper 16 of a float's 31 bits: eight of exponent and eight of fraction.
class Magnitudes {
  public:
    Magnitudes() : m_counts(1 << 16) {}
    void add(float value) { ++m_counts[bin(value)]; }

    /// The smallest magnitude of the largest `share` of all; zeros never belong to it.
    float threshold(double share, std::int64_t elements) const {
        const auto wanted = std::int64_t(std::ceil(share * double(elements)));
        std::int64_t count = 0;
        std::size_t at = m_counts.size();
        while (at > 1 && count < wanted) count += m_counts[--at];
        return std::max(std::bit_cast<float>(std::uint32_t(at) << 15),
                        std::numeric_limits<float>::denorm_min());
    }

  private:
    static std::size_t bin(float value) { return (std::bit_cast<std::uint32_t>(value) & 0x7fffffffu) >> 15; }
    std::vector<std::int64_t> m_counts;
};

struct Buffers {
    std::vector<float> a, b, base;
};

template <class Each>
void forPieces(const TensorSource& source, const std::stop_token& stop, Buffers& buffers, Each each) {
    for (auto* buffer : {&buffers.a, &buffers.b, &buffers.base}) buffer->resize(std::size_t(source.piece));
    for (std::int64_t first = 0; first < source.elements && !stop.stop_requested(); first += source.piece) {
        const std::int64_t count = std::min(source.piece, source.elements - first);
        source.read(first, count, buffers.a.data(), buffers.b.data(),
                    source.hasBase ? buffers.base.data() : nullptr);
        each(count);
    }
}

/// What the top shares of two task vectors have in common.
struct Top {
    std::int64_t a = 0, b = 0, both = 0, opposite = 0;

    void add(float moveA, float moveB, float fromA, float fromB) {
        const bool inA = std::abs(moveA) >= fromA, inB = std::abs(moveB) >= fromB;
        a += inA;
        b += inB;
        both += inA && inB;
        opposite += inA && inB && std::signbit(moveA) != std::signbit(moveB);
    }
};

}  // namespace

TensorDifference compareTensors(const TensorSource& source, double topShare,
                                const std::function<void(std::int64_t)>& done, std::stop_token stop) {
    TensorDifference result;
    result.elements = source.elements;
    Buffers buffers;
    float fromA = 0, fromB = 0;
    if (source.hasBase) {
        Magnitudes ofA, ofB;
        forPieces(source, stop, buffers, [&](std::int64_t count) {
            for (std::size_t i = 0; i < std::size_t(count); ++i) {
                const float moveA = buffers.a[i] - buffers.base[i], moveB = buffers.b[i] - buffers.base[i];
                if (!std::isfinite(moveA) || !std::isfinite(moveB)) continue;
                ofA.add(moveA);
                ofB.add(moveB);
            }
        });
        fromA = ofA.threshold(topShare, source.elements);
        fromB = ofB.threshold(topShare, source.elements);
    }
    Products values, moves;
    Top top;
    double squares = 0;
    std::int64_t changed = 0;
    forPieces(source, stop, buffers, [&](std::int64_t count) {
        for (std::size_t i = 0; i < std::size_t(count); ++i) {
            const float a = buffers.a[i], b = buffers.b[i];
            if (!std::isfinite(a) || !std::isfinite(b)) {
                ++result.nonFinite;
                continue;
            }
            const double apart = double(b) - double(a);
            values.add(a, b);
            squares += apart * apart;
            result.maxAbs = std::max(result.maxAbs, std::abs(apart));
            changed += a != b;
            if (!source.hasBase || !std::isfinite(buffers.base[i])) continue;
            const float moveA = a - buffers.base[i], moveB = b - buffers.base[i];
            moves.add(moveA, moveB);
            top.add(moveA, moveB, fromA, fromB);
        }
        if (done) done(count);
    });
    result.normA = std::sqrt(values.aa);
    result.normB = std::sqrt(values.bb);
    result.cosine = values.cosine();
    result.l2 = std::sqrt(squares);
    result.relativeL2 = values.aa > 0 ? result.l2 / result.normA : nan;
    const auto finite = double(source.elements - result.nonFinite);
    result.changed = finite > 0 ? double(changed) / finite : 0;
    if (!source.hasBase) return result;
    result.taskVectors = {std::sqrt(moves.aa), std::sqrt(moves.bb), moves.cosine(),
                          top.both > 0 ? double(top.opposite) / double(top.both) : nan,
                          std::min(top.a, top.b) > 0 ? double(top.both) / double(std::min(top.a, top.b)) : 0};
    return result;
}

}  // namespace retort
