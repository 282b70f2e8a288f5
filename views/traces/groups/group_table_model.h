// A prompt's whole group side by side: a column a sample, a row a step, all answers in the last row.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/store/rows.h"
#include "views/models/trace_segments.h"

namespace retort {

/// What stands on top of a sample's column. Shares are of the group's range: what bars draw.
struct SampleFacts {
    struct Part {
        QString name, value;
        double share = 0;  ///< 0 the group's least, 1 its most
        bool operator==(const Part&) const = default;
    };
    QString title;  ///< "#1"
    bool correct = false;
    QString verdict;          ///< "✓ 46"
    std::vector<Part> parts;  ///< reward, its components, advantage, length: the same in every column
    QString finish;           ///< empty: it stopped by itself

    bool operator==(const SampleFacts&) const = default;
};

class GroupTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Role { KindRole = Qt::UserRole + 1, NumberRole, VerdictRole, ReasonRole, FactsRole };
    using QAbstractTableModel::QAbstractTableModel;

    void setGroup(const std::vector<std::pair<RowId, Trace>>& group);
    RowId idAt(int column) const { return m_samples[static_cast<std::size_t>(column)].id; }
    int columnOf(RowId id) const;  ///< -1: not in it
    const SampleFacts& facts(int column) const { return m_samples[static_cast<std::size_t>(column)].facts; }
    /// The row of a step of a sample by its number, or of its answer (0).
    int rowOfStep(int column, int number) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    struct Cell {
        QString text;
        TraceSegment segment;
    };
    struct Sample {
        RowId id = 0;
        SampleFacts facts;
        std::vector<Cell> steps;
        Cell answer;  ///< without text: none
    };
    const Cell* cellAt(int row, int column) const;

    std::vector<Sample> m_samples;
    int m_steps = 0;  ///< rows above the answers
};

/// The facts of all samples, on common scales.
std::vector<SampleFacts> groupFacts(const std::vector<std::pair<RowId, Trace>>& group);

}  // namespace retort

Q_DECLARE_METATYPE(retort::SampleFacts)
