#include "views/compare/answer_diff.h"

#include <QCoreApplication>
#include <QEvent>
#include <QScrollBar>
#include <algorithm>

#include "core/analysis/word_diff.h"
#include "views/models/format.h"
#include "views/models/trace_segments.h"
#include "views/models/verdict_glyph.h"
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

QString headOf(const ShownAnswer& answer) {
    QString text = QStringLiteral("<b>%1</b>").arg(answer.checkpoint.toHtmlEscaped());
    if (!answer.facts.isEmpty()) text += QStringLiteral("<br>") + answer.facts.toHtmlEscaped();
    if (answer.samples > 1)
        text += QStringLiteral(" · ") +
                AnswerDiff::tr("%1 of %2 samples right").arg(answer.correct).arg(answer.samples);
    if (!answer.trace)
        return text + QStringLiteral("<br>") +
               (answer.missing.isEmpty()
                    ? AnswerDiff::tr("No text of this answer was kept. (evaluation.traces says of how many.)")
                    : answer.missing)
                   .toHtmlEscaped();
    if (!answer.facts.isEmpty()) return text;
    const Trace& trace = *answer.trace;
    const QString extracted =
        trace.extracted.empty() ? AnswerDiff::tr("none found") : toQString(trace.extracted);
    return text + QStringLiteral("<br><span style=\"color:%1\">%2 %3</span> · %4")
                      .arg((trace.correct ? tones().good : tones().bad).name(),
                           trace.correct ? QStringLiteral("✓") : QStringLiteral("✗"),
                           extracted.toHtmlEscaped(),
                           AnswerDiff::tr("%n token(s)", nullptr, trace.numTokens));
}

/// One answer cut into what stands in rows.
struct Column {
    const Trace* trace = nullptr;
    std::vector<TraceSegment> segments;
    std::vector<std::string_view> texts;

    explicit Column(const ShownAnswer& answer) : trace(answer.trace ? &*answer.trace : nullptr) {
        if (!trace) return;
        segments = segmentTrace(*trace);
        for (const TraceSegment& segment : segments) texts.push_back(textOf(*trace, segment));
    }
};

/// A segment of each column; -1: nothing stands there.
using Row = std::vector<int>;

/// The first column's segments in their order, the others' beside those that they stand against, and between
/// them what the first does not have.
std::vector<Row> alignColumns(const std::vector<Column>& columns) {
    const std::size_t steps = columns[0].texts.size();
    std::vector<Row> against(steps, Row(columns.size(), -1));
    std::vector<std::vector<Row>> before(steps + 1);
    for (std::size_t i = 0; i < steps; ++i) against[i][0] = static_cast<int>(i);
    for (std::size_t k = 1; k < columns.size(); ++k) {
        std::size_t at = 0, more = 0;
        for (const AlignedSteps& pair : alignSteps(columns[0].texts, columns[k].texts)) {
            if (pair.a >= 0) {
                against[std::size_t(pair.a)][k] = pair.b;
                at = std::size_t(pair.a) + 1;
                more = 0;
            } else {
                if (before[at].size() == more) before[at].push_back(Row(columns.size(), -1));
                before[at][more++][k] = pair.b;
            }
        }
    }
    std::vector<Row> rows;
    for (std::size_t i = 0; i <= steps; ++i) {
        rows.insert(rows.end(), before[i].begin(), before[i].end());
        if (i < steps) rows.push_back(against[i]);
    }
    return rows;
}

QString cell(const QString& content, const QColor& fill, const QString& width) {
    return QStringLiteral("<td width=\"%1\" style=\"padding:3px 8px; background-color:%2\">%3</td>")
        .arg(width, fill.name(), content);
}

QString rowHtml(const std::vector<Column>& columns, const Row& row, const QString& width) {
    const auto textAt = [&](std::size_t k) {
        return row[k] < 0 ? std::string_view() : columns[k].texts[std::size_t(row[k])];
    };
    QString html = QStringLiteral("<tr>");
    for (std::size_t k = 0; k < columns.size(); ++k) {
        if (row[k] < 0) {
            html += cell({}, tones().sunken, width);
            continue;
        }
        // The first is marked against the other one, where there is only one; the others against the first.
        // Where there is nothing to compare with, nothing is marked.
        const bool first = k == 0, pair = columns.size() == 2;
        const std::size_t other = first ? 1 : 0;
        const bool marks = (!first || pair) && columns[other].trace;
        const std::string_view text = textAt(k);
        const auto hunks = marks ? (first ? diffWords(text, textAt(other)) : diffWords(textAt(other), text))
                                 : std::vector<DiffHunk>{{0, text.size(), 0, text.size(), true}};
        html += cell(QStringLiteral("<code>") + gutter(columns[k].segments[std::size_t(row[k])]) +
                         markedWords(text, hunks, first) + QStringLiteral("</code>"),
                     tones().surface, width);
    }
    return html + QStringLiteral("</tr>");
}

const Trace* anyTrace(const std::vector<ShownAnswer>& answers) {
    for (const ShownAnswer& each : answers)
        if (each.trace) return &*each.trace;
    return nullptr;
}

}  // namespace

QString answersHtml(const ShownProblem& problem, const std::vector<ShownAnswer>& answers, int columnWidth) {
    const Trace* any = anyTrace(answers);
    QString html = QStringLiteral("<p><b>%1</b>").arg(problem.name.toHtmlEscaped());
    if (any) html += QStringLiteral("<br><code>%1</code>").arg(escaped(any->prompt));
    if (any && !any->gold.empty())
        html += QStringLiteral("<br>%1 <code><b>%2</b></code>")
                    .arg(AnswerDiff::tr("reference").toHtmlEscaped(), escaped(any->gold));
    html += QStringLiteral("</p>");
    if (!answers.empty()) {
        const int count = static_cast<int>(answers.size());
        const QString width =
            columnWidth > 0 ? QString::number(columnWidth) : QStringLiteral("%1%").arg(100 / count);
        html += QStringLiteral("<table width=\"%1\" cellspacing=\"1\" bgcolor=\"%2\"><tr>")
                    .arg(columnWidth > 0 ? QString::number(columnWidth * count) : QStringLiteral("100%"),
                         tones().border.name());
        for (const ShownAnswer& each : answers) html += cell(headOf(each), tones().surface, width);
        html += QStringLiteral("</tr>");
        const std::vector<Column> columns(answers.begin(), answers.end());
        for (const Row& row : alignColumns(columns)) html += rowHtml(columns, row, width);
        html += QStringLiteral("</table>");
    }
    if (!problem.hint.isEmpty())
        html += QStringLiteral("<p style=\"color:%1\">%2</p>")
                    .arg(tones().muted.name(), problem.hint.toHtmlEscaped());
    return html;
}

QString answersText(const ShownProblem& problem, const std::vector<ShownAnswer>& answers) {
    QString text = problem.name + QLatin1Char('\n');
    if (const Trace* any = anyTrace(answers)) text += toQString(any->prompt) + QLatin1Char('\n');
    for (const ShownAnswer& each : answers) {
        text += QLatin1Char('\n') + each.checkpoint + QStringLiteral(":\n");
        if (each.trace)
            text += toQString(each.trace->completion) + QLatin1Char('\n');
        else if (!each.missing.isEmpty())
            text += each.missing + QLatin1Char('\n');
    }
    return text;
}

AnswerDiff::AnswerDiff(QWidget* parent) : QTextBrowser(parent) {
    setOpenLinks(false);
    setUndoRedoEnabled(false);
    setAccessibleName(tr("The answers side by side"));
    setTabChangesFocus(true);
}

void AnswerDiff::showAnswers(const ShownProblem& problem, std::vector<ShownAnswer> answers) {
    m_problem = problem;
    m_answers = std::move(answers);
    render();
}

// Narrower than a short line they would be hard to read: then they are scrolled through.
int AnswerDiff::columnWidth() const {
    const int character = fontMetrics().averageCharWidth(), count = static_cast<int>(m_answers.size());
    return count < 3 || viewport()->width() / count >= 24 * character ? 0 : 36 * character;
}

void AnswerDiff::render() {
    const int across = horizontalScrollBar()->value();
    m_columnWidth = columnWidth();
    setHtml(answersHtml(m_problem, m_answers, m_columnWidth));
    horizontalScrollBar()->setValue(across);
}

void AnswerDiff::showNothing(const QString& reason) {
    m_problem = {};
    m_answers.clear();
    setPlainText(reason);
}

void AnswerDiff::resizeEvent(QResizeEvent* event) {
    QTextBrowser::resizeEvent(event);
    if (!m_answers.empty() && columnWidth() != m_columnWidth) render();
}

void AnswerDiff::changeEvent(QEvent* event) {
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_answers.empty()) render();
}

}  // namespace retort
