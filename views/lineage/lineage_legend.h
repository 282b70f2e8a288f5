// What the colours and dashes of the graph's edges mean.
#pragma once

#include <QWidget>
#include <vector>

#include "core/lineage/lineage_graph.h"

namespace retort {

class LineageLegend : public QWidget {
    Q_OBJECT
  public:
    explicit LineageLegend(QWidget* parent = nullptr);
    /// Only the kinds that the graph has.
    void showKindsOf(const LineageGraph& graph);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<LineageKind> m_kinds;
};

}  // namespace retort
