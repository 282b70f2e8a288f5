// Launching from the window: where relative paths start from, and several runs that take turns. The trainer
// is a script that holds the run's lock, as a trainer does, until it is asked to stop.
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "core/runlog/control.h"
#include "core/runlog/placement.h"
#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"
#include "views/design/design_page.h"
#include "views/design/launch_bar.h"
#include "views/lab.h"
#include "views/models/format.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const char* const tiny =
    "recipe: sft\n"
    "name: queued\n"
    "training:\n"
    "  max_steps: 10\n"
    "  warmup_steps: 2\n"
    "data:\n"
    "  tasks:\n"
    "  - task: addition\n"
    "    max_digits: 2\n";

void writeText(const QString& file, const QByteArray& text) {
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
}

QByteArray linesOf(const QString& file) {
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

}  // namespace

class TestLaunching : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString trainer = m_folder->filePath(QStringLiteral("trainer"));
        writeText(trainer,
                  "#!/bin/sh\necho \"$2\" >>\"${0%/*}/starts\"\nexec 9> \"$2/run.lock\"\nflock -n 9\necho "
                  "\"$*\" >>\"${0%/*}/words\"\nwhile [ ! "
                  "-e \"$2/control/stop\" ]; do sleep 0.02; done\n");
        QVERIFY(QFile::setPermissions(trainer, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        qputenv("RETORT_CLI", trainer.toUtf8());
        open();
    }
    void cleanup() {
        for (const RunRow& run : rows()) m_lab->requestStop(run);
        QTRY_VERIFY(m_lab->pendingReads() == 0 && going().empty());
        m_lab.reset();
    }

    void relativePathsStartFromTheFile() {
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("study/data")));
        const QString data = m_folder->filePath(QStringLiteral("study/data/sums.jsonl"));
        writeText(data, "{\"prompt\":\"1+1=\",\"completion\":\"2\"}\n");
        const QString file = m_folder->filePath(QStringLiteral("study/run.yaml"));
        writeText(file, "recipe: sft\nname: mine\ndata:\n  files:\n  - path: data/sums.jsonl\n");
        DesignPage page(*m_lab);
        page.openFile(file);
        QTRY_VERIFY(page.yaml().contains(QStringLiteral("name: mine")));
        QSignalSpy launched(&page, &DesignPage::launched), failed(m_lab.get(), &Lab::failed);
        page.launch();
        QTRY_COMPARE(launched.count(), 1);
        QVERIFY(failed.isEmpty());
        QVERIFY(rows().at(0).config.find(data.toStdString()) != std::string::npos);
    }

    void whatIsNotThereIsRefused() {
        QSignalSpy failed(m_lab.get(), &Lab::failed);
        DesignPage page(*m_lab);
        page.setYaml(QStringLiteral("recipe: sft\ndata:\n  files:\n  - path: data/sums.jsonl\n"));
        page.launch();
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed.first().first().toString().contains(QStringLiteral("data/sums.jsonl")));
        QVERIFY(rows().empty());
    }

    void processesAreChosenWhereTheyCanBe() {
        DesignPage page(*m_lab);
        LaunchBar* bar = page.launchBar();
        page.setYaml(QString::fromUtf8(tiny));
        bar->setProcesses(2);
        QCOMPARE(bar->processes(), 2);
        bar->chooseBackend(QStringLiteral("in-process"));
        QCOMPARE(bar->processes(), 1);
        bar->chooseBackend(QStringLiteral("local-process"));
        // What cannot be shared among several says so, and is launched by one.
        page.setYaml(QStringLiteral("recipe: external\nname: mine\nexternal:\n  command: [\"true\"]\n"));
        QTRY_COMPARE(bar->processes(), 1);
        auto* field = bar->findChild<QSpinBox*>(QStringLiteral("processes"));
        QVERIFY(field && !field->isEnabled());
        QVERIFY2(field->toolTip().contains(QStringLiteral("started once")), qPrintable(field->toolTip()));
        // A number that this design has not enough examples for stands in its way.
        page.setYaml(
            QString::fromUtf8(tiny).replace(QStringLiteral("recipe: sft"), QStringLiteral("recipe: dpo")));
        QTRY_VERIFY(page.isValid() && bar->launchButton()->isEnabled());
        bar->setProcesses(64);
        QVERIFY(!bar->launchButton()->isEnabled());
        bar->setProcesses(2);
        QVERIFY(bar->launchButton()->isEnabled());

        for (const bool isQueued : {false, true}) {
            page.setYaml(QString::fromUtf8(tiny));
            QTRY_COMPARE(bar->processes(), 2);
            QSignalSpy launched(&page, &DesignPage::launched);
            isQueued ? page.enqueue() : page.launch();
            QTRY_COMPARE(launched.count(), 1);
            QTRY_COMPARE(going().size(), 1u);
            const RunRow run = rows().back();
            QCOMPARE(readPlacement(run.directory).processes, 2);
            QVERIFY(run.config.find("processes") == std::string::npos);
            QTRY_VERIFY(linesOf(m_folder->filePath(QStringLiteral("words"))).contains("--processes 2"));
            QVERIFY(QFile::remove(m_folder->filePath(QStringLiteral("words"))));
            m_lab->requestStop(run);
            QTRY_VERIFY(going().empty());
        }
    }

    void priorityIsAskedAndRefusalsAreTold() {
        QCOMPARE(launchSeeds(1), 1);
        QTRY_COMPARE(going().size(), 1u);
        const RunRow run = rows().front();
        QSignalSpy failed(m_lab.get(), &Lab::failed);
        m_lab->requestPriority(run, 15);
        QTRY_COMPARE(askedPriority(run.directory).value_or(-1), 15);
        // In the trainer's place, which here is a script.
        writePriorityState(run.directory, {5, 15, "nice 15 was refused: for a test"});
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 20'000);
        QVERIFY(failed.first().first().toString().contains(QStringLiteral("nice 15 was refused")));
    }

    void severalSeedsTakeTurns() {
        QCOMPARE(launchSeeds(3), 3);
        QTRY_COMPARE(going(), std::vector<RowId>{1});
        for (const RunRow& run : rows()) QCOMPARE(run.state, std::string("created"));
        m_lab->requestStop(rows().at(0));
        QTRY_COMPARE(going(), std::vector<RowId>{2});
        m_lab->requestStop(rows().at(1));
        QTRY_COMPARE(going(), std::vector<RowId>{3});
    }

    void aWaitingRunCanBeCancelledOrStartedNow() {
        QCOMPARE(launchSeeds(3), 3);
        QTRY_COMPARE(going(), std::vector<RowId>{1});
        m_lab->requestStop(rows().at(1));
        QTRY_COMPARE(rows().at(1).state, std::string("stopped"));
        QCOMPARE(going(), std::vector<RowId>{1});  // the one that runs was left alone
        m_lab->resume(rows().at(2), {});
        QTRY_COMPARE(going(), (std::vector<RowId>{1, 3}));
        m_lab->requestStop(rows().at(0));
        m_lab->requestStop(rows().at(2));
        QTRY_VERIFY(going().empty());
        QTest::qWait(100);
        QVERIFY(going().empty());  // the cancelled one does not start after all
    }

    void theQueueOutlivesTheWindow() {
        QCOMPARE(launchSeeds(2), 2);
        QTRY_COMPARE(going(), std::vector<RowId>{1});
        open();
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QCOMPARE(going(), std::vector<RowId>{1});
        m_lab->requestStop(rows().at(0));
        QTRY_COMPARE(going(), std::vector<RowId>{2});
    }

    // Two windows on one store, of which now one and now the other is closed: each run starts once.
    void twoWindowsStartEachRunOnce() {
        QCOMPARE(launchSeeds(6), 6);
        std::unique_ptr<Lab> first = std::move(m_lab);
        open();
        for (RowId run = 1; run <= 6; ++run) {
            QTRY_COMPARE_WITH_TIMEOUT(going(), std::vector<RowId>{run}, 30'000);
            if (run % 2 == 0) {
                first.reset();
                std::swap(first, m_lab);
                open();
            }
            Lab& either = run % 3 == 0 ? *m_lab : *first;
            either.requestStop(rows().at(std::size_t(run - 1)));
            QTRY_VERIFY_WITH_TIMEOUT(going() != std::vector<RowId>{run}, 30'000);
        }
        QTRY_VERIFY(going().empty());
        first.reset();
        QFile starts(m_folder->filePath(QStringLiteral("starts")));
        QVERIFY(starts.open(QIODevice::ReadOnly));
        QStringList begun = QString::fromUtf8(starts.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(begun.size(), 6);
        QCOMPARE(begun.removeDuplicates(), 0);
    }

    // Its trainer has not said a word when it ends, and no window is there to see that.
    void aRunThatIsStoppedWhileNoWindowIsOpenDoesNotStartAgain() {
        QCOMPARE(launchSeeds(2), 2);
        QTRY_COMPARE(going(), std::vector<RowId>{1});
        const std::string directory = rows().at(0).directory;
        m_lab.reset();
        ask(directory, Request::Stop);
        QTRY_VERIFY(!RunDirectory::open(directory).isRunning());
        open();
        QTRY_COMPARE(going(), std::vector<RowId>{2});
        QCOMPARE(rows().at(0).state, std::string("stopped"));
        QFile starts(m_folder->filePath(QStringLiteral("starts")));
        QVERIFY(starts.open(QIODevice::ReadOnly));
        QCOMPARE(starts.readAll().count('\n'), 2);
    }

    void aRunThatIsAskedToStopWhileItStartsStops() {
        QCOMPARE(launchSeeds(1, true), 1);
        m_lab->requestStop(rows().at(0));
        QTRY_VERIFY(StoreReader(m_lab->storeFile()).queuedRuns().empty() ||
                    StoreReader(m_lab->storeFile()).queuedRuns().at(0).state == QueuedState::Failed);
        QTest::qWait(100);
        QVERIFY(going().empty());
    }

  private:
    void open() {
        m_lab.reset();
        m_lab = std::make_unique<Lab>(m_folder->filePath(QStringLiteral("lab.db")).toStdString());
    }
    std::vector<RunRow> rows() {
        std::vector<RunRow> all = StoreReader(m_lab->storeFile()).runs(true);
        std::sort(all.begin(), all.end(), [](const RunRow& a, const RunRow& b) { return a.id < b.id; });
        return all;
    }
    /// What has a process.
    std::vector<RowId> going() {
        std::vector<RowId> ids;
        for (const RunRow& run : rows())
            if (m_lab->backend(QStringLiteral("local-process"))->isRunning(toQString(run.directory)))
                ids.push_back(run.id);
        return ids;
    }
    int launchSeeds(int count, bool queued = false) {
        DesignPage page(*m_lab);
        page.setYaml(QString::fromUtf8(tiny));
        if (!page.isValid()) return -1;
        page.launchBar()->setSeeds(count);
        page.launchBar()->setAtOnce(1);
        QSignalSpy launched(&page, &DesignPage::launched), failed(m_lab.get(), &Lab::failed);
        queued ? page.enqueue() : page.launch();
        if (!QTest::qWaitFor([&] { return launched.count() == 1; })) {
            for (const auto& each : failed) qWarning() << each;
            return -1;
        }
        return static_cast<int>(rows().size());
    }
};

QTEST_MAIN(TestLaunching)
#include "tst_launching.moc"
