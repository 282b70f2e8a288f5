#include "core/comparison/merge_families.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "core/analysis/merge_scores.h"
#include "core/comparison/comparison_scores.h"
#include "core/lineage/lineage_sources.h"
#include "core/lineage/merge_ancestry.h"

namespace retort {
namespace {

using Node = std::optional<std::size_t>;

/// Checkpoints as nodes of the lineage, and back.
class Relations {
  public:
    Relations(StoreReader& reader, const Comparison& comparison)
        : m_reader(reader), m_comparison(comparison), m_graph(reader.lineage()) {
        for (const ComparedCheckpoint& each : comparison.checkpoints) m_nodes.push_back(nodeOf(each));
    }

    std::vector<MergeFamily> families() {
        std::vector<MergeFamily> all;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            const auto ancestry = m_nodes[i] ? mergeAncestry(m_graph, *m_nodes[i]) : std::nullopt;
            if (!ancestry) continue;
            MergeFamily family{i, {}, {}, {}};
            for (const std::size_t parent : ancestry->parents) {
                if (const Node place = placeOf(parent))
                    family.parents.push_back(*place);
                else
                    family.missing.push_back(missing(parent, false));
            }
            addBase(family, *ancestry);
            all.push_back(std::move(family));
        }
        return all;
    }

  private:
    void addBase(MergeFamily& family, const MergeAncestry& ancestry) {
        if (!ancestry.base) return;
        family.base = placeOf(*ancestry.base);
        const auto& parents = ancestry.parents;
        const bool isParent = std::find(parents.begin(), parents.end(), *ancestry.base) != parents.end();
        if (!family.base && !isParent) family.missing.push_back(missing(*ancestry.base, true));
    }

    /// The run's node at that step; a step between two nodes came from what the later one came from.
    Node nodeOf(const ComparedCheckpoint& checkpoint) {
        if (!checkpoint.folder.empty())
            if (const Node exact = m_graph.find(checkpoint.folder)) return exact;
        Node next, last;
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const LineageNode& node = m_graph.nodes()[i];
            if (node.run != checkpoint.ref.run) continue;
            if (node.step >= checkpoint.ref.step && (!next || node.step < m_graph.nodes()[*next].step))
                next = i;
            if (!last || node.step > m_graph.nodes()[*last].step) last = i;
        }
        if (next || last) return next ? next : last;
        const std::optional<RunRow> run = m_reader.run(checkpoint.ref.run);
        return run ? measuredBy(*run) : std::nullopt;
    }

    /// What a run of the recipe evaluate has measured, which is no node itself.
    Node measuredBy(const RunRow& run) {
        for (const LineageLink& link : lineageOfConfig(run.config, run.directory).links) {
            if (link.kind != LineageKind::Trained) continue;
            if (const Node node = m_graph.find(link.parent)) return node;
        }
        return std::nullopt;
    }

    /// The compared checkpoint that is the node itself, not one before or after it.
    Node placeOf(std::size_t index) const {
        const LineageNode& node = m_graph.nodes()[index];
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            const CheckpointRef& ref = m_comparison.checkpoints[i].ref;
            if (m_nodes[i] == index && (ref.run != node.run || isMeasuredAt(node, ref.step))) return i;
        }
        return std::nullopt;
    }
    /// What was measured after the last checkpoint belongs to it.
    static bool isMeasuredAt(const LineageNode& node, std::int64_t step) {
        return step == node.step || (node.isLast && step > node.step);
    }

    MissingRelative missing(std::size_t index, bool isBase) {
        const LineageNode& node = m_graph.nodes()[index];
        MissingRelative relative{node.name, {}, isBase, false};
        if (node.run != 0) relative.name += " @ " + std::to_string(node.step);
        if (node.run != 0)
            consider(relative, node.run, [&](std::int64_t step) { return isMeasuredAt(node, step); });
        // Runs of the recipe evaluate may have measured it as well.
        for (const RunRow& run : m_reader.runs())
            if (!relative.ref && run.recipe == "evaluate" && measuredBy(run) == index)
                consider(relative, run.id, [](std::int64_t) { return true; });
        return relative;
    }

    template <class Fits>
    void consider(MissingRelative& relative, RowId run, Fits fits) {
        const std::vector<EvaluationRow> rows = m_reader.evaluations(run);
        for (const EvaluationRow& row : rows) {
            if (!fits(row.step)) continue;
            if (isOnTheseProblems(rows, row.step))
                relative.ref = CheckpointRef{run, row.step};
            else
                relative.isMeasuredElsewhere = true;
        }
        if (relative.ref) relative.isMeasuredElsewhere = false;
    }

    bool isOnTheseProblems(const std::vector<EvaluationRow>& rows, std::int64_t step) const {
        return std::all_of(m_comparison.sets.begin(), m_comparison.sets.end(), [&](const ComparedSet& set) {
            return std::any_of(rows.begin(), rows.end(), [&](const EvaluationRow& row) {
                return row.step == step && row.name == set.name && row.setHash == set.hash;
            });
        });
    }

    StoreReader& m_reader;
    const Comparison& m_comparison;
    const LineageGraph m_graph;
    std::vector<Node> m_nodes;  ///< of each compared checkpoint
};

double meanOf(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / double(values.size());
}

/// Of one checkpoint: over all problems, and over those of each set.
struct Accuracies {
    std::vector<double> items, sets;
    double all = 0;
};

Accuracies accuraciesOf(const Comparison& comparison, std::size_t checkpoint) {
    Accuracies accuracies{itemMeans(comparison, checkpoint), {}, 0};
    accuracies.all = meanOf(accuracies.items);
    for (const ComparedSet& set : comparison.sets)
        accuracies.sets.push_back(meanOf(std::span(accuracies.items).subspan(set.first, set.count)));
    return accuracies;
}

MergeScore scoreOf(const Comparison& comparison, const MergeFamily& family) {
    const Accuracies merged = accuraciesOf(comparison, family.checkpoint);
    MergeScore score;
    score.checkpoint = family.checkpoint;
    score.parents = family.parents;
    score.base = family.base;
    std::vector<double> parents, experts(comparison.sets.size(), 0), bestItems;
    for (const std::size_t parent : family.parents) {
        Accuracies own = accuraciesOf(comparison, parent);
        for (std::size_t i = 0; i < experts.size(); ++i) experts[i] = std::max(experts[i], own.sets[i]);
        if (parents.empty() || own.all > *std::max_element(parents.begin(), parents.end())) {
            score.bestParent = parent;
            bestItems = std::move(own.items);
        }
        parents.push_back(own.all);
    }
    score.normalisedAccuracy = normalisedAccuracy(merged.sets, experts);
    score.synergy = synergy(merged.all, parents);
    std::vector<double> apart(merged.items.size());
    std::transform(merged.items.begin(), merged.items.end(), bestItems.begin(), apart.begin(),
                   std::minus<>());
    score.difference = estimateMean(apart);
    score.forgetting = family.base ? forgetting(accuraciesOf(comparison, *family.base).sets, merged.sets)
                                   : std::numeric_limits<double>::quiet_NaN();
    return score;
}

}  // namespace

std::vector<MergeFamily> familiesFromLineage(StoreReader& reader, const Comparison& comparison) {
    return Relations(reader, comparison).families();
}

std::vector<MergeFamily> familiesByHand(const Comparison& comparison,
                                        const std::vector<std::size_t>& parents) {
    std::vector<MergeFamily> families;
    for (std::size_t i = 0; i < comparison.checkpoints.size() && !parents.empty(); ++i)
        if (i != comparison.baseline && std::find(parents.begin(), parents.end(), i) == parents.end())
            families.push_back({i, parents, comparison.baseline, {}});
    return families;
}

std::vector<MergeScore> mergeScores(const Comparison& comparison, const std::vector<MergeFamily>& families) {
    std::vector<MergeScore> scores;
    if (comparison.items() == 0) return scores;
    for (const MergeFamily& family : families)
        if (!family.parents.empty()) scores.push_back(scoreOf(comparison, family));
    return scores;
}

}  // namespace retort
