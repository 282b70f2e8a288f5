#include "views/traces/traces_page.h"

#include <QLabel>
#include <QListView>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "views/annotation/annotation_desk.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/selection.h"
#include "views/traces/groups/group_view.h"
#include "views/traces/groups/trace_list_pane.h"
#include "views/traces/time/time_strip.h"
#include "views/traces/time/trace_diff.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_view.h"
#include "views/traces/trees/tree_tab.h"
#include "views/widgets/empty_state.h"

namespace retort {

TracesPage::TracesPage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_selection(lab.selection()),
      m_group(new TraceGroupModel(this)),
      m_pane(new TraceListPane(lab, this)) {
    setObjectName(QStringLiteral("tracesPage"));
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("tracesSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_pane);
    m_splitter->addWidget(makeCentre());
    m_splitter->addWidget(makeGroupPane());
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 4);
    m_splitter->setStretchFactor(2, 1);
    m_splitter->setSizes({330, 620, 190});
    makeEmptyState();
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_splitter);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_stack);
    makeCommands();
    connectParts();
    makeAnnotation();
    readBranchRuns();
    m_pane->apply();
}

TraceListModel* TracesPage::listModel() const {
    return m_pane->model();
}
QTreeView* TracesPage::list() const {
    return m_pane->list();
}
TraceFilterBar* TracesPage::filterBar() const {
    return m_pane->filters();
}

void TracesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_pane->list()->setFocus();
    if (std::exchange(m_stale, false)) m_pane->onTracesAdded();
}

// --- the list ---

void TracesPage::onSelectionChanged() {
    if (filterBar()->filter().run == m_selection.currentRun()) return;
    m_pane->apply();
}

void TracesPage::onTracesChanged(RowId run) {
    m_timesStale = true;
    if (!isVisible()) {  // nobody looks: read once when somebody does
        m_stale = true;
        return;
    }
    const RowId shown = listModel()->filter().run;
    if (shown == 0 || shown == run) m_pane->onTracesAdded();
}

void TracesPage::showStep(RowId run, std::int64_t step) {
    m_pane->showStep(run, step);
}

void TracesPage::onCounted(int total, bool narrowed) {
    const bool empty = total == 0 && !narrowed && m_current == 0;
    m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_empty) : m_splitter);
}

// --- the open trace ---

TracesPage::Opened TracesPage::readTrace(StoreReader& reader, const Wanted& wanted,
                                         const std::vector<BranchRun>& branches) {
    Opened opened;
    opened.id = wanted.id;
    opened.run = wanted.run;
    opened.group = reader.traceGroup(wanted.id);
    for (const auto& [id, trace] : opened.group)
        if (wanted.sample && trace.sample == *wanted.sample) opened.id = id;
    for (const auto& [id, trace] : opened.group)
        if (id == opened.id) opened.trace = trace;
    if (!opened.trace) opened.trace = reader.trace(opened.id);
    if (!opened.trace) return opened;
    const Trace& trace = *opened.trace;
    if (trace.problemId.empty() || trace.problemId != wanted.knownProblem)
        opened.timelines = readTimelines(reader, trace.problemId);
    if (opened.run == 0) opened.run = runOfTrace(reader, opened.id, trace);
    if (const auto row = reader.run(opened.run)) opened.runName = toQString(row->name);
    for (auto& branch : branchesOf(reader, branches, opened.run, opened.group))
        opened.group.push_back(std::move(branch));
    return opened;
}

void TracesPage::readBranchRuns() {
    m_lab.read(
        this, [](StoreReader& reader) { return branchRuns(reader); },
        [this](std::vector<BranchRun> runs) { m_branchRuns = std::move(runs); });
}

void TracesPage::openSoon(RowId id) {
    if (id == 0 || id == m_current) return;
    m_wanted = {id, 0, {}, {}};
    m_openTimer.start();
}

void TracesPage::openTrace(RowId id) {
    if (id != 0) open({id, 0, {}, {}});
}

void TracesPage::openMoment(const ProblemMoment& moment) {
    m_wanted = {moment.firstTrace,
                moment.run,
                m_current != 0 ? std::optional(m_view->trace().sample) : std::nullopt,
                {}};
    m_openTimer.start();
}

void TracesPage::open(Wanted wanted) {
    m_openTimer.stop();
    // What is known of the run spares a search for it.
    if (const TraceRow* row = listModel()->at(listModel()->rowOf(wanted.id))) wanted.run = row->run;
    const int card = m_group->rowOf(wanted.id);
    const bool isSibling = card >= 0 && !m_group->at(card).branch && !m_view->trace().branch;
    if (wanted.run == 0 && isSibling) wanted.run = m_currentRun;
    if (m_current != 0 && !std::exchange(m_timesStale, false))
        wanted.knownProblem = m_view->trace().problemId;
    m_wanted = wanted;
    m_lab.read(
        this,
        [wanted, branches = m_branchRuns](StoreReader& reader) {
            return readTrace(reader, wanted, branches);
        },
        [this, asked = wanted.id](Opened opened) {
            if (asked == m_wanted.id) showTrace(std::move(opened));
        });
}

void TracesPage::showTrace(Opened opened) {
    if (!opened.trace) {
        m_view->clear();
        return m_desk->session().setTrace(0, {});
    }
    m_current = opened.id;
    m_currentRun = opened.run;
    m_runName = opened.runName;
    m_showing = true;
    m_view->setTrace(m_desk->prepare(opened.id, *opened.trace), opened.runName);
    m_desk->showTrace(opened.id, opened.group);
    // A branch stays beside what it was branched off.
    const bool isThere = m_group->rowOf(opened.id) >= 0;
    const bool grew = m_group->rowCount() != static_cast<int>(opened.group.size());
    if (!isThere || (grew && !opened.trace->branch)) {
        m_group->setGroup(opened.group);
        m_groupTraces = std::move(opened.group);
        m_groupStale = true;
        m_trees->setTrace(opened.id, opened.run, m_groupTraces);
    } else {
        m_trees->setOpen(opened.id);
    }
    QString head = tr("Group of %n sample(s)", nullptr, m_group->rowCount() - m_group->branches());
    if (m_group->branches() > 0)
        head += QStringLiteral(", ") + tr("%n branch(es)", nullptr, m_group->branches());
    if (m_group->hasNoSpread())
        head += QLatin1Char('\n') + tr("All rewards are equal: nothing to learn from.");
    m_groupHead->setText(head);
    m_groupView->setCurrentIndex(m_group->index(m_group->rowOf(opened.id)));
    m_pane->setCurrentTrace(opened.id);
    if (opened.timelines) {
        m_time->setTimelines(std::move(*opened.timelines), opened.run, *opened.trace);
    } else {
        m_time->showTrace(opened.run, *opened.trace);
    }
    m_diff->setOpen(TraceDiff::Side{opened.id, opened.runName, std::move(*opened.trace)});
    showTab();
    m_showing = false;
    m_stack->setCurrentWidget(m_splitter);
    m_selection.setTrace(m_current);
}

/// The group is laid out when it is looked at.
void TracesPage::showTab() {
    showTruth();
    if (m_tabs->currentWidget() != m_groupTable) return;
    if (std::exchange(m_groupStale, false)) m_groupTable->setGroup(m_groupTraces);
    m_groupTable->setCurrentTrace(m_current);
}

}  // namespace retort
