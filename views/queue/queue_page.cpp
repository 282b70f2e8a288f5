#include "views/queue/queue_page.h"

#include <QAbstractProxyModel>
#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/queue/queue_limits.h"
#include "core/util/error.h"
#include "training/backends/queue/queue_runner.h"
#include "views/actions.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/launch_step.h"
#include "views/models/format.h"
#include "views/queue/queue_table.h"
#include "views/widgets/empty_state.h"

namespace retort {

QueuePage::QueuePage(Lab& lab, QWidget* parent) : QWidget(parent), m_lab(lab) {
    m_table = new TablePanel(lab, tr("Queue"), this);
    m_empty = new EmptyState(QStringLiteral("queue"), tr("Nothing waits"),
                             tr("Runs that are put into the queue take turns, so that they do not share a "
                                "machine that is too small "
                                "for all of them; those of a study wait for the ones that they start from. "
                                "The queue goes on where "
                                "it was when the window opens again."),
                             this);
    m_empty->addButton(tr("Design a run"), [this] { m_lab.selection().open(Place::Design); });
    m_empty->addButton(tr("Start the quickstart study"), [this] { m_lab.selection().startQuickstart(); });

    auto* full = new QWidget(this);
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    makeCommands();
    column->addWidget(makeBar());
    column->addWidget(m_table, 1);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(full);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_stack, 1);
    layout->addWidget(makeNotice());

    connect(m_table, &TablePanel::activated, this, &QueuePage::openCurrent);
    connect(m_table->view()->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &QueuePage::showActions);
    connect(&m_lab.queue(), &QueueRunner::changed, this, &QueuePage::showQueue);
    connect(&m_lab, &Lab::backendsChanged, this, &QueuePage::showQueue);
    connect(&m_lab, &Lab::runChanged, this, [this](RowId run) {
        const QueuedRun* entry = entryOf(run);
        if (!entry || entry->state != QueuedState::Started) return;
        const auto place = m_lab.queue().snapshot().runs.find(run);
        if (place == m_lab.queue().snapshot().runs.end()) return;
        // What its launch is doing, and that it has done it.
        const bool isLaunching = !launchStep(m_lab, entry->backend, place->second.directory).isEmpty();
        if (isLaunching ? (m_launching.insert(run), true) : m_launching.erase(run) > 0) showQueue();
    });
    showQueue();
}

void QueuePage::makeCommands() {
    const QString group = tr("Queue");
    addCommand(this, {"runQueue.up", tr("Up"), group, QKeySequence(Qt::ALT | Qt::Key_Up)},
               [this] { moveBy(-1); });
    addCommand(this, {"runQueue.down", tr("Down"), group, QKeySequence(Qt::ALT | Qt::Key_Down)},
               [this] { moveBy(1); });
    addCommand(this,
               {"runQueue.hold", tr("Hold or release"), group, QKeySequence(Qt::CTRL | Qt::Key_H),
                QStringLiteral("pause")},
               [this] { toggleHold(); });
    addCommand(this,
               {"runQueue.start", tr("Start now"), group, QKeySequence(Qt::CTRL | Qt::Key_Return),
                QStringLiteral("resume")},
               [this] { startNow(); });
    addCommand(
        this,
        {"runQueue.stop", tr("Stop"), group, QKeySequence(Qt::CTRL | Qt::Key_Period), QStringLiteral("stop")},
        [this] { stop(); });
    addCommand(this, {"runQueue.retry", tr("Retry"), group, QKeySequence(Qt::CTRL | Qt::Key_R)},
               [this] { retry(); });
    addCommand(this, {"runQueue.remove", tr("Remove"), group, QKeySequence::Delete},
               [this] { removeSelected(); });
    addCommand(this, {"runQueue.undo", tr("Undo the removal"), group, QKeySequence::Undo},
               [this] { undoRemoval(); });
}

QWidget* QueuePage::makeBar() {
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(0, 0, 0, 0);
    const QueueLimits limits = m_lab.queueLimits();
    const auto limit = [&](const QString& text, const QString& tip, int least, int value) {
        auto* box = new QSpinBox(bar);
        box->setRange(least, 999);
        box->setValue(value);
        box->setToolTip(tip);
        auto* label = new QLabel(text, bar);
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box);
        connect(box, &QSpinBox::valueChanged, this, [this] {
            QueueLimits changed = m_lab.queueLimits();
            changed.runsAtOnce = m_atOnce->value();
            changed.runsPerGpu = m_perGpu->value();
            m_lab.setQueueLimits(changed);
        });
        return box;
    };
    m_atOnce =
        limit(tr("Here at &once"),
              tr("So many runs of the queue go at the same time on this computer; each machine has its "
                 "own number, in Machines"),
              1, limits.runsAtOnce);
    m_perGpu = limit(tr("per &GPU"), tr("So many of them share a GPU; 0: the GPUs do not matter"), 0,
                     limits.runsPerGpu);
    layout->addStretch(1);
    for (QAction* action : actions()) {
        if (action->objectName() == QLatin1String("runQueue.undo")) continue;  // it is in the notice
        auto* button = new QToolButton(bar);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        layout->addWidget(button);
    }
    connect(&m_lab, &Lab::queueLimitsChanged, this, [this] {
        const QSignalBlocker quietOnce(m_atOnce), quietGpu(m_perGpu);
        m_atOnce->setValue(m_lab.queueLimits().runsAtOnce);
        m_perGpu->setValue(m_lab.queueLimits().runsPerGpu);
    });
    return bar;
}

/// What was taken out last, with the way back.
QWidget* QueuePage::makeNotice() {
    m_notice = new QWidget(this);
    m_noticeText = new QLabel(m_notice);
    auto* undo = new QPushButton(tr("&Undo"), m_notice);
    connect(undo, &QPushButton::clicked, this, &QueuePage::undoRemoval);
    auto* layout = new QHBoxLayout(m_notice);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_noticeText);
    layout->addWidget(undo);
    layout->addStretch();
    m_notice->hide();
    return m_notice;
}

void QueuePage::showQueue() {
    const QueueSnapshot& snapshot = m_lab.queue().snapshot();
    const std::vector<RowId> chosen = selected();
    m_rows.clear();
    for (const QueuedRun& each : snapshot.queue) m_rows.push_back(each.run);
    m_table->setTable(queueTable(snapshot, m_lab));
    m_table->setNote(queueSummary(snapshot));
    m_stack->setCurrentIndex(m_rows.empty() ? 0 : 1);
    const auto isThere = [this](RowId run) {
        return std::find(m_rows.begin(), m_rows.end(), run) != m_rows.end();
    };
    // Where the chosen ones were taken out, the row stays.
    if (std::any_of(chosen.begin(), chosen.end(), isThere))
        select(chosen);
    else if (m_table->currentRow() < 0)
        m_table->setCurrentRow(chosen.empty() ? 0 : m_table->model()->rowCount() - 1);
    showActions();
}

std::vector<RowId> QueuePage::selected() const {
    const auto* sorted = qobject_cast<const QAbstractProxyModel*>(m_table->view()->model());
    std::vector<std::size_t> rows;
    for (const QModelIndex& index : m_table->view()->selectionModel()->selectedRows())
        rows.push_back(static_cast<std::size_t>(sorted->mapToSource(index).row()));
    std::sort(rows.begin(), rows.end());
    std::vector<RowId> runs;
    for (const std::size_t row : rows)
        if (row < m_rows.size()) runs.push_back(m_rows[row]);
    return runs;
}

void QueuePage::select(const std::vector<RowId>& runs) {
    const auto* sorted = qobject_cast<const QAbstractProxyModel*>(m_table->view()->model());
    QItemSelection selection;
    QModelIndex first;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (std::find(runs.begin(), runs.end(), m_rows[row]) == runs.end()) continue;
        const QModelIndex index = sorted->mapFromSource(m_table->model()->index(static_cast<int>(row), 0));
        selection.select(index, index);
        if (!first.isValid()) first = index;
    }
    QItemSelectionModel* model = m_table->view()->selectionModel();
    if (first.isValid()) model->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    model->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

const QueuedRun* QueuePage::entryOf(RowId run) const {
    for (const QueuedRun& each : m_lab.queue().snapshot().queue)
        if (each.run == run) return &each;
    return nullptr;
}

/// Before another try.
bool QueuePage::pauses(RowId run) const {
    const auto& waiting = m_lab.queue().snapshot().waiting;
    const auto found = waiting.find(run);
    return found != waiting.end() && found->second.what == WaitsFor::Retry;
}

void QueuePage::showActions() {
    bool anyWaits = false, anyFailed = false, anyHeld = false, anyGoes = false, anyPauses = false,
         any = false;
    for (const RowId run : selected())
        if (const QueuedRun* entry = entryOf(run)) {
            any = true;
            anyWaits |= entry->state == QueuedState::Waiting;
            anyFailed |= entry->state == QueuedState::Failed;
            anyGoes |= entry->state == QueuedState::Started;
            anyHeld |= entry->isHeld;
            anyPauses |= pauses(run);
        }
    for (QAction* action : actions()) {
        const QString id = action->objectName();
        if (id == QLatin1String("runQueue.up") || id == QLatin1String("runQueue.down"))
            action->setEnabled(any);
        if (id == QLatin1String("runQueue.hold")) {
            action->setEnabled(anyWaits);
            action->setText(!anyWaits ? tr("Hold or release") : anyHeld ? tr("Release") : tr("Hold"));
        }
        if (id == QLatin1String("runQueue.start") || id == QLatin1String("runQueue.remove"))
            action->setEnabled(anyWaits || anyFailed);
        if (id == QLatin1String("runQueue.stop")) action->setEnabled(anyGoes);
        if (id == QLatin1String("runQueue.retry")) {
            action->setEnabled(anyFailed || anyPauses);
            action->setText(anyPauses && !anyFailed ? tr("Retry now") : tr("Retry"));
        }
        if (id == QLatin1String("runQueue.undo")) action->setEnabled(canUndo());
    }
}

/// What is done to the queue, off this thread; how it went is seen in the queue.
template <class Change>
void QueuePage::change(Change change) {
    m_lab.compute(
        this,
        [&store = m_lab.writer(), change] {
            change(store);
            return true;
        },
        [this](bool) { m_lab.queue().look(); });
}

void QueuePage::moveBy(int places) {
    std::vector<std::pair<RowId, int>> moves;
    for (const RowId run : selected())
        if (const QueuedRun* entry = entryOf(run)) moves.emplace_back(run, entry->position + places);
    if (moves.empty()) return;
    const int last = static_cast<int>(m_rows.size());
    if (moves.front().second < 1 || moves.back().second > last) return;
    // Downwards the last one makes room for those before it.
    if (places > 0) std::reverse(moves.begin(), moves.end());
    change([moves](StoreWriter& store) {
        for (const auto& [run, position] : moves) store.moveQueuedRun(run, position).get();
    });
}

void QueuePage::toggleHold() {
    std::vector<RowId> runs;
    bool anyHeld = false;
    for (const RowId run : selected())
        if (const QueuedRun* entry = entryOf(run); entry && entry->state == QueuedState::Waiting) {
            runs.push_back(run);
            anyHeld |= entry->isHeld;
        }
    if (runs.empty()) return;
    change([runs, anyHeld](StoreWriter& store) { store.holdQueuedRuns(runs, !anyHeld).get(); });
}

void QueuePage::startNow() {
    for (const RowId run : selected()) {
        const QueuedRun* entry = entryOf(run);
        if (!entry || entry->state == QueuedState::Started) continue;
        m_lab.read(
            this, [run](StoreReader& reader) { return reader.run(run); },
            [this, backend = toQString(entry->backend)](const std::optional<RunRow>& row) {
                if (row) m_lab.resume(*row, backend);
            });
    }
}

/// Of those that go, also while what they need is brought to a machine.
void QueuePage::stop() {
    for (const RowId run : selected()) {
        const QueuedRun* entry = entryOf(run);
        if (!entry || entry->state != QueuedState::Started) continue;
        m_lab.read(
            this, [run](StoreReader& reader) { return reader.run(run); },
            [this](const std::optional<RunRow>& row) {
                if (row) m_lab.requestStop(*row);
            });
    }
}

void QueuePage::retry() {
    change([runs = selected()](StoreWriter& store) { store.retryQueuedRuns(runs).get(); });
}

void QueuePage::removeSelected() {
    m_lab.compute(
        this, [&store = m_lab.writer(), runs = selected()] { return store.unqueueRuns(runs).get(); },
        [this](std::vector<QueuedRun> removed) {
            if (!removed.empty()) m_removed.push_back(std::move(removed));
            showNotice();
            m_lab.queue().look();
        });
}

void QueuePage::undoRemoval() {
    if (m_removed.empty()) return;
    const std::vector<QueuedRun> runs = std::move(m_removed.back());
    m_removed.pop_back();
    showNotice();
    m_lab.compute(
        this,
        [&store = m_lab.writer(), runs] {
            try {
                store.queueRuns(runs).get();
            } catch (const Error& error) {
                return errorText(error);
            }
            return QString();
        },
        [this, runs](const QString& error) {
            if (!error.isEmpty()) {
                m_removed.push_back(runs);  // what is in its way can be mended
                showNotice();
                Q_EMIT m_lab.failed(error);
            }
            m_lab.queue().look();
        });
}

void QueuePage::showNotice() {
    m_notice->setVisible(canUndo());
    if (canUndo())
        m_noticeText->setText(
            tr("%n run(s) removed from the queue", nullptr, static_cast<int>(m_removed.back().size())));
    showActions();
}

void QueuePage::openCurrent() {
    const std::vector<RowId> runs = selected();
    if (runs.empty()) return;
    m_lab.selection().setRuns(runs);
    m_lab.selection().open(Place::Live);
}

}  // namespace retort
