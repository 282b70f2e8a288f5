// "Rerank": what a judge's scores are worth at test time on the problems of the list, N answers against each
// other.
#pragma once

#include <QDialog>

#include "views/traces/judging/judge_targets.h"
#include "views/traces/judging/rerank.h"

class QComboBox;
class QLabel;

namespace retort {

class Lab;
class LaneBox;
class PlotView;
class TablePanel;

class RerankDialog : public QDialog {
    Q_OBJECT
  public:
    RerankDialog(Lab& lab, TraceTargets targets, QWidget* parent = nullptr);

    LaneBox* lane() const { return m_lane; }
    QComboBox* rule() const { return m_rule; }
    QLabel* summary() const { return m_summary; }
    TablePanel* table() const { return m_table; }
    const std::vector<RerankRow>& rows() const { return m_rows; }

  private:
    void compute();
    void showRows(std::vector<RerankRow> rows, std::size_t problems);

    Lab& m_lab;
    std::shared_ptr<const std::vector<std::pair<std::int64_t, Trace>>> m_traces;
    std::vector<RerankRow> m_rows;
    quint64 m_asked = 0;

    LaneBox* m_lane;
    QComboBox* m_rule;
    QLabel* m_summary;
    PlotView* m_plot;
    TablePanel* m_table;
};

}  // namespace retort
