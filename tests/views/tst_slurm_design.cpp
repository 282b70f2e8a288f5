// Jobs of Slurm in the window, against a real one: the request is filled in and remembered, the script seen
// and edited, Slurm asked, several runs submitted as one array, and jobs held, requeued and cancelled from
// the table. The trainer is a script that holds the run's lock until it is told to stop.
#include <QAction>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <set>

#include "tests/backends/support/slurm.h"
#include "training/backends/queue/queue_runner.h"
#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"
#include "views/design/design_page.h"
#include "views/design/launch_bar.h"
#include "views/design/slurm_form.h"
#include "views/design/slurm_panel.h"
#include "views/design/yaml_editor.h"
#include "views/lab.h"
#include "views/live/live_page.h"
#include "views/models/format.h"
#include "views/models/job_text.h"
#include "views/models/run_table_model.h"
#include "views/runs/run_details.h"
#include "views/runs/runs_page.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

constexpr int longest = 60000;  // ms

const char* const tiny =
    "recipe: sft\nname: tiny\ndata:\n  tasks:\n  - task: addition\n    max_digits: 2\ntraining:\n  "
    "max_steps: "
    "10\n  warmup_steps: 2\n";

const char* const trainer =
    "#!/bin/sh\nexec 9> \"$2/run.lock\"\nflock -n 9\necho \"in $2\"\ntrap 'exit 130' TERM\n"
    "while [ ! -e \"$2/control/stop\" ]; do sleep 0.1; done\n";

QString textOf(const QWidget& place) {
    QStringList lines;
    for (const QLabel* label : place.findChildren<QLabel*>()) lines << label->text();
    return lines.join(QLatin1Char('\n'));
}

/// For a person who wants to look: $RETORT_SCREENSHOTS is a folder.
void keep(QWidget& place, const char* name) {
    const QString folder = qEnvironmentVariable("RETORT_SCREENSHOTS");
    if (folder.isEmpty()) return;
    for (const auto& [theme, suffix] : {std::pair(Theme::Dark, "dark"), std::pair(Theme::Light, "light")}) {
        applyTheme(theme);
        QTest::qWait(200);
        place.grab().save(
            QStringLiteral("%1/%2-%3.png").arg(folder, QLatin1String(name), QLatin1String(suffix)));
    }
}

}  // namespace

class TestSlurmDesign : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theTabIsThereForSlurmAlone();
    void formAndScriptAreOneThing();
    void slurmIsAskedInPlace();
    void whatWasAskedIsRemembered();
    void runsWithoutARequestAskForIt();
    void severalAreOneArray();
    void jobsAreSteeredFromTheTable();
    void anEditedScriptIsSubmitted();

  private:
    void openPage() {
        m_page = std::make_unique<DesignPage>(*m_lab);
        m_page->resize(1280, 740);
        m_page->setYaml(QString::fromLatin1(tiny));
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->launchBar()->chooseBackend(QStringLiteral("slurm:cluster"));
        QCOMPARE(m_page->side()->count(), 2);
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QTest::mouseClick(m_page->side()->tabBar(), Qt::LeftButton, {},
                          m_page->side()->tabBar()->tabRect(1).center());
        QVERIFY(panel().isVisible());
    }
    SlurmPanel& panel() const { return *m_page->slurmPanel(); }
    QString script() const { return panel().editor()->toPlainText(); }
    bool says(const QString& line) const { return script().split(QLatin1Char('\n')).contains(line); }
    void type(QWidget* field, const QString& text) const {
        field->setFocus();
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, text);
    }
    std::vector<RunRow> rows() const { return StoreReader(m_lab->storeFile()).runs(false); }
    std::string stateOfJob(RowId run) const {
        const auto job = StoreReader(m_lab->storeFile()).job(run);
        return job ? job->jobState : "";
    }
    std::string reasonOfJob(RowId run) const {
        const auto job = StoreReader(m_lab->storeFile()).job(run);
        return job ? job->reason : "";
    }
    std::vector<RowId> launch() const {
        QSignalSpy launched(m_page.get(), &DesignPage::launched);
        QTest::mouseClick(m_page->launchBar()->launchButton(), Qt::LeftButton);
        if (!QTest::qWaitFor([&] { return !launched.isEmpty(); }, longest)) return {};
        return launched.first().first().value<std::vector<RowId>>();
    }

    std::unique_ptr<TestSlurm> m_slurm;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<DesignPage> m_page;
};

void TestSlurmDesign::initTestCase() {
    if (const QString missing = TestSlurm::missing(); !missing.isEmpty())
        QSKIP(qPrintable(QStringLiteral("NOT TESTED AGAINST A REAL SLURM: ") + missing));
    qRegisterMetaType<std::vector<RowId>>();
    initTheme();
    applyTheme(Theme::Light);
    m_slurm = std::make_unique<TestSlurm>();
}

void TestSlurmDesign::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    const QString file = m_folder->filePath(QStringLiteral("trainer"));
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(trainer);
    out.close();
    QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("RETORT_CLI", file.toUtf8());
    m_lab = std::make_unique<Lab>(m_folder->filePath(QStringLiteral("lab.db")).toStdString());
    Machine machine;
    machine.name = "cluster";
    machine.scheduler = Scheduler::Slurm;
    m_lab->writer().saveMachine(machine).get();
    QTRY_VERIFY(m_lab->slurm(QStringLiteral("slurm:cluster")));
    m_lab->slurm(QStringLiteral("slurm:cluster"))->setPollInterval(300);
    openPage();
}

void TestSlurmDesign::cleanup() {
    m_page.reset();
    if (m_slurm) m_slurm->cancelAll();
    m_lab.reset();
    m_folder.reset();
}

void TestSlurmDesign::theTabIsThereForSlurmAlone() {
    QCOMPARE(m_page->side()->tabText(1), QStringLiteral("Slurm job"));
    m_page->launchBar()->chooseBackend(QStringLiteral("local-process"));
    QCOMPARE(m_page->side()->count(), 1);
    QVERIFY(m_page->editor()->isVisible());
    // What is wrong there does not matter here.
    m_page->launchBar()->chooseBackend(QStringLiteral("slurm:cluster"));
    QTRY_COMPARE(m_lab->pendingReads(), 0);
    type(panel().form()->timeLimit(), QStringLiteral("soon"));
    QVERIFY(!m_page->launchBar()->launchButton()->isEnabled());
    m_page->launchBar()->chooseBackend(QStringLiteral("local-process"));
    QVERIFY(m_page->launchBar()->launchButton()->isEnabled());
}

void TestSlurmDesign::formAndScriptAreOneThing() {
    QVERIFY(script().startsWith(QStringLiteral("#!/bin/bash -l\n#SBATCH --job-name='tiny'\n")));
    QVERIFY(!panel().asMade()->isEnabled());
    type(panel().form()->timeLimit(), QStringLiteral("90"));
    type(panel().form()->gpus(), QStringLiteral("gpu:2"));
    QVERIFY(says(QStringLiteral("#SBATCH --time='90'")));
    QVERIFY(says(QStringLiteral("#SBATCH --gres='gpu:2'")));
    type(panel().form()->extra(), QStringLiteral("--comment=mine"));
    QVERIFY(says(QStringLiteral("#SBATCH --comment=mine")));
    // Edited by hand: the form goes on without it, and that is said.
    panel().editor()->setFocus();
    panel().editor()->moveCursor(QTextCursor::End);
    QTest::keyClicks(panel().editor(), QStringLiteral("# my own"));
    QVERIFY(panel().asMade()->isEnabled());
    QVERIFY2(panel().difference()->text().contains(QStringLiteral("1 line")),
             qPrintable(panel().difference()->text()));
    QVERIFY(!panel().script().empty());
    type(panel().form()->timeLimit(), QStringLiteral("91"));
    QVERIFY(says(QStringLiteral("#SBATCH --time='90'")));
    QVERIFY2(panel().difference()->text().contains(QStringLiteral("2 line")),
             qPrintable(panel().difference()->text()));
    keep(*m_page, "edited");
    QTest::mouseClick(panel().asMade(), Qt::LeftButton);
    QVERIFY(says(QStringLiteral("#SBATCH --time='91'")));
    QVERIFY(!says(QStringLiteral("# my own")));
    QVERIFY(panel().script().empty());
    QVERIFY(panel().difference()->text().isEmpty());
    // And taken back.
    QTest::keyClick(panel().editor(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(says(QStringLiteral("# my own")));
    QTest::mouseClick(panel().asMade(), Qt::LeftButton);
    // Several runs are an array.
    m_page->launchBar()->setSeeds(3);
    QVERIFY(says(QStringLiteral("#SBATCH --array=0-2")));
    m_page->launchBar()->setArrayAtOnce(2);
    QVERIFY(says(QStringLiteral("#SBATCH --array=0-2%2")));
    // An edited script for another number of runs is not submitted.
    panel().editor()->moveCursor(QTextCursor::End);
    QTest::keyClicks(panel().editor(), QStringLiteral("# x"));
    m_page->launchBar()->setSeeds(4);
    QVERIFY2(panel().answer()->text().contains(QStringLiteral("--array=0-3")),
             qPrintable(panel().answer()->text()));
    QVERIFY(!m_page->launchBar()->launchButton()->isEnabled());
}

void TestSlurmDesign::slurmIsAskedInPlace() {
    QTRY_COMPARE_WITH_TIMEOUT(panel().form()->partition()->count(), 2, longest);
    QVERIFY2(panel().form()->about()->text().contains(QStringLiteral("4 core")),
             qPrintable(panel().form()->about()->text()));
    QTRY_VERIFY_WITH_TIMEOUT(panel().answer()->text().contains(QStringLiteral("to start at")), longest);
    type(panel().form()->partition()->lineEdit(), QStringLiteral("moon"));
    // In sbatch's own words, without a key.
    QTRY_VERIFY_WITH_TIMEOUT(
        panel().answer()->text().contains(QStringLiteral("invalid partition specified: moon")), longest);
    keep(*m_page, "refused");
    QVERIFY(panel().answer()->text().contains(QStringLiteral("sinfo")));
    type(panel().form()->partition()->lineEdit(), QStringLiteral("urgent"));
    QTest::mouseClick(panel().checkButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(panel().answer()->text().contains(QStringLiteral("partition urgent")), longest);
    // What the fields themselves tell needs no question.
    type(panel().form()->timeLimit(), QStringLiteral("soon"));
    QVERIFY(panel().answer()->text().contains(QStringLiteral("is not a time limit")));
}

void TestSlurmDesign::whatWasAskedIsRemembered() {
    type(panel().form()->timeLimit(), QStringLiteral("2:00:00"));
    type(panel().form()->extra(), QStringLiteral("--comment=mine"));
    panel().form()->nodes()->setValue(3);
    const SlurmRequest asked = panel().request();
    Machine other;
    other.name = "other";
    other.scheduler = Scheduler::Slurm;
    m_lab->writer().saveMachine(other).get();
    QTRY_VERIFY(m_lab->slurm(QStringLiteral("slurm:other")));
    m_page->launchBar()->chooseBackend(QStringLiteral("slurm:other"));
    QTRY_COMPARE(panel().form()->timeLimit()->text(), QString());
    QVERIFY(panel().request() == SlurmRequest());
    m_page.reset();
    openPage();
    QTRY_COMPARE(panel().form()->timeLimit()->text(), QStringLiteral("2:00:00"));
    QVERIFY(panel().request() == asked);
    QVERIFY(says(QStringLiteral("#SBATCH --nodes=3")));
}

/// As the queue and studies start them, in this window.
void TestSlurmDesign::runsWithoutARequestAskForIt() {
    SlurmRequest request;
    request.timeLimit = "77";
    m_lab->writer().setSetting(slurmRequestSetting("cluster"), toJson(request)).get();
    RowId run = 0;
    m_lab->launch(
        {tiny, QStringLiteral("slurm:cluster"), {}, true}, m_page.get(), [&](RowId made) { run = made; },
        [](const Error& error) { QFAIL(error.what()); });
    QTRY_VERIFY_WITH_TIMEOUT(run != 0 && stateOfJob(run) == "RUNNING", longest);
    const auto row = StoreReader(m_lab->storeFile()).run(run);
    QFile script(toQString(row->directory) + QStringLiteral("/control/job.sbatch"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    QVERIFY(script.readAll().contains("\n#SBATCH --time='77'\n"));
    const QueueSnapshot& queue = m_lab->queue().snapshot();
    QTRY_COMPARE(queue.queue.size(), std::size_t(1));
    QCOMPARE(queue.detailOf(queue.queue.front()), QStringLiteral("asks Slurm for --time=77"));
    m_lab->kill(*row);
}

void TestSlurmDesign::severalAreOneArray() {
    m_page->launchBar()->setSeeds(3);
    m_page->launchBar()->setArrayAtOnce(2);
    const std::vector<RowId> runs = launch();
    QCOMPARE(runs.size(), std::size_t(3));
    const auto inState = [&](const char* state) {
        return std::count_if(runs.begin(), runs.end(), [&](RowId run) { return stateOfJob(run) == state; });
    };
    QTRY_COMPARE_WITH_TIMEOUT(inState("RUNNING"), 2, longest);
    QTRY_COMPARE_WITH_TIMEOUT(inState("PENDING"), 1, longest);
    std::set<std::string> names;
    for (const RunRow& run : rows()) names.insert(run.name);
    QCOMPARE(names.size(), std::size_t(3));
    std::set<std::string> arrays;
    for (const RowId run : runs) arrays.insert(slurmArrayOf(StoreReader(m_lab->storeFile()).job(run)->jobId));
    QCOMPARE(arrays.size(), std::size_t(1));
    for (const RunRow& run : rows()) m_lab->kill(run);
    QTRY_COMPARE_WITH_TIMEOUT(inState("CANCELLED"), 3, longest);
}

void TestSlurmDesign::jobsAreSteeredFromTheTable() {
    type(panel().form()->extra(), QStringLiteral("--begin=now+3600"));
    const std::vector<RowId> runs = launch();
    QCOMPARE(runs.size(), std::size_t(1));
    const RowId run = runs.front();
    QTRY_COMPARE_WITH_TIMEOUT(stateOfJob(run), std::string("PENDING"), longest);
    QTRY_COMPARE_WITH_TIMEOUT(reasonOfJob(run), std::string("BeginTime"), longest);

    {
        LivePage live(*m_lab);
        live.resize(1280, 740);
        live.show();
        m_lab->selection().setRuns(runs);
        QTRY_VERIFY_WITH_TIMEOUT(textOf(live).contains(QStringLiteral("(BeginTime: ")), longest);
        keep(live, "live");
    }
    RunsPage page(*m_lab);
    page.resize(1280, 740);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QTRY_COMPARE(page.model()->rowCount(), 1);
    page.table()->selectRow(0);
    const auto action = [&](const char* id) { return page.findChild<QAction*>(QString::fromLatin1(id)); };
    const auto* details = page.findChild<RunDetails*>();
    QVERIFY(details && action("runs.hold") && action("runs.release") && action("runs.requeue"));
    const auto facts = [&] { return textOf(*details); };
    QTRY_VERIFY_WITH_TIMEOUT(facts().contains(QStringLiteral("(BeginTime: ")), longest);
    QVERIFY(facts().contains(QStringLiteral("PENDING, begins about")));
    keep(page, "runs");
    QVERIFY(action("runs.hold")->isVisible() && action("runs.hold")->isEnabled());
    QVERIFY(!action("runs.requeue")->isEnabled());
    QVERIFY(!action("runs.pause")->isEnabled());  // nobody but Slurm starts it
    action("runs.hold")->trigger();
    // Root's hold is an administrator's.
    QTRY_VERIFY_WITH_TIMEOUT(reasonOfJob(run).starts_with("JobHeld"), longest);
    QTRY_VERIFY_WITH_TIMEOUT(facts().contains(QStringLiteral("(JobHeld")), longest);
    action("runs.release")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(!reasonOfJob(run).starts_with("JobHeld"), longest);
    TestSlurm::startNow(StoreReader(m_lab->storeFile()).job(run)->jobId);
    QTRY_COMPARE_WITH_TIMEOUT(stateOfJob(run), std::string("RUNNING"), longest);
    // Its output can be read: as it was when the run was chosen.
    const auto output = [&] {
        page.table()->clearSelection();
        page.table()->selectRow(0);
        QTest::qWait(500);  // the details read a little later
        if (!QTest::qWaitFor([&] { return m_lab->pendingReads() == 0; })) return QString();
        QStringList texts;
        for (const auto* text : details->findChildren<QPlainTextEdit*>()) texts << text->toPlainText();
        return texts.join(QLatin1Char('\n'));
    };
    QTRY_VERIFY_WITH_TIMEOUT(output().contains(QStringLiteral("in /")), longest);
    QVERIFY(output().contains(QStringLiteral("stdout.log")));
    // Out of the queue by the same key as any other.
    m_lab->kill(rows().front());
    QTRY_COMPARE_WITH_TIMEOUT(stateOfJob(run), std::string("CANCELLED"), longest);
    QTRY_COMPARE_WITH_TIMEOUT(rows().front().state, std::string("failed"), longest);
    QTRY_VERIFY(!action("runs.hold")->isVisible());
}

void TestSlurmDesign::anEditedScriptIsSubmitted() {
    panel().editor()->moveCursor(QTextCursor::End);
    QTest::keyClicks(panel().editor(), QStringLiteral("# my own"));
    const std::vector<RowId> runs = launch();
    QCOMPARE(runs.size(), std::size_t(1));
    QTRY_COMPARE_WITH_TIMEOUT(stateOfJob(runs.front()), std::string("RUNNING"), longest);
    QFile submitted(toQString(rows().front().directory) + QStringLiteral("/control/job.sbatch"));
    QVERIFY(submitted.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(submitted.readAll());
    QVERIFY(text.endsWith(QStringLiteral("# my own")));
    QVERIFY(text.contains(QStringLiteral("retort_cli='") + m_folder->filePath(QStringLiteral("trainer"))));
    // Refused: in sbatch's words, where the run is.
    m_lab->kill(rows().front());
    QTRY_COMPARE_WITH_TIMEOUT(stateOfJob(runs.front()), std::string("CANCELLED"), longest);
    type(panel().form()->partition()->lineEdit(), QStringLiteral("moon"));
    QTest::mouseClick(panel().asMade(), Qt::LeftButton);
    const std::vector<RowId> refused = launch();
    QCOMPARE(refused.size(), std::size_t(1));
    QTRY_VERIFY_WITH_TIMEOUT(StoreReader(m_lab->storeFile())
                                     .run(refused.front())
                                     ->error.find("invalid partition specified: moon") != std::string::npos,
                             longest);
}

QTEST_MAIN(TestSlurmDesign)
#include "tst_slurm_design.moc"
