// The open trace, a row a segment: steps with the checker's verdict, loose thinking, the answer.
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "core/traces/trace.h"
#include "views/models/trace_segments.h"

namespace retort {

class TraceStepModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role { KindRole = Qt::UserRole + 1, NumberRole, VerdictRole, ReasonRole };
    using QAbstractListModel::QAbstractListModel;

    void setTrace(Trace trace);
    const Trace& trace() const { return m_trace; }
    const std::vector<TraceSegment>& segments() const { return m_segments; }
    int firstWrong() const { return firstWrongSegment(m_segments); }
    /// The segment that holds this byte of the completion; -1: none.
    int rowAt(std::int64_t byte) const;
    /// Next row from `from` on (wrapping around) whose text has `text`; -1: none.
    int find(const QString& text, int from) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// "Editable" opens the text for selecting; there is no setData.
    Qt::ItemFlags flags(const QModelIndex& index) const override {
        const Qt::ItemFlags flags = QAbstractListModel::flags(index);
        return index.isValid() ? flags | Qt::ItemIsEditable : flags;
    }

  private:
    QString textOf(const TraceSegment& segment) const;

    Trace m_trace;
    std::vector<TraceSegment> m_segments;
};

/// ✓, ✗ or · for a verdict: what tells them apart without colour.
QString verdictGlyph(StepVerdict verdict);

}  // namespace retort
