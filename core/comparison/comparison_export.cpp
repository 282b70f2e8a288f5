#include "core/comparison/comparison_export.h"

#include <cmath>

#include "core/config/values.h"

namespace retort {
namespace {

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}
Json pair(const Interval& interval) {
    return Json::array({number(interval.low), number(interval.high)});
}
Json pair(const MeanEstimate& estimate) {
    return {{"mean", number(estimate.mean)},
            {"standard_error", number(estimate.standardError)},
            {"interval", pair(estimate.interval)},
            {"p", number(estimate.p)}};
}

Json againstJson(const AgainstBaseline& against, bool singleSample) {
    Json json = {{"delta", number(against.delta)},
                 {"standard_error", number(against.standardError)},
                 {"interval", pair(against.interval)},
                 {"flips",
                  {{"both", against.flips.both},
                   {"only_baseline", against.flips.onlyFirst},
                   {"only_this", against.flips.onlySecond},
                   {"neither", against.flips.neither}}},
                 {"test", singleSample ? "mcnemar_exact" : "paired_t_clustered_by_item"},
                 {"p", number(against.p)},
                 {"p_holm", number(against.holm)},
                 {"p_benjamini_hochberg", number(against.benjaminiHochberg)},
                 {"tokens", pair(against.tokens)}};
    if (singleSample) json["p_mid"] = number(against.midP);
    if (singleSample && against.flips.discordant() >= 25)
        json["chi_square"] = {{"statistic", number(against.chiSquare.statistic)},
                              {"p", number(against.chiSquare.p)}};
    return json;
}

Json groupsJson(const Comparison& comparison, const std::vector<ProblemGroup>& groups) {
    Json json = Json::array();
    const auto table = groupTable(comparison, groups);
    for (std::size_t g = 0; g < groups.size(); ++g) {
        Json row = {{"group", groupName(groups[g])}, {"problems", groups[g].items.size()}};
        for (std::size_t i = 0; i < table[g].size(); ++i) {
            const GroupCell& cell = table[g][i];
            Json entry = {{"checkpoint", comparison.checkpoints[i].name},
                          {"accuracy", number(cell.accuracy)},
                          {"interval", pair(cell.interval)},
                          {"mean_tokens", number(cell.meanTokens)}};
            if (i != comparison.baseline) {
                entry["delta"] = number(cell.delta.mean);
                entry["delta_interval"] = pair(cell.delta.interval);
                entry["p"] = number(cell.p);
                entry["p_holm"] = number(cell.holm);
            }
            row["checkpoints"].push_back(std::move(entry));
        }
        json.push_back(std::move(row));
    }
    return json;
}

Json mergeJson(const Comparison& comparison, const MergeScore& merge) {
    const auto name = [&](std::size_t checkpoint) { return comparison.checkpoints[checkpoint].name; };
    Json json = {{"checkpoint", name(merge.checkpoint)},
                 {"parents", Json::array()},
                 {"base", merge.base ? Json(name(*merge.base)) : Json(nullptr)},
                 {"best_parent", name(merge.bestParent)},
                 {"normalised_accuracy", number(merge.normalisedAccuracy)},
                 {"synergy", number(merge.synergy)},
                 {"synergy_interval", pair(merge.difference.interval)},
                 {"forgetting", number(merge.forgetting)}};
    for (const std::size_t parent : merge.parents) json["parents"].push_back(name(parent));
    return json;
}

std::string csvField(const std::string& text, char separator) {
    if (text.find_first_of("\"\r\n") == std::string::npos && text.find(separator) == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? "\"\"" : std::string(1, c));
    return quoted + "\"";
}

}  // namespace

Json comparisonJson(const Comparison& comparison, const std::vector<CheckpointScore>& scores,
                    const std::vector<MergeScore>& merges) {
    const bool singleSample = comparison.isSingleSample();
    Json json = {
        {"baseline", comparison.checkpoints.empty() ? Json(nullptr)
                                                    : Json(comparison.checkpoints[comparison.baseline].name)},
        {"set_hash", comparison.setHash()},
        {"problems", comparison.items()},
        {"sets", Json::array()},
        {"notes", Json::array()},
        {"checkpoints", Json::array()}};
    for (const ComparedSet& set : comparison.sets)
        json["sets"].push_back({{"name", set.name}, {"hash", set.hash}, {"problems", set.count}});
    for (const ComparisonNote& note : comparison.notes) json["notes"].push_back(noteText(note));
    for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i) {
        const ComparedCheckpoint& checkpoint = comparison.checkpoints[i];
        Json entry = {{"name", checkpoint.name}, {"run", checkpoint.runUuid}, {"step", checkpoint.ref.step}};
        if (i < scores.size()) {
            entry["samples"] = scores[i].samples;
            entry["accuracy"] = number(scores[i].accuracy);
            entry["interval"] = pair(scores[i].interval);
            entry["mean_tokens"] = number(scores[i].meanTokens);
            if (scores[i].against) entry["against_baseline"] = againstJson(*scores[i].against, singleSample);
        }
        json["checkpoints"].push_back(std::move(entry));
    }
    json["tasks"] = groupsJson(comparison, groupsByTask(comparison));
    json["difficulty"] = groupsJson(comparison, groupsByDifficulty(comparison));
    for (const MergeScore& merge : merges) json["merges"].push_back(mergeJson(comparison, merge));
    return json;
}

std::string itemsCsv(const Comparison& comparison, char separator) {
    std::string text = "set";
    const auto add = [&](const std::string& field) {
        text += separator;
        text += csvField(field, separator);
    };
    add("problem");
    for (const ComparedCheckpoint& checkpoint : comparison.checkpoints)
        for (const char* what : {" correct", " samples", " tokens"}) add(checkpoint.name + what);
    for (std::size_t item = 0; item < comparison.items(); ++item) {
        text.append("\n").append(csvField(comparison.setOf(item).name, separator));
        add(comparison.problems[item]);
        for (const auto& results : comparison.results) {
            add(std::to_string(results[item].correct));
            add(std::to_string(results[item].samples));
            add(shortestNumber(double(results[item].meanTokens)));
        }
    }
    return text.append("\n");
}

}  // namespace retort
