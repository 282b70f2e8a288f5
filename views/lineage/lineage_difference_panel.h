// What differs between two checkpoints: the way that joins them, and a table of what is not equal along it.
#pragma once

#include <QWidget>
#include <memory>

#include "core/lineage/lineage_difference.h"

class QLabel;
class QTableWidget;

namespace retort {

class LineageDifferencePanel : public QWidget {
    Q_OBJECT
  public:
    explicit LineageDifferencePanel(QWidget* parent = nullptr);

    void clear();
    void wait();
    void show(const LineageGraph& graph, const LineageDifference& difference);
    QTableWidget* table() const { return m_table; }
    QLabel* way() const { return m_way; }

  private:
    void exportCsv();
    QLabel* m_way;
    QTableWidget* m_table;
};

}  // namespace retort
