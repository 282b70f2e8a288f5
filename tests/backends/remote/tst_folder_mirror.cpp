// Folders of logs on a machine, mirrored here: the same bytes, whatever the files do there and the connection
// does.
#include <sys/stat.h>

#include <QStandardPaths>
#include <QTest>
#include <atomic>
#include <thread>

#include "core/adoption/adopted_run.h"
#include "core/store/sqlite.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/backends/remote/far_logs.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

/// stat as others than GNU have it, or none: a program in the sessions' $PATH.
void putStat(const fs::path& bin, bool works) {
    fs::create_directories(bin);
    writeFileAtomically(
        bin / "stat",
        works ? "#!/bin/sh\n[ \"$1\" = -c ] || exit 1\nexec /usr/bin/stat \"$@\"\n" : "#!/bin/sh\nexit 1\n");
    ::chmod((bin / "stat").c_str(), 0755);
}

QString busybox() {
    return QStandardPaths::findExecutable(QStringLiteral("busybox"));
}

/// All that the scripts use as busybox has it, its shell among them.
void putBusybox(const fs::path& bin) {
    fs::create_directories(bin);
    for (const char* name : {"sh", "find", "stat", "dd", "ls", "date", "printf"})
        fs::create_symlink(busybox().toStdString(), bin / name);
}

}  // namespace

class TestFolderMirror : public QObject, private FarLogs {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { startServer(); }
    void init() { makeHome(); }
    void cleanup() { removeHome(); }

    // What a file is now is what its mirror is, after each of its steps.
    void followsFiles_data() {
        QTest::addColumn<QString>("stat");
        for (const char* stat : {"gnu", "other", "none", "busybox"})
            QTest::newRow(stat) << QString::fromLatin1(stat);
    }
    void followsFiles() {
        QFETCH(QString, stat);
        if (stat == QLatin1String("busybox") && busybox().isEmpty())
            QSKIP("BUSYBOX'S SHELL IS NOT TESTED: there is no busybox");
        if (stat == QLatin1String("busybox"))
            putBusybox(m_server->folder() / "bin");
        else if (stat != QLatin1String("gnu"))
            putStat(m_server->folder() / "bin", stat == QLatin1String("other"));
        FolderMirror mirror = open();
        const fs::path file = there() / "a.jsonl";
        struct Step {
            const char* name;
            std::function<void()> act;
        };
        const Step steps[] = {
            {"begun", [&] { put(file, lines(0, 3)); }},
            {"grown", [&] { appendBytes(file, lines(3, 900)); }},
            {"grown by less than a block", [&] { appendBytes(file, "{\"st"); }},
            {"emptied", [&] { put(file, ""); }},
            {"begun anew", [&] { put(file, lines(5000, 5100)); }},
            {"truncated", [&] { fs::resize_file(file, 700); }},
            {"written anew, and longer", [&] { put(file, lines(70000, 71000)); }},
            {"rotated",
             [&] {
                 fs::rename(file, there() / "a.1.jsonl");
                 put(file, lines(1, 2));
             }},
            {"replaced by a longer one",
             [&] {
                 put(there() / "new", lines(100, 300));
                 fs::rename(there() / "new", file);
             }},
            {"a whole file", [&] { put(there() / "trainer_state.json", trainerState(3)); }},
            {"a whole file anew", [&] { put(there() / "trainer_state.json", trainerState(40)); }},
        };
        for (const Step& step : steps) {
            step.act();
            mirror.bring();
            verifySame(mirror, step.name);
            if (QTest::currentTestFailed()) return;
        }
        // What is gone there stays.
        const std::string last = readBytes(file);
        fs::remove(file);
        mirror.bring();
        QCOMPARE(readBytes(mirror.content() / "a.jsonl"), last);
    }

    void namesOfAllKinds() {
        const std::vector<std::string> names = {"$(touch x); 'y'.jsonl",
                                                "two\nlines.csv",
                                                "-rf.csv",
                                                " blank .tsv",
                                                "\"quoted\"\\.jsonl",
                                                "tab\t.jsonl",
                                                "\xc3\xa9\xe6\x97\xa5.jsonl",
                                                "not-utf8-\xff.jsonl",
                                                "$(touch x)/`touch x`/events.out.tfevents.1.h",
                                                "a b/checkpoint-7/trainer_state.json",
                                                "mlruns/0/r/meta.yaml",
                                                "mlruns/0/r/metrics/train/loss",
                                                "mlruns/0/r/params/lr"};
        for (const std::string& name : names) put(there() / name, name + "\n");
        for (const char* other : {"model.safetensors", "a b/checkpoint-7/x.csv", ".git/a.csv", "own/run.json",
                                  "own/events.jsonl", "own/below/a.csv", "metrics/no-mlflow"})
            put(there() / other, "x");
        fs::create_symlink("/etc/passwd", there() / "link.csv");
        FolderMirror mirror = open();
        mirror.bring();
        std::size_t found = 0;
        for (const auto& entry : fs::recursive_directory_iterator(mirror.content()))
            found += entry.is_regular_file();
        QCOMPARE(found, names.size());
        for (const std::string& name : names) QCOMPARE(readBytes(mirror.content() / name), name + "\n");
        for (const fs::path& place : {there(), m_server->folder() / "home", fs::current_path()})
            QVERIFY(!fs::exists(place / "x"));
    }

    // A machine may say what it likes: nothing is written outside.
    void answersThatLeaveTheFolder() {
        std::string output = "1700000000";
        output += '\0';
        for (const char* name : {"./../a.csv", "/etc/a.csv", "./a/../../b.csv", "./", ".", "./a//b.csv"}) {
            output += std::string("7 8 9 ") + name;
            output += '\0';
        }
        output += "x y";
        output += '\0';
        output += "1 2 3.5 ./good.csv";
        output += '\0';
        const FarListing listing = parseListing(output);
        QCOMPARE(listing.logs.size(), std::size_t(1));
        QCOMPARE(listing.logs[0].name, std::string("good.csv"));
        QCOMPARE(listing.logs[0].size, std::uint64_t(2));
        QCOMPARE(listing.logs[0].modified, 3.5);
        QVERIFY_THROWS_EXCEPTION(Error, parseListing("no list"));
    }

    // However the stream is cut into pieces, and whatever is in the files.
    void piecesAreTakenApart() {
        const std::string marker = "retort-piece-12";
        std::vector<std::string> contents = {"", "\nretort-piece-1",
                                             std::string(5000, '\n') + "\n" + marker.substr(0, 9),
                                             std::string("\0\n\0", 3)};
        std::string stream;
        for (const std::string& content : contents) {
            stream += content + "\n" + marker + "\n1 2 3 ./n";
            stream += '\0';
        }
        for (const std::size_t cut : {std::size_t(1), std::size_t(7), std::size_t(4096), stream.size()}) {
            std::vector<std::string> came(contents.size()), stamps(contents.size());
            FarPieces parts(
                marker, [&](std::size_t i, std::string_view bytes) { came.at(i) += bytes; },
                [&](std::size_t i, const std::string& stamp) { stamps.at(i) = stamp; });
            for (std::size_t at = 0; at < stream.size(); at += cut)
                parts.add(std::string_view(stream).substr(at, cut));
            QCOMPARE(came, contents);
            QCOMPARE(stamps, std::vector<std::string>(contents.size(), "1 2 3"));
        }
    }

    // A machine that ends no stamp must not fill this one's memory.
    void aStampWithoutEndIsRefused() {
        std::size_t came = 0;
        FarPieces parts(
            "retort-piece-12", [&](std::size_t, std::string_view bytes) { came += bytes.size(); },
            [](std::size_t, const std::string&) {});
        parts.add("abc\nretort-piece-12\n1 2 3 ");
        QVERIFY(!parts.isBroken());
        const std::string rest(10000, 'x');
        for (int i = 0; i < 1000 && !parts.isBroken(); ++i) parts.add(rest);
        QVERIFY(parts.isBroken());
        QVERIFY(came <= 3);
    }

    // One that says to be larger than it is (a file system that is late) is no reason to ask for ever.
    void sizesThatAreNotTrue() {
        const fs::path bin = m_server->folder() / "bin";
        fs::create_directories(bin);
        writeFileAtomically(bin / "stat",
                            "#!/bin/sh\n[ \"$1\" = -c ] || exit 1\nset -- $(/usr/bin/stat \"$@\")\n"
                            "echo \"$1 $(($2 + 9000)) $3\"\n");
        ::chmod((bin / "stat").c_str(), 0755);
        put(there() / "a.jsonl", "{}\n");
        FolderMirror mirror = open();
        int looks = 0;
        mirror.bring([&] { return looks > 50; }, [&](const MirrorProgress&) { ++looks; });
        QCOMPARE(readBytes(mirror.content() / "a.jsonl"), std::string("{}\n"));
        appendBytes(there() / "a.jsonl", "{}\n");
        mirror.bring([&] { return looks > 100; }, [&](const MirrorProgress&) { ++looks; });
        QCOMPARE(readBytes(mirror.content() / "a.jsonl"), std::string("{}\n{}\n"));
    }

    // A folder that is called as the mirror's own files are.
    void namesOfTheMirrorsOwn() {
        for (const char* name : {"lock", "files.json", "arriving"}) {
            put(there() / name / "a.jsonl", lines(0, 3));
            FolderMirror mirror(machine(), FolderMirror::find(machine(), (there() / name).string(), nullptr),
                                mirrors());
            mirror.bring();
            mirror.bring();
            QCOMPARE(readBytes(mirror.content() / "a.jsonl"), lines(0, 3));
            // Nothing that is on its way is left behind.
            QVERIFY(!fs::exists(mirror.content().parent_path() / "arriving"));
        }
    }

    // A file took the place of a folder: the others are brought all the same.
    void foldersThatBecomeFiles() {
        put(there() / "a.db/b.csv", "1");
        put(there() / "z.db", "SQLite format 3");
        FolderMirror mirror = open();
        mirror.bring();
        fs::remove_all(there() / "a.db");
        fs::remove(there() / "z.db");
        for (const char* name : {"a.db", "z.db"})
            Database(there() / name, Database::Mode::ReadWrite).execute("CREATE TABLE a (n INTEGER)");
        mirror.bring();
        QCOMPARE(rowsIn(mirror.content() / "z.db"), std::int64_t(0));
        QCOMPARE(mirror.notes().size(), std::size_t(1));
    }

    // A database that is written all the time: each copy is one that there was.
    void databasesAreWhole() {
        const fs::path file = there() / "mlflow.db";
        std::atomic<bool> over = false;
        std::atomic<int> written = 0;
        std::thread writer([&] {
            Database database(file, Database::Mode::ReadWrite);
            Statement(database, "PRAGMA journal_mode = WAL").step();
            database.execute("CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER)");
            while (!over) {
                // Both or none.
                database.execute("BEGIN; INSERT INTO a VALUES (1); INSERT INTO b VALUES (1); COMMIT");
                ++written;
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
        });
        FolderMirror mirror = open();
        std::int64_t before = 0;
        int copies = 0;
        while (written < 2) QTest::qWait(5);
        for (int i = 0; i < 40 && copies < 4; ++i) {
            mirror.bring();
            const fs::path copy = mirror.content() / "mlflow.db";
            if (fs::exists(copy)) {
                Database read(copy, Database::Mode::ReadOnly);
                const std::int64_t rows = read.integer("SELECT count(*) FROM a");
                QCOMPARE(rows, read.integer("SELECT count(*) FROM b"));
                QVERIFY(rows >= before);
                copies += rows > before;
                before = rows;
            }
            QTest::qWait(50);
        }
        over = true;
        writer.join();
        QVERIFY2(copies >= 1, qPrintable(QString::number(copies)));
        QTRY_VERIFY_WITH_TIMEOUT((mirror.bring(), rowsIn(mirror.content() / "mlflow.db") == written),
                                 longest);
    }

    void databasesThatAreNone() {
        put(there() / "text.db", "no database");
        put(there() / "large.db", "SQLite format 3");
        fs::resize_file(there() / "large.db", FolderMirror::largestDatabase + 1);
        FolderMirror mirror = open();
        mirror.bring();
        const std::vector<std::string> notes = mirror.notes();
        QCOMPARE(notes.size(), std::size_t(2));
        QVERIFY2(notes[0].find("large.db: is too large") != std::string::npos, notes[0].c_str());
        QVERIFY2(notes[1].find("text.db: ") != std::string::npos, notes[1].c_str());
        QVERIFY(!fs::exists(mirror.content() / "text.db"));
    }

    // Enough to recognise it; all of what is wanted then.
    void onlyTheBeginning() {
        const std::string large(3 * FolderMirror::beginning, 'x');
        put(there() / "a.csv", large);
        put(there() / "b/b.csv", large);
        put(there() / "c.csv", "small");
        FolderMirror mirror = open();
        mirror.want({});
        mirror.bring();
        QCOMPARE(fs::file_size(mirror.content() / "a.csv"), FolderMirror::beginning);
        QCOMPARE(readBytes(mirror.content() / "c.csv"), std::string("small"));
        mirror.want({mirror.content() / "b"});
        mirror.bring();
        QCOMPARE(fs::file_size(mirror.content() / "a.csv"), FolderMirror::beginning);
        QCOMPARE(readBytes(mirror.content() / "b/b.csv"), large);
        appendBytes(there() / "a.csv", "more");
        mirror.bring();
        QCOMPARE(fs::file_size(mirror.content() / "a.csv"), FolderMirror::beginning);
        mirror.want({mirror.content() / "a.csv"});
        mirror.bring();
        verifySame(mirror, "at last");
    }

    void oneFile() {
        put(there() / "a.csv", "step,loss\n1,2\n");
        put(there() / "b.csv", "step,loss\n1,2\n");
        const FarFolder folder = FolderMirror::find(machine(), (there() / "a.csv").string(), nullptr);
        QCOMPARE(folder.only, std::string("a.csv"));
        QCOMPARE(folder.text(), "box:" + (fs::canonical(there()) / "a.csv").string());
        FolderMirror mirror(machine(), folder, mirrors());
        mirror.bring();
        QCOMPARE(readBytes(mirror.content()), std::string("step,loss\n1,2\n"));
        QVERIFY(!fs::exists(mirror.content().parent_path() / "b.csv"));
        QCOMPARE(sourceText(mirror.content()), folder.text());
    }

    void whatIsNotThere() {
        QVERIFY_THROWS_EXCEPTION(Error, FolderMirror::find(machine(), "/nowhere/at/all", nullptr));
        Machine wrong = machine();
        wrong.port = 1;
        QVERIFY_THROWS_EXCEPTION(Error, FolderMirror::find(wrong, there().string(), nullptr));
        FolderMirror mirror = open();
        put(there() / "a.csv", "1");
        fs::permissions(there() / "a.csv", fs::perms::none);
        mirror.bring();
        if (::getuid() != 0) QVERIFY(!mirror.notes().empty());
        QVERIFY_THROWS_EXCEPTION(Error, mirror.bring([] { return true; }));
    }

    // Connections cut in the middle of much: each try goes on from the last one.
    void cutConnections() {
        std::string large;
        for (int i = 0; i < 3'000'000; ++i) large += "line " + std::to_string(std::int64_t(i) * 7919) + "\n";
        put(there() / "a.csv", large);
        put(there() / "b.jsonl", lines(0, 500));
        FolderMirror mirror = open();
        int failures = 0;
        std::atomic<bool> over = false;
        std::thread cutter([&] {
            for (int i = 0; i < 8 && !over; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(60 + 40 * i));
                m_server->cutConnections();
            }
        });
        for (bool whole = false; !whole;) {
            try {
                mirror.bring();
                whole = true;
            } catch (const Error&) {
                ++failures;
                QVERIFY(failures < 100);
                // The socket of the connection that was cut may still be there.
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
        over = true;
        cutter.join();
        verifySame(mirror, "whole");
        QVERIFY(failures > 0);
    }

  private:
    static std::int64_t rowsIn(const fs::path& database) {
        return fs::exists(database)
                   ? Database(database, Database::Mode::ReadOnly).integer("SELECT count(*) FROM a")
                   : -1;
    }
    void verifySame(const FolderMirror& mirror, const char* when) const {
        for (const auto& entry : fs::recursive_directory_iterator(there())) {
            if (!entry.is_regular_file()) continue;
            const fs::path name = entry.path().lexically_relative(there());
            QVERIFY2(readBytes(mirror.content() / name) == readBytes(entry.path()),
                     qPrintable(QString::fromLatin1(when) + ": " + QString::fromStdString(name.string())));
        }
    }
};

QTEST_GUILESS_MAIN(TestFolderMirror)
#include "tst_folder_mirror.moc"
