// Which columns the run table shows, in what order and how wide; remembered in the store.
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>

#include "core/util/json.h"

class QHeaderView;
class QTableView;

namespace retort {

class RunTableModel;

class RunColumns : public QObject {
    Q_OBJECT
  public:
    RunColumns(QTableView* table, RunTableModel* model, QObject* parent);

    /// What was remembered; before the first apply().
    void setSaved(Json saved) { m_saved = std::move(saved); }
    /// Shows the metrics that the runs have, and once, as soon as there is a run, order and widths as
    /// remembered.
    void apply();
    /// Lets the user choose columns, at the pointer.
    void openMenu();
    /// Calls `write` with the columns as they are now, if they are not as they were remembered.
    void remember(const std::function<void(const Json&)>& write);

  Q_SIGNALS:
    void chosen();  ///< the user chose other metrics

  private:
    void chooseMetrics();
    void showMetrics(const QStringList& names);
    void setWidths();

    QTableView* m_table;
    RunTableModel* m_model;
    QHeaderView* m_header;
    Json m_saved;
    bool m_metricsChosen = false, m_applied = false;
};

}  // namespace retort
