// The queue of runs in the store.
#include <QTest>

#include "core/runlog/writer.h"
#include "core/store/store_file.h"
#include "core/util/clock.h"
#include "tests/core/store/store_fixture.h"

using namespace retort;

namespace {

QueuedRun waiting(RowId run, std::vector<RowId> after = {}) {
    QueuedRun entry;
    entry.run = run;
    entry.backend = "local-process";
    entry.after = std::move(after);
    return entry;
}

/// "2 1! 3*" in order; '!' started, '*' failed, '-' held.
std::string textOf(StoreReader& reader) {
    std::string text;
    int position = 0;
    for (const QueuedRun& each : reader.queuedRuns()) {
        if (each.position != ++position) return "positions are wrong";
        text += (text.empty() ? "" : " ") + std::to_string(each.run);
        if (each.state == QueuedState::Started) text += '!';
        if (each.state == QueuedState::Failed) text += '*';
        if (each.isHeld) text += '-';
    }
    return text;
}

}  // namespace

class TestStoreRunQueue : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreWriter> m_writer;
    std::unique_ptr<StoreReader> m_reader;

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_writer = std::make_unique<StoreWriter>(m_folder->file());
        for (int run = 1; run <= 4; ++run)
            QCOMPARE(m_writer->addRun(m_folder->makeRun("r" + std::to_string(run)), "").get(), RowId(run));
        m_reader = std::make_unique<StoreReader>(m_folder->file());
    }
    void cleanup() {
        m_reader.reset();
        m_writer.reset();
        m_folder.reset();
    }

    void entriesAreKept() {
        std::atomic<int> told = 0;
        m_writer->onChange([&told](const StoreChange& change) { told += change.runQueueChanged; });
        QueuedRun entry = waiting(2, {1, 4});
        entry.backend = "ssh:$(x) 'y'";
        entry.isHeld = true;
        entry.retries = 3;
        entry.gpus = 3;
        m_writer->queueRuns({entry}).get();
        entry.position = 1;
        QVERIFY(m_reader->queuedRuns() == std::vector<QueuedRun>{entry});
        QCOMPARE(told.load(), 1);
        QVERIFY(contains(errorOf([&] { m_writer->queueRuns({waiting(1), waiting(2)}).get(); }), "already"));
        QVERIFY(contains(errorOf([&] { m_writer->queueRuns({waiting(77)}).get(); }), "no run 77"));
        QCOMPARE(textOf(*m_reader), std::string("2-"));  // all or none
    }

    void earlierStoresKeepTheirGpus() {
        const std::filesystem::path file = m_folder->path() / "old.db";
        std::vector<Migration> before = migrations();
        std::erase_if(before, [](const Migration& each) { return each.version >= 10; });
        openStoreForWriting(file, before)
            ->execute(
                "INSERT INTO runs (id, uuid, name, created) VALUES (1, 'a', 'a', 0), (2, 'b', 'b', 0), (3, "
                "'c', 'c', 0); INSERT INTO queued_runs VALUES (1, 'here', 1, 'started', 0, 0, 1, 1, 3, '', "
                "NULL), (2, 'here', 2, 'waiting', 0, 0, 0, 1, NULL, '', 5.5), (3, 'here', 3, 'waiting', 0, "
                "0, "
                "0, 0, NULL, 'x', NULL)");
        const StoreWriter migrated(file);
        const std::vector<QueuedRun> queue = StoreReader(file).queuedRuns();
        QCOMPARE(queue.size(), std::size_t(3));
        QVERIFY(queue[0].gpus == 1 && queue[0].onGpus == std::vector<int>{3});
        QVERIFY(queue[1].gpus == 1 && queue[1].onGpus.empty() && queue[1].failedAt == 5.5);
        QVERIFY(queue[2].gpus == 0 && queue[2].problem == "x");
    }

    void circlesAreRefused() {
        m_writer->queueRuns({waiting(1), waiting(2, {1}), waiting(3, {2})}).get();
        m_writer->unqueueRuns({1}).get();
        QVERIFY(contains(errorOf([&] {
                             m_writer->queueRuns({waiting(4), waiting(1, {3})}).get();
                         }),
                         "would wait for itself"));
        QCOMPARE(textOf(*m_reader), std::string("2 3"));  // all or none
        QVERIFY(contains(errorOf([&] {
                             m_writer->queueRuns({waiting(1, {4}), waiting(4, {1})}).get();
                         }),
                         "would wait for itself"));
        m_writer->queueRuns({waiting(4, {3}), waiting(1)}).get();
        QCOMPARE(textOf(*m_reader), std::string("2 3 4 1"));
        // One that waits for itself alone is not made to.
        m_writer->unqueueRuns({4}).get();
        m_writer->queueRuns({waiting(4, {4})}).get();
        QVERIFY(m_reader->queuedRuns()[3].after.empty());
    }

    void order_data() {
        QTest::addColumn<int>("run");
        QTest::addColumn<int>("position");
        QTest::addColumn<std::string>("expected");
        QTest::newRow("to the front") << 3 << 1 << std::string("3 1 2 4");
        QTest::newRow("to the end") << 1 << 4 << std::string("2 3 4 1");
        QTest::newRow("up") << 3 << 2 << std::string("1 3 2 4");
        QTest::newRow("down") << 2 << 3 << std::string("1 3 2 4");
        QTest::newRow("nowhere") << 2 << 2 << std::string("1 2 3 4");
        QTest::newRow("beyond") << 2 << 99 << std::string("1 3 4 2");
        QTest::newRow("before the first") << 2 << -1 << std::string("2 1 3 4");
    }
    void order() {
        QFETCH(int, run);
        QFETCH(int, position);
        QFETCH(std::string, expected);
        m_writer->queueRuns({waiting(1), waiting(2), waiting(3), waiting(4)}).get();
        m_writer->moveQueuedRun(run, position).get();
        QCOMPARE(textOf(*m_reader), expected);
    }

    void unknownRunsDoNotMove() {
        QVERIFY(contains(errorOf([&] { m_writer->moveQueuedRun(1, 1).get(); }), "not in the queue"));
    }

    void removalIsTakenBack() {
        m_writer->queueRuns({waiting(1), waiting(2, {1}), waiting(3)}).get();
        const auto removed = m_writer->unqueueRuns({2, 4}).get();
        QCOMPARE(removed.size(), std::size_t(1));
        QCOMPARE(textOf(*m_reader), std::string("1 3"));
        QCOMPARE(m_reader->run(2)->state, std::string("stopped"));
        m_writer->queueRuns(removed).get();
        QCOMPARE(textOf(*m_reader), std::string("1 2 3"));
        QCOMPARE(m_reader->run(2)->state, std::string("created"));
        QCOMPARE(m_reader->queuedRuns()[1].after, std::vector<RowId>{1});
    }

    // It does not start because a removal was a mistake.
    void removalOfAFailedOneIsTakenBack() {
        m_writer->queueRuns({waiting(1), waiting(2)}).get();
        QCOMPARE(m_writer->beginQueuedRun(1, {}).get(), std::optional<int>(1));
        m_writer->endQueuedRun(1, 1, QueuedEnd::Failed, "no memory").get();
        const std::vector<QueuedRun> before = m_reader->queuedRuns();
        m_writer->queueRuns(m_writer->unqueueRuns({1}).get()).get();
        QVERIFY(m_reader->queuedRuns() == before);
        QCOMPARE(textOf(*m_reader), std::string("1* 2"));
    }

    void whatIsTakenOutToStartIsNotStopped() {
        m_writer->queueRuns({waiting(1)}).get();
        QCOMPARE(m_writer->unqueueRuns({1}, true).get().size(), std::size_t(1));
        QCOMPARE(m_reader->run(1)->state, std::string("created"));
    }

    void oneBeginsIt() {
        m_writer->queueRuns({waiting(1), waiting(2)}).get();
        m_writer->holdQueuedRuns({2}, true).get();
        StoreWriter other(m_folder->file());
        QCOMPARE(m_writer->beginQueuedRun(1, {0, 12}).get(), std::optional<int>(1));
        QCOMPARE(other.beginQueuedRun(1, {0}).get(), std::nullopt);
        QCOMPARE(other.beginQueuedRun(2, {}).get(), std::nullopt);  // held
        QCOMPARE(other.beginQueuedRun(9, {}).get(), std::nullopt);
        QCOMPARE(m_reader->queuedRuns()[0].onGpus, (std::vector<int>{0, 12}));
        QVERIFY(other.unqueueRuns({1}).get().empty());  // what is going stays
        QCOMPARE(textOf(*m_reader), std::string("1! 2-"));
        other.holdQueuedRuns({2}, false).get();
        QCOMPARE(other.beginQueuedRun(2, {}).get(), std::optional<int>(1));
        QVERIFY(m_reader->queuedRuns()[1].onGpus.empty());
    }

    void endings() {
        QueuedRun entry = waiting(1);
        entry.retries = 1;
        m_writer->queueRuns({entry, waiting(2)}).get();
        const auto begin = [&](RowId run) { return m_writer->beginQueuedRun(run, {0}).get().value_or(-1); };
        QCOMPARE(begin(1), 1);
        m_writer->endQueuedRun(1, 1, QueuedEnd::NeverBegan).get();
        QCOMPARE(begin(1), 1);
        m_writer->endQueuedRun(1, 1, QueuedEnd::Failed, "no memory").get();
        QCOMPARE(textOf(*m_reader), std::string("1 2"));
        QCOMPARE(m_reader->queuedRuns()[0].problem, std::string("no memory"));
        QCOMPARE(begin(1), 2);
        m_writer->endQueuedRun(1, 1, QueuedEnd::Done).get();  // of the attempt before
        QCOMPARE(textOf(*m_reader), std::string("1! 2"));
        m_writer->endQueuedRun(1, 2, QueuedEnd::Failed, "again").get();
        QCOMPARE(textOf(*m_reader), std::string("1* 2"));
        m_writer->endQueuedRun(1, 2, QueuedEnd::Done).get();  // told twice
        QCOMPARE(textOf(*m_reader), std::string("1* 2"));
        m_writer->retryQueuedRuns({1, 2}).get();
        QCOMPARE(textOf(*m_reader), std::string("1 2"));
        QCOMPARE(begin(1), 3);
        m_writer->endQueuedRun(1, 3, QueuedEnd::Done).get();
        QCOMPARE(textOf(*m_reader), std::string("2"));
    }

    void failuresAreDated() {
        QueuedRun entry = waiting(1);
        entry.retries = 2;
        m_writer->queueRuns({entry, waiting(2)}).get();
        const auto failedAt = [this](RowId run) {
            for (const QueuedRun& each : m_reader->queuedRuns())
                if (each.run == run) return each.failedAt;
            return -1.0;
        };
        const auto fail = [this](RowId run) {
            const int attempt = m_writer->beginQueuedRun(run, {}).get().value_or(-1);
            m_writer->endQueuedRun(run, attempt, QueuedEnd::Failed, "no memory").get();
        };
        const double before = unixTime();
        fail(1);
        QVERIFY(failedAt(1) >= before && failedAt(1) <= unixTime());
        // A removal that is taken back is no way around the pause.
        const double at = failedAt(1);
        m_writer->queueRuns(m_writer->unqueueRuns({1}).get()).get();
        QCOMPARE(failedAt(1), at);
        // Somebody wants it tried now: what was wrong is still told.
        m_writer->retryQueuedRuns({1}).get();
        QCOMPARE(failedAt(1), 0.0);
        QCOMPARE(m_reader->queuedRuns()[0].problem, std::string("no memory"));
        fail(1);
        QVERIFY(failedAt(1) >= before);
        QCOMPARE(m_writer->beginQueuedRun(1, {}).get(), std::optional<int>(3));
        QCOMPARE(failedAt(1), 0.0);
        m_writer->retryQueuedRuns({1}).get();  // it is going
        QCOMPARE(textOf(*m_reader), std::string("1! 2"));
        // Without retries it waits for nothing.
        fail(2);
        QCOMPARE(failedAt(2), 0.0);
        QCOMPARE(textOf(*m_reader), std::string("1! 2*"));
    }

    void goingRuns() {
        m_writer->setState(1, "running", {}).get();
        m_writer->setState(2, "finished", {}).get();
        m_writer->queueRuns({waiting(3)}).get();
        std::vector<RowId> going;
        for (const RunPlace& each : m_reader->goingRuns()) going.push_back(each.run);
        QCOMPARE(going, (std::vector<RowId>{1, 4}));  // somebody may just be starting 4
        m_writer->queueRuns({waiting(4)}).get();
        QCOMPARE(m_reader->goingRuns().size(), std::size_t(1));
        QCOMPARE(m_reader->runsOfQueue().size(), std::size_t(2));
    }

    // Earlier versions kept directories in a setting.
    void earlierQueuesGoOn() {
        m_reader.reset();
        m_writer.reset();
        const std::filesystem::path file = m_folder->path() / "old.db";
        {
            const std::vector<Migration> old(migrations().begin(), migrations().begin() + 6);
            auto database = openStoreForWriting(file, old);
            for (const char* name : {"a", "b", "c"})
                Statement(*database,
                          "INSERT INTO runs (uuid, name, recipe, backend, host, directory, config, created) "
                          "VALUES (?1, ?1, 'sft', '', '', '/runs/' || ?1, '', 0)")
                    .run(name);
            Statement(*database, "UPDATE runs SET state = 'running' WHERE name = 'c'").run();
            Statement(*database, "INSERT INTO settings VALUES ('launch.queue', ?1)")
                .run(R"({"pid":1,"start_ticks":2,"runs":[
                    {"directory":"/runs/b","backend":"ssh:x","at_once":2},
                    {"directory":"/runs/c","backend":"local-process","at_once":1},
                    {"directory":"/runs/a","backend":"local-process","at_once":1},
                    {"directory":"/runs/gone","backend":"local-process","at_once":1}]})");
        }
        { StoreWriter writer(file); }
        StoreReader reader(file);
        QCOMPARE(textOf(reader), std::string("2 1"));
        QCOMPARE(reader.queuedRuns()[0].backend, std::string("ssh:x"));
        QVERIFY(!reader.setting("launch.queue"));
    }

    void brokenEarlierQueuesAreForgotten() {
        const std::filesystem::path file = m_folder->path() / "old.db";
        {
            const std::vector<Migration> old(migrations().begin(), migrations().begin() + 6);
            auto database = openStoreForWriting(file, old);
            Statement(*database, "INSERT INTO settings VALUES ('launch.queue', '{broken')").run();
        }
        { StoreWriter writer(file); }
        QVERIFY(StoreReader(file).queuedRuns().empty());
    }
};

QTEST_GUILESS_MAIN(TestStoreRunQueue)
#include "tst_run_queue.moc"
