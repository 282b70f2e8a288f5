// The follower: whole lines only, from any offset, in pieces of any size; problems say which line.
#include <QTest>

#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "tests/core/runlog/log_lines.h"

using namespace retort;

namespace {

std::string text(const std::vector<std::string>& problems) {
    std::string all;
    for (const auto& problem : problems) all += problem + "\n";
    return all;
}

}  // namespace

class TestFollower : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void missingFileIsEmpty() {
        const FollowerBatch batch = RunLogFollower("/nowhere/events.jsonl").read(0, 0);
        QVERIFY(batch.events.empty() && batch.problems.empty() && batch.atEnd && batch.offset == 0);
    }

    void tornLineIsNotThereYet() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        const std::string second = scalarsLine(2, 2);
        appendTo(file, scalarsLine(1, 1) + second.substr(0, 20));
        const RunLogFollower follower(file);
        const FollowerBatch first = follower.read(0, 0);
        QCOMPARE(first.events.size(), 1u);
        QVERIFY(first.problems.empty() && first.atEnd);
        QCOMPARE(first.offset, std::int64_t(scalarsLine(1, 1).size()));
        appendTo(file, second.substr(20));
        const FollowerBatch rest = follower.read(first.offset, first.lastSeq);
        QCOMPARE(rest.events.size(), 1u);
        QCOMPARE(rest.lastSeq, 2);
        QVERIFY(rest.problems.empty());
    }

    void piecesOfAnySizeGiveTheSameEvents() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        std::string log;
        for (int i = 1; i <= 200; ++i) log += scalarsLine(i, i, i * 0.1);
        appendTo(file, log);
        const RunLogFollower follower(file);
        for (const std::size_t bytes : {1u, 7u, 100u, 1000u, 1u << 20}) {
            std::int64_t offset = 0, seq = 0;
            std::size_t count = 0;
            for (bool atEnd = false; !atEnd;) {
                const FollowerBatch batch = follower.read(offset, seq, bytes);
                QVERIFY2(batch.problems.empty(), text(batch.problems).c_str());
                QVERIFY(batch.atEnd || batch.offset > offset);
                for (const Event& event : batch.events) QCOMPARE(event.seq, std::int64_t(++count));
                offset = batch.offset;
                seq = batch.lastSeq;
                atEnd = batch.atEnd;
            }
            QCOMPARE(count, 200u);
            QCOMPARE(offset, std::int64_t(log.size()));
        }
    }

    void problems_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<int>("events");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const std::string& log, int events, const char* problem) {
            QTest::newRow(name) << QByteArray::fromStdString(log) << events << QByteArray(problem);
        };
        const std::string one = scalarsLine(1, 1), two = scalarsLine(2, 2), three = scalarsLine(3, 3);
        row("foreign line", one + "Epoch 1/3\n" + two, 2, "events.jsonl:2: not JSON");
        row("unknown kind", one + "{\"seq\":2,\"t\":1,\"kind\":\"new\"}\n" + three, 2,
            "events.jsonl:2: unknown kind");
        row("gap", one + three, 2, "events.jsonl:2: seq 3 follows 1: 1 events are missing");
        row("repeated", one + two + two + three, 3, "events.jsonl:3: seq 2 follows 2: said before, skipped");
        row("going back", one + two + one + three, 3, "events.jsonl:3: seq 1 follows 2");
        row("blank lines are nothing", one + "\n  \r\n" + two, 2, "");
        row("carriage returns are nothing", one.substr(0, one.size() - 1) + "\r\n" + two, 2, "");
        row("zero bytes (a crashed machine)", one + std::string(4096, '\0') + "\n" + two, 2,
            "events.jsonl:2: not JSON");
    }
    void problems() {
        QFETCH(QByteArray, log);
        QFETCH(int, events);
        QFETCH(QByteArray, problem);
        const Folder folder;
        appendTo(folder / "events.jsonl", log.toStdString());
        const FollowerBatch batch = RunLogFollower(folder / "events.jsonl").read(0, 0);
        QCOMPARE(int(batch.events.size()), events);
        QCOMPARE(batch.offset, std::int64_t(log.size()));
        const std::string said = text(batch.problems);
        QVERIFY2(problem.isEmpty() ? said.empty() : said.find(problem.toStdString()) != std::string::npos,
                 said.c_str());
        QVERIFY2(problem.isEmpty() || batch.problems.size() == 1, said.c_str());
    }

    void lineNumbersCountFromTheFilesBeginning() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        const std::string head = scalarsLine(1, 1) + scalarsLine(2, 2);
        appendTo(file, head + "nonsense\n");
        const FollowerBatch batch = RunLogFollower(file).read(std::int64_t(head.size()), 2);
        QCOMPARE(batch.problems.size(), 1u);
        QVERIFY(batch.problems[0].starts_with("events.jsonl:3: "));
    }

    void shrunkFileIsReadNoFurther() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        appendTo(file, scalarsLine(1, 1));
        const FollowerBatch batch = RunLogFollower(file).read(100000, 5);
        QCOMPARE(batch.problems.size(), 1u);
        QVERIFY(batch.problems[0].find("shrank") != std::string::npos);
        QVERIFY(batch.events.empty() && batch.atEnd);
        QCOMPARE(batch.offset, 100000);
    }

    void thousandsOfForeignLinesAreSummedUp() {
        const Folder folder;
        std::string log;
        for (int i = 0; i < 5000; ++i) log += "print\n";
        appendTo(folder / "events.jsonl", log + scalarsLine(1, 1));
        const FollowerBatch batch = RunLogFollower(folder / "events.jsonl").read(0, 0);
        QCOMPARE(batch.events.size(), 1u);
        QCOMPARE(batch.problems.size(), 101u);
        QVERIFY(batch.problems.back().find("4900 more") != std::string::npos);
    }

    void endlessLineIsSkipped() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        const std::string one = scalarsLine(1, 1);
        appendTo(file, one + std::string((64u << 20) + 100, 'x'));
        const RunLogFollower follower(file);
        FollowerBatch batch = follower.read(std::int64_t(one.size()), 1);
        QVERIFY(batch.events.empty() && batch.atEnd);
        QCOMPARE(batch.offset, std::int64_t(one.size()));  // its end may still come
        appendTo(file, "\n");
        appendTo(file, scalarsLine(2, 2));
        batch = follower.read(batch.offset, 1);
        QCOMPARE(batch.problems.size(), 1u);
        QVERIFY(batch.problems[0].find("64 MB") != std::string::npos);
        if (!batch.atEnd) batch = follower.read(batch.offset, batch.lastSeq);
        QCOMPARE(batch.events.size(), 1u);
    }

    void longLineThatIsAllowedIsRead() {
        const Folder folder;
        const auto file = folder / "events.jsonl";
        appendTo(file, lineOf(1, MessageEvent{"info", std::string(20u << 20, 'y')}));
        const FollowerBatch batch = RunLogFollower(file).read(0, 0, 1000);
        QCOMPARE(batch.events.size(), 1u);
        QVERIFY(batch.atEnd);
    }

    void folderInsteadOfFileIsAnError() {
        const Folder folder;
        QVERIFY_EXCEPTION_THROWN(RunLogFollower(folder.path()).read(0, 0), Error);
    }
};

QTEST_APPLESS_MAIN(TestFollower)
#include "tst_follower.moc"
