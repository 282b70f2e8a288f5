// Texts by their words: what near-duplicates and n-grams are found by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// 128 bits: of a billion texts no two different ones meet.
struct TextHash {
    std::uint64_t high = 0, low = 0;
    bool operator==(const TextHash&) const = default;
};
struct TextHashHash {
    std::size_t operator()(const TextHash& hash) const { return std::size_t(hash.low); }
};

TextHash hashOf(std::string_view text);

/// Words in lower case, without punctuation (GPT-3's and lm-evaluation-harness's normalisation, appendix C of
/// Brown et al. 2020). Letters, digits and every character outside ASCII belong to words; a mathematical sign
/// is a word of its own, so that "1+2" and "1-2" differ.
std::string normalizedWords(std::string_view text);

/// Hash of every run of `n` words of a normalised text, in order; empty when it has fewer.
std::vector<std::uint64_t> ngramHashes(std::string_view normalized, std::size_t n);

std::size_t wordCount(std::string_view normalized);

}  // namespace retort
