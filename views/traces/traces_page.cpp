#include "views/traces/traces_page.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "core/util/error.h"
#include "views/actions.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/trace_delegates.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/selection.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_text.h"
#include "views/traces/trace_view.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

namespace retort {

TracesPage::TracesPage(Lab& lab, QWidget* parent)
    : QWidget(parent),
      m_lab(lab),
      m_selection(lab.selection()),
      m_list(new TraceListModel(lab, this)),
      m_group(new TraceGroupModel(this)) {
    setObjectName(QStringLiteral("tracesPage"));
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setObjectName(QStringLiteral("tracesSplitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeListPane());
    m_splitter->addWidget(makeCentre());
    m_splitter->addWidget(makeGroupPane());
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 4);
    m_splitter->setStretchFactor(2, 1);
    m_splitter->setSizes({330, 620, 190});
    m_empty = new EmptyState(
        QStringLiteral("traces"), tr("No traces yet"),
        tr("A trace is one answer that the model wrote, with every step of its reasoning checked. Runs "
           "keep some of them as they train and evaluate; they appear here by themselves."),
        this);
    m_empty->addButton(tr("Run the quickstart"), [this] { m_selection.startQuickstart(); });
    m_empty->addButton(tr("Choose a run"), [this] { m_selection.open(Place::Runs); });
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_splitter);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_stack);
    makeCommands();

    m_openTimer.setSingleShot(true);
    m_openTimer.setInterval(40);  // an arrow key held down opens where it stops
    connect(&m_openTimer, &QTimer::timeout, this, [this] { openTrace(m_wanted); });
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(250);
    connect(&m_refreshTimer, &QTimer::timeout, this, [this] {
        m_list->refresh();
        readRun();
    });
    connect(m_filters, &TraceFilterBar::changed, this, &TracesPage::applyFilter);
    connect(m_list, &TraceListModel::counted, this, &TracesPage::onCounted);
    connect(m_list, &TraceListModel::rowsLoaded, this, [this] {
        if (m_openFirst && m_list->at(0)) {
            m_openFirst = false;
            m_listView->setCurrentIndex(m_list->index(0));
        }
    });
    connect(&m_selection, &Selection::runsChanged, this, &TracesPage::onSelectionChanged);
    connect(&m_selection, &Selection::traceChanged, this, [this] {
        if (m_selection.trace() != 0 && m_selection.trace() != m_current) openTrace(m_selection.trace());
    });
    connect(&m_lab, &Lab::tracesChanged, this, &TracesPage::onTracesChanged);
    readRun();
    applyFilter();
}

void TracesPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_listView->setFocus();
    if (std::exchange(m_stale, false)) m_refreshTimer.start();
}

QWidget* TracesPage::makeListPane() {
    auto* pane = new QWidget(this);
    m_filters = new TraceFilterBar(pane);
    m_count = new QLabel(pane);
    m_newTraces = new QPushButton(tr("Show new traces"), pane);
    m_newTraces->hide();
    connect(m_newTraces, &QPushButton::clicked, this, [this] {
        m_newTraces->hide();
        m_list->refresh();
    });
    // A list view needs 160 ms for 100 000 rows, or lays them out in batches and then can stay blank when the
    // model changes meanwhile; a tree view without a tree needs 7 (style.md c.2).
    m_listView = new QTreeView(pane);
    m_listView->setModel(m_list);
    m_listView->setItemDelegate(new TraceRowDelegate(m_listView));
    m_listView->setUniformRowHeights(true);
    m_listView->setRootIsDecorated(false);
    m_listView->setItemsExpandable(false);
    m_listView->setHeaderHidden(true);
    m_listView->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_listView->setAccessibleName(tr("Traces"));
    connect(m_listView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &TracesPage::onListCurrentChanged);
    m_nothingFound = new QWidget(pane);
    auto* text = new QLabel(tr("No trace matches these filters."), m_nothingFound);
    text->setWordWrap(true);
    auto* reset = new QPushButton(tr("Clear the filters"), m_nothingFound);
    connect(reset, &QPushButton::clicked, m_filters, &TraceFilterBar::clear);
    auto* nothingLayout = new QVBoxLayout(m_nothingFound);
    nothingLayout->addWidget(text);
    nothingLayout->addWidget(reset);
    m_nothingFound->hide();
    auto* line = new QHBoxLayout;
    line->addWidget(m_count, 1);
    line->addWidget(m_newTraces);
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_filters);
    layout->addLayout(line);
    layout->addWidget(m_nothingFound);
    layout->addWidget(m_listView, 1);
    return pane;
}

QWidget* TracesPage::makeCentre() {
    auto* pane = new QWidget(this);
    m_view = new TraceView(pane);
    m_sliderBox = new QWidget(pane);
    m_slider = new QSlider(Qt::Horizontal, m_sliderBox);
    m_slider->setPageStep(1);
    m_slider->setAccessibleName(tr("The same problem at other training steps"));
    m_sliderLabel = new QLabel(m_sliderBox);
    auto* sliderLayout = new QVBoxLayout(m_sliderBox);
    sliderLayout->setContentsMargins(0, 0, 0, 0);
    sliderLayout->addWidget(m_sliderLabel);
    sliderLayout->addWidget(m_slider);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        showHistoryLabel();
        m_wanted = m_history[static_cast<std::size_t>(value)].id;
        m_openTimer.start();
    });
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_sliderBox);
    m_sliderBox->hide();
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
    connect(m_groupView->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (m_showing || !now.isValid()) return;
                m_wanted = m_group->idAt(now.row());
                m_openTimer.start();
            });
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_groupHead);
    layout->addWidget(m_groupView, 1);
    return pane;
}

QAction* TracesPage::addCommandFor(const char* id, const QString& text, const QKeySequence& key,
                                   std::function<void()> act) {
    // Single letters belong to the panes that show traces, not to the filter bar: nothing is stolen from text
    // fields and choices.
    QAction* action = addCommand(m_view, {id, text, tr("Traces"), key}, std::move(act));
    m_listView->addAction(action);
    m_groupView->addAction(action);
    m_slider->addAction(action);
    return action;
}

void TracesPage::makeCommands() {
    addCommandFor("traces.nextStep", tr("Next step"), Qt::Key_J, [this] { m_view->moveStep(1); });
    addCommandFor("traces.previousStep", tr("Previous step"), Qt::Key_K, [this] { m_view->moveStep(-1); });
    addCommandFor("traces.nextSample", tr("Next sample of the group"), Qt::SHIFT | Qt::Key_J,
                  [this] { moveSample(1); });
    addCommandFor("traces.previousSample", tr("Previous sample of the group"), Qt::SHIFT | Qt::Key_K,
                  [this] { moveSample(-1); });
    addCommandFor("traces.firstWrong", tr("First wrong step"), Qt::Key_F,
                  [this] { m_view->goToFirstWrong(); });
    addCommand(m_view->stepList(),
               {"traces.copySteps", tr("Copy the selected steps"), tr("Traces"), QKeySequence::Copy},
               [this] { m_view->copySteps(); });
    addCommandFor("traces.find", tr("Find in the trace"), Qt::Key_Slash, [this] { m_view->openSearch(); });
    addCommandFor("traces.lane", tr("Log-probability or entropy"), Qt::Key_T,
                  [this] { m_view->switchLane(); });
    addCommandFor("traces.earlier", tr("Same problem, earlier step"), Qt::Key_BracketLeft,
                  [this] { moveInHistory(-1); });
    addCommandFor("traces.later", tr("Same problem, later step"), Qt::Key_BracketRight,
                  [this] { moveInHistory(1); });
    const QString group = tr("Traces");
    addCommand(this, {"traces.search", tr("Search all traces"), group, QKeySequence::Find},
               [this] { m_filters->focusSearch(); });
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
    m_follow = addCommand(
        this, {"traces.follow", tr("Follow new traces"), group, {}, QStringLiteral("follow")}, [this] {
            if (m_follow->isChecked()) m_newTraces->click();
        });
    m_follow->setCheckable(true);
    m_follow->setChecked(true);

    auto* bar = new QHBoxLayout;
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
        bar->addWidget(button);
    }
    static_cast<QVBoxLayout*>(m_listView->parentWidget()->layout())->insertLayout(2, bar);
    bar->addStretch();
}

// --- the list ---

void TracesPage::readRun() {
    const RowId run = m_selection.currentRun();
    struct About {
        RowId run = 0;
        QString name;
        QStringList tasks;
    };
    m_lab.read(
        this,
        [run](StoreReader& reader) {
            About about{run, {}, {}};
            if (run == 0) return about;
            if (const auto row = reader.run(run)) about.name = toQString(row->name);
            for (const std::string& task : reader.traceTasks(run)) about.tasks << toQString(task);
            return about;
        },
        [this](const About& about) {
            if (about.run != m_selection.currentRun()) return;
            m_filters->setRun(about.run, about.name);
            m_filters->setTasks(about.tasks);
        });
}

void TracesPage::onSelectionChanged() {
    if (m_filters->filter().run == m_selection.currentRun()) return;
    m_filters->setRun(m_selection.currentRun(), {});
    readRun();
    applyFilter();
}

void TracesPage::applyFilter() {
    m_filters->setRun(m_selection.currentRun(), {});
    readRun();
    m_newTraces->hide();
    m_openFirst = true;
    m_list->setFilter(m_filters->filter());
}

void TracesPage::onTracesChanged(RowId run) {
    if (!isVisible()) {  // nobody looks: read once when somebody does
        m_stale = true;
        return;
    }
    const RowId shown = m_list->filter().run;
    if (shown != 0 && shown != run) return;
    if (!m_follow->isChecked() && m_list->rowCount() > 0) return m_newTraces->show();
    if (!m_refreshTimer.isActive()) m_refreshTimer.start();
}

void TracesPage::onCounted(int total) {
    const bool narrowed = m_filters->isNarrowed();
    m_count->setText(tr("%n trace(s)", nullptr, total));
    m_nothingFound->setVisible(total == 0 && narrowed);
    const bool empty = total == 0 && !narrowed && m_current == 0;
    m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_empty) : m_splitter);
}

void TracesPage::onListCurrentChanged() {
    const TraceRow* row = m_list->at(m_listView->currentIndex().row());
    if (!row || row->id == m_current) return;
    m_wanted = row->id;
    m_openTimer.start();
}

// --- the open trace ---

TracesPage::Opened TracesPage::readTrace(StoreReader& reader, RowId id, RowId run) {
    Opened opened;
    opened.id = id;
    opened.trace = reader.trace(id);
    if (!opened.trace) return opened;
    opened.group = reader.traceGroup(id);
    TraceFilter same;
    same.run = run;
    same.problemId = opened.trace->problemId;
    same.order = TraceFilter::Order::Oldest;
    constexpr std::int64_t most = 2000;
    for (TraceRow& row : reader.traces(same, 0, most)) {
        if (row.id == id) opened.run = row.run;
        // One a step: the open trace itself, or the first sample.
        const bool newStep = opened.history.empty() || opened.history.back().step != row.step ||
                             opened.history.back().phase != row.phase;
        if (newStep) {
            opened.history.push_back(std::move(row));
        } else if (row.id == id || row.sample == opened.trace->sample) {
            if (opened.history.back().id != id) opened.history.back() = std::move(row);
        }
    }
    const RowId owner = opened.run != 0 ? opened.run : run;
    if (const auto row = reader.run(owner)) opened.runName = toQString(row->name);
    return opened;
}

void TracesPage::openTrace(RowId id) {
    if (id == 0) return;
    m_wanted = id;
    RowId run = m_list->filter().run;
    if (const TraceRow* row = m_list->at(m_list->rowOf(id))) run = row->run;
    m_lab.read(
        this, [id, run](StoreReader& reader) { return readTrace(reader, id, run); },
        [this](Opened opened) {
            if (opened.id == m_wanted) showTrace(std::move(opened));
        });
}

void TracesPage::showTrace(Opened opened) {
    if (!opened.trace) return m_view->clear();
    m_current = opened.id;
    m_showing = true;
    m_view->setTrace(std::move(*opened.trace), opened.runName);
    if (m_group->rowOf(opened.id) < 0 || m_group->rowCount() != static_cast<int>(opened.group.size())) {
        m_group->setGroup(std::move(opened.group));
    }
    QString head = tr("Group of %n sample(s)", nullptr, m_group->rowCount());
    if (m_group->hasNoSpread())
        head += QLatin1Char('\n') + tr("All rewards are equal: nothing to learn from.");
    m_groupHead->setText(head);
    m_groupView->parentWidget()->setVisible(m_group->rowCount() > 1);
    m_groupView->setCurrentIndex(m_group->index(m_group->rowOf(opened.id)));
    const int row = m_list->rowOf(opened.id);
    if (row >= 0) {
        m_listView->setCurrentIndex(m_list->index(row));
    } else {
        m_listView->clearSelection();
    }

    m_history = std::move(opened.history);
    const auto here = std::find_if(m_history.begin(), m_history.end(),
                                   [&](const TraceRow& r) { return r.id == opened.id; });
    {
        const QSignalBlocker quiet(m_slider);
        m_slider->setRange(0, std::max(0, static_cast<int>(m_history.size()) - 1));
        if (here != m_history.end()) m_slider->setValue(static_cast<int>(here - m_history.begin()));
    }
    m_sliderBox->setVisible(m_history.size() > 1);
    showHistoryLabel();
    m_showing = false;
    m_stack->setCurrentWidget(m_splitter);
    m_selection.setTrace(m_current);
}

void TracesPage::showHistoryLabel() {
    const auto at = static_cast<std::size_t>(m_slider->value());
    if (at >= m_history.size()) return;
    const TraceRow& row = m_history[at];
    QString text = tr("Same problem: step %1 (%2 of %3)").arg(row.step).arg(at + 1).arg(m_history.size());
    text += QStringLiteral("  ") + (row.correct ? QStringLiteral("✓") : QStringLiteral("✗"));
    if (row.reward) text += QStringLiteral("  ") + tr("reward %1").arg(formatNumber(*row.reward));
    text += QStringLiteral("  ") + tr("%n token(s)", nullptr, row.numTokens);
    m_sliderLabel->setText(text);
}

void TracesPage::moveSample(int by) {
    const int rows = m_group->rowCount();
    if (rows == 0) return;
    const int row = std::clamp(m_groupView->currentIndex().row() + by, 0, rows - 1);
    m_groupView->setCurrentIndex(m_group->index(row));
}

void TracesPage::moveInHistory(int by) {
    m_slider->setValue(m_slider->value() + by);
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
    m_count->setText(tr("Exporting…"));
    m_lab.read(
        this,
        [filter = m_list->filter(), file, asCsv](StoreReader& reader) {
            return exportTraces(reader, filter, file, asCsv ? TraceFileFormat::Csv : TraceFileFormat::Jsonl);
        },
        [this, file](std::int64_t written) {
            m_count->setText(tr("%n trace(s) written to %1", nullptr, static_cast<int>(written)).arg(file));
        });
}

}  // namespace retort
