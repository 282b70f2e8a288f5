#include "views/runs/runs_page.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>
#include <algorithm>

#include "views/actions.h"
#include "views/lab.h"
#include "views/launch_step.h"
#include "views/models/run_delegate.h"
#include "views/models/run_filter_model.h"
#include "views/models/run_table_model.h"
#include "views/runs/adopting/adopt_dialog.h"
#include "views/runs/run_columns.h"
#include "views/runs/run_commands.h"
#include "views/runs/run_details.h"
#include "views/runs/run_trend.h"
#include "views/selection.h"
#include "views/widgets/empty_state.h"

namespace retort {

namespace {

constexpr char columnsSetting[] = "runs.columns";

}  // namespace

RunsPage::RunsPage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_selection(lab.selection()),
      m_model(new RunTableModel(this)),
      m_filter(new RunFilterModel(this)) {
    setObjectName(QStringLiteral("runsPage"));
    setAcceptDrops(true);
    m_filter->setSourceModel(m_model);
    buildTable();
    m_columns = new RunColumns(m_table, m_model, this);
    m_commands = new RunCommands(
        lab, m_table, m_model, [this] { return selectedRows(); }, this);
    m_details = new RunDetails(lab, this);
    buildLayout();
    startTimers();
    connectLab();

    connect(m_columns, &RunColumns::chosen, this, &RunsPage::saveState);
    connect(m_commands, &RunCommands::tagsWanted, m_details, &RunDetails::focusTags);
    connect(m_commands, &RunCommands::notesWanted, m_details, &RunDetails::focusNotes);
    connect(m_model, &RunTableModel::edited, this, [this](RowId run, int column, const QString& text) {
        if (column == RunTableModel::Name) m_commands->rename(run, text);
        if (column == RunTableModel::Tags) m_commands->setTags(run, text);
        if (column == RunTableModel::Notes) m_commands->setNotes(run, text);
    });
    connect(m_details, &RunDetails::tagsEdited, m_commands, &RunCommands::setTags);
    connect(m_details, &RunDetails::notesEdited, m_commands, &RunCommands::setNotes);
    connect(m_details, &RunDetails::startFromRequested, this, &RunsPage::designFromCheckpoint);
    reload();
}

RunsPage::~RunsPage() {
    saveState();
    undoStack()->disconnect(this);
}

QUndoStack* RunsPage::undoStack() const {
    return m_commands->undoStack();
}

void RunsPage::startTimers() {
    const auto timer = [this](QTimer& t, int ms, bool single, auto slot) {
        t.setInterval(ms);
        t.setSingleShot(single);
        connect(&t, &QTimer::timeout, this, slot);
    };
    timer(m_changedTimer, 150, true, &RunsPage::readChanged);
    timer(m_searchTimer, 150, true, [this] {
        m_filter->setSearch(m_search->text());
        updateState();
    });
    timer(m_tickTimer, 1000, false, [this] {
        m_model->tick();
        m_details->tick();
    });
    timer(m_trendTimer, 250, true, &RunsPage::loadTrends);
    m_tickTimer.start();
}

void RunsPage::connectLab() {
    const auto changed = [this](RowId run) {
        m_changed.insert(run);
        if (!m_changedTimer.isActive()) m_changedTimer.start();
    };
    connect(&m_lab, &Lab::runChanged, this, changed);
    connect(&m_lab, &Lab::seriesChanged, this, [this](RowId run) { m_staleTrends.insert(run); });
    connect(&m_lab, &Lab::seriesChanged, this, changed);
    connect(&m_lab, &Lab::runsChanged, this, [this] {
        m_allChanged = true;
        if (!m_changedTimer.isActive()) m_changedTimer.start();
    });
    connect(&m_selection, &Selection::runsChanged, this, &RunsPage::showSelection);
    // A row is selected when all its cells are: a column that comes later (a metric nobody had) is none of
    // them.
    connect(m_filter, &QAbstractItemModel::columnsInserted, this, &RunsPage::showSelection,
            Qt::QueuedConnection);
}

void RunsPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_trendTimer.start();  // what came while another page was open
}

void RunsPage::hideEvent(QHideEvent* event) {
    saveState();
    QWidget::hideEvent(event);
}

// --- runs of other programs ---

void RunsPage::adoptRuns(const QString& folder) {
    auto* dialog = new AdoptDialog(m_lab, this);
    connect(dialog, &AdoptDialog::adopted, this,
            [this](const std::vector<RowId>& runs) { m_selection.setRuns(runs); });
    dialog->show();
    if (!folder.isEmpty()) dialog->look(folder);
}

void RunsPage::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedPaths(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void RunsPage::dropEvent(QDropEvent* event) {
    const QStringList paths = droppedPaths(event->mimeData());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    adoptRuns(paths.first());
}

void RunsPage::buildTable() {
    m_table = new QTableView(this);
    m_table->setModel(m_filter);
    m_table->setAccessibleName(tr("Runs"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->sortByColumn(RunTableModel::Created, Qt::DescendingOrder);
    m_table->setItemDelegate(new RowDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::Name, new RunNameDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::State, new RunStateDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::Tags, new TagsDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::Trend, new TrendDelegate(m_table));
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this] { m_columns->openMenu(); });
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 12);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPage::onSelectionChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RunsPage::onSelectionChanged);
    connect(m_table, &QTableView::customContextMenuRequested, this,
            [this](const QPoint& at) { m_commands->menu()->popup(m_table->viewport()->mapToGlobal(at)); });
    const auto wantTrends = [this] {
        if (!m_trendTimer.isActive()) m_trendTimer.start();
    };
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, wantTrends);
    connect(m_filter, &QAbstractItemModel::layoutChanged, this, wantTrends);
}

void RunsPage::buildLayout() {
    m_search = new QLineEdit(this);
    m_search->setClearButtonEnabled(true);
    m_search->setPlaceholderText(tr("Search name, tag, recipe, notes, state   (tag:x  state:failed  -word)"));
    m_search->setAccessibleName(tr("Search runs"));
    connect(m_search, &QLineEdit::textChanged, &m_searchTimer, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, [this] { m_table->setFocus(); });
    m_count = new QLabel(this);
    m_details->setMinimumWidth(260);

    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("runsSplitter"));
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({800, 380});
    m_splitter->setChildrenCollapsible(false);

    m_empty = new EmptyState(
        QStringLiteral("retort"), tr("Welcome to Retort"),
        tr("Nothing has been run yet. The quickstart teaches a small model to reason in a few minutes, on "
           "this "
           "computer: first by examples, then by reward. Everything that it does appears here."),
        this);
    m_empty->addButton(tr("Run the quickstart"), [this] { m_selection.startQuickstart(); });
    m_empty->addButton(tr("Design a run"), [this] { m_selection.open(Place::Design); });
    m_empty->addButton(tr("Adopt runs of another program…"), [this] { adoptRuns(); });
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);

    auto* bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_count);
    makeCommands(bar);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(makeNotice());
}

/// What was done last, with the way back.
QWidget* RunsPage::makeNotice() {
    m_notice = new QWidget(this);
    auto* text = new QLabel(m_notice);
    auto* undo = new QPushButton(tr("&Undo"), m_notice);
    connect(undo, &QPushButton::clicked, undoStack(), &QUndoStack::undo);
    auto* hide = new QToolButton(m_notice);
    hide->setText(QStringLiteral("×"));
    hide->setAutoRaise(true);
    hide->setToolTip(tr("Hide this message"));
    hide->setAccessibleName(tr("Hide this message"));
    connect(hide, &QToolButton::clicked, m_notice, &QWidget::hide);
    auto* layout = new QHBoxLayout(m_notice);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text);
    layout->addWidget(undo);
    layout->addWidget(hide);
    layout->addStretch();
    m_notice->hide();
    connect(undoStack(), &QUndoStack::indexChanged, this, [this, text] {
        const QString done = undoStack()->undoText();
        if (done.isEmpty() || undoStack()->index() < undoStack()->count()) return m_notice->hide();
        text->setText(done);
        m_notice->show();
    });
    return m_notice;
}

void RunsPage::makeCommands(QHBoxLayout* bar) {
    const auto pageAction = [this](QAction* action, const QKeySequence& key) {
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QWidget::addAction(action);
    };
    pageAction(undoStack()->createUndoAction(this, tr("&Undo")), QKeySequence::Undo);
    pageAction(undoStack()->createRedoAction(this, tr("&Redo")), QKeySequence::Redo);
    addCommand(this, {"runs.find", tr("&Find runs"), tr("Runs"), QKeySequence::Find}, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    auto* showArchived = new QAction(tr("Show a&rchived"), this);
    showArchived->setCheckable(true);
    connect(showArchived, &QAction::toggled, this, [this](bool on) {
        m_filter->setShowArchived(on);
        updateState();
    });
    QAction* columns =
        addCommand(this, {"runs.columns", tr("C&olumns…"), tr("Runs"), {}, QStringLiteral("columns")},
                   [this] { m_columns->openMenu(); });

    std::vector<QAction*> actions = m_commands->forBar();
    QAction* create = actions.front();
    actions.insert(actions.end(), {showArchived, columns});
    for (QAction* action : actions) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(action == create || action == showArchived ? Qt::ToolButtonTextBesideIcon
                                                                              : Qt::ToolButtonIconOnly);
        button->setAutoRaise(true);
        button->setAccessibleName(commandText(action));
        button->setFocusPolicy(Qt::TabFocus);
        QString tip = QString(action->text()).remove(QLatin1Char('&'));
        if (!action->shortcut().isEmpty()) {
            tip += QStringLiteral("  (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
        }
        action->setToolTip(tip);
        bar->addWidget(button);
    }
}

// --- what the store has ---

void RunsPage::reload() {
    struct Content {
        std::vector<RunRow> runs;
        std::optional<Json> columns;
    };
    m_lab.read(
        this,
        [withColumns = !m_loaded](StoreReader& reader) {
            return Content{reader.runs(true), withColumns ? reader.setting(columnsSetting) : std::nullopt};
        },
        [this](Content content) {
            if (content.columns) m_columns->setSaved(std::move(*content.columns));
            accept(std::move(content.runs));
        });
}

void RunsPage::readChanged() {
    if (m_allChanged) {
        m_allChanged = false;
        m_changed.clear();
        return reload();
    }
    m_lab.read(
        this,
        [changed = m_changed](StoreReader& reader) {
            std::vector<RunRow> rows;
            for (RowId id : changed) {
                if (auto row = reader.run(id)) rows.push_back(std::move(*row));
            }
            return rows;
        },
        [this](std::vector<RunRow> rows) {
            const QScopedValueRollback applying(m_applyingSelection, true);
            noteLaunchSteps(m_lab, rows);
            for (RunRow& row : rows) m_model->updateRun(std::move(row));
            updateState();
        });
    m_changed.clear();
}

void RunsPage::accept(std::vector<RunRow> runs) {
    const bool first = !m_loaded;
    m_loaded = true;
    {
        // What the rows do to the table's selection is not the user's choice.
        const QScopedValueRollback applying(m_applyingSelection, true);
        noteLaunchSteps(m_lab, runs);
        m_model->setRuns(std::move(runs));
    }
    if (first || isSelectionBehind()) showSelection();  // a run may be selected before its row is here
    updateState();
}

void RunsPage::updateState() {
    m_stack->setCurrentWidget(m_loaded && m_model->rowCount() == 0 ? static_cast<QWidget*>(m_empty)
                                                                   : m_splitter);
    const int shown = m_filter->rowCount(), all = m_model->rowCount();
    m_count->setText(shown == all ? tr("%n run(s)", nullptr, all)
                                  : tr("%1 of %n run(s)", nullptr, all).arg(shown));
    m_columns->apply();
    m_commands->update();
    m_details->showRun(m_model->run(selectedRows().empty() ? 0 : selectedRows().front()->id));
    if (!m_trendTimer.isActive()) m_trendTimer.start();
}

void RunsPage::loadTrends() {
    if (!isVisible() || m_table->isColumnHidden(RunTableModel::Trend)) return;
    const int top = std::max(m_table->rowAt(0), 0);
    int bottom = m_table->rowAt(m_table->viewport()->height() - 1);
    if (bottom < 0) bottom = m_filter->rowCount() - 1;
    std::vector<RowId> wanted;
    for (int row = top; row <= bottom; ++row) {
        const RowId id = m_filter->index(row, 0).data(RunTableModel::IdRole).toLongLong();
        if (m_trendsAsked.contains(id)) continue;
        if (m_model->hasTrend(id) && !m_staleTrends.contains(id)) continue;
        wanted.push_back(id);
        m_trendsAsked.insert(id);
        m_staleTrends.remove(id);
    }
    if (wanted.empty()) return;
    m_lab.read(
        this,
        [wanted](StoreReader& reader) {
            std::vector<std::pair<RowId, QList<QPointF>>> trends;
            for (RowId id : wanted) trends.emplace_back(id, readTrend(reader, id));
            return trends;
        },
        [this](std::vector<std::pair<RowId, QList<QPointF>>> trends) {
            for (auto& [id, points] : trends) {
                m_trendsAsked.remove(id);
                m_model->setTrend(id, std::move(points));
            }
            // Of a short run the points may have come after the read had begun, and nothing comes after them.
            if (!m_staleTrends.isEmpty() && !m_trendTimer.isActive()) m_trendTimer.start();
        });
}

// --- selection ---

std::vector<RowId> RunsPage::selectedRuns() const {
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    const int current = m_table->currentIndex().row();
    // The current run comes first: it is the one that pages for a single run show.
    std::stable_partition(rows.begin(), rows.end(), [current](int row) { return row == current; });
    std::vector<RowId> ids;
    for (int row : rows) ids.push_back(m_filter->index(row, 0).data(RunTableModel::IdRole).toLongLong());
    return ids;
}

std::vector<const RunRow*> RunsPage::selectedRows() const {
    std::vector<const RunRow*> rows;
    for (RowId id : selectedRuns()) {
        if (const RunRow* run = m_model->run(id)) rows.push_back(run);
    }
    return rows;
}

void RunsPage::onSelectionChanged() {
    if (m_applyingSelection || !m_loaded) return;
    m_applyingSelection = true;
    const std::vector<RowId> ids = selectedRuns();
    m_details->showRun(ids.empty() ? nullptr : m_model->run(ids.front()));
    m_commands->update();
    if (!ids.empty()) m_selection.setRuns(ids);  // hidden by a search is not deselected
    m_applyingSelection = false;
}

bool RunsPage::isSelectionBehind() const {
    const QItemSelectionModel& selection = *m_table->selectionModel();
    const auto& ids = m_selection.runs();
    return std::any_of(ids.begin(), ids.end(), [&](RowId id) {
        const int source = m_model->rowOf(id);
        if (source < 0) return false;
        const QModelIndex index = m_filter->mapFromSource(m_model->index(source, 0));
        return index.isValid() && !selection.isRowSelected(index.row());
    });
}

void RunsPage::showSelection() {
    if (m_applyingSelection || !m_loaded) return;
    m_applyingSelection = true;
    QItemSelection rows;
    QModelIndex current;
    for (RowId id : m_selection.runs()) {
        const int source = m_model->rowOf(id);
        if (source < 0) continue;
        const QModelIndex index = m_filter->mapFromSource(m_model->index(source, 0));
        if (!index.isValid()) continue;
        rows.select(index, index);
        if (!current.isValid()) current = index;
    }
    QItemSelectionModel* selection = m_table->selectionModel();
    if (current.isValid()) selection->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    selection->select(rows, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (current.isValid()) m_table->scrollTo(current);
    m_applyingSelection = false;
    m_details->showRun(m_model->run(m_selection.currentRun()));
    m_commands->update();
}

void RunsPage::saveState() {
    m_columns->remember([this](const Json& columns) { m_lab.writer().setSetting(columnsSetting, columns); });
}

}  // namespace retort
