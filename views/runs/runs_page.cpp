#include "views/runs/runs_page.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QUndoCommand>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "views/actions.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/run_delegate.h"
#include "views/models/run_filter_model.h"
#include "views/models/run_table_model.h"
#include "views/runs/column_state.h"
#include "views/runs/compare_dialog.h"
#include "views/runs/run_details.h"
#include "views/runs/table_text.h"
#include "views/selection.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr char columnsSetting[] = "runs.columns";

/// An edit of the store that can be taken back.
class StoreEdit : public QUndoCommand {
  public:
    StoreEdit(const QString& text, std::function<void()> redo, std::function<void()> undo)
        : QUndoCommand(text), m_redo(std::move(redo)), m_undo(std::move(undo)) {}
    void redo() override { m_redo(); }
    void undo() override { m_undo(); }

  private:
    std::function<void()> m_redo, m_undo;
};

std::vector<std::string> splitTags(const QString& text) {
    std::vector<std::string> tags;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const std::string tag = part.trimmed().toStdString();
        if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
    }
    return tags;
}

/// The curve that says best how the run goes, scaled into the unit square.
QList<QPointF> readTrend(StoreReader& reader, RowId run) {
    const SeriesRow* best = nullptr;
    const std::vector<SeriesRow> all = reader.series(run);
    for (const char* name : {"loss", "reward"}) {  // the later one wins
        for (const SeriesRow& series : all) {
            if (series.name == name) best = &series;
        }
    }
    QList<QPointF> points;
    if (!best) return points;
    double low = INFINITY, high = -INFINITY;
    for (const SeriesBucket& bucket : reader.buckets(best->id, XAxis::Step, 1, 0, 48)) {
        if (bucket.count <= bucket.nonFinite) continue;
        points << QPointF(bucket.lastX, bucket.lastValue);
        low = std::min(low, bucket.lastValue);
        high = std::max(high, bucket.lastValue);
    }
    if (points.size() < 2) return {};
    const double first = points.first().x(), width = std::max(points.last().x() - first, 1e-12);
    for (QPointF& p : points) p = {(p.x() - first) / width, high > low ? (p.y() - low) / (high - low) : 0.5};
    return points;
}

}  // namespace

struct RunsPage::Actions {
    QAction *live = nullptr, *traces = nullptr, *compare = nullptr, *duplicate = nullptr, *stop = nullptr,
            *pause = nullptr, *checkpoint = nullptr, *kill = nullptr, *rename = nullptr, *tag = nullptr,
            *notes = nullptr, *archive = nullptr, *copy = nullptr, *csv = nullptr, *folder = nullptr,
            *showArchived = nullptr, *columns = nullptr, *design = nullptr;
};

RunsPage::RunsPage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_selection(lab.selection()),
      m_model(new RunTableModel(this)),
      m_filter(new RunFilterModel(this)),
      m_actions(std::make_unique<Actions>()) {
    setObjectName(QStringLiteral("runsPage"));
    m_undo.setUndoLimit(200);
    m_filter->setSourceModel(m_model);
    buildTable();
    buildLayout();
    buildActions();

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
    timer(m_tickTimer, 1000, false, [this] { m_model->tick(); });
    timer(m_trendTimer, 250, true, &RunsPage::loadTrends);
    m_tickTimer.start();
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
    connect(m_model, &RunTableModel::edited, this, [this](RowId run, int column, const QString& text) {
        if (column == RunTableModel::Name) rename(run, text);
        if (column == RunTableModel::Tags) setTags(run, text);
        if (column == RunTableModel::Notes) setNotes(run, text);
    });
    connect(m_details, &RunDetails::tagsEdited, this, &RunsPage::setTags);
    connect(m_details, &RunDetails::notesEdited, this, &RunsPage::setNotes);
    connect(m_details, &RunDetails::startFromRequested, this, &RunsPage::designFromCheckpoint);
    reload();
}

RunsPage::~RunsPage() {
    saveState();
    m_undo.disconnect(this);
}

void RunsPage::hideEvent(QHideEvent* event) {
    saveState();
    QWidget::hideEvent(event);
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
    m_table->setItemDelegateForColumn(RunTableModel::State, new RunStateDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::Tags, new TagsDelegate(m_table));
    m_table->setItemDelegateForColumn(RunTableModel::Trend, new TrendDelegate(m_table));
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionsMovable(true);
    header->setHighlightSections(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, &RunsPage::showColumnMenu);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 12);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &RunsPage::onSelectionChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &RunsPage::onSelectionChanged);
    connect(m_table, &QTableView::customContextMenuRequested, this,
            [this](const QPoint& at) { m_menu->popup(m_table->viewport()->mapToGlobal(at)); });
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
    m_details = new RunDetails(m_lab, this);
    m_details->setMinimumWidth(260);

    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("runsSplitter"));
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);

    m_empty = new EmptyState(
        QStringLiteral("retort"), tr("Welcome to Retort"),
        tr("Nothing has been run yet. The quickstart teaches a small model to reason in a few minutes, on "
           "this "
           "computer: first by examples, then by reward. Everything that it does appears here."),
        this);
    m_empty->addButton(tr("Run the quickstart"), [this] { m_selection.startQuickstart(); });
    m_empty->addButton(tr("Design a run"), [this] { m_selection.open(Place::Design); });
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);

    m_notice = new QWidget(this);
    m_noticeText = new QLabel(m_notice);
    auto* undo = new QPushButton(tr("&Undo"), m_notice);
    connect(undo, &QPushButton::clicked, &m_undo, &QUndoStack::undo);
    auto* hide = new QToolButton(m_notice);
    hide->setText(QStringLiteral("×"));
    hide->setAutoRaise(true);
    hide->setToolTip(tr("Hide this message"));
    hide->setAccessibleName(tr("Hide this message"));
    connect(hide, &QToolButton::clicked, m_notice, &QWidget::hide);
    auto* noticeLayout = new QHBoxLayout(m_notice);
    noticeLayout->setContentsMargins(0, 0, 0, 0);
    noticeLayout->addWidget(m_noticeText);
    noticeLayout->addWidget(undo);
    noticeLayout->addWidget(hide);
    noticeLayout->addStretch();
    m_notice->hide();
    connect(&m_undo, &QUndoStack::indexChanged, this, [this] {
        const QString text = m_undo.undoText();
        if (text.isEmpty() || m_undo.index() < m_undo.count()) return m_notice->hide();
        m_noticeText->setText(text);
        m_notice->show();
    });
}

QAction* RunsPage::addTableCommand(const char* id, const QString& text, const QKeySequence& key,
                                   std::function<void()> act) {
    QAction* action = addCommand(m_table, {id, text, tr("Runs"), key}, std::move(act));
    // Only while the table itself has the focus: keys never act on runs while somebody types a name or a
    // note.
    action->setShortcutContext(Qt::WidgetShortcut);
    m_menu->addAction(action);
    return action;
}

void RunsPage::buildActions() {
    m_menu = new QMenu(this);
    Actions& a = *m_actions;
    const auto each = [this](auto act) {
        return [this, act] {
            for (const RunRow* run : selectedRows()) act(*run);
        };
    };
    a.live = addTableCommand("runs.live", tr("Open &live"), Qt::Key_Return,
                             [this] { m_selection.open(Place::Live); });
    a.live->setShortcuts({Qt::Key_Return, Qt::Key_Enter});
    connect(m_table, &QTableView::doubleClicked, a.live, &QAction::trigger);
    a.traces =
        addTableCommand("runs.traces", tr("Open &traces"), Qt::CTRL | Qt::Key_T, [this] { m_selection.open(Place::Traces); });
    a.compare = addTableCommand("runs.compare", tr("&Compare"), Qt::CTRL | Qt::SHIFT | Qt::Key_K, [this] { compare(); });
    a.duplicate = addTableCommand("runs.duplicate", tr("&Duplicate and edit"), Qt::CTRL | Qt::Key_D, [this] {
        if (const auto rows = selectedRows(); !rows.empty()) m_selection.designCopyOf(rows.front()->id);
    });
    m_menu->addSeparator();
    a.stop =
        addTableCommand("runs.stop", tr("&Stop"), Qt::CTRL | Qt::Key_Period, each([this](const RunRow& run) {
                            if (isActive(run)) m_lab.requestStop(run);
                        }));
    a.pause = addTableCommand("runs.pause", tr("&Pause or resume"), Qt::CTRL | Qt::Key_P,
                              [this] { pauseOrResume(); });
    a.checkpoint =
        addTableCommand("runs.checkpoint", tr("Chec&kpoint now"), Qt::CTRL | Qt::SHIFT | Qt::Key_S, each([this](const RunRow& run) {
                      if (run.state == "running") m_lab.requestCheckpoint(run);
                  }));
    a.kill = addTableCommand("runs.kill", tr("Kill"), {}, each([this](const RunRow& run) {
                                 if (isActive(run)) m_lab.kill(run);
                             }));
    a.kill->setToolTip(tr("Ends the trainer at once; the run can be resumed from its last checkpoint"));
    m_menu->addSeparator();
    a.rename = addTableCommand("runs.rename", tr("&Rename"), Qt::Key_F2, [this] {
        const QModelIndex current = m_table->currentIndex();
        if (current.isValid()) m_table->edit(current.siblingAtColumn(RunTableModel::Name));
    });
    a.tag = addTableCommand("runs.tags", tr("Edit ta&gs"), Qt::CTRL | Qt::Key_G,
                            [this] { m_details->focusTags(); });
    a.notes = addTableCommand("runs.notes", tr("Edit &notes"), Qt::CTRL | Qt::Key_N,
                              [this] { m_details->focusNotes(); });
    a.archive = addTableCommand("runs.archive", tr("&Archive"), Qt::Key_Delete, [this] { archive(); });
    m_menu->addSeparator();
    a.copy = addTableCommand("runs.copy", tr("Cop&y as table"), QKeySequence::Copy, [this] { copyTable(); });
    a.csv = addTableCommand("runs.csv", tr("&Export CSV…"), Qt::CTRL | Qt::Key_E, [this] { exportCsv(); });
    a.folder =
        addTableCommand("runs.folder", tr("Open &folder"), Qt::CTRL | Qt::Key_O, [this] { openFolders(); });

    const std::pair<QAction*, const char*> icons[] = {{a.live, "live"},
                                                      {a.traces, "traces"},
                                                      {a.compare, "compare"},
                                                      {a.duplicate, "duplicate"},
                                                      {a.stop, "stop"},
                                                      {a.pause, "pause"},
                                                      {a.checkpoint, "checkpoint"},
                                                      {a.tag, "tag"},
                                                      {a.archive, "archive"},
                                                      {a.copy, "copy"},
                                                      {a.csv, "export"}};
    for (const auto& [action, icon] : icons) action->setIcon(lineIcon(QString::fromLatin1(icon)));

    const auto pageAction = [this](QAction* action, const QKeySequence& key) {
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        QWidget::addAction(action);
        return action;
    };
    pageAction(m_undo.createUndoAction(this, tr("&Undo")), QKeySequence::Undo);
    pageAction(m_undo.createRedoAction(this, tr("&Redo")), QKeySequence::Redo);
    addCommand(this, {"runs.find", tr("&Find runs"), tr("Runs"), QKeySequence::Find}, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    a.showArchived = new QAction(tr("Show a&rchived"), this);
    a.showArchived->setCheckable(true);
    connect(a.showArchived, &QAction::toggled, this, [this](bool on) {
        m_filter->setShowArchived(on);
        updateState();
    });
    a.columns = addCommand(this, {"runs.columns", tr("C&olumns…"), tr("Runs"), {}, QStringLiteral("columns")},
                           [this] { showColumnMenu(); });
    a.design = addCommand(this, {"runs.new", tr("&New run"), tr("Runs"), {}, QStringLiteral("plus")},
                          [this] { m_selection.open(Place::Design); });

    auto* bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_count);
    for (QAction* action : {a.design, a.live, a.traces, a.compare, a.duplicate, a.stop, a.pause, a.archive,
                            a.showArchived, a.columns}) {
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(action == a.design || action == a.showArchived
                                       ? Qt::ToolButtonTextBesideIcon
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
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_notice);
    updateActions();
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
            if (content.columns) m_savedColumns = std::move(*content.columns);
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
    applyColumnsOnce();
    updateActions();
    m_details->showRun(m_model->run(selectedRows().empty() ? 0 : selectedRows().front()->id));
    if (!m_trendTimer.isActive()) m_trendTimer.start();
}

void RunsPage::applyMetrics() {
    if (m_metricsChosen) return;
    QStringList wanted;
    if (m_savedColumns.contains("metrics") && m_savedColumns["metrics"].is_array()) {
        m_metricsChosen = true;
        for (const Json& name : m_savedColumns["metrics"]) {
            if (name.is_string()) wanted << toQString(name.get<std::string>());
        }
    } else {
        wanted = m_model->defaultMetrics();
    }
    const int before = m_model->columnCount();
    m_model->setMetrics(wanted);
    QHeaderView& header = *m_table->horizontalHeader();
    const int place = header.visualIndex(RunTableModel::Trend) + 1;
    for (int column = before; column < m_model->columnCount(); ++column) {
        header.resizeSection(column, 13 * m_table->fontMetrics().averageCharWidth());
        header.moveSection(header.visualIndex(column), place + column - RunTableModel::FixedColumns);
    }
}

void RunsPage::applyColumnsOnce() {
    applyMetrics();
    if (m_columnsApplied || m_model->rowCount() == 0) return;
    m_columnsApplied = true;
    QHeaderView& header = *m_table->horizontalHeader();
    const int em = m_table->fontMetrics().averageCharWidth();
    const std::pair<int, int> widths[] = {
        {RunTableModel::Name, 24},          {RunTableModel::State, 18},   {RunTableModel::Recipe, 9},
        {RunTableModel::Step, 13},          {RunTableModel::Trend, 14},   {RunTableModel::Tags, 16},
        {RunTableModel::Notes, 20},         {RunTableModel::Created, 18}, {RunTableModel::Duration, 14},
        {RunTableModel::BackendColumn, 14}, {RunTableModel::Uuid, 11}};
    for (const auto& [column, letters] : widths) header.resizeSection(column, letters * em);
    header.setSectionHidden(RunTableModel::Uuid, true);
    applyColumns(m_savedColumns, header, [this](int column) { return m_model->columnKey(column); });
}

void RunsPage::showColumnMenu() {
    QMenu menu(this);
    QHeaderView* header = m_table->horizontalHeader();
    for (int column = 1; column < RunTableModel::FixedColumns; ++column) {
        QAction* action =
            menu.addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        connect(action, &QAction::toggled, this,
                [header, column](bool on) { header->setSectionHidden(column, !on); });
    }
    menu.addSection(tr("Metrics"));
    for (const QString& name : m_model->knownMetrics()) {
        QAction* action = menu.addAction(name);
        action->setCheckable(true);
        action->setChecked(m_model->metrics().contains(name));
        connect(action, &QAction::toggled, this, [this, name](bool on) {
            QStringList metrics = m_model->metrics();
            if (on) {
                metrics << name;
            } else {
                metrics.removeAll(name);
            }
            m_metricsChosen = true;
            m_model->setMetrics(metrics);
            saveState();
        });
    }
    menu.exec(QCursor::pos());
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
    updateActions();
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
    updateActions();
}

void RunsPage::updateActions() {
    Actions& a = *m_actions;
    const auto rows = selectedRows();
    const auto any = [&rows](auto test) {
        return std::any_of(rows.begin(), rows.end(), [&test](const RunRow* run) { return test(*run); });
    };
    for (QAction* action :
         {a.live, a.traces, a.duplicate, a.rename, a.tag, a.notes, a.archive, a.copy, a.folder}) {
        action->setEnabled(!rows.empty());
    }
    a.compare->setEnabled(rows.size() >= 2);
    a.stop->setEnabled(any(isActive));
    a.kill->setEnabled(any(isActive));
    a.checkpoint->setEnabled(any([](const RunRow& run) { return run.state == "running"; }));
    const bool running = any([](const RunRow& run) { return run.state == "running"; });
    a.pause->setText(running ? tr("&Pause") : tr("&Resume"));
    a.pause->setEnabled(
        any([](const RunRow& run) { return run.state != "finished" && run.state != "created"; }));
    const bool allArchived = !rows.empty() && std::all_of(rows.begin(), rows.end(),
                                                          [](const RunRow* run) { return run->archived; });
    a.archive->setText(allArchived ? tr("Take out of the &archive") : tr("&Archive"));
}

// --- what can be done ---

void RunsPage::edit(const QString& text, std::function<void()> redo, std::function<void()> undo) {
    m_undo.push(new StoreEdit(text, std::move(redo), std::move(undo)));
}

void RunsPage::rename(RowId id, const QString& name) {
    const RunRow* run = m_model->run(id);
    const std::string fresh = name.trimmed().toStdString();
    if (!run || fresh.empty() || fresh == run->name) return;
    edit(
        tr("Renamed to %1").arg(name.trimmed()), [this, id, fresh] { m_lab.writer().rename(id, fresh); },
        [this, id, old = run->name] { m_lab.writer().rename(id, old); });
}

void RunsPage::setTags(RowId id, const QString& text) {
    const RunRow* run = m_model->run(id);
    const auto tags = splitTags(text);
    if (!run || tags == run->tags) return;
    edit(
        tr("Changed the tags of %1").arg(toQString(run->name)),
        [this, id, tags] { m_lab.writer().setTags(id, tags); },
        [this, id, old = run->tags] { m_lab.writer().setTags(id, old); });
}

void RunsPage::setNotes(RowId id, const QString& text) {
    const RunRow* run = m_model->run(id);
    const std::string notes = text.toStdString();
    if (!run || notes == run->notes) return;
    edit(
        tr("Changed the notes of %1").arg(toQString(run->name)),
        [this, id, notes] { m_lab.writer().setNotes(id, notes); },
        [this, id, old = run->notes] { m_lab.writer().setNotes(id, old); });
}

void RunsPage::archive() {
    std::vector<RowId> ids;
    bool all = true;
    for (const RunRow* run : selectedRows()) {
        ids.push_back(run->id);
        all = all && run->archived;
    }
    if (ids.empty()) return;
    const int count = static_cast<int>(ids.size());
    edit(
        all ? tr("Took %n run(s) out of the archive", nullptr, count)
            : tr("Archived %n run(s)", nullptr, count),
        [this, ids, all] { m_lab.writer().setArchived(ids, !all); },
        [this, ids, all] { m_lab.writer().setArchived(ids, all); });
}

void RunsPage::compare() {
    std::vector<RunRow> runs;
    for (const RunRow* run : selectedRows()) runs.push_back(*run);
    if (runs.size() < 2) return;
    auto* dialog = new CompareDialog(std::move(runs), this);
    dialog->show();
}

void RunsPage::pauseOrResume() {
    const auto rows = selectedRows();
    const bool pausing =
        std::any_of(rows.begin(), rows.end(), [](const RunRow* run) { return run->state == "running"; });
    for (const RunRow* run : rows) {
        if (run->state == "running" && pausing) m_lab.requestPause(*run, true);
        if (pausing) continue;
        if (run->state == "paused") m_lab.requestPause(*run, false);
        if (run->state == "stopped" || run->state == "failed" || run->state == "lost") {
            m_lab.resume(*run, toQString(run->backend));
        }
    }
}

namespace {
QList<int> visibleColumns(const QHeaderView& header) {
    QList<int> columns;
    for (int visual = 0; visual < header.count(); ++visual) {
        const int column = header.logicalIndex(visual);
        if (!header.isSectionHidden(column) && column != RunTableModel::Trend) columns << column;
    }
    return columns;
}
}  // namespace

void RunsPage::copyTable() {
    QList<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) rows << index.row();
    std::sort(rows.begin(), rows.end());
    QGuiApplication::clipboard()->setText(
        tableText(*m_filter, rows, visibleColumns(*m_table->horizontalHeader()), TableFormat::Tsv));
}

void RunsPage::exportCsv() {
    const QString name = QFileDialog::getSaveFileName(this, tr("Export the table"),
                                                      QStringLiteral("runs.csv"), tr("CSV files (*.csv)"));
    if (name.isEmpty()) return;
    QList<int> rows;
    for (int row = 0; row < m_filter->rowCount(); ++row) rows << row;
    const QByteArray text = tableText(*m_filter, rows, visibleColumns(*m_table->horizontalHeader()),
                                      TableFormat::Csv, RunTableModel::SortRole)
                                .toUtf8();
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
        m_lab.report(Error(tr("Could not write the table: %1").arg(file.errorString()).toStdString(),
                           name.toStdString()));
    }
}

void RunsPage::openFolders() {
    for (const RunRow* run : selectedRows()) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(run->directory)));
    }
}

void RunsPage::saveState() {
    if (!m_columnsApplied) return;
    Json state = columnsToJson(*m_table->horizontalHeader(),
                               [this](int column) { return m_model->columnKey(column); });
    if (m_metricsChosen) {
        Json& metrics = state["metrics"] = Json::array();
        for (const QString& name : m_model->metrics()) metrics.push_back(name.toStdString());
    }
    if (state == m_savedColumns) return;
    m_savedColumns = state;
    m_lab.writer().setSetting(columnsSetting, state);
}

}  // namespace retort
