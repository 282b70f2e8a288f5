// "Make a PRM dataset": the steps of the listed traces with one judge's labels, as a file that the recipe prm
// learns from, and a run designed for it.
#pragma once

#include <QDialog>

#include "views/traces/judging/closed_loop.h"
#include "views/traces/judging/judge_targets.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace retort {

class Lab;
class LaneBox;

class PrmDatasetDialog : public QDialog {
    Q_OBJECT
  public:
    PrmDatasetDialog(Lab& lab, TraceTargets targets, QWidget* parent = nullptr);

    LaneBox* lane() const { return m_lane; }
    QDoubleSpinBox* threshold() const { return m_threshold; }
    QComboBox* neutral() const { return m_neutral; }
    QLineEdit* file() const { return m_file; }
    QLabel* summary() const { return m_summary; }
    QPushButton* saveButton() const { return m_save; }

    void save();

  Q_SIGNALS:
    void designRequested(const QString& yaml);

  private:
    void read();
    void showLabels();
    StepLabels labels() const;

    Lab& m_lab;
    TraceTargets m_targets;
    std::vector<Trace> m_traces;
    std::string m_config, m_checkpoint;  ///< of the run of the first trace
    bool m_isRead = false;

    LaneBox* m_lane;
    QDoubleSpinBox* m_threshold;
    QComboBox* m_neutral;
    QLineEdit* m_file;
    QLabel* m_summary;
    QPushButton* m_save;
};

}  // namespace retort
