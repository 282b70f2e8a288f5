// The tree of a search at test time, or of Monte-Carlo rollouts: partial solutions, what each was thought to
// be worth, and what was kept. The vocabulary is that of "Reasoning Language Models: A Blueprint" (#245).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort {

/// A partial solution: the text of its ancestors and its own piece.
struct TreeNode {
    std::int32_t parent = -1;      ///< index of a node before it; -1: the root, which is node 0
    std::string text;              ///< its own piece of the completion; the root's is empty
    std::int32_t round = 0;        ///< of the search, in which it was made
    std::int32_t tokens = 0;       ///< generated for its piece
    std::optional<double> value;   ///< what the search's judge said of it
    std::optional<double> weight;  ///< of a particle, after its step, normalised over the particles
    std::int32_t successes = 0, rollouts = 0;  ///< that were completed from here
    std::int32_t visits = 0;                   ///< of a tree search
    bool kept = true;                          ///< survived its round
    bool finished = false;                     ///< a complete solution
    std::optional<bool> correct;               ///< of a finished one

    bool operator==(const TreeNode&) const = default;
};

struct SearchTree {
    std::int64_t step = 0;  ///< training step of the policy
    std::string method;     ///< "best_of_n", "beam_search", "particle_filtering", "omega_prm", "mcts"
    std::string task, problemId, prompt, gold;
    std::string settings;      ///< JSON: what the search was asked for
    std::int64_t tokens = 0;   ///< generated in all, dropped branches included
    std::int32_t chosen = -1;  ///< the node that is the search's answer; -1: none
    bool correct = false;      ///< that answer
    std::vector<TreeNode> nodes;
    /// A value a round: "ess", "unique_ancestors", "best_value" …
    std::vector<std::pair<std::string, std::vector<double>>> curves;

    bool operator==(const SearchTree&) const = default;
};

/// The whole completion that ends in a node.
std::string textOf(const SearchTree& tree, std::int32_t node);

}  // namespace retort
