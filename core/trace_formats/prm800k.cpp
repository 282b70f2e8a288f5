#include "core/trace_formats/prm800k.h"

#include <ctime>

#include "core/util/error.h"
#include "core/util/json_fields.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

using simdjson::dom::element;

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

}  // namespace

std::string prm800kTime(double unixSeconds) {
    const auto seconds = std::time_t(unixSeconds);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    return text;
}

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

}  // namespace retort
