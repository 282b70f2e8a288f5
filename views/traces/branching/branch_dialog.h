// "Go on from here": a trace's text up to a step, to be edited or gone on with as it is; a checkpoint writes
// the rest, and what it wrote is judged and kept as branches.
#pragma once

#include <QDialog>

#include "views/traces/branching/branch_traces.h"
#include "views/traces/branching/checkpoint_box.h"

class QDialogButtonBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTreeView;

namespace retort {

class AnswerSession;
struct AnswerOutcome;
class Lab;
class ValueTableModel;

class BranchDialog : public QDialog {
    Q_OBJECT
  public:
    BranchDialog(Lab& lab, AnswerService service, BranchPoint from, QWidget* parent = nullptr);

    QPlainTextEdit* text() const { return m_text; }
    CheckpointBox* checkpoints() const { return m_checkpoint; }
    QSpinBox* samples() const { return m_samples; }
    QDoubleSpinBox* temperature() const { return m_temperature; }
    QPushButton* runButton() const { return m_run; }
    QLabel* status() const { return m_status; }
    ValueTableModel* results() const { return m_model; }
    bool isGenerating() const;

    void generate();
    void cancel();
    void done(int result) override;

  Q_SIGNALS:
    /// Branches are in the store.
    void kept(retort::RowId run);

  private:
    QWidget* makeText();
    QWidget* makeSettings();
    void readAround();
    void answered(const AnswerOutcome& outcome);
    void ended();
    void keep();
    void showResults();
    void showState();

    Lab& m_lab;
    BranchPoint m_from;
    BranchJudge m_judge;
    AnswerSession* m_session;
    bool m_isRead = false, m_keeping = false, m_closing = false;
    std::string m_prefix, m_usedCheckpoint;
    std::int64_t m_usedStep = 0;
    int m_asked = 0;
    QString m_error;
    std::vector<Trace> m_new;    ///< of what runs, not kept yet
    std::vector<Trace> m_shown;  ///< all of this dialog
    int m_kept = 0;

    QPlainTextEdit* m_text;
    QLabel *m_about, *m_status;
    CheckpointBox* m_checkpoint;
    QSpinBox *m_samples, *m_maxTokens, *m_seed;
    QDoubleSpinBox* m_temperature;
    QPushButton* m_run;
    QProgressBar* m_progress;
    ValueTableModel* m_model;
    QTreeView* m_results;
};

}  // namespace retort
