// The samples of one prompt's group side by side: what the group panel draws as cards.
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class TraceGroupModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        CorrectRole,
        LinesRole,   ///< QStringList: reward and its components, advantage, length
        RewardRole,  ///< double; invalid: none
    };
    using QAbstractListModel::QAbstractListModel;

    void setGroup(std::vector<std::pair<RowId, Trace>> group);
    int rowOf(RowId id) const;
    RowId idAt(int row) const { return m_group[static_cast<std::size_t>(row)].first; }
    const Trace& at(int row) const { return m_group[static_cast<std::size_t>(row)].second; }
    /// Whether all rewards are equal: such a group teaches a group-relative method nothing.
    bool hasNoSpread() const;
    /// How many of them were branched off the others; these are no samples of the group.
    int branches() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  private:
    QStringList lines(const Trace& trace) const;
    std::vector<std::pair<RowId, Trace>> m_group;
};

/// "#3", and of a continuation whose it is.
QString sampleTitle(const Trace& trace);

}  // namespace retort
