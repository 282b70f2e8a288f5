// The controls above the reading view: how steps are cut, which token lane shades the text and in what units,
// and the lane's scale.
#pragma once

#include <QTimer>
#include <QWidget>

#include "core/traces/trace_document.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;

namespace retort {

class LaneLegend;
class TraceCanvas;

class ReaderBar : public QWidget {
    Q_OBJECT
  public:
    explicit ReaderBar(TraceCanvas& canvas, QWidget* parent = nullptr);

    StepCutting cutting() const;
    void setRule(StepRule rule);
    /// What is wrong with the expression; empty: nothing.
    void setProblem(const QString& problem);
    /// Offers the lanes that this trace has, and shows the chosen one's scale.
    void traceChanged();
    /// The next lane that the trace has, none after the last one.
    void cycleLane(int by);
    QMenu* menu() const { return m_menu; }  ///< of further choices of how the text looks
    QComboBox* lanes() const { return m_lane; }

  Q_SIGNALS:
    void cuttingChanged();

  private:
    void applyLane();

    TraceCanvas& m_canvas;
    QComboBox* m_rule;
    QLineEdit* m_expression;
    QLineEdit* m_marks;
    QComboBox* m_lane;
    QComboBox* m_unit;
    QCheckBox* m_extreme;
    LaneLegend* m_legend;
    QLabel* m_problem;
    QMenu* m_menu;
    QTimer m_pause;
};

}  // namespace retort
