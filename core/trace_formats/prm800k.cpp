#include "core/trace_formats/prm800k.h"

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

using simdjson::dom::element;

constexpr std::string_view separator = "\n", answerMark = "# Answer\n\n";

/// Runs `read` and puts `path` before the member that an error names.
template <class Read>
auto within(const std::string& path, Read read) {
    try {
        return read();
    } catch (const Error& error) {
        throw Error(error.what_happened(), error.where().empty() ? path : path + "." + error.where());
    }
}

std::optional<std::int64_t> optionalInteger(const JsonFields& fields, std::string_view name) {
    if (!fields.find(name)) return std::nullopt;
    return fields.integer(name);
}

std::optional<std::string> optionalText(const JsonFields& fields, std::string_view name) {
    if (!fields.find(name)) return std::nullopt;
    return fields.text(name);
}

Prm800kCompletion readCompletion(const element& value) {
    const JsonFields fields(jsonObject(value, "completion"));
    Prm800kCompletion completion;
    completion.text = fields.text("text");
    completion.rating = optionalInteger(fields, "rating");
    if (completion.rating && (*completion.rating < -1 || *completion.rating > 1))
        throw Error("must be -1, 0 or 1", "rating");
    if (fields.find("flagged")) completion.flagged = fields.flag("flagged", false);
    completion.source = fields.text("source", "");
    return completion;
}

Prm800kStep readStep(const element& value) {
    const JsonFields fields(jsonObject(value, "steps"));
    Prm800kStep step;
    if (const auto list = fields.find("completions"))
        for (const element each : jsonArray(*list, "completions"))
            step.completions.push_back(within("completions[" + std::to_string(step.completions.size()) + "]",
                                              [&] { return readCompletion(each); }));
    if (const auto human = fields.find("human_completion"))
        step.human = within("human_completion", [&] { return readCompletion(*human); });
    step.chosen = optionalInteger(fields, "chosen_completion");
    if (step.chosen && (*step.chosen < 0 || std::size_t(*step.chosen) >= step.completions.size()))
        throw Error("is beyond the last completion", "chosen_completion");
    return step;
}

void readQuestion(const JsonFields& fields, Prm800kRecord& record) {
    record.problem = fields.text("problem");
    record.solution = optionalText(fields, "ground_truth_solution");
    record.answer = optionalText(fields, "ground_truth_answer");
    if (const auto steps = fields.find("pre_generated_steps")) {
        record.generatedSteps.emplace();
        for (const element each : jsonArray(*steps, "pre_generated_steps"))
            record.generatedSteps->emplace_back(jsonString(each, "pre_generated_steps"));
    }
    record.generatedAnswer = optionalText(fields, "pre_generated_answer");
    record.verifierScore = fields.optionalNumber("pre_generated_verifier_score");
}

void readLabel(const JsonFields& fields, Prm800kRecord& record) {
    if (const auto steps = fields.find("steps"))
        for (const element each : jsonArray(*steps, "steps"))
            record.steps.push_back(
                within("steps[" + std::to_string(record.steps.size()) + "]", [&] { return readStep(each); }));
    record.totalTime = optionalInteger(fields, "total_time");
    record.finishReason = fields.text("finish_reason", "");
}

void addOrNull(JsonMembers& members, std::string_view name, const std::optional<std::int64_t>& value) {
    if (value)
        members.add(name, *value);
    else
        members.key(name) += "null";
}

void addOrNull(JsonMembers& members, std::string_view name, const std::optional<std::string>& value) {
    if (value)
        members.add(name, *value);
    else
        members.key(name) += "null";
}

void appendCompletion(std::string& out, const Prm800kCompletion& completion) {
    out += '{';
    JsonMembers members(out);
    members.add("text", completion.text);
    addOrNull(members, "rating", completion.rating);
    if (!completion.source.empty()) members.add("source", completion.source);
    if (completion.flagged)
        members.add("flagged", *completion.flagged);
    else
        members.key("flagged") += "null";
    out += '}';
}

void appendRecordStep(std::string& out, const Prm800kStep& step) {
    out += '{';
    JsonMembers members(out);
    appendJsonArray(members.key("completions"), step.completions, appendCompletion);
    std::string& human = members.key("human_completion");
    if (step.human)
        appendCompletion(human, *step.human);
    else
        human += "null";
    addOrNull(members, "chosen_completion", step.chosen);
    out += '}';
}

/// A rating as a verdict and the reason that goes with it.
std::pair<StepVerdict, std::string> judged(const Prm800kCompletion& completion, NeutralMeaning neutral) {
    if (!completion.rating)
        return {completion.source == "human" ? StepVerdict::Correct : StepVerdict::Unchecked,
                completion.flagged.value_or(false) ? "flagged" : ""};
    if (*completion.rating < 0) return {StepVerdict::Wrong, ""};
    if (*completion.rating > 0) return {StepVerdict::Correct, ""};
    const StepVerdict meaning = neutral == NeutralMeaning::Correct ? StepVerdict::Correct
                                : neutral == NeutralMeaning::Wrong ? StepVerdict::Wrong
                                                                   : StepVerdict::Unchecked;
    return {meaning, std::string(neutralReason)};
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

void add(Trace& trace, const Prm800kCompletion& completion, NeutralMeaning neutral) {
    auto [verdict, reason] = judged(completion, neutral);
    appendStep(trace, completion.text, verdict, std::move(reason), separator);
}

/// The answer stands at the end of the last step.
void finish(Trace& trace, const std::optional<std::string>& answer) {
    const std::size_t mark = trace.completion.rfind(answerMark);
    if (mark != std::string::npos) trace.extracted = trace.completion.substr(mark + answerMark.size());
    if (answer && trace.extracted.empty()) trace.extracted = *answer;
    judgeAnswer(trace);
    finishSteps(trace);
}

}  // namespace

Prm800kRecord readPrm800k(const JsonFields& fields) {
    Prm800kRecord record;
    record.labeler = fields.text("labeler", "");
    record.timestamp = fields.text("timestamp", "");
    record.generation = optionalInteger(fields, "generation");
    record.qualityControl = fields.flag("is_quality_control_question", false);
    record.screening = fields.flag("is_initial_screening_question", false);
    within("question", [&] {
        readQuestion(JsonFields(jsonObject(fields.need("question"), "question")), record);
        return 0;
    });
    within("label", [&] {
        readLabel(JsonFields(jsonObject(fields.need("label"), "label")), record);
        return 0;
    });
    return record;
}

void appendPrm800k(const Prm800kRecord& record, std::string& out) {
    out += '{';
    JsonMembers members(out);
    members.add("labeler", record.labeler).add("timestamp", record.timestamp);
    addOrNull(members, "generation", record.generation);
    members.add("is_quality_control_question", record.qualityControl)
        .add("is_initial_screening_question", record.screening);
    members.key("question") += '{';
    JsonMembers question(out);
    question.add("problem", record.problem);
    addOrNull(question, "ground_truth_solution", record.solution);
    addOrNull(question, "ground_truth_answer", record.answer);
    if (record.generatedSteps) {
        appendJsonArray(question.key("pre_generated_steps"), *record.generatedSteps,
                        [](std::string& text, const std::string& step) { appendJsonString(text, step); });
        addOrNull(question, "pre_generated_answer", record.generatedAnswer);
        if (record.verifierScore)
            question.add("pre_generated_verifier_score", *record.verifierScore);
        else
            question.key("pre_generated_verifier_score") += "null";
    }
    out += '}';
    members.key("label") += '{';
    JsonMembers label(out);
    appendJsonArray(label.key("steps"), record.steps, appendRecordStep);
    addOrNull(label, "total_time", record.totalTime);
    label.add("finish_reason", record.finishReason);
    out += "}}";
}

std::vector<Trace> tracesOf(const Prm800kRecord& record, NeutralMeaning neutral, bool alternatives) {
    Trace head;
    head.task = "prm800k";
    head.phase = "eval";
    head.prompt = record.problem;
    head.problemId = problemIdOf("prm800k", record.problem);
    head.gold = record.answer.value_or("");
    std::vector<Trace> traces(1);
    Trace solution = head;
    bool asGenerated = record.generatedSteps.has_value();
    for (std::size_t i = 0; i < record.steps.size(); ++i) {
        const Prm800kCompletion* followed = shown(record, i);
        if (!followed) break;
        for (const Prm800kCompletion& each : record.steps[i].completions) {
            if (!alternatives || &each == followed || !each.rating) continue;
            Trace other = solution;
            add(other, each, neutral);
            finish(other, std::nullopt);
            traces.push_back(std::move(other));
        }
        add(solution, *followed, neutral);
        asGenerated =
            asGenerated && i < record.generatedSteps->size() && followed->text == (*record.generatedSteps)[i];
    }
    if (asGenerated)
        for (std::size_t i = solution.steps.size(); i < record.generatedSteps->size(); ++i)
            appendStep(solution, (*record.generatedSteps)[i], StepVerdict::Unchecked, "", separator);
    finish(solution, asGenerated ? record.generatedAnswer : std::nullopt);
    traces.front() = std::move(solution);
    if (traces.front().steps.empty()) traces.erase(traces.begin());
    return traces;
}

std::optional<Prm800kRecord> prm800kOf(const Trace& trace, const std::string& labeler,
                                       const std::string& timestamp) {
    const std::vector<StepText> texts = stepTexts(trace);
    Prm800kRecord record;
    record.labeler = labeler;
    record.timestamp = timestamp;
    record.problem = trace.prompt;
    if (!trace.gold.empty()) record.answer = trace.gold;
    record.generatedSteps.emplace();
    for (const StepText& step : texts) record.generatedSteps->emplace_back(step.text);
    if (!trace.extracted.empty()) record.generatedAnswer = trace.extracted;
    record.finishReason = "solution";
    for (const StepText& step : texts) {
        if (step.verdict == StepVerdict::Unchecked && !step.neutral) return std::nullopt;
        const bool wrong = step.verdict == StepVerdict::Wrong && !step.neutral;
        Prm800kStep& out = record.steps.emplace_back();
        out.completions.push_back({std::string(step.text), step.neutral ? 0 : wrong ? -1 : 1, {}, ""});
        if (wrong) {
            record.finishReason = "found_error";
            break;
        }
        out.chosen = 0;
    }
    if (record.steps.empty()) return std::nullopt;
    return record;
}

ImportedRow readPrm800kRow(const simdjson::dom::object& row, RowContext& context) {
    const Prm800kRecord record = readPrm800k(JsonFields(row));
    ImportedRow result{"", tracesOf(record, context.options->neutral, context.options->alternatives), false};
    result.skipped = result.traces.empty();  // a bad problem, or given up before the first step
    return result;
}

}  // namespace retort
