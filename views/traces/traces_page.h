// The place where reasoning is read: a list of traces, the open one step by step, its group side by side, and
// the same problem at other training steps.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>
#include <optional>
#include <vector>

#include "core/store/rows.h"
#include "core/store/store.h"

class QAction;
class QLabel;
class QListView;
class QPushButton;
class QSlider;
class QSplitter;
class QStackedWidget;
class QTreeView;

namespace retort {

class EmptyState;
class Lab;
class Selection;
class TraceFilterBar;
class TraceGroupModel;
class TraceListModel;
class TraceView;

class TracesPage : public QWidget {
    Q_OBJECT
  public:
    explicit TracesPage(Lab& lab, QWidget* parent = nullptr);

    /// Opens a trace wherever it is; the list keeps its filter.
    void openTrace(RowId id);
    RowId currentTrace() const { return m_current; }

    TraceListModel* listModel() const { return m_list; }
    QTreeView* list() const { return m_listView; }
    TraceView* view() const { return m_view; }
    TraceGroupModel* groupModel() const { return m_group; }
    TraceFilterBar* filterBar() const { return m_filters; }

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Opened {
        RowId id = 0, run = 0;
        QString runName;
        std::optional<Trace> trace;
        std::vector<std::pair<RowId, Trace>> group;
        std::vector<TraceRow> history;  ///< of the same problem in the same run, a row a step
    };
    static Opened readTrace(StoreReader& reader, RowId id, RowId run);

    QWidget* makeListPane();
    QWidget* makeCentre();
    QWidget* makeGroupPane();
    void makeCommands();
    QAction* addCommandFor(const char* id, const QString& text, const QKeySequence& key,
                           std::function<void()> act);
    void applyFilter();
    void onSelectionChanged();
    void onTracesChanged(RowId run);
    void onCounted(int total);
    void onListCurrentChanged();
    void showTrace(Opened opened);
    void moveSample(int by);
    void moveInHistory(int by);
    void showHistoryLabel();
    void copyTrace(bool json);
    void exportList();
    void readRun();

    Lab& m_lab;
    Selection& m_selection;
    TraceListModel* m_list;
    TraceGroupModel* m_group;
    RowId m_current = 0, m_wanted = 0;
    std::vector<TraceRow> m_history;
    QTimer m_openTimer, m_refreshTimer;
    bool m_openFirst = true, m_showing = false, m_stale = false;

    TraceFilterBar* m_filters;
    QLabel* m_count;
    QTreeView* m_listView;
    QPushButton* m_newTraces;
    QAction* m_follow = nullptr;
    TraceView* m_view;
    QListView* m_groupView;
    QLabel* m_groupHead;
    QSlider* m_slider;
    QLabel* m_sliderLabel;
    QWidget* m_sliderBox;
    QStackedWidget* m_stack;
    QSplitter* m_splitter;
    EmptyState* m_empty;
    QWidget* m_nothingFound;
};

}  // namespace retort
