#include "core/datasets/contamination.h"

#include "core/datasets/reader.h"

namespace retort {

void ContaminationIndex::add(const std::filesystem::path& file) {
    m_files.push_back(file.string());
    DatasetReader reader(file);
    for (DatasetExample example; reader.next(example);) {
        const std::string prompt = example.promptText();
        const std::string text = normalizedWords(prompt.empty() ? example.learnedText() : prompt);
        const Contamination place{m_files.size() - 1, example.line, false};
        ++m_problems;
        const std::vector<std::uint64_t> grams = ngramHashes(text, m_n);
        for (const std::uint64_t gram : grams) m_ngrams.emplace(gram, place);
        if (grams.empty() && !text.empty())
            m_short.emplace(hashOf(text), Contamination{place.file, place.line, true});
    }
}

std::optional<Contamination> ContaminationIndex::find(const std::string& text) const {
    if (const auto found = m_short.find(hashOf(text)); found != m_short.end()) return found->second;
    for (const std::uint64_t gram : ngramHashes(text, m_n))
        if (const auto found = m_ngrams.find(gram); found != m_ngrams.end()) return found->second;
    return std::nullopt;
}

std::optional<Contamination> ContaminationIndex::find(const DatasetExample& example) const {
    if (auto found = find(normalizedWords(example.promptText()))) return found;
    return find(normalizedWords(example.learnedText()));
}

}  // namespace retort
