// A file of examples as a Task: its splits, its order, and the comparison of answers.
#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "core/answers/answer_checker.h"
#include "core/tasks/completion.h"
#include "core/tasks/digits.h"
#include "core/tasks/jsonl_data.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "core/util/text.h"

namespace retort {
namespace {

constexpr std::size_t maxAnswerBytes = 1024;

// The content of the last `\boxed{…}` with balanced braces; empty when there is none.
std::string_view lastBoxed(std::string_view text) {
    const std::size_t begin = text.rfind("\\boxed{");
    if (begin == std::string_view::npos) return {};
    const std::size_t open = begin + std::string_view("\\boxed{").size();
    int depth = 1;
    for (std::size_t i = open; i < text.size(); ++i) {
        depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        if (depth == 0) return text.substr(open, i - open);
    }
    return {};
}

std::string normalised(std::string_view text) {
    std::string result;
    text = trimmed(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool betweenDigits =
            i > 0 && i + 1 < text.size() && isDigit(text[i - 1]) && isDigit(text[i + 1]);
        if (text[i] == '$' || (text[i] == ',' && betweenDigits)) continue;
        result += text[i];
    }
    if (result.ends_with('.')) result.pop_back();
    return std::string(trimmed(result));
}

bool parseNumber(const std::string& text, double& value) {
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, code] =
        std::from_chars(begin, text.data() + text.size(), value, std::chars_format::fixed);
    return code == std::errc() && end == text.data() + text.size();
}

class FileTask : public Task {
  public:
    FileTask(const FileSettings& settings, const DialogueFormat& dialogue)
        : m_path(settings.path),
          m_isMath(settings.verifier == "math"),
          m_rows(readJsonl(settings, dialogue)) {
        std::set<std::string> characters;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const DataRow& row = m_rows[i];
            Split split = Split::Train;
            if (isHeldOut(row, settings.held_out_share / 2))
                split = Split::Validation;
            else if (isHeldOut(row, settings.held_out_share))
                split = Split::Test;
            m_bySplit[std::size_t(split)].push_back(i);
            for (const std::string* text : {&row.prompt, &row.completion, &row.answer})
                collect(*text, characters);
        }
        for (const std::string& character : characters) m_alphabet += character;
        m_kind = "file";
    }

    std::string kind() const override { return m_kind; }
    std::string alphabet() const override { return m_alphabet; }

    Problem problem(Split split, std::uint64_t seed, std::uint64_t index) const override {
        const std::vector<std::size_t>& rows = m_bySplit[std::size_t(split)];
        if (rows.empty())
            throw Error(
                split == Split::Train ? "no example is left to train on" : "no example is held out", m_path,
                split == Split::Train ? "lower held_out_share" : "raise held_out_share, or add examples");
        // Held-out rows in the order of the file: evaluations of different seeds see the same ones.
        const std::uint64_t place =
            split == Split::Train ? shuffled(rows.size(), seed, index) : index % rows.size();
        const DataRow& row = m_rows[rows[place]];
        Problem problem;
        problem.id = "file:" + hashText(row);
        problem.prompt = row.prompt;
        problem.answer = row.answer.empty() ? row.completion : row.answer;
        problem.worked = row.completion.empty() ? row.answer : row.completion;
        return problem;
    }

    Verdict verify(const Problem& problem, std::string_view completion) const override {
        Verdict verdict;
        const ParsedCompletion written = parseCompletion(completion);
        m_isMath ? compareAsMath(problem, completion, written, verdict)
                 : compareAsText(problem, completion, verdict);
        const bool region = completion.starts_with('<') && written.wellFormed;
        verdict.worked = region && !written.steps.empty();
        if (!verdict.worked) {
            addLines(completion, verdict);
            return verdict;
        }
        for (const CompletionStep& step : written.steps)
            verdict.steps.push_back({std::int64_t(step.begin), std::int64_t(step.end), StepVerdict::Unchecked,
                                     "no reference to check by"});
        return verdict;
    }

  private:
    /// The steps of a text that marks none are its lines, as TRL's stepwise data has them.
    static void addLines(std::string_view completion, Verdict& verdict) {
        for (std::size_t begin = 0, end; begin < completion.size(); begin = end) {
            if (verdict.steps.size() == ParsedCompletion::maxSteps) break;
            end = std::min(completion.find('\n', begin), completion.size() - 1) + 1;
            if (end - begin > 1)
                verdict.steps.push_back({std::int64_t(begin), std::int64_t(end), StepVerdict::Unchecked,
                                         "no reference to check by"});
        }
        if (verdict.steps.size() == 1) verdict.steps.clear();  // an answer
    }

    static void compareAsText(const Problem& problem, std::string_view completion, Verdict& verdict) {
        verdict.extracted = extractAnswer(completion).substr(0, maxAnswerBytes);
        verdict.wellFormed = !verdict.extracted.empty();
        verdict.correct = verdict.wellFormed && sameAnswer(verdict.extracted, extractAnswer(problem.answer));
        if (!verdict.correct)
            verdict.reason = verdict.extracted.empty() ? "no answer" : "not the reference answer";
    }

    // What follows our own think region `<…>` is the answer; other regions the checker knows.
    static void compareAsMath(const Problem& problem, std::string_view completion,
                              const ParsedCompletion& written, Verdict& verdict) {
        const bool region = completion.starts_with('<') && written.wellFormed;
        AnswerCheck check = checkAnswer(region ? written.answer : completion, problem.answer);
        verdict.extracted = std::move(check.extracted);
        verdict.wellFormed = !verdict.extracted.empty();
        verdict.correct = check.correct;
        if (!check.correct) verdict.reason = check.rule + ": " + check.reason;
    }

    static void collect(std::string_view text, std::set<std::string>& characters) {
        for (std::size_t i = 0; i < text.size();) {
            const std::size_t length = std::max<std::size_t>(utf8Length(text, i), 1);
            characters.emplace(text.substr(i, length));
            i += length;
        }
    }

    static std::string hashText(const DataRow& row) {
        char text[17];
        std::snprintf(
            text, sizeof text, "%016llx",
            static_cast<unsigned long long>(stableHash(row.prompt + '\0' + row.answer + row.completion)));
        return text;
    }

    // A pure function of its arguments: a Feistel network over the next power of four, walked until it lands
    // inside, permutes 0 … count-1 without holding the permutation.
    static std::uint64_t shuffled(std::uint64_t count, std::uint64_t seed, std::uint64_t index) {
        int half = 1;
        while ((std::uint64_t(1) << (2 * half)) < count) ++half;
        const std::uint64_t mask = (std::uint64_t(1) << half) - 1, epoch = index / count;
        std::uint64_t value = index % count;
        do {
            std::uint64_t left = value >> half, right = value & mask;
            for (std::uint64_t round = 0; round < 4; ++round) {
                const std::uint64_t mixed = philox(seed, epoch, right << 2 | round)[0] & mask;
                left = std::exchange(right, left ^ mixed);
            }
            value = left << half | right;
        } while (value >= count);
        return value;
    }

    std::string m_kind, m_path, m_alphabet;
    bool m_isMath;
    std::vector<DataRow> m_rows;
    std::vector<std::size_t> m_bySplit[3];
};

}  // namespace

std::string extractAnswer(std::string_view completion) {
    if (const std::size_t mark = completion.rfind("####"); mark != std::string_view::npos) {
        const std::string_view rest = trimmed(completion.substr(mark + 4));
        return normalised(rest.substr(0, rest.find('\n')));
    }
    if (const std::string_view boxed = lastBoxed(completion); !boxed.empty())
        return std::string(trimmed(boxed));
    if (completion.starts_with('<')) {
        const ParsedCompletion parts = parseCompletion(completion);
        if (parts.wellFormed) return std::string(parts.answer);
    }
    return std::string(trimmed(completion));
}

bool sameAnswer(std::string_view a, std::string_view b) {
    if (a.size() > maxAnswerBytes || b.size() > maxAnswerBytes) return trimmed(a) == trimmed(b);
    const std::string left = normalised(a), right = normalised(b);
    double x = 0, y = 0;
    return left == right || (parseNumber(left, x) && parseNumber(right, y) && x == y);
}

std::unique_ptr<Task> makeFileTask(const FileSettings& settings, const DialogueFormat& dialogue) {
    return std::make_unique<FileTask>(settings, dialogue);
}

}  // namespace retort
