// Logs in LevelDB's framing: W&B's and SwanLab's.
#include <QTest>

#include "core/util/error.h"
#include "tracker_test.h"

using namespace retort;

namespace {

using Lines = std::vector<std::string>;
const std::string wandbMagic(":W&B\xE1\xBE\0", 7), swanMagic(":SWL\xD6\xE1\x02", 7);

Message item(const std::string& key, const std::string& json) {
    return Message().text(1, key).text(16, json);
}
Message nested(const std::vector<std::string>& keys, const std::string& json) {
    Message message;
    for (const std::string& key : keys) message.text(2, key);
    return message.text(16, json);
}

std::string history(int step, const std::vector<Message>& items) {
    Message record;
    for (const Message& each : items) record.message(1, each);
    record.message(1, item("_step", std::to_string(step)))
        .message(1, item("_timestamp", std::to_string(1000 + step)));
    return Message().number(1, std::uint64_t(step)).message(2, record).bytes;
}

}  // namespace

class TestBlockLogs : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void history_data() {
        QTest::addColumn<QByteArray>("record");
        QTest::addColumn<QStringList>("told");
        const auto row = [](const char* name, const std::string& record, const QStringList& told) {
            QTest::newRow(name) << QByteArray::fromStdString(record) << told;
        };
        row("json", ::history(3, {item("loss", "0.5"), item("n", "12")}), {"3 loss 0.5", "3 n 12"});
        row("words of Python",
            ::history(
                3, {item("a", "NaN"), item("b", "-Infinity"), item("c", "\"Infinity\""), item("d", "true")}),
            {"3 a nan", "3 b -inf", "3 c inf", "3 d 1"});
        row("nested keys", ::history(3, {nested({"eval", "loss"}, "2"), nested({"x"}, "1")}),
            {"3 eval.loss 2", "3 x 1"});
        row("what is no number",
            ::history(3, {item("t", "{\"_type\":\"histogram\"}"), item("s", "\"words\"")}), {});
        Message typed;
        typed
            .message(1, Message().text(1, "i").number(5, 9))  // -5, zigzag
            .message(1, Message().text(1, "r").real(6, 0.1))
            .message(1, Message().text(1, "b").number(4, 1))
            .message(1, Message().text(1, "s").text(7, "12"))
            .message(2, Message().number(1, 8));
        row("typed values", Message().message(2, typed).bytes, {"8 i -5", "8 r 0.1", "8 b 1"});
        row("steps of transformers' callback",
            ::history(40, {item("train/loss", "1"), item("train/global_step", "200")}),
            {"200 train/loss 1", "200 train/global_step 200"});
    }
    void history() {
        QFETCH(QByteArray, record);
        QFETCH(QStringList, told);
        const Told result = readWandb({record.toStdString()});
        Lines expected;
        for (const QString& each : told) expected.push_back(each.toStdString());
        QCOMPARE(result.lines, expected);
        QCOMPARE(result.problems, Lines());
    }

    void facts() {
        Message run;
        run.text(1, "id1").text(8, "fine-run").text(13, "node7").message(17, Message().number(1, 5000));
        Message config;
        config.message(1, item("lr", "1e-3"))
            .message(1, nested({"lora", "r"}, "8"))
            .message(1, item("_wandb", "{}"));
        Message stats;
        stats.message(2, Message().number(1, 5001)).message(3, item("gpu.0.temp", "55"));
        writeBytes(file(),
                   blockLog(wandbMagic, {Message().message(17, run).bytes, Message().message(5, config).bytes,
                                         ::history(4, {item("a", "1")}), Message().message(7, stats).bytes,
                                         Message().message(18, Message().number(1, 1)).bytes}));
        const auto reader = openTracker(TrackerKind::Wandb, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines, (Lines{"4 a 1", "4 system/gpu.0.temp 55"}));
        QCOMPARE(*told.times[1], 5001.0);
        const TrackerFacts& facts = reader->facts();
        QCOMPARE(facts.name, std::string("fine-run"));
        QCOMPARE(facts.host, std::string("node7"));
        QCOMPARE(facts.outcome, std::string("failed"));
        QCOMPARE(*facts.started, 5000.0);
        QCOMPARE(facts.config.dump(), std::string(R"({"lr":0.001,"lora":{"r":8}})"));
    }

    // Records that cross blocks, end at them, and leave less than a header's room.
    void blocks() {
        for (const int size : {32740, 32741, 32742, 32743, 32750, 32768, 70000, 200000}) {
            const std::string filler = Message().text(4, std::string(std::size_t(size), 'x')).bytes;
            const Told told =
                readWandb({filler, ::history(1, {item("a", "1")}), filler, ::history(2, {item("a", "2")})});
            QCOMPARE(told.lines, (Lines{"1 a 1", "2 a 2"}));
            QCOMPARE(told.problems, Lines());
        }
    }

    void growsFromEveryByte() {
        Lines all;
        const std::string bytes = someLog(&all);
        // Every byte of the first records and around a block's end; others now and then.
        const auto step = [](std::size_t at) {
            return at < 100 || (at > 32756 && at < 32780) ? 1 : at < 32756 && at > 32000 ? 32757 - at : 997;
        };
        for (std::size_t cut = 0; cut <= bytes.size(); cut += std::size_t(step(cut))) {
            writeBytes(file(), bytes.substr(0, cut));
            const auto reader = openTracker(TrackerKind::Wandb, file());
            Told told;
            QVERIFY(readAll(*reader, told, 100));
            // By another process, from where this one was.
            TrackerOptions options;
            options.from = reader->cursor();
            options.head = reader->head();
            appendBytes(file(), bytes.substr(cut));
            const auto second = openTracker(TrackerKind::Wandb, file(), options);
            QVERIFY(readAll(*second, told));
            QCOMPARE(told.lines, all);
            QCOMPARE(told.problems, Lines());
        }
    }

    // Of a damaged block the rest is lost, and said with file and byte; the next block is read again.
    void flippedBytes() {
        Lines all;
        const std::string bytes = someLog(&all);
        for (std::size_t at = 7; at < bytes.size(); at += at < 150 ? 1 : 997) {
            std::string damaged = bytes;
            damaged[at] = char(~damaged[at]);
            writeBytes(file(), damaged);
            Told told;
            QVERIFY(readAll(*openTracker(TrackerKind::Wandb, file()), told));
            QVERIFY(told.lines.size() <= all.size());
            for (const std::string& line : told.lines)
                QVERIFY(std::find(all.begin(), all.end(), line) != all.end());
            if (at < 32768) {
                QVERIFY(told.lines.size() < all.size());
                QCOMPARE(told.lines.back(), all.back());
                QVERIFY(told.problems.size() >= 1);
                QVERIFY2(told.problems[0].starts_with(file().string() + ": byte "), told.problems[0].c_str());
            }
        }
    }

    void swanLab() {
        const auto scalar = [](const char* key, int step, double value) {
            return Message()
                .message(13, Message()
                                 .text(1, key)
                                 .number(2, std::uint64_t(step))
                                 .message(4, Message().number(1, 77))
                                 .message(5, Message().real(1, value)))
                .bytes;
        };
        const std::string start = Message().message(10, Message().text(4, "bright").text(10, "i")).bytes;
        const std::string finish =
            Message().message(11, Message().number(1, 2).text(2, "out of memory")).bytes;
        writeBytes(file(),
                   blockLog(swanMagic, {start, scalar("a", 0, 1), scalar("a", 1, std::nan("")), finish}));
        const auto reader = openTracker(TrackerKind::SwanLab, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines, (Lines{"0 a 1", "1 a nan"}));
        QCOMPARE(reader->facts().name, std::string("bright"));
        QCOMPARE(reader->facts().outcome, std::string("failed"));
        QCOMPARE(reader->facts().error, std::string("out of memory"));
    }

    void anotherKind() {
        writeBytes(file(), "SQLite format 3");
        Told told;
        for (const TrackerKind kind : {TrackerKind::Wandb, TrackerKind::SwanLab}) {
            try {
                openTracker(kind, file())->read(told, 100);
                QFAIL("it was read");
            } catch (const Error& error) {
                QCOMPARE(error.where(), file().string());
            }
        }
    }

  private:
    static std::string someLog(Lines* all) {
        std::vector<std::string> records;
        for (int i = 0; i < 400; ++i) {
            records.push_back(::history(i, {item("a", std::to_string(i))}));
            records.push_back(Message().text(4, std::string(std::size_t(i * 7 % 400), 'y')).bytes);
            all->push_back(std::to_string(i) + " a " + std::to_string(i));
        }
        return blockLog(wandbMagic, records);
    }
    std::filesystem::path file() const {
        return std::filesystem::path(m_folder->path().toStdString()) / "run-1.wandb";
    }
    Told readWandb(const std::vector<std::string>& records) const {
        writeBytes(file(), blockLog(wandbMagic, records));
        Told told;
        if (!readAll(*openTracker(TrackerKind::Wandb, file()), told))
            told.problems.push_back("never at its end");
        return told;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestBlockLogs)
#include "tst_block_logs.moc"
