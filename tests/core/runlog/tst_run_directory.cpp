// Run directories: identity, layout, the lock, and the requests in control/.
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <csignal>

#include "core/runlog/checkpoint_folder.h"
#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/core/runlog/log_lines.h"

namespace fs = std::filesystem;
using namespace retort;

class TestRunDirectory : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void createAndOpen() {
        const Folder folder;
        RunIdentity identity;
        identity.recipe = "sft";
        identity.study = "quickstart";
        identity.parent = "0123";
        identity.environment = Json{{"threads", 2}};
        const RunDirectory run =
            RunDirectory::create(folder / "runs", "my run/../ä", "recipe: sft\n", identity);
        QCOMPARE(run.path().parent_path(), folder / "runs");
        const std::string name = run.path().filename().string();
        QVERIFY2(name.find("-my-run-..---") != std::string::npos, name.c_str());
        QVERIFY(name.ends_with(run.identity().id.substr(0, 8)));
        QCOMPARE(readFile(run.configFile()), std::string("recipe: sft\n"));
        QCOMPARE(RunDirectory::open(run.path()).identity(), run.identity());
        QCOMPARE(run.identity().name, std::string("my run/../ä"));
        QVERIFY(run.identity().created > 1.6e9);
        QVERIFY(!run.identity().host.empty());
    }

    void rewriteIdentity() {
        const Folder folder;
        RunDirectory run = RunDirectory::create(folder.path(), "a", "", {});
        RunIdentity identity = run.identity();
        identity.environment["cpu"] = "EPYC";
        run.rewriteIdentity(identity);
        QCOMPARE(RunDirectory::open(run.path()).identity(), identity);
    }

    void badIdentity_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("not JSON") << QByteArray("{") << QByteArray("malformed run.json");
        QTest::newRow("empty") << QByteArray("") << QByteArray("malformed run.json");
        QTest::newRow("no id") << QByteArray(R"({"format_version":1})") << QByteArray("malformed run.json");
        QTest::newRow("id is a number")
            << QByteArray(R"({"format_version":1,"id":5})") << QByteArray("malformed");
        QTest::newRow("short id") << QByteArray(R"({"format_version":1,"id":"x"})") << QByteArray("no UUID");
        QTest::newRow("newer") << QByteArray(R"({"format_version":99,"id":"0123456789"})")
                               << QByteArray("newer than this program's");
    }
    void badIdentity() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, message);
        const Folder folder;
        appendTo(folder / "run.json", json.toStdString());
        try {
            RunDirectory::open(folder.path());
            QFAIL("no error");
        } catch (const Error& error) {
            QVERIFY2(std::string(error.what()).find(message.toStdString()) != std::string::npos,
                     error.what());
            QVERIFY(error.where().ends_with("run.json"));
        }
    }

    void noRunDirectory() {
        const Folder folder;
        QVERIFY_EXCEPTION_THROWN(RunDirectory::open(folder.path()), Error);
    }

    void checkpoints() {
        const Folder folder;
        const RunDirectory run = RunDirectory::create(folder.path(), "a", "", {});
        QVERIFY(run.checkpointSteps().empty());
        for (const std::int64_t step : {200, 100, 3}) {
            fs::create_directories(run.checkpointFolder(step));
            if (step != 3) appendTo(run.checkpointFolder(step) / "trainer.json", "{}");
        }
        fs::create_directories(run.checkpointsFolder() / "step-00000300.tmp");
        fs::create_directories(run.checkpointsFolder() / "step-99999999999999999999");
        QCOMPARE(run.checkpointSteps(), (std::vector<std::int64_t>{100, 200}));
        QCOMPARE(run.checkpointFolder(100).filename(), fs::path("step-00000100"));
        QCOMPARE(run.checkpointFolder(1234567890).filename(), fs::path("step-1234567890"));
    }

    // What a command writes: where it lies, how its log calls it, what the run's log says then, and whether
    // it is found by its step.
    void takenIn_data() {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("link");  // of checkpoints/step-00000050; empty: it is none
        QTest::addColumn<QString>("told");
        const QString name = QStringLiteral("checkpoints/step-00000050");
        QTest::newRow("in the run") << "run/output/checkpoint-50"
                                    << "../output/checkpoint-50" << name;
        QTest::newRow("elsewhere") << "far/checkpoint-50"
                                   << "HOME/far/checkpoint-50" << name;
        QTest::newRow("a slash at its end") << "run/output/checkpoint-50/"
                                            << "../output/checkpoint-50" << name;
        QTest::newRow("another name there") << "run/checkpoints/best"
                                            << "../checkpoints/best" << name;
        QTest::newRow("its own place") << "run/checkpoints/step-00000050"
                                       << "" << name;
    }
    void takenIn() {
        QFETCH(QString, folder);
        QFETCH(QString, link);
        QFETCH(QString, told);
        const Folder home;
        const RunDirectory made = RunDirectory::create(home.path(), "a", "", {});
        fs::rename(made.path(), home / "run");
        const RunDirectory run = RunDirectory::open(home / "run");
        const fs::path there = home.path() / folder.toStdString();
        fs::create_directories(there);
        const fs::path place = run.checkpointFolder(50);
        QVERIFY(!isWholeCheckpoint(place));
        // Told twice, by retort_log.py and by its supervisor, or again after a crash.
        for (int i = 0; i < 2; ++i) QCOMPARE(takeInCheckpoint(run.path(), 50, there), told.toStdString());
        QCOMPARE(takeInCheckpoint(run.path(), 50, told.toStdString()), told.toStdString());
        QVERIFY(isWholeCheckpoint(place));
        QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{50});
        QCOMPARE(fs::is_symlink(place), !link.isEmpty());
        link.replace(QStringLiteral("HOME"), QString::fromStdString(home.path().string()));
        if (!link.isEmpty()) QCOMPARE(fs::read_symlink(place).string(), link.toStdString());
        // The trainer keeps its last two.
        fs::remove_all(fs::canonical(place));
        QVERIFY(run.checkpointSteps().empty());
    }

    void notTakenIn() {
        const Folder home;
        const RunDirectory run = RunDirectory::create(home.path(), "a", "", {});
        const auto take = [&](std::int64_t step, const fs::path& there) {
            return takeInCheckpoint(run.path(), step, there);
        };
        fs::create_directories(run.path() / "output/one");
        fs::create_directories(run.path() / "output/two");
        appendTo(run.path() / "output/model.bin", "m");
        QCOMPARE(take(1, "output/gone"), std::string("output/gone"));
        QCOMPARE(take(1, run.path() / "output/model.bin"), std::string("output/model.bin"));
        QCOMPARE(take(1, "/nowhere/at/all"), std::string("/nowhere/at/all"));
        QCOMPARE(take(-1, "output/one"), std::string("output/one"));
        QVERIFY(run.checkpointSteps().empty());
        QVERIFY(fs::is_empty(run.checkpointsFolder()));
        // A folder that something else has written is not replaced; a link is.
        fs::create_directories(run.checkpointFolder(2));
        appendTo(run.checkpointFolder(2) / "trainer.json", "{}");
        QCOMPARE(take(2, "output/one"), std::string("output/one"));
        QCOMPARE(take(3, "output/one"), std::string("checkpoints/step-00000003"));
        QCOMPARE(take(3, "output/two"), std::string("checkpoints/step-00000003"));
        QCOMPARE(fs::canonical(run.checkpointFolder(3)).filename(), fs::path("two"));
        QVERIFY(!fs::is_symlink(run.checkpointFolder(2)));
        QCOMPARE(run.checkpointSteps(), (std::vector<std::int64_t>{2, 3}));
    }

    void lockIsHeldByOne() {
        const Folder folder;
        const RunDirectory run = RunDirectory::create(folder.path(), "a", "", {});
        QVERIFY(!run.isRunning());
        {
            const RunLock lock(run);
            QVERIFY(run.isRunning());
            QVERIFY_EXCEPTION_THROWN(RunLock{run}, Error);
        }
        QVERIFY(!run.isRunning());
    }

    void killedTrainerFreesTheLock() {
        const Folder folder;
        const RunDirectory run = RunDirectory::create(folder.path(), "a", "", {});
        const pid_t child = ::fork();
        if (child == 0) {
            const RunLock lock(run);
            for (;;) ::pause();
        }
        QTRY_VERIFY(run.isRunning());
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        QVERIFY(!run.isRunning());
        const RunLock lock(run);
    }

    void requests() {
        const Folder folder;
        const RunDirectory run = RunDirectory::create(folder.path(), "a", "", {});
        ControlReader control(run.path());
        for (const Request request : {Request::Stop, Request::Pause, Request::Checkpoint}) {
            QVERIFY(!control.isAsked(request));
            ask(run.path(), request);
            ask(run.path(), request);
            QVERIFY(control.isAsked(request));
        }
        withdraw(run.path(), Request::Pause);
        withdraw(run.path(), Request::Pause);
        control.done(Request::Checkpoint);
        QVERIFY(control.isAsked(Request::Stop));
        QVERIFY(!control.isAsked(Request::Pause));
        QVERIFY(!control.isAsked(Request::Checkpoint));
    }

    void askingAFolderThatIsGoneIsAnError() {
        QVERIFY_EXCEPTION_THROWN(ask("/nowhere/run", Request::Stop), Error);
    }
};

QTEST_APPLESS_MAIN(TestRunDirectory)
#include "tst_run_directory.moc"
