// Byte-pair encoding over bytes: a vocabulary of byte strings and the ranked merges that build them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort {

struct BpeMerge {
    std::int32_t left = 0, right = 0, result = 0;
};

class BpeModel {
  public:
    /// `tokens[id]` are the token's bytes (empty: a special token); `bytes[b]` is the id of the single byte
    /// b; `merges` in the order of their ranks.
    BpeModel(std::vector<std::string> tokens, const std::array<std::int32_t, 256>& bytes,
             std::vector<BpeMerge> merges, bool ignoreMerges);

    /// Appends the ids of one word.
    void encode(std::string_view word, std::vector<std::int32_t>& ids) const;

    const std::vector<std::string>& tokens() const { return m_tokens; }
    const std::vector<BpeMerge>& merges() const { return m_merges; }

  private:
    struct Ranked {
        std::int32_t rank, result;
    };
    static std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
        return std::uint64_t(std::uint32_t(left)) << 32 | std::uint32_t(right);
    }

    std::vector<std::string> m_tokens;
    std::array<std::int32_t, 256> m_bytes;
    std::vector<BpeMerge> m_merges;
    std::unordered_map<std::uint64_t, Ranked> m_ranks;
    std::unordered_map<std::string_view, std::int32_t>
        m_whole;  // only with ignoreMerges; views into m_tokens
};

}  // namespace retort
