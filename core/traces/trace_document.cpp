#include "core/traces/trace_document.h"

#include <algorithm>

#include "core/traces/step_rules.h"

namespace retort {

namespace {

using Range = std::pair<std::int64_t, std::int64_t>;

/// Puts a region's pieces into the document's steps.
class StepWriter {
  public:
    StepWriter(std::string_view text, std::vector<DocumentStep>& steps, bool singleMarks,
               const std::vector<RegionDelimiters>& custom)
        : m_text(text), m_steps(steps), m_singleMarks(singleMarks), m_custom(custom) {}

    void beginRegion(const TraceRegion& region, int index) {
        m_region = region;
        m_index = index;
        m_at = region.begin;
        m_first = m_steps.size();
    }

    void addStep(Range range, DocumentStep::Kind kind, StepVerdict verdict = StepVerdict::Unchecked,
                 std::string reason = {}) {
        if (m_steps.size() >= TraceDocument::maxSteps) return;
        const int number = kind == DocumentStep::Kind::Step ? ++m_number : 0;
        m_steps.push_back(
            {kind, number, m_index, range.first, range.second, 0, 0, verdict, std::move(reason)});
        m_at = range.second;
    }

    /// What lies between the last step and `until`, unless it is only marks.
    void addLoose(std::int64_t until) {
        const Range range = withoutMarks(m_text, m_at, until, m_singleMarks, m_custom);
        if (range.first < range.second) addStep(range, looseKind());
        m_at = std::max(m_at, until);
    }

    /// The shown ranges: each step reaches to the next one, the outer ones to the region's ends.
    void endRegion() {
        if (m_steps.size() == m_first) {
            if (m_first >= TraceDocument::maxSteps) {
                if (!m_steps.empty()) m_steps.back().shownEnd = m_region.end;
                return;
            }
            addStep({m_region.begin, m_region.end}, looseKind());
        }
        for (std::size_t i = m_first; i < m_steps.size(); ++i) {
            DocumentStep& step = m_steps[i];
            step.shownBegin = i == m_first ? m_region.begin : step.begin;
            step.shownEnd = i + 1 < m_steps.size() ? m_steps[i + 1].begin : m_region.end;
        }
    }

    DocumentStep::Kind looseKind() const {
        return m_region.kind == TraceRegion::Kind::Think ? DocumentStep::Kind::Text
                                                         : DocumentStep::Kind::Answer;
    }
    std::int64_t at() const { return m_at; }

  private:
    std::string_view m_text;
    std::vector<DocumentStep>& m_steps;
    bool m_singleMarks;
    const std::vector<RegionDelimiters>& m_custom;
    TraceRegion m_region;
    int m_index = 0, m_number = 0;
    std::int64_t m_at = 0;
    std::size_t m_first = 0;
};

/// A step across a border belongs to the region in which it begins, and ends there.
void writeMarked(StepWriter& writer, const std::vector<TraceStep>& sorted, const TraceRegion& region) {
    const auto begins = [](const TraceStep& step, std::int64_t at) { return step.begin < at; };
    auto step = region.begin == 0 ? sorted.begin()
                                  : std::lower_bound(sorted.begin(), sorted.end(), region.begin, begins);
    for (; step != sorted.end() && step->begin < region.end; ++step) {
        const std::int64_t begin = std::max(step->begin, writer.at());
        const std::int64_t end = std::min(step->end, region.end);
        if (begin >= end) continue;
        writer.addLoose(begin);
        writer.addStep({begin, end}, DocumentStep::Kind::Step, step->verdict, step->reason);
    }
    writer.addLoose(region.end);
}

}  // namespace

std::string_view name(StepRule rule) {
    switch (rule) {
        case StepRule::Automatic:
            return "automatic";
        case StepRule::Marks:
            return "marks";
        case StepRule::Paragraphs:
            return "paragraphs";
        case StepRule::Thoughts:
            return "thoughts";
        case StepRule::Expression:
            return "expression";
    }
    return "";
}

TraceDocument::TraceDocument(const Trace& trace, const StepCutting& cutting) : m_rule(cutting.rule) {
    const std::string_view text = trace.completion;
    m_plain = static_cast<std::int64_t>(text.size()) > plainBytes;
    if (m_rule == StepRule::Automatic) m_rule = trace.steps.empty() ? StepRule::Paragraphs : StepRule::Marks;
    if (m_plain) {
        const auto size = static_cast<std::int64_t>(text.size());
        m_regions = {{TraceRegion::Kind::Answer, 0, size, 0, size, true}};
        m_steps = {{DocumentStep::Kind::Answer, 0, 0, 0, size, 0, size, StepVerdict::Unchecked, {}}};
        return;
    }
    TraceRegions cut = cutRegions(text, trace.prompt, cutting.delimiters);
    m_regions = std::move(cut.regions);
    StepWriter writer(text, m_steps, cut.singleMarks, cutting.delimiters);
    std::vector<TraceStep> sorted = trace.steps;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.begin < b.begin; });
    const bool thinks = std::any_of(m_regions.begin(), m_regions.end(), [](const TraceRegion& region) {
        return region.kind == TraceRegion::Kind::Think;
    });
    for (std::size_t i = 0; i < m_regions.size(); ++i) {
        const TraceRegion& region = m_regions[i];
        writer.beginRegion(region, static_cast<int>(i));
        if (m_rule == StepRule::Marks) {
            writeMarked(writer, sorted, region);
        } else {
            const std::vector<Range> pieces =
                cutSteps(text, region, m_rule, cutting.expression,
                         cut.singleMarks && region.kind == TraceRegion::Kind::Think);
            // Without a think region the whole solution is one of steps.
            const bool steps = region.kind == TraceRegion::Kind::Think || (!thinks && pieces.size() > 1);
            for (const Range& piece : pieces)
                writer.addStep(piece, steps ? DocumentStep::Kind::Step : writer.looseKind());
        }
        writer.endRegion();
    }
}

int TraceDocument::stepAt(std::int64_t byte) const {
    const auto after =
        std::upper_bound(m_steps.begin(), m_steps.end(), byte,
                         [](std::int64_t at, const DocumentStep& s) { return at < s.shownBegin; });
    if (after == m_steps.begin() || byte >= std::prev(after)->shownEnd) return -1;
    return static_cast<int>(after - m_steps.begin()) - 1;
}

int TraceDocument::regionAt(std::int64_t byte) const {
    const auto after = std::upper_bound(m_regions.begin(), m_regions.end(), byte,
                                        [](std::int64_t at, const TraceRegion& r) { return at < r.begin; });
    if (after == m_regions.begin() || byte >= std::prev(after)->end) return -1;
    return static_cast<int>(after - m_regions.begin()) - 1;
}

std::pair<int, int> TraceDocument::stepsOf(int region) const {
    const auto before = [](const DocumentStep& step, int wanted) { return step.region < wanted; };
    const auto first = std::lower_bound(m_steps.begin(), m_steps.end(), region, before);
    const auto last = std::lower_bound(first, m_steps.end(), region + 1, before);
    return {static_cast<int>(first - m_steps.begin()), static_cast<int>(last - m_steps.begin())};
}

void TraceDocument::hideVerdicts() {
    for (DocumentStep& step : m_steps) {
        step.verdict = StepVerdict::Unchecked;
        step.reason.clear();
    }
}

int TraceDocument::firstWrong() const {
    const auto wrong = std::find_if(m_steps.begin(), m_steps.end(),
                                    [](const DocumentStep& s) { return s.verdict == StepVerdict::Wrong; });
    return wrong == m_steps.end() ? -1 : static_cast<int>(wrong - m_steps.begin());
}

}  // namespace retort
