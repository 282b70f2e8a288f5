// Configurations and studies that are queued before what they start from is there.
#include <QTest>

#include "core/config/launch.h"
#include "core/config/merge_models.h"
#include "core/machines/remote_run.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/writer.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

const std::string tasks = "data: {tasks: [{task: addition, max_digits: 2}]}\n";

StudyStage stage(const std::string& name, const std::string& more = {}, const std::string& recipe = "sft") {
    return {name, "1-" + name + ".yaml", "recipe: " + recipe + "\nname: " + name + "\n" + more};
}

void makeCheckpoint(const RunDirectory& run, std::int64_t step) {
    const fs::path folder = run.checkpointFolder(step);
    fs::create_directories(folder);
    for (const char* file : {"config.json", "model.safetensors", "trainer.json", "tokenizer.json"})
        writeFileAtomically(folder / file, "{}");
}

}  // namespace

class TestWaitingRuns : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreWriter> m_writer;
    std::unique_ptr<StoreReader> m_reader;

    std::vector<RowId> queue(std::vector<StudyStage> stages, int processes = 1) {
        QueueRequest request;
        request.processes = processes;
        request.stages = std::move(stages);
        request.base = m_folder->path();
        request.backend = "local-process";
        request.program = "test 1";
        request.retries = 2;
        return queueRuns(*m_writer, *m_reader, request, m_folder->path() / "runs");
    }
    RunRow row(RowId run) { return *m_reader->run(run); }
    ParsedConfig configOf(RowId run) { return parseConfig(row(run).config, "config.yaml"); }
    void resolve(RowId run) { resolveWaitingRun(*m_writer, *m_reader, row(run)); }

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_writer = std::make_unique<StoreWriter>(m_folder->file());
        m_reader = std::make_unique<StoreReader>(m_folder->file());
    }
    void cleanup() {
        m_reader.reset();
        m_writer.reset();
        m_folder.reset();
    }

    void stagesWaitForThoseTheyName() {
        const std::string recipe =
            "merge:\n  recipe: |\n    merge_method: linear  # kept\n    models:\n      - model: \"@one\"\n   "
            "   "
            "- model: \"@two\"\n";
        const auto runs = queue({stage("one", tasks), stage("two", tasks + "model: {from: \"@one\"}\n"),
                                 stage("both", recipe, "merge"), stage("alone", tasks)});
        QCOMPARE(runs.size(), std::size_t(4));
        const auto queued = m_reader->queuedRuns();
        QCOMPARE(queued.size(), std::size_t(4));
        QVERIFY(queued[0].after.empty());
        QCOMPARE(queued[1].after, std::vector<RowId>{runs[0]});
        QCOMPARE(queued[2].after, (std::vector<RowId>{runs[0], runs[1]}));
        QVERIFY(queued[3].after.empty());
        QCOMPARE(queued[1].retries, 2);
        QCOMPARE(configOf(runs[1]).config.model.from, "run:" + row(runs[0]).uuid);
        QVERIFY(runsNamedBy(*m_reader, row(runs[2]).config) ==
                (std::vector<NamedRun>{{runs[0], {}}, {runs[1], {}}}));

        QVERIFY(contains(errorOf([&] { resolve(runs[1]); }), "no checkpoint yet"));
        const RunDirectory one = RunDirectory::open(row(runs[0]).directory);
        makeCheckpoint(one, 10);
        makeCheckpoint(one, 30);
        makeCheckpoint(RunDirectory::open(row(runs[1]).directory), 5);
        resolve(runs[1]);
        resolve(runs[2]);
        QCOMPARE(configOf(runs[1]).config.model.from, one.checkpointFolder(30).string());
        QCOMPARE(readFile(fs::path(row(runs[1]).directory) / "config.yaml", 1 << 20), row(runs[1]).config);
        QCOMPARE(*RunDirectory::open(row(runs[1]).directory).identity().parent, row(runs[0]).uuid);
        const std::string merged = configOf(runs[2]).config.merge.recipe;
        QCOMPARE(mergeModels(merged),
                 (std::vector<std::string>{
                     one.checkpointFolder(30).string(),
                     RunDirectory::open(row(runs[1]).directory).checkpointFolder(5).string()}));
        QVERIFY(contains(merged, "# kept"));
        const std::string before = row(runs[2]).config;
        resolve(runs[2]);  // another time: nothing is left to do
        QCOMPARE(row(runs[2]).config, before);
    }

    // Killed between two of its steps, another time does the rest.
    void resolvingIsTakenUpAgain_data() {
        QTest::addColumn<bool>("isWritten");
        QTest::newRow("behind run.json") << false;
        QTest::newRow("behind config.yaml") << true;
    }
    void resolvingIsTakenUpAgain() {
        QFETCH(bool, isWritten);
        const auto runs = queue({stage("one", tasks), stage("two", tasks + "model: {from: \"@one\"}\n")});
        makeCheckpoint(RunDirectory::open(row(runs[0]).directory), 10);
        const RunRow before = row(runs[1]);
        resolve(runs[1]);
        const std::string resolved = row(runs[1]).config;
        const fs::path file = fs::path(before.directory) / "config.yaml";
        // As the store, and the files, were at that moment.
        writeFileAtomically(file, before.config);
        m_writer->addRun(RunDirectory::open(before.directory), "").get();
        QCOMPARE(row(runs[1]).config, before.config);
        if (isWritten) writeFileAtomically(file, resolved);
        resolve(runs[1]);
        QCOMPARE(row(runs[1]).config, resolved);
        QCOMPARE(readFile(file, 1 << 20), resolved);
        QCOMPARE(*RunDirectory::open(before.directory).identity().parent, row(runs[0]).uuid);
    }

    void runsThatGoAreWaitedFor_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<bool>("waits");
        for (const char* state : {"created", "running", "paused"}) QTest::newRow(state) << state << true;
        for (const char* state : {"finished", "stopped", "failed", "lost"})
            QTest::newRow(state) << state << false;
    }
    void runsThatGoAreWaitedFor() {
        QFETCH(QString, state);
        QFETCH(bool, waits);
        const RunDirectory other = m_folder->makeRun("other");
        const RowId id = m_writer->addRun(other, "").get();
        m_writer->setState(id, state.toStdString(), {}).get();
        makeCheckpoint(other, 7);
        const auto runs = queue({stage("next", tasks + "model: {from: \"run:other@7\"}\n")});
        QCOMPARE(m_reader->queuedRuns()[0].after, waits ? std::vector<RowId>{id} : std::vector<RowId>{});
        QCOMPARE(configOf(runs[0]).config.model.from,
                 waits ? "run:" + row(id).uuid + "@7" : other.checkpointFolder(7).string());
        if (waits) QVERIFY(runsNamedBy(*m_reader, row(runs[0]).config) == (std::vector<NamedRun>{{id, 7}}));
        resolve(runs[0]);
        QCOMPARE(configOf(runs[0]).config.model.from, other.checkpointFolder(7).string());
    }

    // Of a run on a machine, whose log tells of the steps 10 and 20, that of 10 is here.
    void whatIsToBeFetchedStaysForLater_data() {
        QTest::addColumn<QString>("step");
        QTest::addColumn<bool>("stays");
        QTest::addColumn<QString>("error");
        QTest::newRow("the last") << "" << true << "";
        QTest::newRow("by its step") << "@20" << true << "";
        QTest::newRow("one that is here") << "@10" << false << "";
        QTest::newRow("none such") << "@30" << false << "has no checkpoint of step 30";
        QTest::newRow("no number") << "@x" << false << "has no checkpoint of step x";
    }
    void whatIsToBeFetchedStaysForLater() {
        QFETCH(QString, step);
        QFETCH(bool, stays);
        QFETCH(QString, error);
        const RunDirectory far = m_folder->makeRun("far");
        RemoteRun remote;
        remote.machine = "box";
        remote.directory = "/far/runs/it";
        writeRemoteRun(far.path(), remote);
        {
            RunLogWriter log(far.eventsFile());
            log.write(StartEvent{});
            for (const std::int64_t each : {10, 20})
                log.write(CheckpointEvent{each, "checkpoints/step-" + std::to_string(each)});
            log.write(EndEvent{"finished", {}});
        }
        const RowId id = m_writer->addRun(far, "ssh:box").get();
        m_writer->ingest(id).get();
        makeCheckpoint(far, 10);
        std::vector<RowId> runs;
        const std::string said = errorOf([&] {
            runs = queue({stage("next", tasks + "model: {from: \"run:far" + step.toStdString() + "\"}\n")});
        });
        QVERIFY2(error.isEmpty() ? said.empty() : contains(said, error.toStdString()), said.c_str());
        if (!error.isEmpty()) return;
        QVERIFY(m_reader->queuedRuns()[0].after.empty());
        QCOMPARE(configOf(runs[0]).config.model.from,
                 stays ? "run:" + row(id).uuid + step.toStdString() : far.checkpointFolder(10).string());
        const auto named = runsNamedBy(*m_reader, row(runs[0]).config);
        QCOMPARE(!named.empty() && isOnlyOnItsMachine(*m_reader, named[0]), stays);
        makeCheckpoint(far, 20);
        QVERIFY(named.empty() || !isOnlyOnItsMachine(*m_reader, named[0]));
        resolve(runs[0]);
        QCOMPARE(configOf(runs[0]).config.model.from, far.checkpointFolder(stays ? 20 : 10).string());
    }

    void oneThatIsToBeRetriedIsWaitedFor() {
        const auto first = queue({stage("first", tasks)});
        m_writer->setState(first[0], "failed", "x").get();
        const auto second = queue({stage("second", tasks + "model: {from: \"run:first\"}\n")});
        QCOMPARE(m_reader->queuedRuns()[1].after, first);
    }

    // The CPU alone takes none; each process has its own; a command says how many it uses.
    void gpusThatAreWanted() {
        const std::string command = "external: {command: [torchrun], gpus: 3}\n";
        queue({stage("one", tasks), stage("cpu", tasks + "training: {device: cpu}\n"),
               stage("command", command, "external")});
        queue({stage("two", tasks), stage("other", command, "external")}, 2);
        std::vector<int> gpus;
        for (const QueuedRun& each : m_reader->queuedRuns()) gpus.push_back(each.gpus);
        QCOMPARE(gpus, (std::vector<int>{1, 0, 3, 2, 3}));
    }

    void allOrNone_data() {
        QTest::addColumn<std::string>("second");
        QTest::addColumn<std::string>("message");
        QTest::newRow("unknown stage")
            << std::string("model: {from: \"@frist\"}\n") << std::string("did you mean first?");
        QTest::newRow("unknown run") << std::string("model: {from: \"run:nobody\"}\n")
                                     << std::string("there is no run 'nobody'");
        QTest::newRow("mistake") << std::string("trainig: {}\n") << std::string("trainig");
    }
    void allOrNone() {
        QFETCH(std::string, second);
        QFETCH(std::string, message);
        const std::string error = errorOf([&] {
            queue({stage("first", tasks), stage("second", tasks + second)});
        });
        QVERIFY2(contains(error, message), error.c_str());
        QVERIFY(m_reader->queuedRuns().empty() && m_reader->runs().empty());
        std::error_code code;
        QVERIFY(fs::is_empty(m_folder->path() / "runs", code));
    }
};

QTEST_GUILESS_MAIN(TestWaitingRuns)
#include "tst_waiting_runs.moc"
