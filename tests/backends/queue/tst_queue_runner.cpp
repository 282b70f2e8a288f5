// Who works the queue off, with hosts that start nothing: what is launched how often, what becomes of
// requests that come while a run is being started, and of runs whose starter has gone.
#include <QSignalSpy>
#include <QTest>

#include "core/queue/queue_limits.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/control.h"
#include "core/runlog/launch_settings.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"
#include "training/backends/queue/queue_runner.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

/// A program that has the store open.
struct Program {
    explicit Program(const fs::path& file)
        : writer(file),
          queue(writer, QueueHost{[this](RowId run, const QString& directory, const QString&, bool) {
                                      launch(run, directory.toStdString());
                                  },
                                  [this](RowId run, const QString&, const QString&) {
                                      return onAdopt && onAdopt(run);
                                  }}) {}

    void launch(RowId run, const fs::path& directory) {
        launched.push_back(run);
        if (onLaunch) onLaunch(run, directory);
    }
    /// Its trainer has gone, and the store knows how.
    void end(RowId run, const std::string& state) {
        writer.setState(run, state, state == "failed" ? "no memory" : "").get();
        queue.runEnded(run);
    }

    StoreWriter writer;
    std::vector<RowId> launched;
    std::function<void(RowId, const fs::path&)> onLaunch;
    std::function<bool(RowId)> onAdopt;
    QueueRunner queue;  // last: it calls the above
};

}  // namespace

class TestQueueRunner : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreWriter> m_writer;
    std::unique_ptr<StoreReader> m_reader;

    std::vector<RowId> queue(int count, int retries = 0) {
        QueueRequest request;
        for (int i = 1; i <= count; ++i)
            request.stages.push_back({"r" + std::to_string(i), "r.yaml",
                                      "recipe: sft\nname: r" + std::to_string(i) +
                                          "\ndata: {tasks: [{task: addition, max_digits: 2}]}\n"
                                          "training: {device: cpu}\n"});
        request.base = m_folder->path();
        request.backend = "local-process";
        request.program = "test 1";
        request.retries = retries;
        return queueRuns(*m_writer, *m_reader, request, m_folder->path() / "runs");
    }
    RunRow row(RowId run) { return *m_reader->run(run); }
    bool isAsked(RowId run, Request request) { return ControlReader(row(run).directory).isAsked(request); }
    /// "1 waiting, 2 started"
    std::string shown() {
        std::string text;
        for (const QueuedRun& each : m_reader->queuedRuns())
            text += (text.empty() ? "" : ", ") + std::to_string(each.run) + " " + toString(each.state);
        return text;
    }
    /// As if a program had been killed behind these steps of a start.
    void beginAndDie(RowId run) {
        const auto attempt = m_writer->beginQueuedRun(run, {}).get();
        QVERIFY(attempt);
        writeLaunchSettings(row(run).directory, {{}, *attempt, 0});
    }

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_writer = std::make_unique<StoreWriter>(m_folder->file());
        m_reader = std::make_unique<StoreReader>(m_folder->file());
        m_writer->setSetting("queue.here", {{"runs_at_once", 1}, {"runs_per_gpu", 0}}).get();
    }
    void cleanup() {
        m_reader.reset();
        m_writer.reset();
        m_folder.reset();
    }

    // Nobody knows of a trainer yet: the request is there when it comes.
    void whatIsAskedWhileARunIsLaunchedStands() {
        const RowId run = queue(1).at(0);
        Program program(m_folder->file());
        bool stood = false;
        program.onLaunch = [&](RowId, const fs::path& directory) {
            stood = ControlReader(directory).isAsked(Request::Pause);
        };
        ask(row(run).directory, Request::Pause);
        QTRY_COMPARE(program.launched, std::vector<RowId>{run});
        QVERIFY(stood);
    }

    void oneThatIsToStopBeforeItIsLaunchedDoesNotStart() {
        const RowId run = queue(1).at(0);
        ask(row(run).directory, Request::Stop);
        Program program(m_folder->file());
        QTRY_COMPARE(shown(), std::string());
        QVERIFY(program.launched.empty());
        QCOMPARE(row(run).state, std::string("stopped"));
        QVERIFY(!isAsked(run, Request::Stop));
    }

    void whoseStarterDiedBeforeItBegan_data() {
        QTest::addColumn<bool>("isToStop");
        QTest::newRow("it waits again, and starts") << false;
        QTest::newRow("it was asked to stop meanwhile") << true;
    }
    void whoseStarterDiedBeforeItBegan() {
        QFETCH(bool, isToStop);
        const RowId run = queue(1).at(0);
        beginAndDie(run);
        if (isToStop) ask(row(run).directory, Request::Stop);
        Program program(m_folder->file());
        if (isToStop) {
            QTRY_COMPARE(shown(), std::string());
            QVERIFY(program.launched.empty());
            QCOMPARE(row(run).state, std::string("stopped"));
            return;
        }
        QTRY_COMPARE(program.launched, std::vector<RowId>{run});
        QCOMPARE(m_reader->queuedRuns().at(0).attempts, 1);
    }

    // Between "its turn has come" and its launch.
    void whatWasAskedIsNotLostWithTheProgram() {
        const RowId run = queue(1).at(0);
        {
            Program program(m_folder->file());
            // Its jobs come to their end, and nobody hears of it.
            for (int i = 0; i < 10'000 && shown() != std::to_string(run) + " started"; ++i)
                QThread::msleep(1);
            QCOMPARE(shown(), std::to_string(run) + " started");
            ask(row(run).directory, Request::Stop);
        }
        QCOMPARE(shown(), std::string());
        QCOMPARE(row(run).state, std::string("stopped"));
    }

    void retries_data() {
        QTest::addColumn<bool>("isToStop");
        QTest::addColumn<std::size_t>("launches");
        QTest::newRow("one that failed is tried again") << false << std::size_t(2);
        QTest::newRow("not one that was to stop") << true << std::size_t(1);
    }
    void retries() {
        QFETCH(bool, isToStop);
        QFETCH(std::size_t, launches);
        QueueLimits limits;
        limits.retryPause = 0;
        m_writer->setSetting(queueLimitsSetting, toJson(limits)).get();
        const RowId run = queue(1, 1).at(0);
        Program program(m_folder->file());
        QTRY_COMPARE(program.launched.size(), std::size_t(1));
        ask(row(run).directory, isToStop ? Request::Stop : Request::Pause);
        program.end(run, "failed");
        if (isToStop) {
            QTRY_COMPARE(shown(), std::string());
        } else {
            QTRY_COMPARE(program.launched.size(), std::size_t(2));
            program.end(run, "failed");
            QTRY_COMPARE(shown(), std::to_string(run) + " failed");
        }
        QCOMPARE(program.launched.size(), launches);
        QVERIFY(!isAsked(run, Request::Stop) && !isAsked(run, Request::Pause));
    }

    void oneThatSomebodyStartedByHandIsNoFailure() {
        const RowId run = queue(1).at(0);
        Program program(m_folder->file());
        program.onLaunch = [](RowId, const fs::path&) { throw Error("the run is already running"); };
        program.onAdopt = [](RowId) { return true; };
        QTRY_COMPARE(program.launched.size(), std::size_t(1));
        QTRY_VERIFY(!program.queue.isIdle());
        program.end(run, "finished");
        QTRY_COMPARE(shown(), std::string());
        QCOMPARE(row(run).state, std::string("finished"));
    }

    // The run is then one of the place where it went.
    void itsRowSaysWhereItRuns() {
        const RowId run = m_writer->addRun(m_folder->makeRun("here"), "cli").get();
        QueuedRun entry;
        entry.run = run;
        entry.backend = "ssh:box";
        m_writer->queueRuns({entry}).get();
        QCOMPARE(row(run).backend, std::string("cli"));
        m_writer->beginQueuedRun(run, {}).get();
        QCOMPARE(row(run).backend, std::string("ssh:box"));
    }

    // Three programs on one store, of which now one and now another ends.
    void eachIsLaunchedOnce() {
        const std::vector<RowId> runs = queue(9);
        std::vector<std::unique_ptr<Program>> programs;
        std::vector<RowId> launched, going;
        const auto open = [&] {
            programs.push_back(std::make_unique<Program>(m_folder->file()));
            programs.back()->onLaunch = [&](RowId run, const fs::path& directory) {
                writeFileAtomically(directory / "events.jsonl", "x");
                launched.push_back(run);
                going.push_back(run);
            };
            programs.back()->onAdopt = [&](RowId run) {
                return std::find(going.begin(), going.end(), run) != going.end();
            };
        };
        for (int i = 0; i < 3; ++i) open();
        for (std::size_t i = 0; i < runs.size(); ++i) {
            QTRY_COMPARE_WITH_TIMEOUT(launched.size(), i + 1, 30'000);
            programs.erase(programs.begin() + std::ptrdiff_t(i % programs.size()));
            open();
            // Whoever answers for it by now hears of its end.
            going.clear();
            m_writer->setState(runs[i], "finished", {}).get();
            for (const auto& each : programs) each->queue.runEnded(runs[i]);
            QTRY_VERIFY_WITH_TIMEOUT(shown().find("started") == std::string::npos || launched.size() > i + 1,
                                     30'000);
        }
        QTRY_COMPARE(shown(), std::string());
        QCOMPARE(launched, runs);
    }
};

QTEST_GUILESS_MAIN(TestQueueRunner)
#include "tst_queue_runner.moc"
