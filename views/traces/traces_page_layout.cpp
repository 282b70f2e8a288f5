// How the Traces page is laid out, and what its parts tell each other.
#include <QLabel>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/models/trace_delegates.h"
#include "views/models/trace_group_model.h"
#include "views/selection.h"
#include "views/traces/groups/group_view.h"
#include "views/traces/groups/trace_list_pane.h"
#include "views/traces/time/time_strip.h"
#include "views/traces/time/trace_diff.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/traces/trees/tree_tab.h"
#include "views/widgets/empty_state.h"

namespace retort {

QWidget* TracesPage::makeCentre() {
    auto* pane = new QWidget(this);
    m_tabs = new QTabWidget(pane);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("How the trace is shown"));
    m_view = new TraceView(m_tabs);
    m_groupTable = new GroupView(m_tabs);
    m_diff = new TraceDiff(m_tabs);
    m_tabs->addTab(m_view, tr("Trace"));
    m_tabs->addTab(m_groupTable, tr("Group"));
    m_tabs->addTab(m_diff, tr("Difference"));
    m_trees = new TreeTab(m_lab, m_tabs);
    m_tabs->addTab(m_trees, tr("Tree"));
    m_time = new TimeStrip(pane);
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_time);
    return pane;
}

QWidget* TracesPage::makeGroupPane() {
    auto* pane = new QWidget(this);
    m_groupHead = new QLabel(pane);
    m_groupHead->setWordWrap(true);
    m_groupView = new QListView(pane);
    m_groupView->setModel(m_group);
    m_groupView->setItemDelegate(new SampleCardDelegate(m_groupView));
    m_groupView->setViewMode(QListView::IconMode);
    m_groupView->setMovement(QListView::Static);
    m_groupView->setResizeMode(QListView::Adjust);
    m_groupView->setAccessibleName(tr("Samples of the group"));
    m_groupHead->setBuddy(m_groupView);
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_groupHead);
    layout->addWidget(m_groupView, 1);
    return pane;
}

void TracesPage::makeEmptyState() {
    m_empty = new EmptyState(
        QStringLiteral("traces"), tr("No traces yet"),
        tr("A trace is one answer that the model wrote, with every step of its reasoning checked. Runs "
           "keep some of them as they train and evaluate; they appear here by themselves."),
        this);
    m_empty->addButton(tr("Run the quickstart"), [this] { m_selection.startQuickstart(); });
    m_empty->addButton(tr("Import traces…"), [this] { importTraces(); });
    m_empty->addButton(tr("Choose a run"), [this] { m_selection.open(Place::Runs); });
}

void TracesPage::connectParts() {
    m_openTimer.setSingleShot(true);
    m_openTimer.setInterval(40);  // an arrow key held down opens where it stops
    connect(&m_openTimer, &QTimer::timeout, this, [this] { open(m_wanted); });
    connect(m_pane, &TraceListPane::counted, this, &TracesPage::onCounted);
    connect(m_pane, &TraceListPane::traceChosen, this, &TracesPage::openSoon);
    connect(m_groupView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (!m_showing && now.isValid()) openSoon(m_group->idAt(now.row()));
            });
    connect(m_groupTable, &GroupView::sampleChosen, this, &TracesPage::openSoon);
    connect(m_groupTable, &GroupView::opened, this, [this](RowId id) {
        openTrace(id);
        m_tabs->setCurrentWidget(m_view);
    });
    connect(m_time, &TimeStrip::momentChosen, this, &TracesPage::openMoment);
    connect(m_diff, &TraceDiff::pinnedOpened, this, &TracesPage::openTrace);
    connect(m_diff, &TraceDiff::unpinned, this, &TracesPage::unpin);
    connect(m_trees, &TreeTab::traceOpened, this, [this](RowId id) {
        openTrace(id);
        m_tabs->setCurrentWidget(m_view);
    });
    connect(m_trees, &TreeTab::branchWanted, this, &TracesPage::branchHere);
    connect(&m_lab, &Lab::runsChanged, this, &TracesPage::readBranchRuns);
    connect(m_tabs, &QTabWidget::currentChanged, this, &TracesPage::showTab);
    connect(&m_selection, &Selection::runsChanged, this, &TracesPage::onSelectionChanged);
    connect(&m_selection, &Selection::traceChanged, this, [this] {
        if (m_selection.trace() != 0 && m_selection.trace() != m_current) openTrace(m_selection.trace());
    });
    connect(&m_lab, &Lab::tracesChanged, this, &TracesPage::onTracesChanged);
}

}  // namespace retort
