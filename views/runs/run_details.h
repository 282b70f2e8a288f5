// Everything about one run beside the table: what it is and does, notes and tags to edit, its configuration,
// evaluations, checkpoints, alarms and messages.
#pragma once

#include <QTimer>
#include <optional>

#include "core/store/rows.h"
#include "views/models/priority_text.h"
#include "views/widgets/wrapping_tabs.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTableWidget;

namespace retort {

class AdoptionPanel;
class CheckpointPanel;
class Lab;

class RunDetails : public WrappingTabs {
    Q_OBJECT
  public:
    explicit RunDetails(Lab& lab, QWidget* parent = nullptr);

    /// nullptr: nothing is selected.
    void showRun(const RunRow* run);
    /// A second has gone by: what tells the time is told anew.
    void tick();
    RowId shownRun() const { return m_run ? m_run->id : 0; }
    void focusTags();
    void focusNotes();

  Q_SIGNALS:
    void tagsEdited(retort::RowId run, const QString& tags);
    void notesEdited(retort::RowId run, const QString& notes);
    /// Start a new run from this checkpoint.
    void startFromRequested(const QString& checkpointFolder);

  private:
    struct Loaded {
        std::vector<CheckpointRow> checkpoints;
        std::vector<EvaluationRow> evaluations;
        std::vector<AlarmRow> alarms;
        std::vector<MessageEvent> messages;
        std::optional<JobRow> job;
        RunPriority priority;
        std::string machine;  ///< where the run trains, if not here
        QString output;       ///< what the trainer printed, the end of it
    };
    QWidget* makeOverview();
    QWidget* makeConfig();
    QTableWidget* makeTable(const QStringList& headers, const QString& name);
    void fillOverview();
    void fillFacts(const RunRow& run);
    void load();
    void fill(const Loaded& loaded);
    void fillEvaluations(const std::vector<EvaluationRow>& evaluations);
    void commitNotes();

    Lab& m_lab;
    std::optional<RunRow> m_run;
    std::optional<JobRow> m_job;
    RunPriority m_priority;
    QTimer m_reload, m_notesPause;
    QLabel* m_facts;
    QLabel* m_error;
    AdoptionPanel* m_adoption;
    QLineEdit* m_tags;
    QPlainTextEdit* m_notes;
    QPlainTextEdit* m_config;
    QTableWidget* m_evaluations;
    CheckpointPanel* m_checkpoints;
    QTableWidget* m_alarms;
    QPlainTextEdit* m_messages;
    QPlainTextEdit* m_output;
};

}  // namespace retort
