// The in-process backend with a training module of its own making: what it runs, refuses, reports and
// survives.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <chrono>
#include <thread>

#include "core/util/error.h"
#include "core/util/uuid.h"
#include "training/backends/in_process_backend.h"

using namespace retort;

namespace {

class ScriptedModule : public TrainingModule {
  public:
    std::function<TrainOutcome(std::stop_token)> script;
    std::atomic<bool> resumed = false;
    std::thread::id thread;

    TrainOutcome train(const RunDirectory&, bool resume, std::stop_token stop) override {
        resumed = resume;
        thread = std::this_thread::get_id();
        return script(std::move(stop));
    }
    std::vector<GeneratedText> generate(const GenerateRequest&, std::stop_token) override { return {}; }
    std::vector<EvaluationReport> evaluate(const EvaluateRequest&, std::stop_token) override { return {}; }
    void mergeAdapter(const MergeAdapterRequest&) override {}
    std::unique_ptr<MergeBench> openMergeBench(const MergeBenchRequest&, std::stop_token) override {
        return {};
    }
    void judge(const JudgeRequest&, const std::function<void(JudgedTrace)>&, std::stop_token) override {}
    std::vector<SelfTestResult> selftest(const std::string&) override { return {}; }
    Json environment() override { return {}; }
};

TrainOutcome untilStopped(std::stop_token stop) {
    while (!stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return TrainOutcome::Stopped;
}

}  // namespace

class TestInProcess : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void endIsReported_data();
    void endIsReported();
    void moduleThatDoesNotLoadIsReported();
    void secondRunIsRefused();
    void killStops();
    void runsOneAfterTheOther();
    void destructionStopsTheRun();

  private:
    QString newRun() {
        RunIdentity identity;
        identity.id = newUuid();
        const auto run = RunDirectory::create(m_folder->path().toStdString(), "r", "recipe: sft\n", identity);
        return QString::fromStdString(run.path().string());
    }
    InProcessBackend::Loader loader() {
        return [this]() -> TrainingModule& { return m_module; };
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    ScriptedModule m_module;
};

void TestInProcess::endIsReported_data() {
    using Script = std::function<TrainOutcome(std::stop_token)>;
    QTest::addColumn<Script>("script");
    QTest::addColumn<QString>("error");
    QTest::newRow("finished") << Script([](auto) { return TrainOutcome::Finished; }) << "";
    QTest::newRow("Error") << Script([](auto) -> TrainOutcome {
        throw Error("no data", "config.yaml:4", "add a task");
    }) << "config.yaml:4: no data (add a task)";
    QTest::newRow("exception") << Script([](auto) -> TrainOutcome { throw std::bad_alloc(); })
                               << "std::bad_alloc";
    QTest::newRow("without text") << Script([](auto) -> TrainOutcome { throw std::runtime_error(""); })
                                  << "The trainer failed without a message";
    QTest::newRow("no exception type")
        << Script([](auto) -> TrainOutcome { throw 42; }) << "The trainer failed with an unknown exception";
}

void TestInProcess::endIsReported() {
    QFETCH(std::function<TrainOutcome(std::stop_token)>, script);
    QFETCH(QString, error);
    m_module.script = script;
    InProcessBackend backend(nullptr, loader());
    QSignalSpy ended(&backend, &Backend::ended);
    std::thread::id deliveredIn;
    connect(&backend, &Backend::ended, this, [&] { deliveredIn = std::this_thread::get_id(); });
    const QString run = newRun();
    backend.launch(run, true);
    QVERIFY(backend.isRunning(run));
    QVERIFY(ended.isEmpty());
    QVERIFY(ended.wait());
    QCOMPARE(ended.first(), (QList<QVariant>{run, error}));
    QVERIFY(m_module.resumed);
    QVERIFY(deliveredIn == std::this_thread::get_id() && m_module.thread != deliveredIn);
    QVERIFY(!backend.isRunning(run));
}

void TestInProcess::moduleThatDoesNotLoadIsReported() {
    InProcessBackend backend(
        nullptr, []() -> TrainingModule& { throw Error("cannot load", "libretort_training.so"); });
    QSignalSpy ended(&backend, &Backend::ended);
    backend.launch(newRun(), false);
    QVERIFY(ended.wait());
    QCOMPARE(ended.first().at(1).toString(), QStringLiteral("libretort_training.so: cannot load"));
}

void TestInProcess::secondRunIsRefused() {
    m_module.script = untilStopped;
    InProcessBackend backend(nullptr, loader());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString first = newRun(), second = newRun();
    backend.launch(first, false);
    try {
        backend.launch(second, false);
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        QVERIFY(!error.hint().empty());
    }
    QVERIFY(!backend.isRunning(second));
    backend.kill(second);  // is not running: must not touch the first
    QVERIFY(!ended.wait(100));
    backend.kill(first);
    QVERIFY(ended.wait());
    QCOMPARE(ended.size(), 1);
}

void TestInProcess::killStops() {
    m_module.script = untilStopped;
    InProcessBackend backend(nullptr, loader());
    QSignalSpy ended(&backend, &Backend::ended);
    const QString run = newRun();
    backend.launch(run, false);
    backend.kill(run);
    QVERIFY(ended.wait());
    QCOMPARE(ended.first().at(1).toString(), QString());
}

void TestInProcess::runsOneAfterTheOther() {
    m_module.script = [](auto) { return TrainOutcome::Finished; };
    InProcessBackend backend(nullptr, loader());
    QSignalSpy ended(&backend, &Backend::ended);
    // A study launches the next stage from the signal itself.
    const QString second = newRun();
    connect(&backend, &Backend::ended, this, [&](const QString& run) {
        if (run != second) backend.launch(second, false);
    });
    backend.launch(newRun(), false);
    QTRY_COMPARE(ended.size(), 2);
    QCOMPARE(ended.at(1).at(0).toString(), second);
}

void TestInProcess::destructionStopsTheRun() {
    std::atomic<bool> left = false;
    m_module.script = [&left](std::stop_token stop) {
        const TrainOutcome outcome = untilStopped(std::move(stop));
        left = true;
        return outcome;
    };
    {
        InProcessBackend backend(nullptr, loader());
        backend.launch(newRun(), false);
    }
    QVERIFY(left);
    // The end was posted to a backend that is gone.
    QCoreApplication::processEvents();
}

QTEST_GUILESS_MAIN(TestInProcess)
#include "tst_in_process.moc"
