// retort-cli compare: any number of checkpoints over the problems that all of them answered, and their
// weights.
#include <cmath>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "core/comparison/comparison_export.h"
#include "core/util/error.h"
#include "core/weights/checkpoint_difference.h"
#include "core/weights/tokenizer_difference.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

/// "run" (its last evaluated step) or "run@step".
CheckpointRef checkpointNamed(const Context& context, StoreReader& reader, const std::string& reference) {
    const std::size_t at = reference.rfind('@');
    const std::string name = reference.substr(0, at);
    const RowId run = context.findRun(reader, name).id;
    if (at == std::string::npos) {
        if (const auto last = lastEvaluated(reader, run)) return *last;
        throw Error("this run has no evaluation", name, "a run of the recipe evaluate measures a checkpoint");
    }
    const std::string step = reference.substr(at + 1);
    if (step.empty() || step.find_first_not_of("0123456789") != std::string::npos || step.size() > 15)
        throw Error("is no step", reference, "write RUN@STEP, as in my-run@300");
    const CheckpointRef ref{run, std::stoll(step)};
    for (const EvaluationRow& row : reader.evaluations(run))
        if (row.step == ref.step) return ref;
    throw Error("there is no evaluation at this step", reference,
                "retort-cli export RUN --what evaluations lists them");
}

std::size_t indexOf(const std::vector<CheckpointRef>& refs, const CheckpointRef& ref,
                    const std::string& reference) {
    for (std::size_t i = 0; i < refs.size(); ++i)
        if (refs[i] == ref) return i;
    throw Error("is none of the compared checkpoints", reference);
}

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", 100 * share);
    return std::isnan(share) ? "–" : text;
}
std::string percentRange(const Interval& interval) {
    return percent(interval.low) + " … " + percent(interval.high);
}

void printScores(const Comparison& comparison, const std::vector<CheckpointScore>& scores) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const CheckpointScore& score = scores[i];
        std::vector<std::string> row = {printable(comparison.checkpoints[i].name), percent(score.accuracy),
                                        percentRange(score.interval)};
        if (score.against) {
            const AgainstBaseline& against = *score.against;
            row.insert(row.end(),
                       {percent(against.delta), percentRange(against.interval), shortNumber(against.holm),
                        against.holm < 0.05 ? (against.delta > 0 ? "better" : "worse") : "",
                        std::to_string(against.flips.onlyFirst), std::to_string(against.flips.onlySecond)});
        } else {
            row.insert(row.end(), {"", "baseline", "", "", "", ""});
        }
        row.push_back(shortNumber(score.meanTokens));
        rows.push_back(std::move(row));
    }
    std::fputs(formatTable({"checkpoint", "accuracy %", "95 %", "delta", "95 % of delta", "p (Holm)", "",
                            "lost", "won", "tokens"},
                           rows)
                   .c_str(),
               stdout);
}

void printGroups(const Comparison& comparison, const char* head, const std::vector<ProblemGroup>& groups) {
    std::vector<std::string> heads = {head, "problems"};
    for (const ComparedCheckpoint& checkpoint : comparison.checkpoints)
        heads.push_back(printable(checkpoint.name));
    std::vector<std::vector<std::string>> rows;
    const auto table = groupTable(comparison, groups);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        auto& row = rows.emplace_back(std::vector<std::string>{printable(groupName(groups[g])),
                                                               std::to_string(groups[g].items.size())});
        for (const GroupCell& cell : table[g])
            row.push_back(percent(cell.accuracy) +
                          (cell.holm < 0.05 ? cell.delta.mean > 0 ? " +" : " -" : ""));
    }
    std::fputs(("\n" + formatTable(heads, rows)).c_str(), stdout);
}

void printMerges(const Comparison& comparison, const std::vector<MergeScore>& merges) {
    std::vector<std::vector<std::string>> rows;
    const auto name = [&](std::size_t checkpoint) {
        return printable(comparison.checkpoints[checkpoint].name);
    };
    for (const MergeScore& merge : merges)
        rows.push_back({name(merge.checkpoint), shortNumber(merge.normalisedAccuracy), percent(merge.synergy),
                        percentRange(merge.difference.interval), name(merge.bestParent),
                        percent(merge.forgetting), merge.base ? name(*merge.base) : ""});
    if (rows.empty()) return;
    std::fputs(
        ("\n" +
         formatTable({"merge", "normalised", "synergy", "95 %", "best parent", "forgotten", "base"}, rows))
            .c_str(),
        stdout);
}

/// Parents that somebody names count for all; else lineage says whose parents are whose.
std::vector<MergeFamily> familiesOf(Context& context, StoreReader& reader, const Comparison& comparison,
                                    const std::vector<CheckpointRef>& refs) {
    std::vector<std::size_t> parents;
    for (const std::string& reference : context.arguments().all("--parent")) {
        const CheckpointRef ref = refs[indexOf(refs, checkpointNamed(context, reader, reference), reference)];
        for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i)
            if (comparison.checkpoints[i].ref == ref) parents.push_back(i);
    }
    return parents.empty() ? familiesFromLineage(reader, comparison) : familiesByHand(comparison, parents);
}

void noteMissing(Context& context, const Comparison& comparison, const std::vector<MergeFamily>& families) {
    for (const MergeFamily& family : families)
        for (const MissingRelative& each : family.missing)
            context.note(printable(comparison.checkpoints[family.checkpoint].name) +
                         (each.isBase ? " was merged from the base " : " was made of ") +
                         printable(each.name) +
                         (each.ref                   ? ", which is not compared here"
                          : each.isMeasuredElsewhere ? ", which was evaluated on other problems"
                                                     : ", which was not evaluated"));
}

struct WeightPair {
    std::string name;
    CheckpointDifference difference;
    std::vector<FieldDifference> fields;
};

/// The baseline's weights against each other checkpoint's.
std::vector<WeightPair> weightsOf(const Context& context, const Comparison& comparison,
                                  const std::stop_token& stop) {
    std::vector<WeightPair> pairs;
    if (comparison.checkpoints.empty()) return pairs;
    const ComparedCheckpoint& base = comparison.checkpoints[comparison.baseline];
    if (base.folder.empty()) throw Error("the baseline's checkpoint is not on this disk", base.name);
    for (const ComparedCheckpoint& other : comparison.checkpoints) {
        if (other.ref == base.ref) continue;
        if (other.folder.empty()) {
            context.note(other.name + ": its checkpoint is not on this disk");
            continue;
        }
        pairs.push_back({other.name, compareCheckpoints(base.folder, other.folder, {}, stop),
                         compareConfigs(base.folder, other.folder)});
        if (stop.stop_requested()) throw Error("interrupted");
    }
    return pairs;
}

void printWeights(const std::vector<WeightPair>& pairs) {
    std::vector<std::vector<std::string>> rows;
    for (const WeightPair& pair : pairs) {
        const CheckpointDifference& d = pair.difference;
        const std::size_t apart =
            d.onlyA.size() + d.onlyB.size() + d.otherShapes.size() + d.notCompared.size();
        rows.push_back({printable(pair.name), std::to_string(d.tensors.size()), std::to_string(apart),
                        shortNumber(d.cosine()), shortNumber(d.relativeL2()), percent(d.changed()),
                        std::to_string(pair.fields.size())});
    }
    std::fputs(("\n" + formatTable({"weights", "tensors", "not compared", "cosine", "relative L2",
                                    "changed %", "config fields"},
                                   rows))
                   .c_str(),
               stdout);
}

Json weightsJson(const std::vector<WeightPair>& pairs) {
    const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    Json all = Json::array();
    for (const WeightPair& pair : pairs) {
        Json entry = {{"checkpoint", pair.name},
                      {"cosine", number(pair.difference.cosine())},
                      {"relative_l2", number(pair.difference.relativeL2())},
                      {"changed", number(pair.difference.changed())},
                      {"aligned_by_token", pair.difference.alignedByToken},
                      {"only_baseline", pair.difference.onlyA},
                      {"only_this", pair.difference.onlyB},
                      {"not_compared", pair.difference.notCompared},
                      {"other_shapes", Json::array()},
                      {"config", Json::array()},
                      {"tensors", Json::array()}};
        for (const ShapeDifference& shape : pair.difference.otherShapes)
            entry["other_shapes"].push_back({{"name", shape.name}, {"baseline", shape.a}, {"this", shape.b}});
        for (const FieldDifference& field : pair.fields)
            entry["config"].push_back({{"field", field.field}, {"baseline", field.a}, {"this", field.b}});
        for (const TensorDifference& tensor : pair.difference.tensors)
            entry["tensors"].push_back({{"name", tensor.name},
                                        {"shape", tensor.shape},
                                        {"cosine", number(tensor.cosine)},
                                        {"l2", number(tensor.l2)},
                                        {"relative_l2", number(tensor.relativeL2)},
                                        {"max_abs", number(tensor.maxAbs)},
                                        {"changed", number(tensor.changed)},
                                        {"non_finite", tensor.nonFinite}});
        all.push_back(std::move(entry));
    }
    return all;
}

}  // namespace

int runCompare(Context& context) {
    const Arguments& arguments = context.arguments();
    StoreReader reader = context.reader();
    std::vector<CheckpointRef> refs;
    for (const std::string& reference : arguments.positionals())
        refs.push_back(checkpointNamed(context, reader, reference));
    const std::string baselineName = arguments.text("--baseline");
    const std::size_t baseline =
        baselineName.empty() ? 0
                             : indexOf(refs, checkpointNamed(context, reader, baselineName), baselineName);
    const Comparison comparison = loadComparison(reader, refs, baseline, arguments.text("--evaluation"));
    const std::vector<CheckpointScore> scores = scoreCheckpoints(comparison);
    const std::vector<MergeFamily> families = familiesOf(context, reader, comparison, refs);
    const std::vector<MergeScore> merges = mergeScores(comparison, families);
    const InterruptStop interrupt;
    std::vector<WeightPair> weights;
    if (arguments.has("--weights")) weights = weightsOf(context, comparison, interrupt.token());
    if (context.json()) {
        Json json = comparisonJson(comparison, scores, merges);
        if (arguments.has("--weights")) json["weights"] = weightsJson(weights);
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return scores.empty() ? exitProblemsFound : exitOk;
    }
    for (const ComparisonNote& note : comparison.notes) context.note(printable(noteText(note)));
    if (!scores.empty()) {
        context.note(std::to_string(comparison.items()) + " problems, set " + comparison.setHash());
        printScores(comparison, scores);
        if (comparison.sets.size() > 1) printGroups(comparison, "task", groupsByTask(comparison));
        printGroups(comparison, "difficulty", groupsByDifficulty(comparison));
        printMerges(comparison, merges);
        noteMissing(context, comparison, families);
    }
    if (!weights.empty()) printWeights(weights);
    return scores.empty() ? exitProblemsFound : exitOk;
}

}  // namespace retort::cli
