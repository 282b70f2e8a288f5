// The far end of following: what it says of files that grow, shrink, change and vanish; and that its stream
// can be cut anywhere.
#include <unistd.h>

#include <QTest>
#include <fstream>

#include "core/machines/run_frames.h"
#include "core/machines/run_server.h"
#include "core/runlog/control.h"
#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"
#include "tests/core/runlog/log_lines.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

struct Answer {
    Json json;
    std::string bytes;
};

/// A server whose stream is taken apart again.
class Line {
  public:
    explicit Line(std::chrono::milliseconds patience = std::chrono::minutes(5))
        : m_server([this](std::string_view bytes) { stream += bytes; }, patience),
          m_frames([this](const Json& json, std::string_view bytes) {
              m_answers.push_back({json, std::string(bytes)});
          }) {}

    void ask(const Json& request) { m_server.handle(request.dump()); }
    void handle(const std::string& line) { m_server.handle(line); }
    void follow(const RunDirectory& run,
                const Json& files = {{"events.jsonl", {{"offset", 0}, {"tail", ""}}}}) {
        ask({{"follow", "r"}, {"directory", run.path().string()}, {"files", files}});
    }

    /// What it says now; of one kind when it is named.
    std::vector<Answer> look(const std::string& kind = {}) {
        while (m_server.look()) {
        }
        m_frames.add(std::exchange(stream, {}));
        std::vector<Answer> answers = std::exchange(m_answers, {});
        if (!kind.empty())
            std::erase_if(answers, [&kind](const Answer& each) { return !each.json.contains(kind); });
        return answers;
    }
    /// State is looked at twice a second only.
    std::vector<Answer> lookLater(const std::string& kind) {
        ::usleep(510000);
        return look(kind);
    }

    std::string stream;

  private:
    RunServer m_server;
    RunFrames m_frames;
    std::vector<Answer> m_answers;
};

RunDirectory newRun(const Folder& folder) {
    return RunDirectory::create(folder.path(), "run", "recipe: sft\n", {});
}

}  // namespace

class TestRunServer : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void saysWhatComes() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        appendTo(run.eventsFile(), "one\ntw");
        Line line;
        line.follow(run);
        auto said = line.look("file");
        QCOMPARE(said.size(), 1u);
        QCOMPARE(said[0].bytes, std::string("one\ntw"));
        QCOMPARE(said[0].json["offset"].get<int>(), 0);
        QVERIFY(line.look("file").empty());
        appendTo(run.eventsFile(), std::string("o\n\0\xff{\n", 6));
        said = line.look("file");
        QCOMPARE(said.size(), 1u);
        QCOMPARE(said[0].bytes, std::string("o\n\0\xff{\n", 6));
        QCOMPARE(said[0].json["offset"].get<int>(), 6);
        line.ask({{"unfollow", "r"}});
        appendTo(run.eventsFile(), "x");
        QVERIFY(line.look("file").empty());
    }

    void bigFilesComeInPieces() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        std::string content;
        for (int i = 0; i < 1000000; ++i) content += char(i * 31 % 251);
        appendTo(run.eventsFile(), content);
        Line line;
        line.follow(run);
        std::string got;
        for (const Answer& answer : line.look("file")) {
            QCOMPARE(answer.json["offset"].get<std::size_t>(), got.size());
            QVERIFY(answer.bytes.size() <= 262144);
            got += answer.bytes;
        }
        QVERIFY(got == content);
    }

    void goesOnWhereItWas_data() {
        QTest::addColumn<int>("offset");
        QTest::addColumn<QByteArray>("known");  // what the reader has
        QTest::addColumn<bool>("accepted");
        const QByteArray content = QByteArray(6000, 'a') + "bcd";
        QTest::newRow("nothing") << 0 << QByteArray() << true;
        QTest::newRow("a part") << 5000 << content.left(5000) << true;
        QTest::newRow("all") << 6003 << content << true;
        QTest::newRow("another end") << 6003 << QByteArray(6000, 'a') + "bcX" << false;
        QTest::newRow("longer than the file") << 6004 << content + "e" << false;
        QTest::newRow("negative") << -1 << QByteArray() << false;
    }
    void goesOnWhereItWas() {
        QFETCH(int, offset);
        QFETCH(QByteArray, known);
        QFETCH(bool, accepted);
        const Folder folder;
        const RunDirectory run = newRun(folder);
        const std::string content = std::string(6000, 'a') + "bcd";
        appendTo(run.eventsFile(), content);
        appendTo(folder.path() / "here", known.toStdString());
        const std::string tail = tailDigest(folder.path() / "here", known.size());
        Line line;
        line.follow(run, {{"events.jsonl", {{"offset", offset}, {"tail", tail}}}});
        std::string rest;
        bool differs = false;
        for (const Answer& answer : line.look()) {
            rest += answer.bytes;
            differs |= answer.json.contains("differs");
        }
        QCOMPARE(differs, !accepted);
        QCOMPARE(rest, accepted ? content.substr(std::size_t(offset)) : std::string());
    }

    void shrunkFileIsSaid() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        appendTo(run.eventsFile(), "one\ntwo\n");
        Line line;
        line.follow(run);
        line.look();
        fs::resize_file(run.eventsFile(), 3);
        QCOMPARE(line.look("differs").size(), 1u);
        appendTo(run.eventsFile(), "three");
        QVERIFY(line.look("file").empty());
    }

    void onlyFilesOfARunAreRead() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        appendTo(folder.path() / "secret", "s");
        Line line;
        line.follow(run, {{"../secret", {{"offset", 0}, {"tail", ""}}},
                          {"/etc/passwd", {{"offset", 0}, {"tail", ""}}}});
        QVERIFY(line.look("file").empty());
    }

    void trainerIsWatched() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        Line line;
        line.follow(run);
        QCOMPARE(line.look("alive").at(0).json["alive"].get<bool>(), false);
        {
            const RunLock lock(run);
            QCOMPARE(line.lookLater("alive").at(0).json["alive"].get<bool>(), true);
            QVERIFY(line.lookLater("alive").empty());
            appendTo(run.eventsFile(), "last words\n");
        }
        ::usleep(510000);
        const auto said = line.look();
        const auto at = [&said](const char* kind) {
            for (std::size_t i = 0; i < said.size(); ++i)
                if (said[i].json.contains(kind)) return int(i);
            return -1;
        };
        QVERIFY(at("alive") >= 0 && !said[std::size_t(at("alive"))].json["alive"].get<bool>());
        QVERIFY(at("file") >= 0 && at("file") < at("alive"));
    }

    // Between its start and its lock a trainer is known by the note of its process.
    void startedTrainerIsAlive() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        const ProcessIdentity self = *processIdentity(::getpid());
        const auto note = [&run](std::uint64_t ticks) {
            writeFileAtomically(run.path() / "control" / "process.json",
                                Json{{"pid", ::getpid()}, {"start_ticks", ticks}}.dump());
        };
        note(self.startTicks);
        Line line;
        line.follow(run);
        QVERIFY(line.look("alive").at(0).json["alive"].get<bool>());
        note(self.startTicks + 1);
        QVERIFY(!line.lookLater("alive").at(0).json["alive"].get<bool>());
    }

    void requestsGoBothWays() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        Line line;
        line.follow(run);
        QVERIFY(line.look("control").at(0).json["control"].empty());
        line.ask({{"ask", "r"}, {"request", "pause"}, {"serial", 7}});
        QVERIFY(ControlReader(run.path()).isAsked(Request::Pause));
        auto said = line.look("control");
        QCOMPARE(said.at(0).json["serial"].get<int>(), 7);
        QVERIFY(said[0].json["control"] == Json({"pause"}));
        withdraw(run.path(), Request::Pause);
        ask(run.path(), Request::Stop);
        QVERIFY(line.look("control").at(0).json["control"] == Json({"stop"}));
        line.ask({{"withdraw", "r"}, {"request", "stop"}, {"serial", 8}});
        QVERIFY(!ControlReader(run.path()).isAsked(Request::Stop));
    }

    void priorityGoesBothWays() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        Line line;
        line.follow(run);
        QVERIFY(!line.look("control").at(0).json.contains("priority"));
        line.ask({{"priority", "r"}, {"nice", 12}, {"serial", 3}});
        QCOMPARE(askedPriority(run.path()).value_or(-1), 12);
        auto said = line.look("control");
        QCOMPARE(said.at(0).json["serial"].get<int>(), 3);
        QCOMPARE(said[0].json["priority"].get<int>(), 12);
        QVERIFY(line.look("control").empty());
        askPriority(run.path(), 19);  // another window's
        QCOMPARE(line.look("control").at(0).json["priority"].get<int>(), 19);

        const PriorityState state{15, 12, "12 was refused"};
        writePriorityState(run.path(), state);
        said = line.lookLater("nice");
        QCOMPARE(said.size(), 1u);
        QVERIFY(priorityStateFrom(said[0].json["nice"]) == state);
        QVERIFY(line.lookLater("nice").empty());
        line.ask({{"priority", "r"}, {"nice", 20}, {"serial", 4}});
        QVERIFY(!line.look("problem").empty());
        QCOMPARE(askedPriority(run.path()).value_or(-1), 19);
    }

    void identityAndEndOfTheDirectory() {
        const Folder folder;
        RunDirectory run = newRun(folder);
        Line line(std::chrono::milliseconds(0));
        line.follow(run);
        QVERIFY(line.look("identity").at(0).json["identity"].get<std::string>().find(run.identity().id) !=
                std::string::npos);
        RunIdentity changed = run.identity();
        changed.environment = {{"gpu", "big"}};
        run.rewriteIdentity(changed);
        QVERIFY(line.lookLater("identity").at(0).json["identity"].get<std::string>().find("big") !=
                std::string::npos);
        QVERIFY(line.lookLater("identity").empty());
        fs::remove_all(run.path());
        QVERIFY(line.lookLater("gone").at(0).json["gone"].get<bool>());
        line.follow(run);
        QCOMPARE(line.look("gone").size(), 1u);
    }

    // A network file system that is away for a moment.
    void absentForAWhile() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        const fs::path away = folder.path() / "away";
        appendTo(run.eventsFile(), "one\n");
        auto lock = std::make_unique<RunLock>(run);
        Line line;
        line.follow(run);
        QVERIFY(line.look("alive").at(0).json["alive"].get<bool>());
        fs::rename(run.path(), away);
        for (int i = 0; i < 3; ++i)
            for (const Answer& answer : line.lookLater("")) QVERIFY(answer.json.contains("time"));
        // Who comes again meanwhile waits, too.
        const std::string tail = tailDigest(away / "events.jsonl", 4);
        line.follow(run, {{"events.jsonl", {{"offset", 4}, {"tail", tail}}}});
        for (const Answer& answer : line.lookLater("")) QVERIFY(answer.json.contains("time"));
        fs::rename(away, run.path());
        appendTo(run.eventsFile(), "two\n");
        const std::vector<Answer> answers = line.lookLater("file");
        QCOMPARE(answers.size(), 1u);
        QCOMPARE(answers[0].bytes, std::string("two\n"));
        QCOMPARE(answers[0].json["offset"].get<int>(), 4);
    }

    void wrongRequests_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("no directory") << QByteArray(R"({"follow": "r"})");
        QTest::newRow("unknown run") << QByteArray(R"({"ask": "x", "request": "stop", "serial": 1})");
        QTest::newRow("nested") << QByteArray(200000, '[');
    }
    void wrongRequests() {
        QFETCH(QByteArray, request);
        Line line;
        line.handle(request.toStdString());
        QCOMPARE(line.look("problem").size(), 1u);
    }

    void streamMayBeCutAnywhere() {
        const Folder folder;
        const RunDirectory run = newRun(folder);
        appendTo(run.eventsFile(), "a\n{\"x\": 1}\n\n\xff");
        Line line;
        line.follow(run);
        line.ask({{"unknown", 1}});
        // The stream, before it is taken apart.
        RunServer server([&line](std::string_view bytes) { line.stream += bytes; });
        server.handle(Json{{"follow", "r"},
                           {"directory", run.path().string()},
                           {"files", {{"events.jsonl", {{"offset", 0}, {"tail", ""}}}}}}
                          .dump());
        server.look();
        const std::string whole = std::exchange(line.stream, {});
        std::vector<std::string> expected;
        RunFrames atOnce([&expected](const Json& json, std::string_view bytes) {
            expected.push_back(json.dump() + std::string(bytes));
        });
        atOnce.add(whole);
        QVERIFY(expected.size() >= 4);
        for (std::size_t cut = 1; cut < whole.size(); ++cut) {
            std::vector<std::string> got;
            RunFrames frames([&got](const Json& json, std::string_view bytes) {
                got.push_back(json.dump() + std::string(bytes));
            });
            frames.add(std::string_view(whole).substr(0, cut));
            frames.add(std::string_view(whole).substr(cut));
            QVERIFY(got == expected);
        }
    }

    void foreignStreamsAreRefused() {
        RunFrames frames([](const Json&, std::string_view) {});
        QVERIFY_EXCEPTION_THROWN(frames.add("bash: retort-cli: command not found\n"), Error);
        RunFrames greedy([](const Json&, std::string_view) {});
        QVERIFY_EXCEPTION_THROWN(greedy.add("{\"bytes\": 99999999999}\n"), Error);
        RunFrames negative([](const Json&, std::string_view) {});
        QVERIFY_EXCEPTION_THROWN(negative.add("{\"bytes\": -5}\n"), Error);
    }
};

QTEST_APPLESS_MAIN(TestRunServer)
#include "tst_run_server.moc"
