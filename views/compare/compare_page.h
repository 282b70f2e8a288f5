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
#include "views/compare/answer_service.h"
#include "views/compare/comparison_query.h"

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
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
class GenerationTab;
class Lab;
class PlotView;
class RelativesStrip;
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
    /// How checkpoints are asked; without it nothing can be asked.
    void setAnswerService(AnswerService service);
    /// Whether the numbers shown are those of what is chosen; intervals of the differences may come later.
    bool isUpToDate() const { return m_shown == m_wanted; }

    /// Only the problems of a group; nothing: all.
    void setGroup(const std::optional<ProblemGroup>& group);
    /// Takes the opened problem to the tab that asks.
    void askAgain();

    TablePanel* table() const { return m_table; }
    FlipTable* flips() const { return m_flips; }
    ComparisonItemModel* itemModel() const { return m_items; }
    QTableView* itemView() const { return m_itemView; }
    AnswerDiff* answers() const { return m_answers; }
    WeightsTab* weights() const { return m_weights; }
    InterpolationTab* interpolation() const { return m_interpolation; }
    GenerationTab* generation() const { return m_generation; }
    TablePanel* groups() const { return m_groups; }
    TablePanel* merges() const { return m_merges; }
    RelativesStrip* relatives() const { return m_relatives; }
    QPushButton* groupChip() const { return m_groupChip; }
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
    void useLineage(bool on);
    void showGroupOfRow(int row);
    void askName();
    void fillSaved();
    void exportJson();

    void recompute();
    ComparisonRequest request() const;
    void accept(std::shared_ptr<const ComparisonResult> result);
    void acceptRest(std::shared_ptr<const ComparisonResult> result);
    void showGroups(int grouping);
    void showState();
    void showHead();
    void showCharts();
    void showFlips();
    void applyItemFilter();
    void openItem();
    void loadCalibration();
    std::vector<std::size_t> selectedRows() const;
    const std::vector<ProblemGroup>& shownGroups() const;
    void keepGroup();
    PairedCounts flipsOfGroup(std::size_t second) const;
    /// The checkpoint that is set against the baseline below: the current row, else the first other one.
    std::size_t other() const;

    Lab& m_lab;
    std::vector<CheckpointRef> m_refs;
    std::optional<std::vector<CheckpointRef>> m_parents;  ///< marked by hand; nothing: lineage says them
    std::optional<ProblemGroup> m_group;
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
    RelativesStrip* m_relatives;
    QMenu* m_savedMenu;
    QAction *m_setBaseline, *m_parent, *m_lineageParents, *m_remove, *m_saveAction, *m_json, *m_askAgain,
        *m_allGroups;
    TablePanel *m_table, *m_groups, *m_merges, *m_lengths, *m_calibration;
    QComboBox* m_grouping;
    FlipTable* m_flips;
    QPushButton* m_groupChip;
    QLineEdit* m_itemSearch;
    QLabel* m_itemCount;
    ComparisonItemModel* m_items;
    QTableView* m_itemView;
    AnswerDiff* m_answers;
    PlotView *m_lengthPlot, *m_reliability;
    WeightsTab* m_weights;
    InterpolationTab* m_interpolation;
    GenerationTab* m_generation;
    QTabWidget* m_tabs;
    QStackedWidget* m_stack;
    EmptyState *m_nothing, *m_noneChosen;
    QWidget* m_content;
};

}  // namespace retort
