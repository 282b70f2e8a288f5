// Opening: new, older, newer, foreign, read-only and locked files; and that a failed step leaves everything
// as it was.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include "core/store/store_file.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

const std::vector<Migration>& threeSteps() {
    static const std::vector<Migration> steps = {
        {1, "001_one",
         "CREATE TABLE a (id INTEGER PRIMARY KEY, x INTEGER) STRICT; INSERT INTO a VALUES (1, 5);"},
        {2, "002_two",
         "CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a (id)) STRICT;"
         "INSERT INTO b VALUES (1, 1);"},
        {3, "003_three", "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'new';"}};
    return steps;
}

std::vector<Migration> firstSteps(std::size_t count) {
    return {threeSteps().begin(), threeSteps().begin() + std::ptrdiff_t(count)};
}

std::int64_t number(const fs::path& file, const std::string& sql) {
    return Database(file, Database::Mode::ReadOnly).integer(sql);
}

}  // namespace

class TestMigration : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void newFile() {
        const StoreFolder folder;
        const fs::path file = folder.path() / "deep" / "er" / "lab.db";
        { StoreWriter writer(file); }
        QCOMPARE(number(file, "PRAGMA application_id"), storeApplicationId);
        QCOMPARE(number(file, "PRAGMA user_version"), migrations().back().version);
        QVERIFY(StoreReader(file).runs().empty());
        QVERIFY(!fs::exists(file.string() + ".v0.bak"));
        { StoreWriter again(file); }
    }

    void versionsAreConsecutive() {
        int expected = 1;
        for (const Migration& migration : migrations()) QCOMPARE(migration.version, expected++);
    }

    void everyTableIsStrict() {
        const StoreFolder folder;
        { StoreWriter writer(folder.file()); }
        // The text index and its shadow tables are FTS5's own.
        QCOMPARE(number(folder.file(),
                        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND "
                        "strict = 0 AND name NOT LIKE 'sqlite_%'"),
                 0);
    }

    void olderFileIsCopiedThenMigrated() {
        const StoreFolder folder;
        openStoreForWriting(folder.file(), firstSteps(1));
        openStoreForWriting(folder.file(), threeSteps());
        QCOMPARE(number(folder.file(), "PRAGMA user_version"), 3);
        QCOMPARE(
            number(folder.file(), "SELECT count(*) FROM a JOIN b ON a_id = a.id WHERE x = 5 AND y = 'new'"),
            1);
        const fs::path copy = folder.file().string() + ".v1.bak";
        QCOMPARE(number(copy, "PRAGMA user_version"), 1);
        QCOMPARE(number(copy, "PRAGMA application_id"), storeApplicationId);
        QCOMPARE(number(copy, "SELECT x FROM a"), 5);
    }

    void earlierCopyIsKept() {
        const StoreFolder folder;
        appendTo(folder.file().string() + ".v1.bak", "precious");
        openStoreForWriting(folder.file(), firstSteps(1));
        openStoreForWriting(folder.file(), threeSteps());
        QCOMPARE(readFile(folder.file().string() + ".v1.bak"), std::string("precious"));
        QCOMPARE(number(folder.file().string() + ".v1.bak.2", "PRAGMA user_version"), 1);
    }

    void failedStepLeavesTheFileAsItWas_data() {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("mistake") << QByteArray("CREATE TABLE c (id INTEGER) STRICT; SELECT nonsense;")
                                 << QByteArray("nonsense");
        QTest::newRow("orphans") << QByteArray("CREATE TABLE c (id INTEGER) STRICT; DELETE FROM a;")
                                 << QByteArray("002_bad left rows without their parents");
    }
    void failedStepLeavesTheFileAsItWas() {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, message);
        const StoreFolder folder;
        auto steps = firstSteps(1);
        steps[0].sql += threeSteps()[1].sql;
        openStoreForWriting(folder.file(), steps);
        steps.push_back({2, "002_bad", sql.toStdString()});
        const std::string error = errorOf([&] { openStoreForWriting(folder.file(), steps); });
        QVERIFY2(contains(error, message.toStdString()), error.c_str());
        QCOMPARE(number(folder.file(), "PRAGMA user_version"), 1);
        QCOMPARE(number(folder.file(), "SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
        QCOMPARE(number(folder.file(), "SELECT count(*) FROM a"), 1);
    }

    // A store of each version as the program of its time wrote it: opened, and everything in it is still
    // there.
    void storedOlderFiles_data() {
        QTest::addColumn<QString>("name");
        for (const auto& entry : fs::directory_iterator(FIXTURES))
            if (entry.path().extension() == ".db") {
                const QString name = QString::fromStdString(entry.path().filename().string());
                QTest::newRow(qPrintable(name)) << name;
            }
    }
    void storedOlderFiles() {
        QFETCH(QString, name);
        const StoreFolder folder;
        fs::copy_file(fs::path(FIXTURES) / name.toStdString(), folder.file());
        fs::permissions(folder.file(), fs::perms::owner_write, fs::perm_options::add);
        { StoreWriter writer(folder.file()); }
        StoreReader reader(folder.file());
        const auto runs = reader.runs(true);
        QCOMPARE(runs.size(), 1u);
        QCOMPARE(runs[0].name, std::string("fixture"));
        QCOMPARE(runs[0].tags, (std::vector<std::string>{"kept"}));
        QCOMPARE(reader.points(seriesId(reader, runs[0].id, "loss")).size(), 40u);
        TraceFilter filter;
        filter.text = "12+34";
        QCOMPARE(reader.countTraces(filter), 1);
        QCOMPARE(reader.evaluations(runs[0].id).size(), 1u);
        QCOMPARE(reader.checkpoints(runs[0].id).size(), 1u);
        QCOMPARE(reader.lineage().nodes().size(), 1u);
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("text")
            << QByteArray(
                   "This is a letter to my mother, and by no means a database. Dear mother, I am well.\n")
            << QByteArray("not an SQLite database");
        QTest::newRow("garbage") << QByteArray(5000, '\x7f') << QByteArray("not an SQLite database");
    }
    void refused() {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, message);
        const StoreFolder folder;
        appendTo(folder.file(), content.toStdString());
        for (const std::string& error : {errorOf([&] { StoreWriter writer(folder.file()); }),
                                         errorOf([&] { StoreReader reader(folder.file()); })}) {
            QVERIFY2(contains(error, message.toStdString()) && contains(error, folder.file()), error.c_str());
        }
        QCOMPARE(readFile(folder.file()), content.toStdString());
    }

    void otherProgramsDatabase() {
        const StoreFolder folder;
        {
            Database(folder.file(), Database::Mode::ReadWrite)
                .execute("CREATE TABLE theirs (x); PRAGMA user_version = 1");
        }
        const std::string before = readFile(folder.file());
        QVERIFY(contains(errorOf([&] { StoreWriter writer(folder.file()); }), "database of another program"));
        QVERIFY(contains(errorOf([&] { StoreReader reader(folder.file()); }), "database of another program"));
        QCOMPARE(readFile(folder.file()), before);
    }

    void newerFile() {
        const StoreFolder folder;
        { StoreWriter writer(folder.file()); }
        { Database(folder.file(), Database::Mode::ReadWrite).execute("PRAGMA user_version = 99"); }
        for (const std::string& error : {errorOf([&] { StoreWriter writer(folder.file()); }),
                                         errorOf([&] { StoreReader reader(folder.file()); })})
            QVERIFY2(
                contains(error, "newer version of Retort (schema 99") && contains(error, "update Retort"),
                error.c_str());
        QCOMPARE(number(folder.file(), "PRAGMA user_version"), 99);
    }

    void readerRefusesAnOlderFile() {
        const StoreFolder folder;
        appendTo(folder.file(), "");
        QVERIFY(contains(errorOf([&] { StoreReader reader(folder.file()); }), "empty file"));
        QVERIFY(
            contains(errorOf([&] { StoreReader reader(folder / "missing.db"); }), "there is no store here"));
        QVERIFY(contains(errorOf([&] { StoreReader reader(folder.path()); }), "is a folder"));
    }

    void truncatedFileIsAnError() {
        const StoreFolder folder;
        { StoreWriter writer(folder.file()); }
        fs::resize_file(folder.file(), fs::file_size(folder.file()) / 2);
        const std::string error = errorOf([&] {
            StoreReader reader(folder.file());
            reader.runs();
            const StoreCheckReport report = reader.check();
            if (!report.problems.empty()) throw Error(report.problems[0]);
        });
        QVERIFY(!error.empty());
    }

    void lockedFile() {
        const StoreFolder folder;
        { StoreWriter writer(folder.file()); }
        Database other(folder.file(), Database::Mode::ReadWrite);
        other.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
        const std::string error = errorOf([&] { openStoreForWriting(folder.file(), migrations(), 50); });
        QVERIFY2(contains(error, "locked by another program"), error.c_str());
    }

    // As root every file can be written, so the question is put as nobody.
    void readOnlyFile() {
        const StoreFolder folder;
        { StoreWriter writer(folder.file()); }
        ::chmod(folder.file().c_str(), 0444);
        ::chmod(folder.path().c_str(), 0555);
        const pid_t child = ::fork();
        if (child == 0) {
            if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
            const std::string error = errorOf([&] { openStoreForWriting(folder.file()); });
            if (!contains(error, "read-only")) ::_exit(1);
            // Reading is possible all the same, although no shared memory can be made beside it.
            ::_exit(errorOf([&] { StoreReader(folder.file()).runs(); }).empty() ? 0 : 2);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ::chmod(folder.path().c_str(), 0755);
        if (WEXITSTATUS(status) == 3) QSKIP("cannot become nobody here");
        QCOMPARE(WEXITSTATUS(status), 0);
    }
};

QTEST_APPLESS_MAIN(TestMigration)
#include "tst_migration.moc"
