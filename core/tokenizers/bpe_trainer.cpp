// Training a byte-level BPE: again and again the most frequent pair of neighbouring tokens becomes a token.
#include <algorithm>
#include <array>
#include <queue>
#include <unordered_map>
#include <unordered_set>

#include "core/tokenizers/bpe_tokenizer.h"
#include "core/tokenizers/byte_level.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::int64_t minFrequency = 2;  // a pair seen once is no pattern
constexpr std::int32_t firstByteId = 2;   // after <pad> and <eos>

using Pair = std::pair<std::int32_t, std::int32_t>;

struct PairHash {
    std::size_t operator()(const Pair& pair) const {
        const std::uint64_t key = std::uint64_t(std::uint32_t(pair.first)) << 32 | std::uint32_t(pair.second);
        return std::size_t(key * 0x9E3779B97F4A7C15ull >> 16);
    }
};

struct Word {
    std::vector<std::int32_t> symbols;
    std::int64_t count = 0;
};

// Distinct words with their numbers of occurrences, in order, so that training does not depend on hashing.
std::vector<Word> countWords(const std::vector<std::string>& texts) {
    const SplitPattern pattern(gpt2Pattern);
    std::unordered_map<std::string_view, std::int64_t> counts;
    std::vector<std::string_view> words;
    for (const std::string& text : texts) {
        words.clear();
        pattern.split(text, words);
        for (std::string_view word : words) ++counts[word];
    }
    std::vector<std::pair<std::string_view, std::int64_t>> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end());
    std::vector<Word> result;
    for (const auto& [text, count] : sorted) {
        Word word{{}, count};
        for (char c : text) word.symbols.push_back(firstByteId + static_cast<unsigned char>(c));
        result.push_back(std::move(word));
    }
    return result;
}

class Trainer {
  public:
    explicit Trainer(std::vector<Word> words) : m_words(std::move(words)) {
        for (std::size_t i = 0; i < m_words.size(); ++i)
            for (std::size_t k = 0; k + 1 < m_words[i].symbols.size(); ++k)
                add({m_words[i].symbols[k], m_words[i].symbols[k + 1]}, m_words[i].count, i);
        for (const auto& [pair, count] : m_counts) m_queue.push({count, pair});
    }

    /// The next pair to merge: the most frequent one, among equals the one of the lowest ids.
    bool next(Pair& pair) {
        while (!m_queue.empty()) {
            const auto [count, candidate] = m_queue.top();
            m_queue.pop();
            const std::int64_t now = m_counts[candidate];
            if (now < count) {  // stale: its count has fallen since it was queued
                if (now >= minFrequency) m_queue.push({now, candidate});
                continue;
            }
            if (count < minFrequency) return false;
            pair = candidate;
            return true;
        }
        return false;
    }

    void merge(const Pair& pair, std::int32_t id) {
        const std::unordered_set<std::size_t> places = std::move(m_places[pair]);
        std::unordered_set<Pair, PairHash> raised;
        for (std::size_t index : places) mergeIn(index, pair, id, raised);
        m_counts.erase(pair);
        m_places.erase(pair);
        for (const Pair& changed : raised)
            if (changed != pair) m_queue.push({m_counts[changed], changed});
    }

  private:
    struct Entry {
        std::int64_t count;
        Pair pair;
        bool operator<(const Entry& other) const {
            return count != other.count ? count < other.count : pair > other.pair;
        }
    };

    void add(const Pair& pair, std::int64_t count, std::size_t word) {
        m_counts[pair] += count;
        m_places[pair].insert(word);
    }

    // Replaces the pair in one word; pairs that newly occur are `raised`.
    void mergeIn(std::size_t index, const Pair& pair, std::int32_t id,
                 std::unordered_set<Pair, PairHash>& raised) {
        Word& word = m_words[index];
        std::vector<std::int32_t> merged;
        for (std::size_t k = 0; k < word.symbols.size(); ++k) {
            const bool hit = word.symbols[k] == pair.first && k + 1 < word.symbols.size() &&
                             word.symbols[k + 1] == pair.second;
            merged.push_back(hit ? id : word.symbols[k]);
            k += hit;
        }
        const auto forPairs = [](const std::vector<std::int32_t>& symbols, auto visit) {
            for (std::size_t k = 0; k + 1 < symbols.size(); ++k) visit(Pair{symbols[k], symbols[k + 1]});
        };
        forPairs(word.symbols, [&](const Pair& old) { m_counts[old] -= word.count; });
        forPairs(merged, [&](const Pair& now) {
            add(now, word.count, index);
            if (now.first == id || now.second == id) raised.insert(now);
        });
        word.symbols = std::move(merged);
    }

    std::vector<Word> m_words;
    std::unordered_map<Pair, std::int64_t, PairHash> m_counts;
    std::unordered_map<Pair, std::unordered_set<std::size_t>, PairHash> m_places;
    std::priority_queue<Entry> m_queue;
};

}  // namespace

std::unique_ptr<Tokenizer> trainBpeTokenizer(const std::vector<std::string>& texts,
                                             std::int32_t vocabularySize) {
    if (vocabularySize < firstByteId + 256)
        throw Error("a byte-level BPE has at least 258 tokens: 256 bytes and two special ones",
                    "tokenizer.vocab_size");
    std::vector<std::string> tokens(firstByteId);
    std::array<std::int32_t, 256> bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes[std::size_t(byte)] = firstByteId + byte;
        tokens.push_back(std::string(1, char(byte)));
    }
    Trainer trainer(countWords(texts));
    std::vector<BpeMerge> merges;
    // Different pairs can spell the same token ("a"+"bc", "ab"+"c"): it has one id, and the later merge leads
    // to it.
    std::unordered_map<std::string, std::int32_t> ids;
    for (Pair pair; std::int32_t(tokens.size()) < vocabularySize && trainer.next(pair);) {
        std::string text = tokens[std::size_t(pair.first)] + tokens[std::size_t(pair.second)];
        const auto [known, isNew] = ids.emplace(text, std::int32_t(tokens.size()));
        if (isNew) tokens.push_back(std::move(text));
        merges.push_back({pair.first, pair.second, known->second});
        trainer.merge(pair, known->second);
    }
    SpecialTokens special({{"<pad>", 0}, {"<eos>", 1}});
    PreTokenization preTokenization;
    preTokenization.patterns.emplace_back(gpt2Pattern);
    SpecialRoles roles = specialRoles(special, "");
    return std::make_unique<BpeTokenizer>(BpeModel(std::move(tokens), bytes, std::move(merges), false),
                                          std::move(preTokenization), std::move(special), std::move(roles));
}

}  // namespace retort
