#include "views/compare/answer_diff.h"

#include <QCoreApplication>
#include <QEvent>

#include "core/analysis/word_diff.h"
#include "views/models/format.h"
#include "views/models/trace_segments.h"
#include "views/models/trace_step_model.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QString escaped(std::string_view text) {
    return toQString(text).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
}

std::string_view textOf(const Trace& trace, const TraceSegment& segment) {
    return std::string_view(trace.completion)
        .substr(static_cast<std::size_t>(segment.begin),
                static_cast<std::size_t>(segment.end - segment.begin));
}

/// The side `first` or second of the words, with what the other does not have marked.
QString markedWords(std::string_view text, const std::vector<DiffHunk>& hunks, bool first) {
    const Tones& t = tones();
    const QString style = QStringLiteral("<u style=\"background-color:%1\">%2</u>")
                              .arg(blend(t.surface, first ? t.bad : t.good, 0.22).name());
    QString html;
    for (const DiffHunk& hunk : hunks) {
        const std::size_t begin = first ? hunk.beginA : hunk.beginB, end = first ? hunk.endA : hunk.endB;
        if (begin == end) continue;
        const QString words = escaped(text.substr(begin, end - begin));
        html += hunk.same ? words : style.arg(words);
    }
    return html;
}

QString gutter(const TraceSegment& segment) {
    if (segment.kind != TraceSegment::Kind::Step) return {};
    const Tones& t = tones();
    const QColor color = segment.verdict == StepVerdict::Wrong     ? t.bad
                         : segment.verdict == StepVerdict::Correct ? t.good
                                                                   : t.muted;
    return QStringLiteral("<span style=\"color:%1\">%2&nbsp;%3</span>&nbsp;&nbsp;")
        .arg(color.name())
        .arg(segment.number)
        .arg(verdictGlyph(segment.verdict));
}

QString cell(const QString& content, const QColor& fill) {
    return QStringLiteral(
               "<td width=\"50%\" style=\"padding:3px 8px; background-color:%1\"><code>%2</code></td>")
        .arg(fill.name(), content);
}

QString headOf(const ShownAnswer& answer) {
    QString text = QStringLiteral("<b>%1</b>").arg(answer.checkpoint.toHtmlEscaped());
    if (answer.samples > 1)
        text += QStringLiteral(" · ") +
                AnswerDiff::tr("%1 of %2 samples right").arg(answer.correct).arg(answer.samples);
    if (!answer.trace)
        return text + QStringLiteral("<br>") +
               AnswerDiff::tr("No text of this answer was kept. (evaluation.traces says of how many.)")
                   .toHtmlEscaped();
    const Trace& trace = *answer.trace;
    const QString extracted =
        trace.extracted.empty() ? AnswerDiff::tr("none found") : toQString(trace.extracted);
    return text + QStringLiteral("<br><span style=\"color:%1\">%2 %3</span> · %4")
                      .arg((trace.correct ? tones().good : tones().bad).name(),
                           trace.correct ? QStringLiteral("✓") : QStringLiteral("✗"),
                           extracted.toHtmlEscaped(),
                           AnswerDiff::tr("%n token(s)", nullptr, trace.numTokens));
}

std::vector<std::string_view> segmentTexts(const Trace& trace, const std::vector<TraceSegment>& segments) {
    std::vector<std::string_view> texts;
    for (const TraceSegment& segment : segments) texts.push_back(textOf(trace, segment));
    return texts;
}

QString completionRows(const Trace* a, const Trace* b) {
    const std::vector<TraceSegment> segmentsA = a ? segmentTrace(*a) : std::vector<TraceSegment>(),
                                    segmentsB = b ? segmentTrace(*b) : std::vector<TraceSegment>();
    const auto textsA = a ? segmentTexts(*a, segmentsA) : std::vector<std::string_view>(),
               textsB = b ? segmentTexts(*b, segmentsB) : std::vector<std::string_view>();
    const Tones& t = tones();
    QString html;
    for (const AlignedSteps& pair : alignSteps(textsA, textsB)) {
        const std::string_view left = pair.a < 0 ? std::string_view() : textsA[std::size_t(pair.a)],
                               right = pair.b < 0 ? std::string_view() : textsB[std::size_t(pair.b)];
        // Where there is nothing to compare with, nothing is marked.
        const auto hunks =
            a && b ? diffWords(left, right) : std::vector<DiffHunk>{{0, left.size(), 0, right.size(), true}};
        const QColor plain = t.surface, missing = t.sunken;
        html += QStringLiteral("<tr>") +
                (pair.a < 0
                     ? cell({}, missing)
                     : cell(gutter(segmentsA[std::size_t(pair.a)]) + markedWords(left, hunks, true), plain)) +
                (pair.b < 0 ? cell({}, missing)
                            : cell(gutter(segmentsB[std::size_t(pair.b)]) + markedWords(right, hunks, false),
                                   plain)) +
                QStringLiteral("</tr>");
    }
    return html;
}

}  // namespace

QString answersHtml(const QString& problem, const ShownAnswer& first, const ShownAnswer& second) {
    const Trace* any = first.trace ? &*first.trace : second.trace ? &*second.trace : nullptr;
    QString html = QStringLiteral("<p><b>%1</b>").arg(problem.toHtmlEscaped());
    if (any)
        html +=
            QStringLiteral("<br><code>%1</code><br>%2 <code><b>%3</b></code>")
                .arg(escaped(any->prompt), AnswerDiff::tr("reference").toHtmlEscaped(), escaped(any->gold));
    html += QStringLiteral("</p><table width=\"100%\" cellspacing=\"1\" bgcolor=\"%1\"><tr>")
                .arg(tones().border.name());
    for (const ShownAnswer* each : {&first, &second})
        html += QStringLiteral("<td width=\"50%\" style=\"padding:4px 8px; background-color:%1\">%2</td>")
                    .arg(tones().surface.name(), headOf(*each));
    html += QStringLiteral("</tr>") +
            completionRows(first.trace ? &*first.trace : nullptr, second.trace ? &*second.trace : nullptr);
    return html + QStringLiteral("</table>");
}

QString answersText(const QString& problem, const ShownAnswer& first, const ShownAnswer& second) {
    QString text = problem + QLatin1Char('\n');
    if (const Trace* any = first.trace ? &*first.trace : second.trace ? &*second.trace : nullptr)
        text += toQString(any->prompt) + QLatin1Char('\n');
    for (const ShownAnswer* each : {&first, &second}) {
        text += QLatin1Char('\n') + each->checkpoint + QStringLiteral(":\n");
        if (each->trace) text += toQString(each->trace->completion) + QLatin1Char('\n');
    }
    return text;
}

AnswerDiff::AnswerDiff(QWidget* parent) : QTextBrowser(parent) {
    setOpenLinks(false);
    setUndoRedoEnabled(false);
    setAccessibleName(tr("The answers side by side"));
    setTabChangesFocus(true);
}

void AnswerDiff::showAnswers(const QString& problem, ShownAnswer first, ShownAnswer second) {
    m_problem = problem;
    m_first = std::move(first);
    m_second = std::move(second);
    setHtml(answersHtml(m_problem, m_first, m_second));
}

void AnswerDiff::showNothing(const QString& reason) {
    m_problem.clear();
    m_first = m_second = {};
    setPlainText(reason);
}

void AnswerDiff::changeEvent(QEvent* event) {
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_problem.isEmpty())
        setHtml(answersHtml(m_problem, m_first, m_second));
}

}  // namespace retort
