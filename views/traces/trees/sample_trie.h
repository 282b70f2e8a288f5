// Many answers to one problem as a tree: what they have in common step by step is one node, and each node
// says how many of those that went through it came out right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

struct TrieNode {
    std::int32_t parent = -1;  ///< before it; -1: the root, node 0, which is the prompt
    std::string text;          ///< the step, or the answer
    bool isAnswer = false;
    StepVerdict verdict = StepVerdict::Unchecked;
    /// Samples of the future from here, and the right ones among them. A rollout that was branched off
    /// another one says nothing of what is before its branch: it counts from the node at whose end it began.
    std::int32_t samples = 0, correct = 0;
    double meanTokens = 0;              ///< of those samples, whole completions
    std::vector<std::size_t> traces;    ///< indices of all that go through it, branched ones included
    std::vector<std::size_t> endings;   ///< of those that end here
    std::vector<std::size_t> branches;  ///< of those that were branched off here

    bool operator==(const TrieNode&) const = default;
};

/// Steps are the same when their texts are. Nodes stand behind their parents; children in order of the first
/// trace that goes there.
std::vector<TrieNode> buildSampleTrie(const std::vector<Trace>& traces);

/// Behind a step that ends at `end`, with what ends it (a semicolon, white space); a mark that closes the
/// thinking is the next one's business.
std::int64_t behindStep(std::string_view completion, std::int64_t end);
/// The bytes of `trace`'s completion up to behind the `depth`-th node of its path (the root is 0), with the
/// marks that end a step: from where it can be gone on.
std::int64_t endOfStep(const Trace& trace, int depth);

}  // namespace retort
