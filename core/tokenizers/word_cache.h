// Ids of words that were encoded before: text repeats its words, and a look-up costs a tenth of the merges.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort {

/// Callable from several threads; one that finds the cache in use does without it.
class WordCache {
  public:
    static constexpr std::size_t maxWordBytes = 64;

    /// Appends the word's ids; false when they are not known.
    bool find(std::string_view word, std::vector<std::int32_t>& ids);
    void insert(std::string_view word, const std::int32_t* ids, std::size_t count);

  private:
    static constexpr std::size_t maxWords = 50'000;
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    std::mutex m_mutex;
    std::unordered_map<std::string, std::vector<std::int32_t>, Hash, std::equal_to<>> m_words;
};

}  // namespace retort
