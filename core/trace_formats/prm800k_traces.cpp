// PRM800K's records as traces, and back. What a rating alone cannot say stands in the judgement's words:
// "flagged", "human" (a person wrote the step), "completion 2 of 3", "chosen" or "not chosen" where the
// rating lets expect the other.
#include <algorithm>
#include <charconv>

#include "core/trace_formats/prm800k.h"
#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"

namespace retort {
namespace {

constexpr std::string_view separator = "\n", answerMark = "# Answer\n\n", taskName = "prm800k",
                           scoreName = "verifier_score";

struct Note {
    bool flagged = false, human = false;
    std::optional<bool> chosen;
    std::int64_t place = 0, of = 1;
};

std::string toText(const Note& note) {
    std::string text;
    const auto add = [&](const std::string& word) { text.append(text.empty() ? "" : ", ").append(word); };
    if (note.flagged) add("flagged");
    if (note.human) add("human");
    if (note.of > 1) add("completion " + std::to_string(note.place + 1) + " of " + std::to_string(note.of));
    if (note.chosen) add(*note.chosen ? "chosen" : "not chosen");
    return text;
}

Note noteOf(std::string_view text) {
    Note note;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(", ", at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 2;
        if (word == "flagged") note.flagged = true;
        if (word == "human") note.human = true;
        if (word == "chosen" || word == "not chosen") note.chosen = word == "chosen";
        if (!word.starts_with("completion ")) continue;
        std::int64_t place = 0, of = 0;
        const auto digits = std::from_chars(word.data() + 11, word.data() + word.size(), place);
        const auto rest = word.substr(std::size_t(digits.ptr - word.data()));
        if (digits.ec != std::errc() || !rest.starts_with(" of ")) continue;
        std::from_chars(rest.data() + 4, rest.data() + rest.size(), of);
        if (place >= 1 && of >= place) note.place = place - 1, note.of = of;
    }
    return note;
}

/// What the rating lets expect: a labeler goes on with any step but a wrong one.
bool isUsuallyChosen(const std::optional<std::int64_t>& rating) {
    return rating != -1;
}

/// Of a step's completions the one that the solution goes on with: the chosen one, else a person's, else the
/// one that was generated, at which the labeler stopped.
const Prm800kCompletion* shown(const Prm800kRecord& record, std::size_t index) {
    const Prm800kStep& step = record.steps[index];
    if (step.chosen) return &step.completions[std::size_t(*step.chosen)];
    if (step.human) return &*step.human;
    if (record.generatedSteps && index < record.generatedSteps->size())
        for (const Prm800kCompletion& each : step.completions)
            if (each.text == (*record.generatedSteps)[index]) return &each;
    return step.completions.empty() ? nullptr : &step.completions.front();
}

class Reader {
  public:
    explicit Reader(const Prm800kRecord& record)
        : m_record(record), m_lane{LaneKind::Human, record.labeler, {}} {
        m_solution.task = taskName;
        m_solution.phase = "eval";
        m_solution.prompt = record.problem;
        m_solution.problemId = problemIdOf(taskName, record.problem);
        m_solution.gold = record.answer.value_or("");
    }

    std::vector<Trace> read(bool alternatives) {
        bool asGenerated = m_record.generatedSteps.has_value();
        for (std::size_t i = 0; i < m_record.steps.size(); ++i) {
            const Prm800kCompletion* followed = shown(m_record, i);
            if (!followed) break;
            const std::vector<Prm800kCompletion>& all = m_record.steps[i].completions;
            for (const Prm800kCompletion& each : all)
                if (alternatives && &each != followed) addAlternative(each, i);
            add(m_solution, m_lane, *followed, i, true);
            asGenerated = asGenerated && i < m_record.generatedSteps->size() &&
                          followed->text == (*m_record.generatedSteps)[i];
        }
        if (asGenerated)
            for (std::size_t i = m_solution.steps.size(); i < m_record.generatedSteps->size(); ++i)
                appendStep(m_solution, (*m_record.generatedSteps)[i], separator);
        if (m_solution.steps.empty()) return {};
        endWith(m_record.finishReason);
        finish(m_solution, m_lane, asGenerated ? m_record.generatedAnswer : std::nullopt);
        if (m_record.verifierScore) m_solution.rewards.emplace_back(scoreName, *m_record.verifierScore);
        std::vector<Trace> traces = {std::move(m_solution)};
        for (Trace& each : m_alternatives) traces.push_back(std::move(each));
        return traces;
    }

  private:
    void add(Trace& trace, StepLane& lane, const Prm800kCompletion& completion, std::size_t index,
             bool followed) const {
        appendStep(trace, completion.text, separator);
        const Prm800kStep& step = m_record.steps[index];
        Note note;
        note.flagged = completion.flagged.value_or(false);
        note.human = step.human && &completion == &*step.human;
        if (!note.human) {
            note.place = &completion - step.completions.data();
            note.of = std::int64_t(step.completions.size());
            if (followed && step.chosen.has_value() != isUsuallyChosen(completion.rating))
                note.chosen = step.chosen.has_value();
        }
        std::optional<std::int32_t> rating;
        if (completion.rating) rating = std::int32_t(*completion.rating);
        judgeLastStep(trace, lane, rating, toText(note));
    }

    void addAlternative(const Prm800kCompletion& completion, std::size_t index) {
        Trace other = m_solution;
        StepLane lane = m_lane;
        other.branch.emplace();
        other.branch->phase = other.phase;
        other.branch->byte =
            std::int64_t(other.completion.size() + (other.steps.empty() ? 0 : separator.size()));
        add(other, lane, completion, index, false);
        finish(other, lane, std::nullopt);
        m_alternatives.push_back(std::move(other));
    }

    /// A label of the whole: at its end, of no bytes.
    void endWith(const std::string& reason) {
        if (reason != "bad_problem" && reason != "give_up") return;
        const auto end = std::int64_t(m_solution.completion.size());
        m_lane.steps.push_back({end, end, std::nullopt, std::nullopt, 0, 0, reason});
    }

    /// The answer stands at the end of the last step.
    static void finish(Trace& trace, StepLane lane, const std::optional<std::string>& answer) {
        const std::size_t mark = trace.completion.rfind(answerMark);
        if (mark != std::string::npos) trace.extracted = trace.completion.substr(mark + answerMark.size());
        if (answer && trace.extracted.empty()) trace.extracted = *answer;
        judgeAnswer(trace);
        finishSteps(trace, std::move(lane));
    }

    const Prm800kRecord& m_record;
    Trace m_solution;
    StepLane m_lane;
    std::vector<Trace> m_alternatives;
};

std::optional<double> rewardNamed(const Trace& trace, std::string_view name) {
    for (const auto& [each, value] : trace.rewards)
        if (each == name) return value;
    return std::nullopt;
}

/// How an imported record ended, where its ratings don't tell.
std::string endOf(const Trace& trace) {
    const auto end = std::int64_t(trace.completion.size());
    for (const StepLane& lane : trace.lanes)
        if (!lane.steps.empty() && lane.steps.back().begin == end && lane.steps.back().end == end)
            if (const std::string& text = lane.steps.back().text; text == "bad_problem" || text == "give_up")
                return text;
    return {};
}

}  // namespace

std::vector<Trace> tracesOf(const Prm800kRecord& record, bool alternatives) {
    return Reader(record).read(alternatives);
}

std::optional<Prm800kBuilder> Prm800kBuilder::from(const Trace& trace, const std::vector<StepLabel>& labels,
                                                   const AnnotatedSolution* said) {
    Prm800kBuilder builder;
    builder.m_step = trace.step;
    builder.m_group = trace.group;
    builder.m_sample = trace.sample;
    builder.m_phase = trace.phase;
    Prm800kRecord& record = builder.m_record;
    record.problem = trace.prompt;
    if (!trace.gold.empty()) record.answer = trace.gold;
    std::string end = said ? said->outcome : "";
    if (end != "bad_problem" && end != "give_up") end = endOf(trace);
    bool written = false, foundError = false, open = false;
    for (const StepLabel& label : labels) {
        const Note note = noteOf(label.note);
        const std::string* correction = said ? said->correctionOf(label.begin) : nullptr;
        const bool unsure = note.flagged || (said && said->isUnsure(label.begin));
        open = !label.rating && !unsure && !note.human && !correction && note.of == 1;
        if (open) break;
        const std::size_t index = record.steps.size();
        Prm800kStep& step = record.steps.emplace_back();
        Prm800kCompletion completion{std::string(label.text), label.rating, {}, ""};
        if (unsure) completion.flagged = true;
        const bool chosen = note.chosen.value_or(isUsuallyChosen(label.rating)) && !correction;
        if (note.human) {
            completion.source = "human";
            step.human = std::move(completion);
        } else {
            builder.m_rated.push_back({index, note.place, chosen, std::move(completion)});
        }
        if (correction) step.human = Prm800kCompletion{*correction, {}, {}, "human"};
        written = written || note.human || (chosen && note.place > 0);
        foundError = label.rating == -1 && !note.chosen.value_or(false);
        if (foundError) break;
    }
    if (open && end.empty()) return std::nullopt;
    if (record.steps.empty() && end.empty()) return std::nullopt;
    record.finishReason = !end.empty() ? end : foundError ? "found_error" : "solution";
    record.verifierScore = rewardNamed(trace, scoreName);
    // Phase 1 has no generated solution: it was written step by step.
    if (!written && (trace.task != taskName || record.verifierScore)) {
        record.generatedSteps.emplace();
        for (const StepLabel& label : labels) record.generatedSteps->emplace_back(label.text);
        if (!trace.extracted.empty()) record.generatedAnswer = trace.extracted;
    }
    if (said) record.totalTime = std::int64_t(said->seconds * 1000);
    return builder;
}

bool Prm800kBuilder::takeAlternative(const Trace& trace, const std::vector<StepLabel>& labels) {
    if (!trace.branch || labels.empty() || labels.size() > m_record.steps.size()) return false;
    const TraceBranch& branch = *trace.branch;
    const StepLabel& last = labels.back();
    const Note note = noteOf(last.note);
    if (branch.step != m_step || branch.group != m_group || branch.sample != m_sample ||
        branch.phase != m_phase || last.begin != branch.byte || note.of == 1)
        return false;
    Prm800kCompletion completion{std::string(last.text), last.rating, {}, ""};
    if (note.flagged) completion.flagged = true;
    m_rated.push_back({labels.size() - 1, note.place, false, std::move(completion)});
    return true;
}

Prm800kRecord Prm800kBuilder::record() const {
    Prm800kRecord record = m_record;
    std::vector<Rated> rated = m_rated;
    std::stable_sort(rated.begin(), rated.end(),
                     [](const Rated& a, const Rated& b) { return a.place < b.place; });
    for (const Rated& each : rated) {
        Prm800kStep& step = record.steps[each.step];
        if (each.chosen) step.chosen = std::int64_t(step.completions.size());
        step.completions.push_back(each.completion);
    }
    return record;
}

ImportedRow readPrm800kRow(const simdjson::dom::object& row, RowContext& context) {
    ImportedRow result;
    result.traces = tracesOf(readPrm800k(JsonFields(row)), context.options->alternatives);
    result.skipped = result.traces.empty();  // a bad problem, or given up before the first step
    return result;
}

}  // namespace retort
