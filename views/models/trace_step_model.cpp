#include "views/models/trace_step_model.h"

#include <algorithm>

#include "views/models/format.h"

namespace retort {

QString verdictGlyph(StepVerdict verdict) {
    switch (verdict) {
        case StepVerdict::Correct:
            return QStringLiteral("✓");
        case StepVerdict::Wrong:
            return QStringLiteral("✗");
        case StepVerdict::Unchecked:
            break;
    }
    return QStringLiteral("·");
}

void TraceStepModel::setTrace(Trace trace) {
    beginResetModel();
    m_trace = std::move(trace);
    m_segments = segmentTrace(m_trace);
    endResetModel();
}

int TraceStepModel::rowAt(std::int64_t byte) const {
    const auto found = std::find_if(m_segments.begin(), m_segments.end(), [byte](const TraceSegment& s) {
        return s.begin <= byte && byte < s.end;
    });
    return found == m_segments.end() ? -1 : static_cast<int>(found - m_segments.begin());
}

int TraceStepModel::find(const QString& text, int from) const {
    const int count = rowCount();
    for (int i = 0; i < count && !text.isEmpty(); ++i) {
        const int row = (std::max(from, 0) + i) % count;
        if (textOf(m_segments[static_cast<std::size_t>(row)]).contains(text, Qt::CaseInsensitive)) return row;
    }
    return -1;
}

QString TraceStepModel::textOf(const TraceSegment& segment) const {
    return toQString(std::string_view(m_trace.completion)
                         .substr(static_cast<std::size_t>(segment.begin),
                                 static_cast<std::size_t>(segment.end - segment.begin)));
}

int TraceStepModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_segments.size());
}

QVariant TraceStepModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const TraceSegment& segment = m_segments[static_cast<std::size_t>(index.row())];
    const bool step = segment.kind == TraceSegment::Kind::Step;
    switch (role) {
        case Qt::DisplayRole:
            return textOf(segment);
        case Qt::ToolTipRole:
            return segment.reason.empty() ? QVariant() : QVariant(toQString(segment.reason));
        case Qt::AccessibleTextRole: {
            if (!step)
                return (segment.kind == TraceSegment::Kind::Answer ? tr("Answer") : tr("Thinking")) +
                       QStringLiteral(": ") + textOf(segment);
            const QString verdict = segment.verdict == StepVerdict::Correct ? tr("right")
                                    : segment.verdict == StepVerdict::Wrong ? tr("wrong")
                                                                            : tr("not checked");
            return tr("Step %1, %2: %3").arg(QString::number(segment.number), verdict, textOf(segment));
        }
        case KindRole:
            return static_cast<int>(segment.kind);
        case NumberRole:
            return segment.number;
        case VerdictRole:
            return static_cast<int>(segment.verdict);
        case ReasonRole:
            return toQString(segment.reason);
        default:
            return {};
    }
}

}  // namespace retort
