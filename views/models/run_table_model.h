// All runs of the store as a table. Rows are kept by id and changed by difference, so that selection, scroll
// position and the proxies above survive every live update.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QStringList>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class RunTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    /// The fixed columns; metric columns follow them.
    enum Column {
        Name,
        State,
        Recipe,
        Step,
        Trend,
        Tags,
        Notes,
        Created,
        Duration,
        BackendColumn,
        Uuid,
        FixedColumns
    };
    enum Role {
        SortRole = Qt::UserRole + 1,
        IdRole,        ///< qlonglong
        StateRole,     ///< the state's name in the store
        ProgressRole,  ///< 0 … 1, invalid when unknown
        ActiveRole,
        ArchivedRole,
        TagsRole,        ///< QStringList
        SearchRole,      ///< QString, lower case: what the search box looks through
        StateColorRole,  ///< QColor
        TrendRole,       ///< QList<QPointF>, x and y in 0 … 1
    };

    explicit RunTableModel(QObject* parent = nullptr);

    /// Replaces the content by the smallest changes.
    void setRuns(std::vector<RunRow> runs);
    /// Changes one row, or appends it when it is new.
    void updateRun(RunRow run);
    /// Recomputes the durations of running runs.
    void tick();
    void setTrend(RowId run, QList<QPointF> points);
    bool hasTrend(RowId run) const { return m_trends.contains(run); }
    void forgetTrend(RowId run) { m_trends.remove(run); }

    void setMetrics(const QStringList& names);
    const QStringList& metrics() const { return m_metrics; }
    /// Every metric that some run has, sorted.
    QStringList knownMetrics() const;
    /// loss, reward, accuracies and mean length, as far as the runs have them.
    QStringList defaultMetrics() const;

    const RunRow* run(RowId id) const;
    const RunRow& at(int row) const { return m_runs[static_cast<std::size_t>(row)]; }
    int rowOf(RowId id) const;  ///< -1: not here
    /// Stable name of a column for settings: "name", "state", … "metric:loss".
    QString columnKey(int column) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    /// Name, tags and notes are asked to be changed (edited()); the row follows when the store has it.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

  Q_SIGNALS:
    void edited(retort::RowId run, int column, const QString& text);

  private:
    QVariant text(const RunRow& run, int column) const;
    QVariant sortKey(const RunRow& run, int column) const;
    QString toolTip(const RunRow& run, int column) const;
    void replaceRow(int row, RunRow run);
    void reindexFrom(int row);

    std::vector<RunRow> m_runs;
    QHash<RowId, int> m_rows;
    QHash<RowId, QList<QPointF>> m_trends;
    mutable QHash<RowId, QString> m_searchTexts;
    QStringList m_metrics;
};

}  // namespace retort
