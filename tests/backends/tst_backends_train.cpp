// Both backends with the real trainer: a tiny run learns the same numbers wherever it executes, stops when
// asked, and the window's own thread is never the one that trains.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/config/load.h"
#include "core/runlog/control.h"
#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/util/uuid.h"
#include "training/backends/backend.h"
#include "training/backends/run_outcome.h"

using namespace retort;

namespace {

constexpr int longest = 90000;  // ms: LibTorch loads from a cold disk

// One thread and fp32: the numbers depend on both.
const char* const tinyRun = R"(
recipe: sft
name: tiny
model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 2, intermediate_size: 32}
data: {tasks: [{task: addition, max_digits: 2}]}
training: {max_steps: 4, batch_size: 4, max_length: 64, warmup_steps: 1, precision: fp32, num_threads: 1}
evaluation: {eval_steps: 0, num_problems: 2, max_completion_length: 4}
)";

std::vector<double> losses(const QString& run) {
    std::vector<double> values;
    const RunLogFollower follower(RunDirectory::open(run.toStdString()).eventsFile());
    for (const Event& event : follower.read(0, 0).events)
        if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
            for (const auto& [name, value] : scalars->values)
                if (name == "loss") values.push_back(value);
    return values;
}

}  // namespace

class TestBackendsTrain : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void sameNumbersEverywhere();
    void stops_data();
    void stops();
    void badRunIsReported_data() { stops_data(); }
    void badRunIsReported();

  private:
    QString newRun(const std::vector<std::string>& overrides = {}) {
        const ParsedConfig parsed = parseConfig(tinyRun, "tiny.yaml", overrides);
        if (!parsed.problems.empty()) qFatal("%s", parsed.problems.front().text().c_str());
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = "sft";
        const auto run =
            RunDirectory::create(m_folder.path().toStdString(), "tiny", toYaml(parsed.config), identity);
        return QString::fromStdString(run.path().string());
    }

    QTemporaryDir m_folder;
    std::vector<std::unique_ptr<Backend>> m_backends = makeBackends();
};

void TestBackendsTrain::sameNumbersEverywhere() {
    std::vector<std::vector<double>> curves;
    for (const auto& backend : m_backends) {
        if (!backend->launches()) continue;
        QSignalSpy ended(backend.get(), &Backend::ended);
        const QString run = newRun();
        backend->launch(run, false);
        QVERIFY(ended.wait(longest));
        QCOMPARE(ended.first().at(1).toString(), QString());
        const auto end = endOfLastAttempt(RunDirectory::open(run.toStdString()));
        QVERIFY(end && end->outcome == "finished");
        curves.push_back(losses(run));
    }
    QCOMPARE(curves.size(), std::size_t(2));
    QCOMPARE(curves.front().size(), std::size_t(4));
    QCOMPARE(curves.front(), curves.back());
}

void TestBackendsTrain::stops_data() {
    QTest::addColumn<int>("backend");
    for (std::size_t i = 0; i < m_backends.size(); ++i)
        if (m_backends[i]->launches()) QTest::newRow(qPrintable(m_backends[i]->id())) << int(i);
}

void TestBackendsTrain::stops() {
    QFETCH(int, backend);
    Backend& chosen = *m_backends[std::size_t(backend)];
    QSignalSpy ended(&chosen, &Backend::ended);
    const QString run = newRun({"training.max_steps=1000000"});
    chosen.launch(run, false);
    QTRY_VERIFY_WITH_TIMEOUT(!losses(run).empty(), longest);
    ask(run.toStdString(), Request::Stop);
    QVERIFY(ended.wait(longest));
    QCOMPARE(ended.first().at(1).toString(), QString());
    const auto end = endOfLastAttempt(RunDirectory::open(run.toStdString()));
    QVERIFY(end && end->outcome == "stopped");
    QVERIFY(!RunDirectory::open(run.toStdString()).checkpointSteps().empty());
}

void TestBackendsTrain::badRunIsReported() {
    QFETCH(int, backend);
    Backend& chosen = *m_backends[std::size_t(backend)];
    QSignalSpy ended(&chosen, &Backend::ended);
    chosen.launch(newRun({"model.from=/nowhere/checkpoint"}), false);
    QVERIFY(ended.wait(longest));
    const QString error = ended.first().at(1).toString();
    QVERIFY2(error.contains(QStringLiteral("/nowhere/checkpoint")), qPrintable(error));
}

QTEST_GUILESS_MAIN(TestBackendsTrain)
#include "tst_backends_train.moc"
