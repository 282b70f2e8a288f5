// "Judge traces": a model or the detectors say something of every step of the open trace, its group or the
// list; what they say goes into the store as lanes, trace by trace.
#pragma once

#include <QDialog>
#include <QPointer>
#include <QTimer>
#include <map>

#include "views/traces/branching/checkpoint_box.h"
#include "views/traces/judging/judge_session.h"
#include "views/traces/judging/judge_targets.h"

class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace retort {

class Lab;

class JudgeDialog : public QDialog {
    Q_OBJECT
  public:
    enum class Method { MonteCarlo, OmegaPrm, Prm, Critic, Detectors };

    JudgeDialog(Lab& lab, JudgeService service, TraceTargets targets, QWidget* parent = nullptr);

    QComboBox* scope() const { return m_scope; }
    QComboBox* method() const { return m_method; }
    CheckpointBox* checkpoints() const { return m_checkpoint; }
    QSpinBox* rollouts() const { return m_rollouts; }
    QSpinBox* most() const { return m_most; }
    QPushButton* runButton() const { return m_run; }
    QLabel* status() const { return m_status; }
    bool isBusy() const { return m_reading || m_session->isBusy(); }

    void start();
    void cancel();
    void done(int result) override;

  Q_SIGNALS:
    /// Lanes are in the store.
    void lanesKept();

  private:
    void makeFields();
    void readCheckpoints();
    void judge(std::vector<JudgeJob> jobs);
    std::vector<JudgeJob> jobsOf(const std::vector<TargetTrace>& traces,
                                 const std::map<RowId, std::string>& configs) const;
    void onJudged(const JudgedRow& row);
    void onEnded();
    void keep();
    void showMethod();
    void showState();
    Method chosenMethod() const;

    Lab& m_lab;
    TraceTargets m_targets;
    JudgeSession* m_session;
    std::vector<CheckpointChoice> m_allCheckpoints;
    std::vector<std::pair<RowId, std::vector<StepLane>>> m_new;  ///< not in the store yet
    QTimer m_keepTimer;
    bool m_reading = false;
    int m_keeping = 0;  ///< batches on their way
    qint64 m_total = 0, m_done = 0, m_said = 0, m_rolledOut = 0;
    QString m_error, m_note;

    QFormLayout* m_form;
    QComboBox *m_scope, *m_method;
    QSpinBox *m_most, *m_rollouts, *m_searches;
    QDoubleSpinBox* m_temperature;
    QLineEdit* m_lane;
    CheckpointBox* m_checkpoint;
    QLabel *m_about, *m_status;
    QProgressBar* m_progress;
    QPushButton* m_run;
};

}  // namespace retort
