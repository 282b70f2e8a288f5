#include "core/comparison/comparison_groups.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/analysis/multiple_testing.h"

namespace retort {
namespace {

double passRate(const Comparison& comparison, std::size_t item) {
    double sum = 0;
    for (const auto& results : comparison.results) sum += results[item].mean();
    return sum / double(comparison.results.size());
}

int levelOfPassRate(double rate) {
    if (rate <= 0) return 0;
    if (rate >= 1) return 5;
    return std::clamp(int(std::ceil(rate * 4)), 1, 4);
}

/// Groups of one task by level; nothing when an id does not say its level.
std::optional<std::map<int, ProblemGroup>> byId(const Comparison& comparison, const ComparedSet& set) {
    std::map<int, ProblemGroup> groups;
    for (std::size_t item = set.first; item < set.first + set.count; ++item) {
        const auto difficulty = difficultyOf(comparison.problems[item]);
        if (!difficulty) return std::nullopt;
        ProblemGroup& group = groups[difficulty->level];
        group.unit = difficulty->unit;
        group.items.push_back(std::uint32_t(item));
    }
    return groups;
}

GroupCell cellOf(const Comparison& comparison, const ProblemGroup& group, std::size_t checkpoint,
                 bool singleSample) {
    GroupCell cell;
    std::vector<double> means, apart;
    std::int64_t lost = 0, won = 0;
    for (const std::uint32_t item : group.items) {
        const ItemResult &mine = comparison.results[checkpoint][item],
                         &base = comparison.results[comparison.baseline][item];
        means.push_back(mine.mean());
        apart.push_back(mine.mean() - base.mean());
        lost += isSolved(base) && !isSolved(mine);
        won += !isSolved(base) && isSolved(mine);
        cell.meanTokens += mine.meanTokens;
    }
    const double count = double(group.items.size());
    cell.meanTokens /= count;
    const MeanEstimate accuracy = estimateMean(means);
    cell.accuracy = accuracy.mean;
    cell.interval =
        singleSample ? wilsonInterval(std::llround(accuracy.mean * count), std::int64_t(group.items.size()))
                     : clusteredInterval(means);
    cell.delta = estimateMean(apart);
    const bool equal = cell.delta.mean == 0 && cell.delta.standardError == 0;
    cell.p = singleSample ? mcnemarExact(lost, won) : equal ? 1 : cell.delta.p;
    return cell;
}

}  // namespace

std::string groupName(const ProblemGroup& group) {
    static const char* const shares[] = {
        "never solved",         "solved by up to 25 %",    "solved by 25 to 50 %",
        "solved by 50 to 75 %", "solved by 75 % and more", "always solved"};
    switch (group.kind) {
        case ProblemGroup::Kind::Task:
            return group.task;
        case ProblemGroup::Kind::ProblemId:
            return group.task + ", " + std::to_string(group.level) + " " + unitName(group.unit);
        case ProblemGroup::Kind::PassRate:
            return group.task + ", " + shares[std::clamp(group.level, 0, 5)];
    }
    return {};
}

std::vector<ProblemGroup> groupsByTask(const Comparison& comparison) {
    std::vector<ProblemGroup> groups;
    for (const ComparedSet& set : comparison.sets) {
        ProblemGroup group{ProblemGroup::Kind::Task, set.name, 0, {}, {}};
        for (std::size_t i = 0; i < set.count; ++i) group.items.push_back(std::uint32_t(set.first + i));
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<ProblemGroup> groupsByDifficulty(const Comparison& comparison) {
    std::vector<ProblemGroup> groups;
    const auto add = [&](const ComparedSet& set, ProblemGroup::Kind kind,
                         std::map<int, ProblemGroup>&& levels) {
        for (auto& [level, group] : levels) {
            group.kind = kind;
            group.task = set.name;
            group.level = level;
            groups.push_back(std::move(group));
        }
    };
    for (const ComparedSet& set : comparison.sets) {
        if (auto levels = byId(comparison, set)) {
            add(set, ProblemGroup::Kind::ProblemId, std::move(*levels));
            continue;
        }
        std::map<int, ProblemGroup> levels;
        // Easy first, as the other scales.
        for (std::size_t item = set.first; item < set.first + set.count; ++item)
            levels[-levelOfPassRate(passRate(comparison, item))].items.push_back(std::uint32_t(item));
        const std::size_t first = groups.size();
        add(set, ProblemGroup::Kind::PassRate, std::move(levels));
        for (std::size_t i = first; i < groups.size(); ++i) groups[i].level = -groups[i].level;
    }
    return groups;
}

std::vector<std::vector<GroupCell>> groupTable(const Comparison& comparison,
                                               const std::vector<ProblemGroup>& groups) {
    const bool singleSample = comparison.isSingleSample();
    std::vector<std::vector<GroupCell>> table;
    std::vector<double> p;
    for (const ProblemGroup& group : groups) {
        auto& row = table.emplace_back();
        for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i) {
            row.push_back(cellOf(comparison, group, i, singleSample));
            p.push_back(i == comparison.baseline ? std::numeric_limits<double>::quiet_NaN() : row.back().p);
        }
    }
    const std::vector<double> corrected = holm(p);
    std::size_t next = 0;
    for (auto& row : table)
        for (GroupCell& cell : row) cell.holm = corrected[next++];
    return table;
}

}  // namespace retort
