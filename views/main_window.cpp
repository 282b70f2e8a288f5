#include "views/main_window.h"

#include <spdlog/spdlog.h>

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QProgressBar>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include "core/config/launch.h"
#include "core/config/study.h"
#include "core/runlog/run_directory.h"
#include "views/actions.h"
#include "views/compare/compare_page.h"
#include "views/design/design_page.h"
#include "views/lineage/lineage_page.h"
#include "views/live/live_page.h"
#include "views/machines/machines_page.h"
#include "views/merge/merge_page.h"
#include "views/queue/queue_page.h"
#include "views/runs/runs_page.h"
#include "views/traces/traces_page.h"
#include "views/widgets/command_palette.h"
#include "views/widgets/message_bar.h"
#include "views/widgets/navigation_rail.h"
#include "views/widgets/shortcut_sheet.h"

namespace retort {

namespace {

constexpr char kSelectionKey[] = "window.selection";
constexpr int kRememberEveryMs = 30'000;

// Those of the folders that are checkpoints of runs; others have nothing to compare but their weights.
std::vector<CheckpointRef> checkpointRefs(StoreReader& reader, const QStringList& folders) {
    std::vector<CheckpointRef> refs;
    for (const QString& folder : folders) {
        const std::filesystem::path path(folder.toStdString()), directory = runOfCheckpoint(path);
        if (directory.empty()) continue;
        const RunDirectory run = RunDirectory::open(directory);
        const std::optional<RunRow> row = reader.findRun(run.identity().id);
        for (const std::int64_t step : run.checkpointSteps())
            if (row && run.checkpointFolder(step).filename() == path.filename())
                refs.push_back({row->id, step});
    }
    return refs;
}

}  // namespace

MainWindow::MainWindow(Lab& lab, Session& session, QWidget* parent)
    : QMainWindow(parent),
      m_lab(lab),
      m_session(session),
      m_keys(session),
      m_rail(new NavigationRail),
      m_messages(new MessageBar),
      m_stack(new QStackedWidget),
      m_palette(new CommandPalette(this)) {
    setWindowTitle(QStringLiteral("Retort"));
    setWindowIcon(lineIcon(QStringLiteral("retort"), tones().accent));
    auto* centre = new QWidget(this);
    auto* beside = new QHBoxLayout(centre);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(0);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_messages);
    column->addWidget(m_stack, 1);
    beside->addWidget(m_rail);
    beside->addLayout(column, 1);
    setCentralWidget(centre);
    makePages();
    makeMenus();
    makeStatusBar();
    m_keys.apply(commandsOf(this));
    resize(1280, 800);

    connect(m_rail, &NavigationRail::chosen, this, [this](int index) {
        openPlace(static_cast<Place>(m_stack->widget(index)->property("retort.place").toInt()));
    });
    connect(&m_lab, &Lab::failed, this, &MainWindow::showMessage);
    Selection& selection = m_lab.selection();
    connect(&selection, &Selection::runsChanged, this, &MainWindow::saveSelection);
    connect(&selection, &Selection::placeRequested, this, &MainWindow::openPlace);
    connect(&selection, &Selection::copyRequested, this, [this] { openPlace(Place::Design); });
    connect(&selection, &Selection::quickstartRequested, this, &MainWindow::startQuickstart);
    connect(&m_lab, &Lab::stageStarted, this, &MainWindow::onStageStarted);

    m_session.restoreLayout(*this);
    openPlace(static_cast<Place>(std::clamp(m_session.page(), 0, m_stack->count() - 1)));
    m_rail->setCurrent(m_stack->currentIndex());
    restoreSelection();
    refreshStatus();
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &MainWindow::remember);
    timer->start(kRememberEveryMs);
}

MainWindow::~MainWindow() = default;

void MainWindow::makePages() {
    auto* runs = new RunsPage(m_lab, this);
    auto* design = new DesignPage(m_lab, this);
    addPage(Place::Runs, QStringLiteral("runs"), tr("Runs"), runs);
    addPage(Place::Design, QStringLiteral("design"), tr("Design"), design);
    auto* live = new LivePage(m_lab, this);
    auto* traces = new TracesPage(m_lab, this);
    addPage(Place::Live, QStringLiteral("live"), tr("Live"), live);
    addPage(Place::Traces, QStringLiteral("traces"), tr("Traces"), traces);
    connect(live, &LivePage::tracesRequested, this, [this, traces](RowId run, std::int64_t step) {
        traces->showStep(run, step);
        openPlace(Place::Traces);
    });
    connect(traces, &TracesPage::liveRequested, this, [this, live](RowId run, std::int64_t step) {
        live->markStep(run, step);
        openPlace(Place::Live);
    });
    connect(traces, &TracesPage::designRequested, this, [this, design](const QString& yaml) {
        design->setYaml(yaml);
        openPlace(Place::Design);
    });
    auto* lineage = new LineagePage(m_lab, this);
    auto* compare = new ComparePage(m_lab, this);
    auto* merge = new MergePage(m_lab, this);
    addPage(Place::Lineage, QStringLiteral("lineage"), tr("Lineage"), lineage);
    addPage(Place::Compare, QStringLiteral("compare"), tr("Compare"), compare);
    addPage(Place::Merge, QStringLiteral("merge"), tr("Merge"), merge);
    addPage(Place::Machines, QStringLiteral("machines"), tr("Machines"), new MachinesPage(m_lab, this));
    addPage(Place::Queue, QStringLiteral("queue"), tr("Queue"), new QueuePage(m_lab, this));
    connect(lineage, &LineagePage::compareRequested, this, [this, compare](const QStringList& folders) {
        m_lab.read(
            this, [folders](StoreReader& reader) { return checkpointRefs(reader, folders); },
            [this, compare](std::vector<CheckpointRef> checkpoints) {
                if (checkpoints.empty())
                    return showMessage(tr("Only checkpoints of runs in this store can be compared."));
                compare->setCheckpoints(std::move(checkpoints));
                openPlace(Place::Compare);
            });
    });
    connect(lineage, &LineagePage::mergeRequested, this, [this, merge](const QStringList& folders) {
        merge->addParents(folders);
        openPlace(Place::Merge);
    });
    connect(runs, &RunsPage::designFromCheckpoint, this, [this, design](const QString& folder) {
        design->startFromCheckpoint(folder);
        openPlace(Place::Design);
    });
}

void MainWindow::addPage(Place place, const QString& iconName, const QString& text, QWidget* page) {
    page->setProperty("retort.place", static_cast<int>(place));
    if (page->focusPolicy() == Qt::NoFocus) page->setFocusPolicy(Qt::ClickFocus);
    page->setAccessibleName(text);
    m_stack->addWidget(page);
    const QKeySequence keys(QStringLiteral("Ctrl+%1").arg(static_cast<int>(place) + 1));
    m_rail->addPlace(iconName, text, keys.toString(QKeySequence::NativeText));
}

void MainWindow::openPlace(Place place) {
    QWidget* wanted = page(place);
    if (!wanted) return;
    m_stack->setCurrentWidget(wanted);
    m_rail->setCurrent(m_stack->currentIndex());
    // A page's shortcuts work while the focus is inside it.
    if (!wanted->isAncestorOf(QApplication::focusWidget())) wanted->setFocus(Qt::OtherFocusReason);
}

Place MainWindow::currentPlace() const {
    return static_cast<Place>(m_stack->currentWidget()->property("retort.place").toInt());
}

QWidget* MainWindow::page(Place place) const {
    for (int i = 0; i < m_stack->count(); ++i)
        if (m_stack->widget(i)->property("retort.place").toInt() == static_cast<int>(place))
            return m_stack->widget(i);
    return nullptr;
}

void MainWindow::makeMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    const QString files = tr("File");
    file->addAction(addCommand(this, {"window.quickstart", tr("Start the &quickstart study"), files},
                               [this] { startQuickstart(); }));
    file->addAction(addCommand(
        this, {"window.adopt", tr("&Adopt runs from a folder…"), files, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)},
        [this] {
            openPlace(Place::Runs);
            qobject_cast<RunsPage*>(page(Place::Runs))->adoptRuns();
        }));
    file->addAction(
        addCommand(this, {"window.backup", tr("&Back up the store…"), files}, [this] { backUpStore(); }));
    file->addSeparator();
    file->addAction(addCommand(this,
                               {"window.quit", tr("&Quit"), files, QKeySequence(QStringLiteral("Ctrl+Q"))},
                               [this] { close(); }));

    QMenu* run = menuBar()->addMenu(tr("&Run"));
    const QString runs = tr("Run");
    run->addAction(addCommand(this,
                              {"run.stop", tr("&Stop after this step"), runs, {}, QStringLiteral("stop")},
                              [this] { steer(&Lab::requestStop); }));
    run->addAction(
        addCommand(this, {"run.pause", tr("&Pause or go on"), runs, {}, QStringLiteral("pause")}, [this] {
            m_lab.read(
                this, [id = m_lab.selection().currentRun()](StoreReader& reader) { return reader.run(id); },
                [this](const std::optional<RunRow>& row) {
                    if (row) m_lab.requestPause(*row, row->state != "paused");
                });
        }));
    run->addAction(addCommand(
        this, {"run.checkpoint", tr("Save a &checkpoint now"), runs, {}, QStringLiteral("checkpoint")},
        [this] { steer(&Lab::requestCheckpoint); }));
    run->addAction(addCommand(this, {"run.resume", tr("&Resume"), runs, {}, QStringLiteral("resume")},
                              [this] { resumeCurrent(); }));
    run->addAction(
        addCommand(this, {"run.kill", tr("&Kill its process"), runs}, [this] { steer(&Lab::kill); }));
    makeViewMenu();
    makeHelpMenu();
}

void MainWindow::makeViewMenu() {
    QMenu* view = menuBar()->addMenu(tr("&View"));
    const QString group = tr("View");
    const std::pair<Place, QString> places[] = {
        {Place::Runs, tr("Go to Runs")},       {Place::Design, tr("Go to Design")},
        {Place::Live, tr("Go to Live")},       {Place::Traces, tr("Go to Traces")},
        {Place::Lineage, tr("Go to Lineage")}, {Place::Compare, tr("Go to Compare")},
        {Place::Merge, tr("Go to Merge")},     {Place::Machines, tr("Go to Machines")},
        {Place::Queue, tr("Go to Queue")}};
    for (const auto& [place, text] : places) {
        const int number = static_cast<int>(place) + 1;
        const QByteArray id = "window.place" + QByteArray::number(number);
        view->addAction(addCommand(
            this, {id.constData(), text, group, QKeySequence(QStringLiteral("Ctrl+%1").arg(number))},
            [this, place = place] { openPlace(place); }));
    }
    view->addSeparator();
    QMenu* themes = view->addMenu(tr("&Theme"));
    auto* themeGroup = new QActionGroup(this);
    const std::pair<Theme, QString> themeTexts[] = {{Theme::System, tr("Theme: as the &system")},
                                                    {Theme::Light, tr("Theme: &light")},
                                                    {Theme::Dark, tr("Theme: &dark")}};
    for (const auto& [theme, text] : themeTexts) {
        const QByteArray id = "window.theme." + themeName(theme).toLatin1();
        QAction* action =
            addCommand(this, {id.constData(), text, group}, [this, theme = theme] { chooseTheme(theme); });
        action->setCheckable(true);
        action->setChecked(m_session.theme() == themeName(theme));
        themeGroup->addAction(action);
        themes->addAction(action);
    }
    QMenu* languages = view->addMenu(tr("&Language"));
    auto* languageGroup = new QActionGroup(this);
    const std::pair<QString, QString> languageTexts[] = {{QString(), tr("Language: as the &system")},
                                                         {QStringLiteral("en"), QStringLiteral("English")},
                                                         {QStringLiteral("de"), QStringLiteral("Deutsch")}};
    for (const auto& [code, text] : languageTexts) {
        const QByteArray id = "window.language." + code.toLatin1();
        QAction* action = addCommand(this, {id.constData(), text, group}, [this, code = code] {
            m_session.setLanguage(code);
            Q_EMIT languageChosen(code);
        });
        action->setCheckable(true);
        action->setChecked(m_session.language() == code);
        languageGroup->addAction(action);
        languages->addAction(action);
    }
}

void MainWindow::makeHelpMenu() {
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    const QString group = tr("Help");
    help->addAction(addCommand(this,
                               {"window.palette", tr("&Command palette…"), group,
                                QKeySequence(QStringLiteral("Ctrl+K")), QStringLiteral("search")},
                               [this] { openCommandPalette(); }));
    help->addAction(addCommand(
        this, {"window.shortcuts", tr("&Keyboard shortcuts…"), group, QKeySequence(QStringLiteral("?"))},
        [this] { openShortcutSheet(); }));
    help->addSeparator();
    help->addAction(addCommand(this, {"window.about", tr("&About Retort…"), group}, [this] { showAbout(); }));
}

void MainWindow::makeStatusBar() {
    const QString file = QString::fromStdString(m_lab.storeFile().string());
    auto* store = new QLabel(this);
    QString shown = file;
    if (shown.startsWith(QDir::homePath())) shown.replace(0, QDir::homePath().size(), QStringLiteral("~"));
    store->setText(tr("Store: %1").arg(shown));
    store->setToolTip(file);
    store->setContentsMargins(8, 0, 0, 0);
    m_running = new QLabel(this);
    m_progress = new QProgressBar(this);
    m_progress->setFixedWidth(160);
    m_progress->setMaximumHeight(14);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress of the running runs"));
    m_progress->hide();
    statusBar()->addWidget(store);
    statusBar()->addPermanentWidget(m_running);
    statusBar()->addPermanentWidget(m_progress);
    // Rows change up to 50 times a second while a run trains; twice a second is enough to read.
    auto* pace = new QTimer(this);
    pace->setSingleShot(true);
    pace->setInterval(500);
    connect(pace, &QTimer::timeout, this, &MainWindow::refreshStatus);
    const auto later = [pace] {
        if (!pace->isActive()) pace->start();
    };
    connect(&m_lab, &Lab::runChanged, pace, later);
    connect(&m_lab, &Lab::runsChanged, pace, later);
}

void MainWindow::refreshStatus() {
    if (m_statusAsked) return;
    m_statusAsked = true;
    struct Running {
        int count = 0;
        int withEnd = 0;
        double share = 0;
        QString name;
    };
    const auto query = [](StoreReader& reader) {
        Running running;
        for (const RunRow& row : reader.runs()) {
            if (row.state != "running") continue;
            ++running.count;
            running.name = QString::fromStdString(row.name);
            if (row.totalSteps <= 0) continue;
            ++running.withEnd;
            running.share += static_cast<double>(row.step) / static_cast<double>(row.totalSteps);
        }
        return running;
    };
    m_lab.read(this, query, [this](const Running& running) {
        m_statusAsked = false;
        m_progress->setVisible(running.withEnd > 0);  // not of runs that nobody knows the end of
        if (running.withEnd > 0)
            m_progress->setValue(static_cast<int>(100 * running.share / running.withEnd));
        m_running->setText(running.count == 0   ? tr("No run is going")
                           : running.count == 1 ? tr("Running: %1").arg(running.name)
                                                : tr("%n runs are going", nullptr, running.count));
    });
}

void MainWindow::restoreSelection() {
    if (!m_lab.selection().runs().empty()) return;
    const auto query = [](StoreReader& reader) {
        std::vector<RowId> chosen;
        const std::vector<RunRow> rows = reader.runs();
        if (const auto saved = reader.setting(kSelectionKey); saved && saved->is_array())
            for (const Json& id : *saved)
                for (const RunRow& row : rows)
                    if (id.is_string() && row.uuid == id.get<std::string>()) chosen.push_back(row.id);
        if (!chosen.empty() || rows.empty()) return chosen;
        // Nothing remembered: what is going on, or else the newest run.
        const auto newer = [](const RunRow& a, const RunRow& b) {
            return std::pair(a.state == "running", a.created) < std::pair(b.state == "running", b.created);
        };
        return std::vector<RowId>{std::max_element(rows.begin(), rows.end(), newer)->id};
    };
    m_lab.read(this, query, [this](std::vector<RowId> runs) {
        if (m_lab.selection().runs().empty()) m_lab.selection().setRuns(std::move(runs));
    });
}

void MainWindow::saveSelection() {
    const auto query = [ids = m_lab.selection().runs()](StoreReader& reader) {
        Json uuids = Json::array();
        for (const RowId id : ids)
            if (const auto row = reader.run(id)) uuids.push_back(row->uuid);
        return uuids;
    };
    m_lab.read(&m_lab, query,
               [lab = &m_lab](const Json& uuids) { lab->writer().setSetting(kSelectionKey, uuids); });
}

void MainWindow::remember() {
    m_session.setPage(static_cast<int>(currentPlace()));
    m_session.saveLayout(*this);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    remember();
    QMainWindow::closeEvent(event);
}

void MainWindow::showMessage(const QString& message) {
    spdlog::error("{}", message.toStdString());
    m_messages->show(message);
}

void MainWindow::openCommandPalette() {
    m_palette->open(commandsOf(this));
}

void MainWindow::openShortcutSheet() {
    auto* sheet = new ShortcutSheet(commandsOf(this), m_keys, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void MainWindow::chooseTheme(Theme theme) {
    applyTheme(theme);
    m_session.setTheme(themeName(theme));
}

void MainWindow::startQuickstart() {
    openPlace(Place::Live);
    statusBar()->showMessage(tr("Starting the quickstart study…"), 4000);
    m_lastStage = 0;
    m_lab.startStudy(quickstartStudy(), m_lab.backends().front()->id());
}

/// Live goes along with the study, unless the user has selected other runs meanwhile.
void MainWindow::onStageStarted(RowId run) {
    Selection& selection = m_lab.selection();
    if (m_lastStage == 0 || selection.runs() == std::vector{m_lastStage}) selection.setRuns({run});
    m_lastStage = run;
}

void MainWindow::steer(void (Lab::*request)(const RunRow&)) {
    m_lab.read(
        this, [id = m_lab.selection().currentRun()](StoreReader& reader) { return reader.run(id); },
        [this, request](const std::optional<RunRow>& row) {
            if (row)
                (m_lab.*request)(*row);
            else
                statusBar()->showMessage(tr("Select a run first"), 4000);
        });
}

void MainWindow::resumeCurrent() {
    m_lab.read(
        this, [id = m_lab.selection().currentRun()](StoreReader& reader) { return reader.run(id); },
        [this](const std::optional<RunRow>& row) {
            if (row) m_lab.resume(*row, {});
        });
}

void MainWindow::backUpStore() {
    const QString target = QFileDialog::getSaveFileName(this, tr("Back up the store"),
                                                        QStringLiteral("lab-backup.db"), tr("Stores (*.db)"));
    if (target.isEmpty()) return;
    const auto copy = [this, file = std::filesystem::path(target.toStdString())] {
        m_lab.writer().backup(file).get();
        return true;
    };
    m_lab.compute(this, copy,
                  [this, target](bool) { statusBar()->showMessage(tr("Saved %1").arg(target), 6000); });
}

void MainWindow::showAbout() {
    QMessageBox::about(
        this, tr("About Retort"),
        tr("<h3>Retort %1</h3><p>A native lab for post-training small reasoning models.</p>"
           "<p>Free software under the GNU General Public License, version 3 or later. It comes with no "
           "warranty.</p>"
           "<p>Made with Qt %2 and SQLite; training with LibTorch, which is loaded at the first launch.</p>")
            .arg(QStringLiteral(RETORT_VERSION), QString::fromLatin1(qVersion())));
}

}  // namespace retort
