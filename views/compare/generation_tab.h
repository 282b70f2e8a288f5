// One prompt, put to all compared checkpoints anew: their answers side by side, against the baseline's.
#pragma once

#include <QWidget>
#include <memory>

#include "core/comparison/comparison.h"
#include "views/compare/asked_prompt.h"

class QAction;
class QComboBox;
class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QMenu;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace retort {

class AnswerDiff;
class AnswerSession;
struct AnswerOutcome;
class Lab;
class TablePanel;

class GenerationTab : public QWidget {
    Q_OBJECT
  public:
    explicit GenerationTab(Lab& lab, QWidget* parent = nullptr);

    void setService(AnswerService service);
    /// Who is asked from now on; the baseline answers first. What was answered stays.
    void setCheckpoints(const std::vector<ComparedCheckpoint>& checkpoints, std::size_t baseline);
    /// Takes over its text; nothing is asked yet.
    void setProblem(const AskedProblem& problem);
    void generate();
    void cancel();
    bool isGenerating() const;

    QPlainTextEdit* prompt() const { return m_prompt; }
    QPushButton* runButton() const { return m_run; }
    QLabel* status() const { return m_status; }
    QDoubleSpinBox* temperature() const { return m_temperature; }
    QSpinBox* samples() const { return m_samples; }
    QComboBox* columns() const { return m_columns; }
    QMenu* history() const { return m_historyMenu; }
    TablePanel* table() const { return m_table; }
    AnswerDiff* answers() const { return m_answers; }
    /// What is shown; nothing: nothing was asked yet.
    const std::shared_ptr<AskedPrompt>& shown() const { return m_shown; }

  private:
    QWidget* makeBar();
    QWidget* makeResults();
    void makeCommands();
    AnswerSettings settings() const;
    bool canAsk() const;
    void began(int place);
    void answered(int place, const AnswerOutcome& outcome);
    void compareTokenizers();
    void open(const std::shared_ptr<AskedPrompt>& asked);
    void fillHistory();
    void showResults();
    void showAnswers();
    void showState();

    Lab& m_lab;
    std::vector<ComparedCheckpoint> m_checkpoints;  ///< the baseline first
    AskedProblem m_problem;
    AnswerSession* m_session;
    std::shared_ptr<AskedPrompt> m_running, m_shown;
    std::vector<std::size_t> m_places;                    ///< in m_running, of the session's
    std::vector<std::shared_ptr<AskedPrompt>> m_history;  ///< the newest first

    QPlainTextEdit* m_prompt;
    QDoubleSpinBox* m_temperature;
    QSpinBox *m_maxTokens, *m_samples, *m_seed;
    QPushButton* m_run;
    QAction *m_generate, *m_cancel;
    QProgressBar* m_progress;
    QLabel *m_status, *m_about;
    QComboBox* m_columns;
    QToolButton *m_historyButton, *m_export;
    QMenu* m_historyMenu;
    TablePanel* m_table;
    AnswerDiff* m_answers;
};

}  // namespace retort
