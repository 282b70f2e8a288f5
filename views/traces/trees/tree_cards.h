// What the tree view draws of a node, whatever tree it is from.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/analysis/estimators.h"
#include "core/traces/search_tree.h"
#include "views/traces/trees/sample_trie.h"

namespace retort {

struct TreeCard {
    std::int32_t parent = -1;
    QString text;                      ///< one line
    QString value;                     ///< "3/4", "0.82"; empty: nothing is known of it
    std::optional<double> share;       ///< of the bar: success rate or value
    std::optional<Interval> interval;  ///< around it
    QString weight;                    ///< of a particle
    bool kept = true;
    bool onPath = false;  ///< to the answer that was chosen, or to the open trace
    bool branched = false;
    std::optional<bool> correct;  ///< of a finished one
    QString toolTip;
};

std::vector<TreeCard> cardsOf(const SearchTree& tree);
/// `open`: the index of the trace whose path is marked.
std::vector<TreeCard> cardsOf(const std::vector<TrieNode>& nodes, std::optional<std::size_t> open);

}  // namespace retort
