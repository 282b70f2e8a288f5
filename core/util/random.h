// Counter-based random numbers (Philox4x32-10, Salmon et al. 2011): the same (key, counter) always gives the
// same value, so results do not depend on batching, threads or the order of calls.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace retort {

/// One Philox block: four independent 32-bit values for a 64-bit key and a 128-bit counter (hi, lo).
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::uint64_t counterHigh, std::uint64_t counterLow);

/// A 64-bit hash of text that is stable across machines and versions (FNV-1a with a final mix).
std::uint64_t stableHash(std::string_view text, std::uint64_t seed = 0);

/// A sequential stream over Philox: `Random(seed, stream)`; equal arguments give equal sequences.
/// Its whole state is {key, stream, position}: three integers that a checkpoint can hold.
class Random {
  public:
    explicit Random(std::uint64_t key, std::uint64_t stream = 0, std::uint64_t position = 0)
        : m_key(key), m_stream(stream), m_position(position) {}

    std::uint32_t next32();
    std::uint64_t next64();
    /// Uniform integer in [low, high], both included; unbiased.
    std::int64_t integer(std::int64_t low, std::int64_t high);
    /// Uniform in [0, 1) with 53 bits.
    double uniform();
    /// Standard normal (Box–Muller, one value a pair of uniforms).
    double normal();

    std::uint64_t key() const { return m_key; }
    std::uint64_t stream() const { return m_stream; }
    /// Number of 32-bit values taken so far.
    std::uint64_t position() const { return m_position; }

  private:
    std::uint64_t m_key, m_stream, m_position;
    std::array<std::uint32_t, 4> m_block{};
    std::uint64_t m_blockIndex = ~std::uint64_t(0);
};

}  // namespace retort
