#include "views/traces/judging/closed_loop.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/config/load.h"
#include "core/config/parameter.h"
#include "core/config/values.h"
#include "core/trace_formats/trace_export.h"

namespace retort {

namespace {

StepVerdict verdictOf(const StepJudgement& step, const StepLabels& labels) {
    if (step.rating) {
        if (*step.rating > 0) return StepVerdict::Correct;
        if (*step.rating < 0) return StepVerdict::Wrong;
        switch (labels.neutral) {
            case NeutralMeaning::Correct:
                return StepVerdict::Correct;
            case NeutralMeaning::Wrong:
                return StepVerdict::Wrong;
            case NeutralMeaning::Unlabelled:
                return StepVerdict::Unchecked;
        }
    }
    if (!step.value || !std::isfinite(*step.value)) return StepVerdict::Unchecked;
    return *step.value >= labels.threshold ? StepVerdict::Correct : StepVerdict::Wrong;
}

const StepLane* laneOf(const Trace& trace, const StepLabels& labels) {
    for (const StepLane& lane : trace.lanes)
        if (lane.kind == labels.kind && lane.name == labels.name) return &lane;
    return nullptr;
}

/// Whether nothing but the mark of a think region is before a byte.
bool isOpening(const Trace& trace, std::int64_t begin) {
    if (begin < 0 || begin > static_cast<std::int64_t>(trace.completion.size())) return false;
    std::string_view before = std::string_view(trace.completion).substr(0, static_cast<std::size_t>(begin));
    while (!before.empty() && std::string_view(" \t\r\n").find(before.back()) != std::string_view::npos)
        before.remove_suffix(1);
    return before == "<" || before == "<think>";
}

/// What another recipe has of a run's configuration: tasks, tokenizer, model; the rest are its own defaults.
Json carriedOver(const std::string& config, const std::string& recipe) {
    Json values = Json::object();
    const ParsedConfig parsed = parseConfig(config, "config.yaml");
    const auto isKnown = [](const std::string& name) {
        const auto& all = recipeSchemas();
        return std::any_of(all.begin(), all.end(),
                           [&](const RecipeSchema& each) { return each.name == name; });
    };
    if (!parsed.problems.empty() || !isKnown(parsed.config.recipe)) return values;
    const RecipeSchema& to = recipeSchema(recipe);
    for (const Parameter& parameter : recipeSchema(parsed.config.recipe).parameters) {
        const std::string& path = parameter.path;
        const bool goesAlong = path.starts_with("data.") || path.starts_with("model.") ||
                               path.starts_with("tokenizer.") || path == "study";
        const Json* value = valueAt(parsed.values, path);
        if (goesAlong && value && *value != parameter.defaultValue && to.find(path))
            setValueAt(values, path, *value);
    }
    return values;
}

}  // namespace

Trace labelledBy(const Trace& trace, const StepLabels& labels) {
    Trace labelled = trace;
    labelled.lanes.clear();
    labelled.steps.clear();
    labelled.tokens = {};
    const StepLane* lane = laneOf(trace, labels);
    if (!lane) return labelled;
    for (const StepJudgement& step : lane->steps)
        labelled.steps.push_back({step.begin, step.end, verdictOf(step, labels), step.text});
    if (!labelled.steps.empty() && isOpening(trace, labelled.steps.front().begin))
        labelled.steps.front().begin = 0;
    return labelled;
}

std::string stepSeparatorOf(const std::vector<Trace>& traces, const StepLabels& labels) {
    std::optional<std::string> separator;
    for (const Trace& trace : traces) {
        const std::vector<TraceStep> steps = labelledBy(trace, labels).steps;
        for (std::size_t i = 1; i < steps.size(); ++i) {
            const std::int64_t from = steps[i - 1].end, to = steps[i].begin;
            if (from < 0 || to < from || to > static_cast<std::int64_t>(trace.completion.size())) continue;
            const std::string between =
                trace.completion.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
            if (separator && *separator != between) return "\n";
            separator = between;
        }
    }
    return separator.value_or("\n");
}

LabelCounts countLabels(const std::vector<Trace>& traces, const StepLabels& labels) {
    LabelCounts counts;
    for (const Trace& trace : traces) {
        const std::int64_t before = counts.right + counts.wrong;
        const StepLane* lane = laneOf(trace, labels);
        if (!lane) continue;
        for (const StepJudgement& step : lane->steps) {
            const StepVerdict verdict = verdictOf(step, labels);
            if (verdict == StepVerdict::Unchecked) break;
            ++(verdict == StepVerdict::Correct ? counts.right : counts.wrong);
        }
        counts.traces += counts.right + counts.wrong > before;
    }
    return counts;
}

std::int64_t writePrmDataset(const std::filesystem::path& file, const std::vector<Trace>& traces,
                             const StepLabels& labels, bool overwrite) {
    TraceExportOptions options;
    options.format = TraceExportFormat::TrlStepwise;
    options.overwrite = overwrite;
    TraceExporter exporter(file, options);
    for (const Trace& trace : traces) exporter.add(labelledBy(trace, labels));
    return exporter.finish().written;
}

std::string prmRunYaml(const std::string& runConfig, const std::filesystem::path& file,
                       const std::string& checkpoint, const std::string& stepSeparator) {
    Json values = carriedOver(runConfig, "prm");
    values["name"] = "prm-" + file.stem().string();
    if (!checkpoint.empty()) setValueAt(values, "model.from", checkpoint);
    setValueAt(values, "prm.source", "file");
    setValueAt(values, "prm.file", file.string());
    setValueAt(values, "prm.step_separator", stepSeparator);
    return toYaml("prm", values, true);
}

std::string grpoWithPrmYaml(const std::string& prmRunConfig, const std::string& prmCheckpoint,
                            const std::string& policy) {
    Json values = carriedOver(prmRunConfig, "grpo");
    values["name"] = "grpo-with-prm";
    if (values.contains("model") && values["model"].is_object()) values["model"].erase("from");
    if (!policy.empty()) setValueAt(values, "model.from", policy);
    setValueAt(values, "grpo.rewards",
               Json::array({{{"reward", "correctness"}, {"weight", 1}},
                            {{"reward", "process_reward"}, {"weight", 1}, {"path", prmCheckpoint}}}));
    return toYaml("grpo", values, true);
}

}  // namespace retort
