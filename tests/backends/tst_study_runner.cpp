// A study's stages: order, hand-over of checkpoints, and every way in which it can end early.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/config/load.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/files.h"
#include "core/util/uuid.h"
#include "training/backends/run_outcome.h"
#include "training/backends/study_runner.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

Study twoStages() {
    Study study;
    study.name = "demo";
    study.stages = {{"first", "1-first.yaml", "recipe: sft\nname: one\ndata: {tasks: [{task: addition}]}\n"},
                    {"second", "2-second.yaml",
                     "recipe: sft\nname: two\nmodel: {from: '@first'}\ndata: {tasks: [{task: addition}]}\n"}};
    return study;
}

}  // namespace

class TestStudyRunner : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void stagesFollowEachOther();
    void secondStartsFromTheFirstsCheckpoint();
    void runThatEndsBeforeItsLaunchIsReported();
    void otherRunsAreIgnored();
    void endsEarly_data();
    void endsEarly();
    void cancelLetsTheStageGoOn();
    void answerAfterTheRunnersEndIsHarmless();

  private:
    /// Answers at once with a new run directory; `m_configs` keeps what was launched.
    StudyRunner::Launch launcher() {
        return [this](const std::string& yaml, StudyRunner::Launched launched, StudyRunner::Refused) {
            m_configs.push_back(yaml);
            launched(newRun(yaml));
        };
    }
    QString newRun(const std::string& yaml);
    void end(StudyRunner& runner, const QString& run, const char* outcome = "finished",
             const QString& error = {});

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<std::string> m_configs;
    QStringList m_runs;
};

void TestStudyRunner::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    m_configs.clear();
    m_runs.clear();
}

QString TestStudyRunner::newRun(const std::string& yaml) {
    RunIdentity identity;
    identity.id = newUuid();
    const auto run = RunDirectory::create(m_folder->path().toStdString(), "stage", yaml, identity);
    const fs::path checkpoint = run.checkpointFolder(10);
    fs::create_directories(checkpoint);
    writeFileAtomically(checkpoint / "trainer.json", "{}");
    m_runs << QString::fromStdString(run.path().string());
    return m_runs.last();
}

void TestStudyRunner::end(StudyRunner& runner, const QString& run, const char* outcome,
                          const QString& error) {
    {
        RunLogWriter log(RunDirectory::open(run.toStdString()).eventsFile());
        log.write(EndEvent{outcome, error.toStdString()});
        log.sync();
    }
    const auto said = endOfLastAttempt(RunDirectory::open(run.toStdString()));
    runner.onRunEnded(run, error, said && said->outcome == "finished");
}

void TestStudyRunner::stagesFollowEachOther() {
    StudyRunner runner(twoStages(), launcher());
    QSignalSpy started(&runner, &StudyRunner::stageStarted), stageDone(&runner, &StudyRunner::stageFinished);
    QSignalSpy done(&runner, &StudyRunner::finished);
    QVERIFY(!runner.isActive());
    runner.start();
    QCOMPARE(runner.currentStage(), 0);
    QCOMPARE(started.size(), 1);
    runner.start();  // runs already
    QCOMPARE(started.size(), 1);
    end(runner, m_runs.at(0));
    QCOMPARE(runner.currentStage(), 1);
    QVERIFY(done.isEmpty());
    end(runner, m_runs.at(1));
    QCOMPARE(done.size(), 1);
    QVERIFY(!runner.isActive());
    QCOMPARE(stageDone.size(), 2);
    QCOMPARE(started.at(1), (QList<QVariant>{1, m_runs.at(1)}));
}

void TestStudyRunner::secondStartsFromTheFirstsCheckpoint() {
    StudyRunner runner(twoStages(), launcher());
    runner.start();
    end(runner, m_runs.at(0));
    QCOMPARE(m_configs.size(), std::size_t(2));
    const ParsedConfig second = parseConfig(m_configs.at(1), "second");
    QVERIFY(second.problems.empty());
    QCOMPARE(fs::path(second.config.model.from),
             RunDirectory::open(m_runs.at(0).toStdString()).checkpointFolder(10));
}

void TestStudyRunner::runThatEndsBeforeItsLaunchIsReported() {
    StudyRunner::Launched answer;
    StudyRunner runner(twoStages(), [&](const std::string&, StudyRunner::Launched launched,
                                        StudyRunner::Refused) { answer = std::move(launched); });
    QSignalSpy stageDone(&runner, &StudyRunner::stageFinished);
    runner.start();
    const QString run = newRun("recipe: sft\n");
    end(runner, run);
    QVERIFY(stageDone.isEmpty());
    const auto first = std::exchange(answer, nullptr);
    first(run);
    QCOMPARE(stageDone.size(), 1);
    QVERIFY(answer);  // the second stage was asked for
}

void TestStudyRunner::otherRunsAreIgnored() {
    StudyRunner runner(twoStages(), launcher());
    QSignalSpy failed(&runner, &StudyRunner::failed);
    runner.start();
    runner.onRunEnded(QStringLiteral("/another/run"), QStringLiteral("crashed"), false);
    QVERIFY(runner.isActive());
    QVERIFY(failed.isEmpty());
}

void TestStudyRunner::endsEarly_data() {
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("message");
    QTest::newRow("crash") << "crash"
                           << "killed by SIGKILL";
    QTest::newRow("stopped") << "stopped"
                             << "stopped before its end";
    QTest::newRow("no end event") << "silent"
                                  << "stopped before its end";
    QTest::newRow("refused") << "refused"
                             << "disk full";
    QTest::newRow("bad configuration") << "bad"
                                       << "learning_rat";
    QTest::newRow("unknown stage") << "unknown stage"
                                   << "frist";
}

void TestStudyRunner::endsEarly() {
    QFETCH(QString, how);
    QFETCH(QString, message);
    Study study = twoStages();
    if (how == QLatin1String("bad")) study.stages[0].yaml += "training: {learning_rat: 1}\n";
    if (how == QLatin1String("unknown stage")) study.stages[0].yaml += "model: {from: '@frist'}\n";
    StudyRunner::Launch launch = launcher();
    if (how == QLatin1String("refused"))
        launch = [](const std::string&, StudyRunner::Launched, StudyRunner::Refused refused) {
            refused(QStringLiteral("disk full"));
        };
    StudyRunner runner(study, launch);
    QSignalSpy failed(&runner, &StudyRunner::failed), done(&runner, &StudyRunner::finished);
    runner.start();
    if (how == QLatin1String("crash"))
        runner.onRunEnded(m_runs.at(0), QStringLiteral("killed by SIGKILL"), false);
    if (how == QLatin1String("stopped")) end(runner, m_runs.at(0), "stopped");
    if (how == QLatin1String("silent")) runner.onRunEnded(m_runs.at(0), {}, false);
    QCOMPARE(failed.size(), 1);
    const QString text = failed.first().first().toString();
    QVERIFY2(text.contains(message) && text.contains(QStringLiteral("first")), qPrintable(text));
    QVERIFY(!runner.isActive() && done.isEmpty());
    QVERIFY(m_runs.size() <= 1);
}

void TestStudyRunner::cancelLetsTheStageGoOn() {
    StudyRunner runner(twoStages(), launcher());
    QSignalSpy failed(&runner, &StudyRunner::failed);
    runner.start();
    runner.cancel();
    end(runner, m_runs.at(0));
    QCOMPARE(m_runs.size(), 1);
    QVERIFY(failed.isEmpty() && !runner.isActive());
}

void TestStudyRunner::answerAfterTheRunnersEndIsHarmless() {
    StudyRunner::Launched answer;
    {
        StudyRunner runner(twoStages(), [&](const std::string&, StudyRunner::Launched launched,
                                            StudyRunner::Refused) { answer = std::move(launched); });
        runner.start();
    }
    answer(QStringLiteral("/late"));
}

QTEST_GUILESS_MAIN(TestStudyRunner)
#include "tst_study_runner.moc"
