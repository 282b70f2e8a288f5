#include "core/util/random.h"

#include <cmath>
#include <numbers>

namespace retort {

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counterHigh, std::uint64_t counterLow) {
    std::uint32_t c0 = std::uint32_t(counterLow), c1 = std::uint32_t(counterLow >> 32);
    std::uint32_t c2 = std::uint32_t(counterHigh), c3 = std::uint32_t(counterHigh >> 32);
    std::uint32_t k0 = std::uint32_t(key), k1 = std::uint32_t(key >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t(0xD2511F53u) * c0;
        const std::uint64_t p1 = std::uint64_t(0xCD9E8D57u) * c2;
        const std::uint32_t n0 = std::uint32_t(p1 >> 32) ^ c1 ^ k0, n2 = std::uint32_t(p0 >> 32) ^ c3 ^ k1;
        c1 = std::uint32_t(p1);
        c3 = std::uint32_t(p0);
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {c0, c1, c2, c3};
}

std::uint64_t stableHash(std::string_view text, std::uint64_t seed) {
    std::uint64_t h = 0xcbf29ce484222325ull ^ (seed * 0x9E3779B97F4A7C15ull);
    for (unsigned char byte : text) h = (h ^ byte) * 0x100000001b3ull;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdull;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ull;
    return h ^ (h >> 33);
}

std::uint32_t Random::next32() {
    const std::uint64_t block = m_position / 4;
    if (block != m_blockIndex) {
        m_block = philox(m_key, m_stream, block);
        m_blockIndex = block;
    }
    return m_block[m_position++ % 4];
}

std::uint64_t Random::next64() {
    const std::uint64_t high = next32();
    return (high << 32) | next32();
}

std::int64_t Random::integer(std::int64_t low, std::int64_t high) {
    const std::uint64_t span = std::uint64_t(high) - std::uint64_t(low) + 1;
    if (span == 0) return std::int64_t(next64());
    const std::uint64_t limit = ~std::uint64_t(0) - (~std::uint64_t(0) % span + 1) % span;
    std::uint64_t value;
    do value = next64();
    while (value > limit);
    return std::int64_t(std::uint64_t(low) + value % span);
}

double Random::uniform() {
    return double(next64() >> 11) * 0x1.0p-53;
}

double Random::normal() {
    // 1 - u keeps the logarithm's argument above zero.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace retort
