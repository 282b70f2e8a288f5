#include "views/models/trace_segments.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace retort {

namespace {

constexpr std::string_view closingTag = "</think>";
constexpr std::string_view openingTag = "<think>";

bool opensThinking(std::string_view completion) {
    return completion.starts_with('<');
}

/// The part of [begin, end) without the marks and the white space around it.
std::pair<std::int64_t, std::int64_t> trimmed(std::string_view text, std::int64_t begin, std::int64_t end) {
    const auto part = [&] {
        return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    };
    const auto isMark = [](char c) {
        return std::string_view("<>; \t\r\n").find(c) != std::string_view::npos;
    };
    for (bool cut = true; cut && begin < end;) {
        cut = true;
        if (part().starts_with(openingTag)) {
            begin += static_cast<std::int64_t>(openingTag.size());
        } else if (part().starts_with(closingTag)) {
            begin += static_cast<std::int64_t>(closingTag.size());
        } else if (part().ends_with(closingTag)) {
            end -= static_cast<std::int64_t>(closingTag.size());
        } else if (isMark(part().front())) {
            ++begin;
        } else if (isMark(part().back())) {
            --end;
        } else {
            cut = false;
        }
    }
    return {begin, std::max(begin, end)};
}

class Cutter {
  public:
    explicit Cutter(const Trace& trace) : m_text(trace.completion), m_thinkEnd(thinkEnd(trace.completion)) {
        if (m_thinkEnd < 0) m_thinkEnd = opensThinking(m_text) ? size() : 0;
    }

    void addStep(const TraceStep& step) {
        const std::int64_t begin = std::clamp(step.begin, m_at, size());
        const std::int64_t end = std::clamp(step.end, begin, size());
        if (begin == end) return;
        addBetween(begin);
        m_segments.push_back({TraceSegment::Kind::Step, ++m_steps, begin, end, step.verdict, step.reason});
        m_at = end;
    }

    /// What lies between the last segment and `until`: thinking before the end of the think region, answer
    /// behind it.
    void addBetween(std::int64_t until) {
        const std::int64_t border = std::clamp(m_thinkEnd, m_at, until);
        addText(TraceSegment::Kind::Text, m_at, border);
        addText(TraceSegment::Kind::Answer, border, until);
        m_at = until;
    }

    std::vector<TraceSegment> finish() {
        addBetween(size());
        return std::move(m_segments);
    }

  private:
    std::int64_t size() const { return static_cast<std::int64_t>(m_text.size()); }

    void addText(TraceSegment::Kind kind, std::int64_t begin, std::int64_t end) {
        std::tie(begin, end) = trimmed(m_text, begin, end);
        if (begin < end) m_segments.push_back({kind, 0, begin, end, StepVerdict::Unchecked, {}});
    }

    std::string_view m_text;
    std::int64_t m_thinkEnd = 0, m_at = 0;
    int m_steps = 0;
    std::vector<TraceSegment> m_segments;
};

}  // namespace

std::int64_t thinkEnd(std::string_view completion) {
    if (const auto tag = completion.find(closingTag); tag != std::string_view::npos) {
        return static_cast<std::int64_t>(tag + closingTag.size());
    }
    if (!opensThinking(completion) || completion.starts_with(openingTag)) return -1;
    const auto close = completion.find('>');
    return close == std::string_view::npos ? -1 : static_cast<std::int64_t>(close) + 1;
}

std::vector<TraceSegment> segmentTrace(const Trace& trace) {
    std::vector<TraceStep> steps = trace.steps;
    std::stable_sort(steps.begin(), steps.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    Cutter cutter(trace);
    for (const TraceStep& step : steps) cutter.addStep(step);
    return cutter.finish();
}

int firstWrongSegment(const std::vector<TraceSegment>& segments) {
    const auto wrong = std::find_if(segments.begin(), segments.end(),
                                    [](const TraceSegment& s) { return s.verdict == StepVerdict::Wrong; });
    return wrong == segments.end() ? -1 : static_cast<int>(wrong - segments.begin());
}

}  // namespace retort
