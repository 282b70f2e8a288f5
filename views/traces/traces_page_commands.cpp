// What the Traces page does on a key.
#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QListView>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeView>
#include <algorithm>

#include "views/actions.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/selection.h"
#include "views/traces/branching/branch_dialog.h"
#include "views/traces/groups/group_view.h"
#include "views/traces/groups/trace_list_pane.h"
#include "views/traces/importing/import_dialog.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/time/time_strip.h"
#include "views/traces/time/trace_diff.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_text.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/traces/trees/sample_trie.h"
#include "views/traces/trees/tree_tab.h"

namespace retort {

QAction* TracesPage::addCommandFor(const char* id, const QString& text, const QKeySequence& key,
                                   std::function<void()> act) {
    // Single letters belong to the panes that show traces, not to the filter bar: nothing is stolen from text
    // fields and choices.
    QAction* action = addCommand(m_view, {id, text, tr("Traces"), key}, std::move(act));
    for (QWidget* pane :
         std::initializer_list<QWidget*>{m_pane->list(), m_groupView, m_groupTable, m_diff, m_trees, m_time})
        pane->addAction(action);
    return action;
}

void TracesPage::makeCommands() {
    makeReadingCommands();
    makeTimeCommands();
    makeListCommands();
    makeJudgingCommands();
}

void TracesPage::makeReadingCommands() {
    // The reading view's own keys work from the lists beside it, too.
    for (QAction* action : m_view->commands())
        for (QWidget* list : {static_cast<QWidget*>(m_pane->list()), static_cast<QWidget*>(m_groupView),
                              static_cast<QWidget*>(m_time)})
            list->addAction(action);
    addCommandFor("traces.nextSample", tr("Next sample of the group"), Qt::SHIFT | Qt::Key_J,
                  [this] { moveSample(1); });
    addCommandFor("traces.previousSample", tr("Previous sample of the group"), Qt::SHIFT | Qt::Key_K,
                  [this] { moveSample(-1); });
    addCommand(m_groupTable, {"traces.groupNextStep", tr("Next step of the group"), tr("Traces"), Qt::Key_J},
               [this] { moveStep(1); });
    addCommand(m_groupTable,
               {"traces.groupPreviousStep", tr("Previous step of the group"), tr("Traces"), Qt::Key_K},
               [this] { moveStep(-1); });
    addCommandFor("traces.group", tr("The group side by side"), Qt::Key_G,
                  [this] { toggleTab(m_groupTable); });
    addCommandFor("traces.tree", tr("The problem's solutions as a tree"), Qt::Key_Y,
                  [this] { toggleTab(m_trees); });
    addCommandFor("traces.branch", tr("Go on from this step…"), Qt::Key_R, [this] { branchHere(); });
}

void TracesPage::makeTimeCommands() {
    addCommandFor("traces.earlier", tr("Same problem, earlier step"), Qt::Key_BracketLeft,
                  [this] { m_time->move(-1); });
    addCommandFor("traces.later", tr("Same problem, later step"), Qt::Key_BracketRight,
                  [this] { m_time->move(1); });
    addCommandFor("traces.play", tr("Play the problem through training"), Qt::Key_Space, [this] {
        // A button that has the focus is pressed, as everywhere.
        if (auto* button = qobject_cast<QAbstractButton*>(QApplication::focusWidget()))
            return button->click();
        m_time->togglePlaying();
    });
    addCommandFor("traces.pin", tr("Pin this trace, to compare others with it"), Qt::Key_P,
                  [this] { pin(); });
    addCommandFor("traces.diff", tr("Difference to the pinned trace"), Qt::Key_D,
                  [this] { toggleTab(m_diff); });
    addCommand(this, {"traces.live", tr("Show this step in Live"), tr("Traces")}, [this] { showOnLive(); });
}

void TracesPage::makeListCommands() {
    const QString group = tr("Traces");
    addCommand(this, {"traces.search", tr("Search all traces"), group, QKeySequence::Find},
               [this] { filterBar()->focusSearch(); });
    auto* copyText = addCommand(this,
                                {"traces.copyText", tr("Copy trace as text"), group,
                                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), QStringLiteral("copy")},
                                [this] { copyTrace(false); });
    auto* copyJson =
        addCommand(this, {"traces.copyJson", tr("Copy trace as JSON"), group}, [this] { copyTrace(true); });
    auto* save = addCommand(this,
                            {"traces.export", tr("Export the list…"), group,
                             QKeySequence(Qt::CTRL | Qt::Key_E), QStringLiteral("export")},
                            [this] { exportList(); });
    addCommand(this,
               {"traces.import", tr("Import traces…"), group, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I)},
               [this] { importTraces(); });
    m_follow =
        addCommand(this, {"traces.follow", tr("Follow new traces"), group, {}, QStringLiteral("follow")},
                   [this] { m_pane->setFollowing(m_follow->isChecked()); });
    m_follow->setCheckable(true);
    m_follow->setChecked(true);
    for (QAction* action : {m_follow, save, copyText}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setAccessibleName(commandText(action));
        button->setFocusPolicy(Qt::TabFocus);
        if (action == copyText) {
            button->addAction(copyJson);
            button->setPopupMode(QToolButton::MenuButtonPopup);
        }
        m_pane->addToBar(button);
    }
}

/// To a tab, and from it back to the trace.
void TracesPage::toggleTab(QWidget* tab) {
    QWidget* to = m_tabs->currentWidget() == tab ? static_cast<QWidget*>(m_view) : tab;
    if (!m_tabs->isTabVisible(m_tabs->indexOf(to))) return;  // who judges blindly sees no other traces
    const bool hadFocus = m_tabs->isAncestorOf(focusWidget());
    m_tabs->setCurrentWidget(to);
    // The keys go on working where the focus was in the tab that is gone.
    if (hadFocus) (to == m_view ? static_cast<QWidget*>(m_view->canvas()) : to)->setFocus();
}

void TracesPage::moveStep(int by) {
    m_groupTable->moveStep(by);
    m_view->moveStep(by);
}

void TracesPage::moveSample(int by) {
    const int rows = m_group->rowCount();
    if (rows == 0) return;
    const int row = std::clamp(m_groupView->currentIndex().row() + by, 0, rows - 1);
    m_groupView->setCurrentIndex(m_group->index(row));
}

void TracesPage::pin() {
    if (m_current == 0) return;
    if (m_diff->pinned() && m_diff->pinned()->id == m_current) return unpin();
    const Trace& trace = m_view->trace();
    m_diff->setPinned(TraceDiff::Side{m_current, m_runName, trace});
    m_time->setPinned(m_currentRun, trace.step, trace.phase);
}

void TracesPage::unpin() {
    m_diff->setPinned(std::nullopt);
    m_time->unpin();
}

void TracesPage::showOnLive() {
    if (m_current != 0) Q_EMIT liveRequested(m_currentRun, m_view->trace().step);
}

/// From the tree's node while the tree is shown, else from the step that is chosen; without one, from the
/// start.
void TracesPage::branchHere() {
    if (m_current == 0) return;
    TreeTab::Place place{m_current, m_view->trace(), 0};
    if (m_tabs->currentWidget() == m_trees) {
        const auto node = m_trees->currentPlace();
        if (!node) return;
        place = *node;
    } else {
        const int step = m_view->canvas()->currentStep();
        if (step >= 0)
            place.byte = behindStep(place.trace.completion, m_view->canvas()->stepRange(step).second);
    }
    m_lab.read(
        this,
        [place, run = m_currentRun, isCurrent = place.id == m_current,
         group = m_groupTraces](StoreReader& reader) {
            BranchPoint from;
            from.run = run;
            if (!isCurrent) {
                const Opened opened = readTrace(reader, {place.id, 0, {}, place.trace.problemId}, {});
                from.run = opened.run;
            }
            from.trace = place.trace;
            from.byte = place.byte;
            from.reference = referenceAmong(group, place.trace);
            if (const auto row = reader.run(from.run)) {
                from.runUuid = row->uuid;
                from.runName = row->name;
                from.runConfig = row->config;
            }
            return from;
        },
        [this](BranchPoint from) {
            auto* dialog = new BranchDialog(m_lab, m_answers, std::move(from), this);
            connect(dialog, &BranchDialog::kept, this, [this] {
                m_lab.read(
                    this, [](StoreReader& reader) { return branchRuns(reader); },
                    [this](std::vector<BranchRun> runs) {
                        m_branchRuns = std::move(runs);
                        openTrace(m_current);
                        m_trees->refresh();
                    });
            });
            dialog->open();
        });
}

void TracesPage::copyTrace(bool json) {
    if (m_current == 0) return;
    const Trace& trace = m_view->trace();
    QGuiApplication::clipboard()->setText(json ? toQString(traceAsJson(trace, 2)) : traceAsText(trace));
}

void TracesPage::exportList() {
    const QString jsonl = tr("JSON lines (*.jsonl)"), csv = tr("CSV files (*.csv)");
    QString chosen;
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the traces of the list"),
                                                      QStringLiteral("traces.jsonl"),
                                                      jsonl + QStringLiteral(";;") + csv, &chosen);
    if (file.isEmpty()) return;
    const bool asCsv = file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive) || chosen == csv;
    m_pane->count()->setText(tr("Exporting…"));
    m_lab.read(
        this,
        [filter = listModel()->filter(), file, asCsv](StoreReader& reader) {
            return exportTraces(reader, filter, file, asCsv ? TraceFileFormat::Csv : TraceFileFormat::Jsonl);
        },
        [this, file](std::int64_t written) {
            m_pane->count()->setText(
                tr("%n trace(s) written to %1", nullptr, static_cast<int>(written)).arg(file));
        });
}

void TracesPage::importTraces() {
    auto* dialog = new ImportDialog(m_lab, {}, this);
    connect(dialog, &ImportDialog::imported, this, [this](RowId run) { m_selection.setRuns({run}); });
    dialog->open();
}

}  // namespace retort
