// The place where checkpoints are set against each other: which is better, by how much, whether that is more
// than noise, and on which problems.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/comparison/comparison.h"
#include "views/compare/comparison_tables.h"

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QTabWidget;
class QTableView;
class QToolButton;

namespace retort {

class AnswerDiff;
class CheckpointChooser;
class ComparisonItemModel;
class EmptyState;
class FlipTable;
class InterpolationTab;
class Lab;
class PlotView;
class TablePanel;
class WeightsTab;

class ComparePage : public QWidget {
    Q_OBJECT
  public:
    explicit ComparePage(Lab& lab, QWidget* parent = nullptr);
    ~ComparePage() override;

    /// What is compared; the first is the baseline unless another was chosen before.
    void setCheckpoints(std::vector<CheckpointRef> checkpoints);
    const std::vector<CheckpointRef>& checkpoints() const { return m_refs; }
    void setBaseline(const CheckpointRef& baseline);
    /// Empty: all that they have in common.
    void setEvaluation(const std::string& name);
    /// Whether the numbers shown are those of what is chosen.
    bool isUpToDate() const { return m_shown == m_wanted; }

    TablePanel* table() const { return m_table; }
    FlipTable* flips() const { return m_flips; }
    ComparisonItemModel* itemModel() const { return m_items; }
    QTableView* itemView() const { return m_itemView; }
    AnswerDiff* answers() const { return m_answers; }
    WeightsTab* weights() const { return m_weights; }
    InterpolationTab* interpolation() const { return m_interpolation; }
    QTabWidget* tabs() const { return m_tabs; }
    const std::shared_ptr<const ComparisonResult>& result() const { return m_result; }

    void save(const QString& name);
    void reopen(const SavedComparison& comparison);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* makeBar();
    QWidget* makeProblems();
    QWidget* makeGroups();
    QWidget* makeLengths();
    QWidget* makeCalibration();
    void makeEmptyStates();
    void makeCommands();
    QToolButton* button(QAction* action, bool withText);

    void take(std::vector<CheckpointRef> checkpoints);
    void fromSelection();
    void chooseMore();
    void removeSelected();
    void toggleParent();
    void askName();
    void fillSaved();
    void exportJson();

    void recompute();
    void accept(std::shared_ptr<const ComparisonResult> result);
    void showState();
    void showHead();
    void showCharts();
    void showFlips();
    void applyItemFilter();
    void openItem();
    void loadCalibration();
    std::vector<std::size_t> selectedRows() const;
    /// The checkpoint that is set against the baseline below: the current row, else the first other one.
    std::size_t other() const;

    Lab& m_lab;
    std::vector<CheckpointRef> m_refs, m_parents;
    CheckpointRef m_baseline;
    std::string m_evaluation, m_savedHash;
    std::shared_ptr<const ComparisonResult> m_result;
    std::stop_source m_stop;
    QTimer m_openTimer;
    int m_wanted = 0, m_shown = 0;
    quint64 m_itemAsked = 0;
    bool m_anything = true, m_touched = false, m_calibrated = false;

    QComboBox* m_evaluations;
    QLabel* m_notes;
    QMenu* m_savedMenu;
    QAction *m_setBaseline, *m_parent, *m_remove, *m_saveAction, *m_json;
    TablePanel *m_table, *m_groups, *m_merges, *m_lengths, *m_calibration;
    QComboBox* m_grouping;
    FlipTable* m_flips;
    QLineEdit* m_itemSearch;
    QLabel* m_itemCount;
    ComparisonItemModel* m_items;
    QTableView* m_itemView;
    AnswerDiff* m_answers;
    PlotView *m_lengthPlot, *m_reliability;
    WeightsTab* m_weights;
    InterpolationTab* m_interpolation;
    QTabWidget* m_tabs;
    QStackedWidget* m_stack;
    EmptyState *m_nothing, *m_noneChosen;
    QWidget* m_content;
};

}  // namespace retort
