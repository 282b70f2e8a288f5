// What is said of runs before they are adopted: their points, columns of tables, and where mirrored ones lie.
#include <QTest>

#include "core/adoption/far_folder.h"
#include "core/adoption/found_facts.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "tests/core/trackers/tracker_test.h"

using namespace retort;
namespace fs = std::filesystem;

class TestFoundFacts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void pointsAreCounted() {
        std::string events;
        for (int step = 0; step < 50; ++step)
            events += scalarEvent(1e9, step, "a", 1) + scalarEvent(1e9, step, "b", 1);
        put("tb/events.out.tfevents.1.h", events);
        const FoundRun found = recognise(root() / "tb").runs.at(0);
        const FoundFacts facts = factsOf(found, {}, 1 << 20);
        QCOMPARE(facts.points, 100);
        QCOMPARE(facts.lastStep, 49);
        QVERIFY(facts.isWhole);
        QCOMPARE(facts.bytes, std::uint64_t(events.size()));
        QVERIFY(facts.outcome.empty() && facts.problem.empty());
        QVERIFY(facts.isLive(facts.lastChange + 599) && !facts.isLive(facts.lastChange + 601));
        QVERIFY(!factsOf(found, {}, 0).isWhole);
        QCOMPARE(factsOf(found, {}, 1 << 20, [] { return false; }).points, 0);
        events[20] = char(~events[20]);
        put("tb/events.out.tfevents.1.h", events);
        QVERIFY(factsOf(found, {}, 1 << 20).problem.find("byte 0") != std::string::npos);
    }

    void endedRunsAreNotLive() {
        put("out/trainer_state.json",
            R"({"global_step":2,"max_steps":2,"log_history":[{"loss":1,"step":1},{"loss":2,"step":2}]})");
        const FoundFacts facts = factsOf(recognise(root() / "out").runs.at(0), {}, 1 << 20);
        QCOMPARE(facts.outcome, std::string("finished"));
        QCOMPARE(facts.lastStep, 2);
        QVERIFY(!facts.isLive(facts.lastChange));
    }

    void rowsOfTables_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("map");
        QTest::addColumn<QString>("rows");  // "step time metric=value …", or "!" and a part of the problem
        const auto row = [](const char* name, const char* file, const char* content, const char* map,
                            const char* rows) {
            QTest::newRow(name) << file << QByteArray(content) << map << rows;
        };
        row("wide", "a.csv", "step,loss,acc\n1,2,3\n2,4,\n", "", "1 - loss=2 acc=3|2 - loss=4");
        row("names are said", "a.csv", "n;when;loss\n7;1700000000;2\n", "step=n,time=when",
            "7 1700000000 loss=2");
        row("long", "a.tsv", "it\twhat\tnumber\n1\tx\t2\n1\ty\t3\n2\tx\t4\n",
            "step=it,series=what,value=number", "1 - x=2 y=3|2 - x=4");
        row("only the first run", "a.csv", "step,who,loss\n1,b,2\n1,a,3\n2,b,4\n", "run=who",
            "1 - loss=2|2 - loss=4");
        row("json lines", "a.jsonl", "{\"it\":4,\"train\":{\"loss\":0.5}}\n", "step=it",
            "4 - train/loss=0.5");
        row("nothing is known", "a.csv", "n,loss\n1,2\n", "", "!no column has a name that is known");
        row("no such column", "a.csv", "step,loss\n1,2\n", "step=x", "!there is no column \"x\"");
        row("half a long one", "a.csv", "step,what,loss\n1,x,2\n", "series=what", "!series=COLUMN");
        row("no whole line", "a.csv", "step,loss", "", "!no header");
        row("no rows", "a.csv", "step,loss\n", "", "");
        row("no table", "a.jsonl", "Dear mother\n", "step=x", "!no header");
    }
    void rowsOfTables() {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(QString, map);
        QFETCH(QString, rows);
        put(file.toStdString(), content.toStdString());
        const MappedRows result =
            mappedRows(root() / file.toStdString(), columnMappingOf(map.toStdString()), 8);
        const QString problem = QString::fromStdString(result.problem);
        if (rows.startsWith(QLatin1Char('!'))) {
            QVERIFY2(problem.contains(rows.mid(1)), qPrintable(problem));
            QVERIFY(result.rows.empty());
            return;
        }
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QStringList told;
        for (const MappedRows::Row& each : result.rows) {
            QStringList words{QString::number(each.step),
                              each.t ? QString::number(*each.t, 'f', 0) : QStringLiteral("-")};
            for (std::size_t i = 0; i < each.values.size(); ++i)
                if (each.values[i])
                    words << QString::fromStdString(result.metrics.at(i)) + QLatin1Char('=') +
                                 QString::number(*each.values[i]);
            told << words.join(QLatin1Char(' '));
        }
        QCOMPARE(told.join(QLatin1Char('|')), rows);
    }

    void previewIsShort() {
        std::string text = "step,loss\n";
        for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",1\n";
        put("a.csv", text);
        QCOMPARE(mappedRows(root() / "a.csv", {}, 5).rows.size(), std::size_t(5));
    }

    // Tables that nothing is made of are told, and looking can be ended.
    void unmappedTablesAndEnding() {
        put("d/a.csv", "n,loss\n1,2\n");
        put("d/b.csv", "step,loss\n1,2\n");
        put("d/c.jsonl", "{\"text\":\"a dataset\"}\n");
        put("d/run-1.wandb", "none");
        const FoundFolder found = recognise(root() / "d");
        QCOMPARE(found.runs.size(), std::size_t(1));
        QCOMPARE(found.unmapped, (std::vector<fs::path>{fs::canonical(root()) / "d/a.csv",
                                                        fs::canonical(root()) / "d/c.jsonl"}));
        QCOMPARE(found.notes.size(), std::size_t(1));
        std::size_t asked = 0;
        const auto stopAt = [&asked](std::size_t files) {
            ++asked;
            return files < 2;
        };
        QVERIFY_THROWS_EXCEPTION(Error, recognise(root() / "d", {}, stopAt));
        QVERIFY(asked > 0);
    }

    void placesOfMirrors() {
        const FarFolder folder{"gpu box", "/data/$(touch x)/out", {}};
        const fs::path mirrors = mirrorsBeside(root() / "runs");
        QCOMPARE(mirrors, root() / "far");
        saveFarFolder(folder, mirrors);
        const fs::path content = folder.content(mirrors);
        QVERIFY(fs::is_directory(content));
        QCOMPARE(content.filename(), fs::path("out"));
        QVERIFY(content.string().find("$(") == std::string::npos);
        const auto place = farPlaceOf(content / "a/b");
        QVERIFY(place);
        QCOMPARE(place->folder, folder);
        QCOMPARE(place->home, folder.home(mirrors));
        QCOMPARE(sourceText(content), std::string("gpu box:/data/$(touch x)/out"));
        QCOMPARE(sourceText(content / "a/b"), std::string("gpu box:/data/$(touch x)/out/a/b"));
        QCOMPARE(pathThere(content / "a"), fs::path("/data/$(touch x)/out/a"));
        QCOMPARE(sourceText(root() / "a"), (root() / "a").string());
        QVERIFY(FarFolder({"gpu box", "/data/other/out", {}}).home(mirrors) != folder.home(mirrors));
        // A folder may have any name, also those that are taken.
        const FarFolder odd{"m", "/", {}};
        saveFarFolder(odd, mirrors);
        QCOMPARE(sourceText(odd.content(mirrors) / "x"), std::string("m:/x"));
        writeFileAtomically(folder.home(mirrors) / "far.json", "{");
        QVERIFY_THROWS_EXCEPTION(Error, farPlaceOf(content));
    }

  private:
    fs::path root() const { return m_folder->path().toStdString(); }
    void put(const std::string& name, const std::string& bytes) const {
        fs::create_directories((root() / name).parent_path());
        writeBytes(root() / name, bytes);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFoundFacts)
#include "tst_found_facts.moc"
