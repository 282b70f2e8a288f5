// The place where reasoning is read: a list of traces, the open one step by step, its group side by side,
// what two of them differ in, and the same problem at other training steps and in other runs.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "core/store/rows.h"
#include "core/store/store.h"
#include "views/compare/answer_service.h"
#include "views/traces/branching/branch_traces.h"
#include "views/traces/judging/judge_session.h"
#include "views/traces/judging/judge_targets.h"
#include "views/traces/time/problem_timeline.h"

class QAction;
class QLabel;
class QListView;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QTreeView;

namespace retort {

class AnnotationDesk;
class EmptyState;
class GroupView;
class Lab;
class Selection;
class TimeStrip;
class TraceDiff;
class TraceFilterBar;
class TraceGroupModel;
class TraceListModel;
class TraceListPane;
class TraceView;
class TreeTab;

class TracesPage : public QWidget {
    Q_OBJECT
  public:
    explicit TracesPage(Lab& lab, QWidget* parent = nullptr);

    /// Opens a trace wherever it is; the list keeps its filter.
    void openTrace(RowId id);
    /// The rollouts of a run at a step, or at the nearest one that has some.
    void showStep(RowId run, std::int64_t step);
    RowId currentTrace() const { return m_current; }
    RowId currentTraceRun() const { return m_currentRun; }

    TraceListPane* listPane() const { return m_pane; }
    TraceListModel* listModel() const;
    QTreeView* list() const;
    TraceFilterBar* filterBar() const;
    TraceView* view() const { return m_view; }
    TraceGroupModel* groupModel() const { return m_group; }
    GroupView* groupView() const { return m_groupTable; }
    TimeStrip* time() const { return m_time; }
    TraceDiff* diff() const { return m_diff; }
    TreeTab* trees() const { return m_trees; }
    /// How checkpoints write on from a step.
    void setAnswerService(AnswerService service) { m_answers = std::move(service); }
    /// How models judge steps.
    void setJudgeService(JudgeService service) { m_judges = std::move(service); }
    QTabWidget* tabs() const { return m_tabs; }
    AnnotationDesk* desk() const { return m_desk; }

  Q_SIGNALS:
    void liveRequested(retort::RowId run, std::int64_t step);  ///< the curves at a step
    void designRequested(const QString& yaml);                 ///< a run to be designed from this

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Opened {
        RowId id = 0, run = 0;
        QString runName;
        std::optional<Trace> trace;
        std::vector<std::pair<RowId, Trace>> group;
        std::optional<std::vector<RunTimeline>> timelines;  ///< of its problem; absent: those that are shown
    };
    /// What is to be opened: a trace, or the sample of its group with this number if there is one.
    struct Wanted {
        RowId id = 0, run = 0;
        std::optional<std::int32_t> sample;
        std::string knownProblem;  ///< whose timelines are shown
    };
    static Opened readTrace(StoreReader& reader, const Wanted& wanted,
                            const std::vector<BranchRun>& branches);
    void readBranchRuns();

    // traces_page_layout.cpp
    QWidget* makeCentre();
    QWidget* makeGroupPane();
    void makeEmptyState();
    void connectParts();

    // traces_page_commands.cpp
    void makeCommands();
    void makeReadingCommands();
    void makeTimeCommands();
    void makeListCommands();
    // traces_page_annotation.cpp
    void makeAnnotation();
    void showTruth();

    QAction* addCommandFor(const char* id, const QString& text, const QKeySequence& key,
                           std::function<void()> act);
    void toggleTab(QWidget* tab);
    void moveStep(int by);
    void moveSample(int by);
    void pin();
    void unpin();
    void showOnLive();
    void branchHere();
    void copyTrace(bool json);
    void exportList();
    void importTraces();

    // traces_page_judging.cpp
    void makeJudgingCommands();
    TraceTargets targets() const;
    void judge();
    void makePrmDataset();
    void rerankList();
    void useAsReward();

    void onSelectionChanged();
    void onTracesChanged(RowId run);
    void onCounted(int total, bool narrowed);
    void openSoon(RowId id);
    void openMoment(const ProblemMoment& moment);
    void open(Wanted wanted);
    void showTrace(Opened opened);
    void showTab();

    Lab& m_lab;
    Selection& m_selection;
    TraceGroupModel* m_group;
    RowId m_current = 0, m_currentRun = 0;
    QString m_runName;
    Wanted m_wanted;
    std::vector<std::pair<RowId, Trace>> m_groupTraces;
    std::vector<BranchRun> m_branchRuns;
    AnswerService m_answers;
    JudgeService m_judges;
    QTimer m_openTimer;
    bool m_showing = false, m_stale = false, m_groupStale = false;
    bool m_timesStale = false;  ///< traces were added since the timelines were read

    TraceListPane* m_pane;
    QAction* m_follow = nullptr;
    TraceView* m_view;
    GroupView* m_groupTable;
    TraceDiff* m_diff;
    TreeTab* m_trees;
    QTabWidget* m_tabs;
    AnnotationDesk* m_desk;
    QListView* m_groupView;
    QLabel* m_groupHead;
    TimeStrip* m_time;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    EmptyState* m_empty;
};

}  // namespace retort
