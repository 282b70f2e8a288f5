// The problems of a comparison, one column a checkpoint; those that a filter leaves.
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <optional>
#include <vector>

#include "core/comparison/comparison_scores.h"

namespace retort {

class ComparisonItemModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Role { ExactRole = Qt::UserRole + 1 };
    enum Column { Problem, Task, FirstCheckpoint };

    /// Which problems are shown.
    struct Filter {
        QString text;                                       ///< in the problem's id or the task's name
        std::optional<std::vector<std::uint32_t>> items{};  ///< only these (a group of a table)
        std::optional<FlipCell> cell{};                     ///< of the two checkpoints
        std::size_t first = 0, second = 0;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setComparison(std::shared_ptr<const Comparison> comparison);
    void setFilter(const Filter& filter);
    /// The comparison's item in a row; -1: there is no such row.
    std::int64_t itemAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void refilter();
    bool accepts(std::size_t item) const;

    std::shared_ptr<const Comparison> m_comparison;
    Filter m_filter;
    std::vector<std::uint32_t> m_items;
};

}  // namespace retort
