// Runs of other programs, as runs of ours: in which folder, which of them, under which names; and what became
// of each.
#pragma once

#include <QDialog>
#include <vector>

#include "views/models/value_table_model.h"
#include "views/runs/adopting/adopt_job.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace retort {

class EmptyState;
class MappingPanel;
class TablePanel;

class AdoptDialog : public QDialog {
    Q_OBJECT
  public:
    AdoptDialog(Lab& lab, QWidget* parent);

    /// Looks through a folder, or at a file, of this machine at once.
    void look(const QString& folder);
    void reject() override;

    QComboBox* machine() const { return m_machine; }
    QLineEdit* folder() const { return m_folder; }
    QPushButton* lookButton() const { return m_look; }
    QTableView* table() const { return m_table; }
    FoundRunModel* model() const { return m_model; }
    MappingPanel* mapping() const { return m_mapping; }
    QLineEdit* tags() const { return m_tags; }
    QCheckBox* keepFollowing() const { return m_follow; }
    QPushButton* adoptButton() const { return m_adopt; }
    QPushButton* skipButton() const { return m_skip; }
    QLabel* status() const { return m_status; }
    TablePanel* problems() const { return m_problems; }

  Q_SIGNALS:
    void adopted(const std::vector<retort::RowId>& runs);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void makePlace();
    void makeTable();
    void makeChoices();
    void makeLayout();
    void connectJob();
    void loadMachines();
    void chooseFolder();
    void startLooking();
    void startAdopting();
    void toggleSelected();
    void showState();
    void showMapping();
    void onLooked(const AdoptJob::Findings& findings);
    void onMapped(const std::filesystem::path& table, const std::vector<FoundCandidate>& candidates,
                  const QString& error);
    void onRunAdopted(int row, const AdoptJob::Outcome& outcome);
    void onAdopted(const QString& error);
    void addProblem(const QString& run, const QString& text);
    void showProblems();

    Lab& m_lab;
    AdoptJob* m_job;
    FoundRunModel* m_model;
    std::vector<Machine> m_machines;
    AdoptJob::Findings m_findings;  ///< of the last look, its candidates moved into the model
    std::vector<RowId> m_adopted;
    std::vector<int> m_ordered;  ///< rows that are adopted now
    ValueTable m_problemTable;
    bool m_isAdopting = false, m_hasLooked = false;

    QComboBox* m_machine;
    QLineEdit *m_folder, *m_tags;
    QPushButton *m_browse, *m_look, *m_all, *m_none, *m_adopt, *m_skip, *m_close;
    QStackedWidget* m_stack;
    QTableView* m_table;
    EmptyState* m_empty;
    MappingPanel* m_mapping;
    QCheckBox* m_follow;
    QProgressBar* m_progress;
    QLabel* m_status;
    TablePanel* m_problems;
};

/// The local folders and files that something dragged holds.
QStringList droppedPaths(const QMimeData* data);

}  // namespace retort
