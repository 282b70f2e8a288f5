#include "core/traces/trace_regions.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace retort {

namespace {

using Marks = std::pair<std::string_view, std::string_view>;

constexpr std::string_view white = " \t\r\n\f\v";

// Harmony: the final channel's head ends the analysis, whatever channels stand between.
constexpr std::array<Marks, 6> pairs = {{{"<think>", "</think>"},
                                         {"<thinking>", "</thinking>"},
                                         {"<thought>", "</thought>"},
                                         {"<reasoning>", "</reasoning>"},
                                         {"<|begin_of_thought|>", "<|end_of_thought|>"},
                                         {"<|channel|>analysis<|message|>", "<|channel|>final<|message|>"}}};
// Harmony decoded without its special tokens.
constexpr Marks bareHarmony = {"analysis", "assistantfinal"};

// What may stand at the ends of a region beside its own marks.
constexpr std::array<std::string_view, 10> otherMarks = {
    "<|end|>",  "<|start|>assistant", "<|return|>", "<|begin_of_solution|>", "<|end_of_solution|>",
    "<answer>", "</answer>",          "<|im_end|>", "<|endoftext|>",         "<｜end▁of▁sentence｜>"};

constexpr std::int64_t maxRegions = 10'000;

std::int64_t toOffset(std::size_t at) {
    return static_cast<std::int64_t>(at);
}

/// The pair whose mark comes first; both empty: there is none.
Marks pairOf(std::string_view text, const std::vector<RegionDelimiters>& custom) {
    for (const RegionDelimiters& own : custom) {
        if (own.closing.empty()) continue;
        if (text.find(own.closing) != text.npos ||
            (!own.opening.empty() && text.find(own.opening) != text.npos))
            return {own.opening, own.closing};
    }
    Marks best;
    std::size_t bestAt = text.npos;
    for (const Marks& marks : pairs) {
        const std::size_t at = std::min(text.find(marks.first), text.find(marks.second));
        if (at < bestAt) {
            bestAt = at;
            best = marks;
        }
    }
    if (best.second.empty() && text.starts_with(bareHarmony.first) &&
        text.find(bareHarmony.second) != text.npos)
        return bareHarmony;
    return best;
}

/// Whether the prompt ends with an opening mark, as templates that pre-fill it do.
bool opensThinking(std::string_view prompt) {
    while (!prompt.empty() && white.find(prompt.back()) != white.npos) prompt.remove_suffix(1);
    return std::any_of(pairs.begin(), pairs.end(),
                       [prompt](const Marks& marks) { return prompt.ends_with(marks.first); });
}

class RegionCutter {
  public:
    RegionCutter(std::string_view text, const std::vector<RegionDelimiters>& custom)
        : m_text(text), m_custom(custom) {}

    void cut(const Marks& marks, bool opened) {
        m_custom.push_back({std::string(marks.first), std::string(marks.second)});
        std::size_t at = 0;
        const std::size_t firstClose = m_text.find(marks.second);
        const std::size_t firstOpen = marks.first.empty() ? m_text.npos : m_text.find(marks.first);
        bool thinking = opened || firstClose < firstOpen;
        std::size_t open = thinking ? 0 : firstOpen;
        while (toOffset(result.regions.size()) < maxRegions) {
            if (!thinking) {
                if (open == m_text.npos) break;
                add(TraceRegion::Kind::Answer, at, open, true);
                at = open;
                thinking = true;
            }
            const std::size_t close = m_text.find(marks.second, at);
            const std::size_t end = close == m_text.npos ? m_text.size() : close + marks.second.size();
            add(TraceRegion::Kind::Think, at, end, close != m_text.npos);
            at = end;
            thinking = false;
            open = marks.first.empty() ? m_text.npos : m_text.find(marks.first, at);
        }
        add(TraceRegion::Kind::Answer, at, m_text.size(), true);
    }

    void cutSingle() {
        result.singleMarks = true;
        const std::size_t close = m_text.find('>');
        const std::size_t end = close == m_text.npos ? m_text.size() : close + 1;
        add(TraceRegion::Kind::Think, 0, end, close != m_text.npos);
        add(TraceRegion::Kind::Answer, end, m_text.size(), true);
    }

    void add(TraceRegion::Kind kind, std::size_t begin, std::size_t end, bool closed) {
        if (begin >= end) return;
        TraceRegion region{kind, toOffset(begin), toOffset(end), 0, 0, closed};
        std::tie(region.textBegin, region.textEnd) =
            withoutMarks(m_text, region.begin, region.end, result.singleMarks, m_custom);
        result.regions.push_back(region);
    }

    TraceRegions result;

  private:
    std::string_view m_text;
    std::vector<RegionDelimiters> m_custom;  // and the pair in use
};

}  // namespace

TraceRegions cutRegions(std::string_view completion, std::string_view prompt,
                        const std::vector<RegionDelimiters>& custom) {
    RegionCutter cutter(completion, custom);
    const Marks marks = pairOf(completion, custom);
    const bool opened = opensThinking(prompt);
    if (!marks.second.empty())
        cutter.cut(marks, opened && !completion.starts_with(marks.first));
    else if (opened)
        cutter.add(TraceRegion::Kind::Think, 0, completion.size(), false);
    else if (completion.starts_with('<') && !completion.starts_with("<answer>") &&
             !completion.starts_with("<|"))
        cutter.cutSingle();
    else
        cutter.add(TraceRegion::Kind::Answer, 0, completion.size(), true);
    return std::move(cutter.result);
}

std::pair<std::int64_t, std::int64_t> withoutMarks(std::string_view text, std::int64_t begin,
                                                   std::int64_t end, bool singleMarks,
                                                   const std::vector<RegionDelimiters>& custom) {
    std::string_view part =
        text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(std::max(begin, end) - begin));
    const auto dropFront = [&](std::size_t bytes) {
        part.remove_prefix(bytes);
        begin += toOffset(bytes);
        return bytes > 0;
    };
    const auto dropBack = [&](std::size_t bytes) {
        part.remove_suffix(bytes);
        return bytes > 0;
    };
    const auto drop = [&](std::string_view mark) {
        if (mark.empty()) return false;
        if (part.starts_with(mark)) return dropFront(mark.size());
        return part.ends_with(mark) && dropBack(mark.size());
    };
    const std::string_view single = singleMarks ? "<>;" : "";
    const auto isBlank = [&](char c) { return white.find(c) != white.npos || single.find(c) != single.npos; };
    for (bool cut = true; cut && !part.empty();) {
        cut = isBlank(part.front()) ? dropFront(1) : isBlank(part.back()) && dropBack(1);
        for (const Marks& marks : pairs) cut = cut || drop(marks.first) || drop(marks.second);
        for (const std::string_view mark : otherMarks) cut = cut || drop(mark);
        for (const RegionDelimiters& own : custom) cut = cut || drop(own.opening) || drop(own.closing);
    }
    return {begin, begin + toOffset(part.size())};
}

}  // namespace retort
