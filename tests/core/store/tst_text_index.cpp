// The search index follows behind the texts: what it has is what the traces have, whatever is added and
// removed while it follows.
#include <QTest>

#include "core/store/store_file.h"
#include "core/store/text_index.h"
#include "core/store/trace_rows.h"
#include "core/util/random.h"
#include "tests/core/store/store_fixture.h"

using namespace retort;

namespace {

RowId addTrace(Database& database, const std::string& completion) {
    Trace trace;
    trace.prompt = "What is it?";
    trace.completion = completion;
    insertTrace(database, 1, trace, 1, 1);
    return database.lastInsertId();
}

std::unique_ptr<Database> storeWithRun(const StoreFolder& folder) {
    auto database = openStoreForWriting(folder.file());
    database->execute("INSERT INTO runs (uuid, name, created) VALUES ('u', 'a', 0)");
    return database;
}

/// SQLite's own comparison of a search index with the table that it is of; it throws where they differ.
void compareIndexWithTexts(Database& database) {
    database.execute("INSERT INTO trace_search (trace_search, rank) VALUES ('integrity-check', 1)");
}

std::int64_t hits(Database& database, const std::string& text) {
    return database.integer("SELECT count(*) FROM trace_search WHERE trace_search MATCH '\"" + text + "\"'");
}

}  // namespace

class TestTextIndex : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void batches() {
        const StoreFolder folder;
        const auto database = storeWithRun(folder);
        QVERIFY(isTextIndexComplete(*database));
        QVERIFY(!indexTexts(*database, 100));
        for (int i = 0; i < 10; ++i) addTrace(*database, "text " + std::string(100, 'x'));
        addTrace(*database, std::string(5000, 'y'));
        addTrace(*database, "the last");
        QCOMPARE(hits(*database, "xxx"), 0);
        QVERIFY(indexTexts(*database, 230));
        QCOMPARE(hits(*database, "xxx"), 2);  // a text that goes over the limit is the batch's last
        QVERIFY(indexTexts(*database, 1));    // one at least
        QCOMPARE(hits(*database, "xxx"), 3);
        QVERIFY(!isTextIndexComplete(*database));
        QVERIFY(indexTexts(*database, 1 << 20));
        QVERIFY(isTextIndexComplete(*database));
        QCOMPARE(hits(*database, "yyy"), 1);
        QCOMPARE(hits(*database, "last"), 1);
        compareIndexWithTexts(*database);
    }

    // Traces go at random, the newest and their numbers too, while the index is anywhere behind.
    void removedWhileItFollows() {
        const StoreFolder folder;
        const auto database = storeWithRun(folder);
        Random random(3);
        for (int round = 0; round < 400; ++round) {
            const auto added = random.integer(0, 4);
            for (std::int64_t i = 0; i < added; ++i)
                addTrace(*database, "number " + std::to_string(random.integer(100, 999)) + " of " +
                                        std::to_string(round));
            if (random.uniform() < 0.5) indexTexts(*database, std::size_t(random.integer(1, 150)));
            if (random.uniform() < 0.3)
                database->execute("DELETE FROM traces WHERE id > (SELECT max(id) - " +
                                  std::to_string(random.integer(0, 4)) + " FROM traces)");
            if (random.uniform() < 0.3)
                database->execute("DELETE FROM traces WHERE id % 7 = " +
                                  std::to_string(random.integer(0, 6)));
        }
        addTrace(*database, "one is left");
        while (indexTexts(*database, 1 << 20)) {
        }
        compareIndexWithTexts(*database);
        QCOMPARE(hits(*database, "one is left"), 1);
    }

    void theWriterIndexesWhenItIsIdle() {
        const StoreFolder folder;
        {
            const auto database = storeWithRun(folder);
            addTrace(*database, "left behind by an import");
        }
        const StoreWriter writer(folder.file());
        const auto database = openStoreForReading(folder.file());
        QTRY_VERIFY(isTextIndexComplete(*database));
        QCOMPARE(hits(*database, "left behind"), 1);
    }

    void tracesOfARunBecomeSearchable() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RunDirectory run = folder.makeRun();
        const RowId id = writer.addRun(run, "").get();
        std::string lines = lineOf(1, StartEvent{});
        for (int i = 0; i < 500; ++i) {
            Trace trace;
            trace.sample = i;
            trace.completion = "so it is " + std::to_string(i) + ", since";
            lines += lineOf(i + 2, TraceEvent{trace});
        }
        appendTo(run.eventsFile(), lines);
        writer.ingest(id).get();
        StoreReader reader(folder.file());
        TraceFilter filter;
        filter.text = "IT IS 499,";
        QCOMPARE(reader.countTraces(filter), 1);  // before and after
        const auto database = openStoreForReading(folder.file());
        QTRY_VERIFY(isTextIndexComplete(*database));
        QCOMPARE(reader.countTraces(filter), 1);
        QCOMPARE(hits(*database, "it is"), 500);
    }

    void compactingIndexesTheRest() {
        const StoreFolder folder;
        {
            const auto database = storeWithRun(folder);
            for (int i = 0; i < 50; ++i) addTrace(*database, "text number " + std::to_string(i));
        }
        StoreWriter(folder.file()).compact().get();
        const auto database = openStoreForReading(folder.file());
        QVERIFY(isTextIndexComplete(*database));
        QCOMPARE(hits(*database, "number"), 50);
    }
};

QTEST_GUILESS_MAIN(TestTextIndex)
#include "tst_text_index.moc"
