// Training rows that hold an evaluation problem: word n-grams as in GPT-3 and lm-evaluation-harness.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/datasets/example.h"
#include "core/datasets/text_hash.h"

namespace retort {

/// Where in the evaluation sets a row was met.
struct Contamination {
    std::size_t file = 0;   ///< index of the evaluation set
    std::int64_t line = 0;  ///< of the problem there
    bool exact = false;     ///< the whole of a problem that is shorter than an n-gram
};

class ContaminationIndex {
  public:
    /// 13 words are what GPT-3 and lm-evaluation-harness use.
    explicit ContaminationIndex(std::size_t n = 13) : m_n(n) {}

    /// Adds the problems of an evaluation set (their prompts; texts where there is none), each line of which
    /// must be readable. Throws Error.
    void add(const std::filesystem::path& file);
    std::size_t problems() const { return m_problems; }
    const std::vector<std::string>& files() const { return m_files; }

    /// Whether prompt or learned text of a row hold an n-gram of a problem; a problem of fewer than n words
    /// is met by a prompt (or text) that equals it.
    std::optional<Contamination> find(const DatasetExample& example) const;

  private:
    std::optional<Contamination> find(const std::string& text) const;

    std::size_t m_n, m_problems = 0;
    std::vector<std::string> m_files;
    std::unordered_map<std::uint64_t, Contamination> m_ngrams;
    std::unordered_map<TextHash, Contamination, TextHashHash> m_short;
};

}  // namespace retort
