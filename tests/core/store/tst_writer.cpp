// The writer: what people change, notices, following live and lost runs, reindex, backup, compact, and
// queries.
#include <QTest>
#include <mutex>

#include "core/runlog/writer.h"
#include "core/store/migration.h"
#include "core/store/sqlite.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

struct Changes {
    std::mutex mutex;
    StoreChange all;
    int count = 0;

    void listenTo(StoreWriter& writer) {
        writer.onChange([this](const StoreChange& change) {
            const std::lock_guard lock(mutex);
            ++count;
            all.runsChanged = all.runsChanged || change.runsChanged;
            const auto join = [](std::vector<RowId>& to, const std::vector<RowId>& from) {
                to.insert(to.end(), from.begin(), from.end());
            };
            join(all.runs, change.runs);
            join(all.seriesRuns, change.seriesRuns);
            join(all.traceRuns, change.traceRuns);
            join(all.evaluationRuns, change.evaluationRuns);
        });
    }
    StoreChange peek() {
        const std::lock_guard lock(mutex);
        return all;
    }
    StoreChange take() {
        const std::lock_guard lock(mutex);
        return std::exchange(all, {});
    }
};

bool has(const std::vector<RowId>& ids, RowId id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

ScalarsEvent scalars(std::int64_t step) {
    return {step, step, {{"loss", double(step)}}};
}

}  // namespace

class TestStoreWriter : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void changesToRuns() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        Changes changes;
        changes.listenTo(writer);
        RunIdentity identity;
        identity.study = "s";
        identity.recipe = "grpo";
        const RunDirectory run = folder.makeRun("first", identity);
        const RowId id = writer.addRun(run, "process").get();
        QVERIFY(changes.take().runsChanged);
        QCOMPARE(writer.addRun(run, "").get(), id);
        writer.rename(id, "new name").get();
        QVERIFY(has(changes.take().runs, id));
        writer.setTags(id, {"b", "a", "b", ""}).get();
        writer.setNotes(id, "a note").get();
        writer.setState(id, "failed", "exit status 9").get();
        writer.setSetting("window", Json{{"x", 1}}).get();
        writer.setSetting("window", Json{{"x", 2}}).get();

        StoreReader reader(folder.file());
        RunRow row = *reader.run(id);
        QCOMPARE(row.name, std::string("new name"));
        QCOMPARE(row.study, std::string("s"));
        QCOMPARE(row.recipe, std::string("grpo"));
        QCOMPARE(row.backend, std::string("process"));
        QCOMPARE(row.tags, (std::vector<std::string>{"a", "b"}));
        QCOMPARE(row.notes, std::string("a note"));
        QCOMPARE(row.state, std::string("failed"));
        QCOMPARE(row.error, std::string("exit status 9"));
        QVERIFY(row.ended.has_value());
        QCOMPARE(reader.setting("window")->at("x").get<int>(), 2);
        QVERIFY(!reader.setting("nothing"));

        writer.setArchived({id}, true).get();
        QVERIFY(changes.take().runsChanged);
        QVERIFY(reader.runs().empty());
        QCOMPARE(reader.runs(true).size(), 1u);
        writer.setArchived({id}, false).get();
        QCOMPARE(reader.runs().size(), 1u);
    }

    void findRun() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        RunIdentity identity;
        identity.id = "abcd1111-0000-4000-8000-000000000000";
        identity.created = 10;
        const RowId first = writer.addRun(folder.makeRun("same", identity), "").get();
        identity.id = "abcd2222-0000-4000-8000-000000000000";
        identity.created = 20;
        const RowId second = writer.addRun(folder.makeRun("same", identity), "").get();
        StoreReader reader(folder.file());
        QCOMPARE(reader.findRun("same")->id, second);
        QCOMPARE(reader.findRun("abcd1")->id, first);
        QCOMPARE(reader.findRun(identity.id)->id, second);
        QVERIFY(!reader.findRun("abc"));
        QVERIFY(!reader.findRun("nobody"));
        QVERIFY(contains(errorOf([&] { reader.findRun("abcd"); }), "several runs"));
    }

    void mistakesGoToTheFuture() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        QVERIFY(contains(errorOf([&] { writer.setNotes(7, "x").get(); }), "no run 7"));
        QVERIFY(contains(errorOf([&] { writer.setState(7, "running", "").get(); }), "no run 7"));
        QVERIFY(contains(errorOf([&] { writer.ingest(7).get(); }), "no run 7"));
        QVERIFY(contains(errorOf([&] { writer.addPoints({7, {"x"}, {{}}}).get(); }), "no run 7"));
        const RowId id = writer.addRun(folder.makeRun(), "").get();
        QVERIFY(contains(errorOf([&] { writer.setState(id, "dancing", "").get(); }), "no state of a run"));
        QVERIFY(contains(errorOf([&] { writer.addPoints({id, {"x", "y"}, {{}}}).get(); }), "as many names"));
        QCOMPARE(StoreReader(folder.file()).run(id)->state, std::string("created"));
    }

    void followsALiveRunToItsEnd() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        Changes changes;
        changes.listenTo(writer);
        const RunDirectory run = folder.makeRun();
        const RowId id = writer.addRun(run, "").get();
        writer.follow(id);  // before there is a log
        StoreReader reader(folder.file());
        const RunLock lock(run);
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{});
        for (int step = 1; step <= 5; ++step) {
            log.write(scalars(step));
            QTRY_COMPARE(reader.run(id)->step, std::int64_t(step));
        }
        StoreChange change = changes.take();
        QVERIFY(has(change.runs, id) && has(change.seriesRuns, id) && change.traceRuns.empty());
        log.write(TraceEvent{});
        log.write(EvaluationEvent{});
        log.write(EndEvent{"finished", ""});
        QTRY_COMPARE(reader.run(id)->state, std::string("finished"));
        change = changes.take();
        QVERIFY(has(change.traceRuns, id) && has(change.evaluationRuns, id));
        // Over: what comes now is read when somebody follows again.
        log.write(StartEvent{2, 0, 0, 0, "", ""});
        log.sync();
        QTest::qWait(400);
        QCOMPARE(reader.run(id)->state, std::string("finished"));
        writer.follow(id);
        QTRY_COMPARE(reader.run(id)->state, std::string("running"));
        writer.unfollow(id);
    }

    void runWithoutItsProcessIsLost() {
        const StoreFolder folder;
        const RunDirectory run = folder.makeRun(), going = folder.makeRun("going"),
                           ended = folder.makeRun("ended");
        { const RunLock lock(run), other(ended); }
        const RunLock lock(going);
        for (const auto* each : {&run, &going, &ended}) {
            appendTo(each->eventsFile(), lineOf(1, StartEvent{}));
            fs::last_write_time(each->eventsFile(),
                                fs::file_time_type::clock::now() - std::chrono::seconds(5));
        }
        RowId id = 0, goingId = 0, endedId = 0;
        {
            StoreWriter writer(folder.file());
            id = writer.addRun(run, "").get();
            goingId = writer.addRun(going, "").get();
            endedId = writer.addRun(ended, "").get();
            for (const RowId each : {id, goingId, endedId}) writer.ingest(each).get();
        }
        // Its last words, said while no program had the store open.
        appendTo(ended.eventsFile(), lineOf(2, EndEvent{"finished", ""}));
        StoreReader reader(folder.file());
        QCOMPARE(reader.run(id)->state, std::string("running"));
        StoreWriter writer(folder.file());
        QTRY_COMPARE(reader.run(id)->state, std::string("lost"));
        QVERIFY(contains(reader.run(id)->error, "the process that trained it is gone"));
        QTRY_COMPARE(reader.run(endedId)->state, std::string("finished"));
        QTest::qWait(300);
        QCOMPARE(reader.run(goingId)->state, std::string("running"));
        // It was not lost after all.
        appendTo(run.eventsFile(), lineOf(2, scalars(1)));
        writer.ingest(id).get();
        QCOMPARE(reader.run(id)->state, std::string("running"));
        QVERIFY(reader.run(id)->error.empty());
    }

    void otherProgramsChangesAreNews() {
        const StoreFolder folder;
        StoreWriter writer(folder.file()), other(folder.file());
        Changes changes;
        changes.listenTo(writer);
        const RunDirectory run = folder.makeRun();
        const RowId id = other.addRun(run, "").get();
        QTRY_VERIFY(changes.peek().runsChanged);
        changes.take();
        appendTo(run.eventsFile(), scalarsLine(1, 1));
        other.ingest(id).get();
        QTRY_VERIFY(has(changes.peek().seriesRuns, id));
    }

    void addPointsJoinsWhatIsThere() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(folder.makeRun(), "").get();
        for (int batch = 0; batch < 3; ++batch) {
            std::vector<SeriesPoint> points;
            for (int i = 0; i < 100; ++i)
                points.push_back({batch * 100 + i, i, 1.0 * i, double(i), false, 1});
            writer.addPoints({id, {"a", "b"}, {points, points}}).get();
        }
        StoreReader reader(folder.file());
        QCOMPARE(reader.series(id).size(), 2u);
        QCOMPARE(reader.points(seriesId(reader, id, "b")).size(), 300u);
        QVERIFY(reader.check().problems.empty());
    }

    void reindexKeepsWhatPeopleWrote() {
        const StoreFolder folder;
        const RunDirectory run = folder.makeRun("a"), unknown = folder.makeRun("b");
        for (const auto* each : {&run, &unknown})
            appendTo(each->eventsFile(), lineOf(1, StartEvent{}) + scalarsLine(2, 5));
        fs::create_directories(folder / "runs/junk");
        appendTo(folder / "runs/junk/run.json", "{broken");
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(run, "process").get();
        writer.ingest(id).get();
        writer.setNotes(id, "mine").get();
        writer.setTags(id, {"t"}).get();
        writer.rename(id, "renamed").get();
        const RowId imported = writer.addRun(folder.makeRun("imported"), "").get();
        writer.addPoints({imported, {"x"}, {{{1, 1, 1, 1, false, 1}}}}).get();
        {
            Database(folder.file(), Database::Mode::ReadWrite)
                .execute("DELETE FROM points WHERE series_id = 1");
        }
        QVERIFY(!StoreReader(folder.file()).check().problems.empty());

        QCOMPARE(writer.reindex(folder / "runs").get(), 3);
        StoreReader reader(folder.file());
        const auto report = reader.check();
        QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems[0].c_str());
        const RunRow row = *reader.run(id);
        QCOMPARE(row.name, std::string("renamed"));
        QCOMPARE(row.notes, std::string("mine"));
        QCOMPARE(row.tags, (std::vector<std::string>{"t"}));
        QCOMPARE(row.backend, std::string("process"));
        QCOMPARE(reader.points(seriesId(reader, id, "loss")).size(), 1u);
        QCOMPARE(reader.findRun("b")->step, 5);
        QCOMPARE(reader.points(seriesId(reader, imported, "x")).size(), 1u);
        QVERIFY(contains(errorOf([&] { writer.reindex("/nowhere").get(); }), "is no folder"));
    }

    void backup() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(folder.makeRun(), "").get();
        writer.setNotes(id, "precious").get();
        writer.backup(folder / "copy.db").get();
        QCOMPARE(StoreReader(folder / "copy.db").run(id)->notes, std::string("precious"));
        { StoreWriter opens(folder / "copy.db"); }
        const std::string before = readFile(folder / "copy.db");
        QVERIFY(contains(errorOf([&] { writer.backup(folder / "copy.db").get(); }), "is there already"));
        QCOMPARE(readFile(folder / "copy.db"), before);
        QVERIFY(contains(errorOf([&] { writer.backup(folder / "no/where/x.db").get(); }), "is no folder"));
        QVERIFY(!errorOf([&] { writer.backup("/dev/full/x").get(); }).empty());
        for (const auto& entry : fs::directory_iterator(folder.path()))
            QVERIFY(!contains(entry.path().string(), ".tmp"));
    }

    void compact() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(folder.makeRun(), "").get();
        std::vector<SeriesPoint> points(50000);
        writer.addPoints({id, {"x"}, {points}}).get();
        {
            Database(folder.file(), Database::Mode::ReadWrite)
                .execute(
                    "DELETE FROM points; DELETE FROM summaries; "
                    "UPDATE series SET points = 0");
        }
        writer.compact().get();
        QVERIFY(fs::file_size(folder.file()) < 600'000);
        QVERIFY(StoreReader(folder.file()).check().problems.empty());
    }

    void queries_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char* sql, const char* result) {
            QTest::newRow(sql) << QByteArray(sql) << QByteArray(result);
        };
        row("SELECT 1 AS a, 'x' AS b", "a|b;1|x;");
        row("SELECT name, 0.1 + 0.2, NULL, x'00' FROM runs;  ",
            "name|0.1 + 0.2|NULL|x'00';run|0.30000000000000004||1 bytes;");
        row("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "i;1;2;3;4;5;");
        row("SELECT count(*) FROM trace_search WHERE trace_search MATCH '\"12+34\"'", "count(*);0;");
        row("PRAGMA user_version",
            qPrintable(QStringLiteral("user_version;%1;").arg(migrations().back().version)));
        row("EXPLAIN QUERY PLAN SELECT 1", "id|parent|notused|detail;1|0|0|SCAN CONSTANT ROW;");
        row("SELECT nonsense", "error: no such column: nonsense");
        row("", "error: a SELECT was expected");
        row("-- nothing", "error: a SELECT was expected");
        row("SELECT 1; SELECT 2", "error: one statement at a time");
        row("SELECT 1; DROP TABLE runs", "error: one statement at a time");
        for (const char* writing :
             {"DELETE FROM runs", "INSERT INTO run_tags VALUES (1, 'x')", "UPDATE runs SET name = ''",
              "CREATE TABLE x (y)", "DROP TABLE runs", "ATTACH '/tmp/retort-attached.db' AS a", "VACUUM",
              "VACUUM INTO '/tmp/retort-vacuumed.db'", "BEGIN IMMEDIATE", "COMMIT", "PRAGMA user_version = 5",
              "PRAGMA journal_mode = DELETE", "PRAGMA query_only = OFF",
              "INSERT INTO trace_search (trace_search) VALUES ('optimize')", "REINDEX", "ANALYZE",
              "SELECT load_extension('x')"})
            row(writing, "error: ");
    }
    void queries() {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, result);
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        const RowId id = writer.addRun(folder.makeRun(), "").get();
        StoreReader reader(folder.file());
        std::string got;
        const std::string error = errorOf([&] {
            const auto table = reader.query(sql.toStdString(), 5);
            const auto line = [&](const std::vector<std::string>& cells) {
                for (std::size_t i = 0; i < cells.size(); ++i) got += (i ? "|" : "") + cells[i];
                got += ';';
            };
            line(table.columns);
            for (const auto& row : table.rows) line(row);
        });
        if (result.startsWith("error: "))
            QVERIFY2(contains(error, result.mid(7).toStdString()) && !error.empty(), (got + error).c_str());
        else
            QCOMPARE(got + error, result.toStdString());
        QCOMPARE(reader.run(id)->name, std::string("run"));
        QVERIFY(!fs::exists("/tmp/retort-attached.db") && !fs::exists("/tmp/retort-vacuumed.db"));
    }
};

QTEST_GUILESS_MAIN(TestStoreWriter)
#include "tst_writer.moc"
