#include "views/traces/trees/sample_trie.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "views/models/trace_segments.h"

namespace retort {

namespace {

std::string_view textOf(const Trace& trace, const TraceSegment& segment) {
    return std::string_view(trace.completion)
        .substr(static_cast<std::size_t>(segment.begin),
                static_cast<std::size_t>(segment.end - segment.begin));
}

using Children = std::map<std::tuple<std::int32_t, bool, std::string>, std::int32_t>;

class Builder {
  public:
    Builder() { m_nodes.emplace_back(); }

    void add(std::size_t index, const Trace& trace) {
        const std::int64_t from = trace.branch ? trace.branch->byte : 0;
        std::int32_t node = 0;
        bool counts = from <= 0;
        visit(node, index, trace, counts);
        if (trace.branch && counts) m_nodes[0].branches.push_back(index);
        for (const TraceSegment& segment : segmentTrace(trace)) {
            node = child(node, segment, textOf(trace, segment));
            const bool begins = !counts && from <= behindStep(trace.completion, segment.end);
            counts = counts || begins;
            visit(node, index, trace, counts);
            if (begins) m_nodes[static_cast<std::size_t>(node)].branches.push_back(index);
        }
        m_nodes[static_cast<std::size_t>(node)].endings.push_back(index);
    }

    std::vector<TrieNode> finish() {
        for (TrieNode& node : m_nodes)
            if (node.samples > 0) node.meanTokens /= node.samples;
        return std::move(m_nodes);
    }

  private:
    void visit(std::int32_t node, std::size_t index, const Trace& trace, bool counts) {
        TrieNode& at = m_nodes[static_cast<std::size_t>(node)];
        at.traces.push_back(index);
        if (!counts) return;
        ++at.samples;
        at.correct += trace.correct;
        at.meanTokens += trace.numTokens;
    }

    std::int32_t child(std::int32_t parent, const TraceSegment& segment, std::string_view text) {
        const bool isAnswer = segment.kind == TraceSegment::Kind::Answer;
        const auto [place, isNew] = m_children.try_emplace({parent, isAnswer, std::string(text)},
                                                           static_cast<std::int32_t>(m_nodes.size()));
        if (isNew) {
            TrieNode& made = m_nodes.emplace_back();
            made.parent = parent;
            made.text = text;
            made.isAnswer = isAnswer;
            made.verdict = segment.verdict;
        }
        return place->second;
    }

    std::vector<TrieNode> m_nodes;
    Children m_children;
};

}  // namespace

std::int64_t behindStep(std::string_view completion, std::int64_t end) {
    const auto from =
        static_cast<std::size_t>(std::clamp<std::int64_t>(end, 0, std::int64_t(completion.size())));
    const auto next = completion.find_first_not_of(" \t\r\n;", from);
    return static_cast<std::int64_t>(next == std::string_view::npos ? completion.size() : next);
}

std::vector<TrieNode> buildSampleTrie(const std::vector<Trace>& traces) {
    Builder builder;
    for (std::size_t i = 0; i < traces.size(); ++i) builder.add(i, traces[i]);
    return builder.finish();
}

std::int64_t endOfStep(const Trace& trace, int depth) {
    if (depth <= 0) return 0;
    const std::vector<TraceSegment> segments = segmentTrace(trace);
    const auto at = static_cast<std::size_t>(depth);
    return at <= segments.size() ? behindStep(trace.completion, segments[at - 1].end)
                                 : static_cast<std::int64_t>(trace.completion.size());
}

}  // namespace retort
