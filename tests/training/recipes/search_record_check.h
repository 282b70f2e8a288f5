// What holds of every search of steps.
#pragma once

#include <QTest>
#include <algorithm>
#include <string>
#include <vector>

#include "training/recipes/step_search.h"

namespace retort::test {

/// Limits for answers of three steps of three tokens to a prompt of one token, and what is left of them.
inline void addLengthRows() {
    QTest::addColumn<int>("tokens");     // at most
    QTest::addColumn<int>("positions");  // of the model; 0: no limit
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("finished");
    QTest::newRow("enough") << 9 << 0 << 9 << true;
    QTest::newRow("within the last step") << 8 << 0 << 8 << false;
    QTest::newRow("at a step's end") << 6 << 0 << 6 << false;
    QTest::newRow("in the first step") << 2 << 0 << 2 << false;
    QTest::newRow("enough positions") << 20 << 10 << 9 << true;
    QTest::newRow("few positions") << 20 << 9 << 8 << false;
    QTest::newRow("no room at all") << 20 << 1 << 0 << false;
}

/// Empty when all is well with the record.
inline std::string wrongInRecord(const SearchResult& result) {
    const std::vector<SearchNode>& nodes = result.record.nodes;
    std::vector<int> children(nodes.size());
    std::vector<std::vector<std::int32_t>> texts(nodes.size());
    std::int64_t tokens = 0;
    std::int32_t rounds = 0;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const std::string where = "node " + std::to_string(i);
        if (nodes[i].parent < 0 || nodes[i].parent >= std::int32_t(i))
            return where + " stands before its parent";
        const auto parent = std::size_t(nodes[i].parent);
        ++children[parent];
        texts[i] = texts[parent];
        texts[i].insert(texts[i].end(), nodes[i].ids.begin(), nodes[i].ids.end());
        tokens += nodes[i].tokens;
        rounds = std::max(rounds, nodes[i].round);
        if (nodes[i].round != nodes[parent].round + 1)
            return where + " is not of the round after its parent's";
        if (!nodes[parent].kept || nodes[parent].finished) return where + " goes on from what was over";
        if (!nodes[i].value) return where + " has no value";
    }
    if (tokens != result.tokens) return "the nodes' tokens do not add up";
    for (const PartialSolution& solution : result.last) {
        const SearchNode& node = nodes[std::size_t(solution.node)];
        if (texts[std::size_t(solution.node)] != solution.ids) return "a solution is not its nodes' texts";
        if (node.finished != solution.finished) return "a solution's node says otherwise";
        if (!node.kept) return "what the search ended with was dropped";
    }
    if (texts[std::size_t(result.best.node)] != result.best.ids) return "the best is not its nodes' texts";
    const auto isLast = [&](std::size_t node) {
        return std::any_of(result.last.begin(), result.last.end(),
                           [&](const PartialSolution& one) { return one.node == std::int32_t(node); });
    };
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (nodes[i].kept != (children[i] > 0 || isLast(i)))
            return "node " + std::to_string(i) + " was kept for nothing, or used when dropped";
    for (const auto& [name, values] : result.record.curves)
        if (std::int32_t(values.size()) != rounds) return name + " has not a value a round";
    return {};
}

}  // namespace retort::test
