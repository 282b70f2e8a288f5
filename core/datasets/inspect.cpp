#include "core/datasets/inspect.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "core/datasets/reader.h"
#include "core/datasets/text_hash.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t mostExamples = 3, mostProblems = 20;

std::uint32_t words(std::string_view text) {
    std::uint32_t count = 0;
    bool blank = true;
    for (const char c : text) {
        const bool isBlank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        count += blank && !isBlank ? 1 : 0;
        blank = isBlank;
    }
    return count;
}

LengthSummary summary(std::vector<std::uint32_t>& lengths) {
    LengthSummary result;
    if (lengths.empty()) return result;
    std::sort(lengths.begin(), lengths.end());
    result.count = std::int64_t(lengths.size());
    result.least = lengths.front();
    result.most = lengths.back();
    result.median = lengths[lengths.size() / 2];
    result.percentile95 = lengths[std::min(lengths.size() - 1, lengths.size() * 95 / 100)];
    result.mean = std::accumulate(lengths.begin(), lengths.end(), 0.0) / double(lengths.size());
    return result;
}

class Inspection {
  public:
    explicit Inspection(const std::filesystem::path& file) : m_reader(file) { m_report.file = file.string(); }

    DatasetReport run(const std::function<bool()>& stopped) {
        for (DatasetExample example;;) {
            try {
                if (!m_reader.next(example)) break;
                add(example);
            } catch (const Error& error) {
                ++m_report.badLines;
                if (m_report.problems.size() < mostProblems)
                    m_report.problems.push_back({m_reader.line(), error.what_happened()});
            }
            if ((m_report.rows + m_report.badLines) % 1024 == 0 && stopped && stopped())
                throw Error("interrupted");
        }
        if (m_report.rows == 0) throwEmpty();
        m_report.promptWords = summary(m_prompt);
        m_report.completionWords = summary(m_completion);
        m_report.thinkingWords = summary(m_thinking);
        return std::move(m_report);
    }

  private:
    [[noreturn]] void throwEmpty() const {
        if (m_report.problems.empty()) throw Error("holds no examples", m_report.file);
        const LineProblem& first = m_report.problems.front();
        throw Error("holds no line that is an example; the first: " + first.what,
                    m_report.file + ":" + std::to_string(first.line));
    }

    void add(const DatasetExample& example) {
        ++m_report.rows;
        DatasetReport::ShapeCount& shape = m_report.shapes[example.shape];
        if (++shape.rows == 1) {
            shape.firstLine = example.line;
            shape.explanation = m_reader.explanation();
        }
        const std::string prompt = example.promptText(), learned = example.learnedText();
        if (!prompt.empty()) m_prompt.push_back(words(prompt));
        if (!learned.empty()) m_completion.push_back(words(learned));
        if (!m_seen.insert(hashOf(std::string(prompt).append("\x1f").append(learned))).second)
            ++m_report.duplicates;
        m_report.withAnswer += example.answer.empty() ? 0 : 1;
        if (example.label) ++(*example.label ? m_report.positiveLabels : m_report.negativeLabels);
        for (const LabelledStep& step : example.steps)
            ++(step.correct ? m_report.positiveLabels : m_report.negativeLabels);
        addThinking(example);
        if (m_report.examples.size() < mostExamples) m_report.examples.push_back(example);
    }

    void addThinking(const DatasetExample& example) {
        bool has = false;
        for (const DatasetCompletion& completion : example.completions) {
            if (!completion.thinking.empty()) m_thinking.push_back(words(completion.thinking));
            has = has || !completion.thinking.empty();
            const bool opened = completion.text.find("<think>") != std::string::npos;
            if (opened && completion.text.find("</think>") == std::string::npos) ++m_report.unclosedThinking;
        }
        m_report.withThinking += has ? 1 : 0;
    }

    DatasetReader m_reader;
    DatasetReport m_report;
    std::vector<std::uint32_t> m_prompt, m_completion, m_thinking;
    std::unordered_set<TextHash, TextHashHash> m_seen;
};

}  // namespace

DatasetShape DatasetReport::shape() const {
    const auto most = std::max_element(shapes.begin(), shapes.end(), [](const auto& a, const auto& b) {
        return a.second.rows < b.second.rows;
    });
    return most == shapes.end() ? DatasetShape::Text : most->first;
}

DatasetReport inspectDataset(const std::filesystem::path& file, const std::function<bool()>& stopped) {
    return Inspection(file).run(stopped);
}

}  // namespace retort
