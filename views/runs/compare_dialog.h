// Two or more runs side by side: the configuration keys that differ, and the last value of every metric.
#pragma once

#include <QDialog>
#include <vector>

#include "core/store/rows.h"

class QTableWidget;

namespace retort {

class CompareDialog : public QDialog {
    Q_OBJECT
  public:
    explicit CompareDialog(std::vector<RunRow> runs, QWidget* parent = nullptr);

    QTableWidget* configTable() const { return m_config; }
    QTableWidget* metricTable() const { return m_metrics; }
    /// Both tables, one below the other.
    QString text(bool csv) const;

  private:
    QTableWidget* makeTable(const QString& firstColumn, const QString& name);
    void fillConfig();
    void fillMetrics();
    void exportCsv();

    std::vector<RunRow> m_runs;
    QTableWidget* m_config;
    QTableWidget* m_metrics;
};

}  // namespace retort
