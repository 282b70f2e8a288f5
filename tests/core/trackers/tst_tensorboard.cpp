// TensorBoard's event files: scalars of every form, restarts, damage, and reading on as they grow.
#include <QTest>

#include "core/trackers/crc32c.h"
#include "core/util/error.h"
#include "tracker_test.h"

using namespace retort;

namespace {

using Lines = std::vector<std::string>;

std::string summaryEvent(std::int64_t step, const Message& value) {
    Message event;
    event.real(1, 1000.5).number(2, std::uint64_t(step)).message(5, Message().message(1, value));
    return tfRecord(event.bytes);
}

Message tensor(int type, Message content) {
    Message message;
    message.number(1, std::uint64_t(type)).message(2, Message());
    message.bytes += content.bytes;
    return message;
}

}  // namespace

class TestTensorBoard : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    // RFC 3720 B.4 and TensorFlow's own check value.
    void checksum() {
        for (const auto function : {crc32c, crc32cByTables}) {
            QCOMPARE(function("123456789", 9), 0xE3069283u);
            const std::string zeros(32, '\0'), ones(32, '\xff');
            QCOMPARE(function(zeros.data(), 32), 0x8A9136AAu);
            QCOMPARE(function(ones.data(), 32), 0x62A8AB43u);
            QCOMPARE(maskedCrc(function("\x1a\x11"
                                        "CRC test, one two",
                                        19)),
                     0x5794d08au);
        }
        std::string data;
        for (int size = 0; size < 70; ++size) {
            QCOMPARE(crc32c(data.data(), data.size()), plainCrc(data, 0x82F63B78u));
            QCOMPARE(crc32cByTables(data.data(), data.size()), plainCrc(data, 0x82F63B78u));
            data += char(size * 37 + 11);
        }
    }

    void scalars_data() {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* name, const Message& value, const char* told) {
            QTest::newRow(name) << QByteArray::fromStdString(value.bytes) << QString(told);
        };
        const Message tag = Message().text(1, "x");
        const auto with = [&](const Message& tensorMessage) {
            return Message(tag).message(8, tensorMessage);
        };
        row("simple_value", Message(tag).single(2, 0.25f), "7 x 0.25");
        row("value before its tag", Message().single(2, 0.25f).text(1, "x"), "7 x 0.25");
        row("NaN", Message(tag).single(2, std::nanf("")), "7 x nan");
        row("float_val", with(tensor(1, Message().text(5, little(std::bit_cast<std::uint32_t>(1.5f), 4)))),
            "7 x 1.5");
        row("float_val, not packed", with(tensor(1, Message().single(5, 1.5f))), "7 x 1.5");
        row("float in tensor_content",
            with(tensor(1, Message().text(4, little(std::bit_cast<std::uint32_t>(2.5f), 4)))), "7 x 2.5");
        row("double_val", with(tensor(2, Message().text(6, little(std::bit_cast<std::uint64_t>(0.1), 8)))),
            "7 x 0.1");
        row("int64_val", with(tensor(9, Message().text(10, Message::varint(std::uint64_t(-3))))), "7 x -3");
        row("int in tensor_content", with(tensor(3, Message().text(4, little(41, 4)))), "7 x 41");
        row("bfloat16", with(tensor(14, Message().text(4, little(0x3fc0, 2)))), "7 x 1.5");
        row("half_val", with(tensor(19, Message().text(13, Message::varint(0x3e00)))), "7 x 1.5");
        row("bool", with(tensor(10, Message().text(11, Message::varint(1)))), "7 x 1");
        row("one element of rank 1",
            with(
                Message().number(1, 1).message(2, Message().message(2, Message().number(1, 1))).single(5, 3)),
            "7 x 3");
        row("two elements",
            with(Message()
                     .number(1, 1)
                     .message(2, Message().message(2, Message().number(1, 2)))
                     .text(4, little(0, 8))),
            "");
        row("a text", with(tensor(7, Message().text(8, "words"))), "");
        row("a histogram", Message(tag).message(5, Message().real(1, 2)), "");
        row("a tensor that breaks off", with(Message().text(4, "ab")), "");
    }
    void scalars() {
        QFETCH(QByteArray, value);
        QFETCH(QString, told);
        Message message;
        message.bytes = value.toStdString();
        writeBytes(file(), summaryEvent(7, message));
        const Told result = read();
        QCOMPARE(result.lines, told.isEmpty() ? Lines() : Lines{told.toStdString()});
        QCOMPARE(result.problems, Lines());
        if (!told.isEmpty()) QCOMPARE(*result.times.front(), 1000.5);
    }

    // A writer that begins anew at step 6 means 6 and what follows (torch's purge_step).
    void restart() {
        Message start;
        start.real(1, 5).number(2, 6).message(7, Message().number(1, 1));
        writeBytes(file(), scalarEvent(1, 5, "a", 1) + tfRecord(start.bytes) + scalarEvent(2, 6, "a", 2));
        QCOMPARE(read().lines, (Lines{"5 a 1", "restart 5", "6 a 2"}));
    }

    // The arguments that transformers' callback writes are the run's configuration.
    void trainerArguments() {
        const Message value = Message()
                                  .text(1, "args/text_summary")
                                  .message(8, tensor(7, Message().text(8, R"({"lr": 1e-3, "x": NaN})")));
        writeBytes(file(), summaryEvent(0, value));
        const auto reader = openTracker(TrackerKind::TensorBoard, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        QCOMPARE(reader->facts().config["args"]["lr"].get<double>(), 1e-3);
    }

    // Wherever the file ends for now, what was told and what is told when it has grown is all, once.
    void growsFromEveryByte() {
        std::string bytes;
        for (int i = 0; i < 6; ++i) bytes += scalarEvent(i, i, i % 2 ? "b" : "a", float(i));
        writeBytes(file(), bytes);
        const Lines all = read().lines;
        QCOMPARE(all.size(), std::size_t(6));
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            writeBytes(file(), bytes.substr(0, cut));
            const auto reader = openTracker(TrackerKind::TensorBoard, file());
            Told told;
            QVERIFY(readAll(*reader, told, 16));
            appendBytes(file(), bytes.substr(cut));
            QVERIFY(readAll(*reader, told, 16));
            QCOMPARE(told.lines, all);
            QCOMPARE(told.problems, Lines());
            // And by another process, from the cursor.
            TrackerOptions options;
            options.from = told.cursors[2];
            Told rest;
            QVERIFY(readAll(*openTracker(TrackerKind::TensorBoard, file(), options), rest));
            QCOMPARE(rest.lines, Lines(all.begin() + 3, all.end()));
        }
    }

    // One bit of any byte: at most one record is lost, the message names file and byte, nothing is invented.
    void everyFlippedBit() {
        std::string bytes;
        for (int i = 0; i < 5; ++i) bytes += scalarEvent(i, i, "tag", float(i));
        writeBytes(file(), bytes);
        const Lines all = read().lines;
        for (std::size_t at = 0; at < bytes.size(); ++at)
            for (const int bit : {0, 6}) {
                std::string damaged = bytes;
                damaged[at] = char(damaged[at] ^ (1 << bit));
                writeBytes(file(), damaged);
                const Told told = read();
                QCOMPARE(told.lines.size(), all.size() - 1);
                for (const std::string& line : told.lines)
                    QVERIFY(std::find(all.begin(), all.end(), line) != all.end());
                // Where the last record's length is gone, more may still come.
                const bool isLast = at >= 4 * bytes.size() / 5;
                QVERIFY(told.problems.size() == 1 || (isLast && told.problems.empty()));
                if (!told.problems.empty())
                    QVERIFY2(told.problems[0].starts_with(file().string() + ": byte "),
                             told.problems[0].c_str());
            }
    }

    // A file system may show a hole where the writer's bytes are on their way.
    void holeAtTheEnd() {
        const std::string one = scalarEvent(1, 1, "a", 1), two = scalarEvent(2, 2, "a", 2);
        writeBytes(file(), one + std::string(two.size(), '\0'));
        const auto reader = openTracker(TrackerKind::TensorBoard, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines, (Lines{"1 a 1"}));
        writeBytes(file(), one + two + two);
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines.back(), std::string("2 a 2"));
        QVERIFY(told.lines.size() >= 2);
    }

    void lengthsThatLie() {
        const auto record = [](std::uint64_t length) {
            const std::string bytes = little(length, 8);
            const std::uint32_t crc = plainCrc(bytes, 0x82F63B78u);
            return bytes + little(((crc >> 15) | (crc << 17)) + 0xa282ead8u, 4);
        };
        const std::string good = scalarEvent(1, 1, "a", 1);
        for (const std::uint64_t length :
             {std::uint64_t(1) << 63, ~std::uint64_t(0), std::uint64_t(1) << 50}) {
            writeBytes(file(), record(length) + good);
            QCOMPARE(read().lines, (Lines{"1 a 1"}));
        }
        writeBytes(file(), record(std::uint64_t(1) << 33) + good);  // may be: it is waited for
        QCOMPARE(read().lines, Lines());
    }

    // The same name with another content: what comes is told from its beginning.
    void replaced() {
        writeBytes(file(), scalarEvent(1, 1, "a", 1) + scalarEvent(1, 2, "a", 2));
        const auto reader = openTracker(TrackerKind::TensorBoard, file());
        Told told;
        QVERIFY(readAll(*reader, told));
        writeBytes(file(), scalarEvent(9, 1, "a", 7));
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines, (Lines{"1 a 1", "2 a 2", "restart", "1 a 7"}));
        writeBytes(file(), scalarEvent(9, 5, "a", 8) + scalarEvent(9, 6, "a", 9) + scalarEvent(9, 7, "a", 9));
        QVERIFY(readAll(*reader, told));
        QCOMPARE(told.lines.size(), std::size_t(8));
    }

    void notALog() {
        QVERIFY_EXCEPTION_THROWN(
            openTracker(TrackerKind::TensorBoard, m_folder->path().toStdString())->read(m_sink, 1), Error);
        QVERIFY(openTracker(TrackerKind::TensorBoard, file())->read(m_sink, 1));  // not there yet
        writeBytes(file(), std::string(5000, 'x'));
        QCOMPARE(read().lines, Lines());
    }

  private:
    std::filesystem::path file() const {
        return std::filesystem::path(m_folder->path().toStdString()) / "events.out.tfevents.1.host";
    }
    Told read() const {
        Told told;
        const auto reader = openTracker(TrackerKind::TensorBoard, file());
        if (!readAll(*reader, told)) told.problems.push_back("never at its end");
        return told;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    Told m_sink;
};

QTEST_GUILESS_MAIN(TestTensorBoard)
#include "tst_tensorboard.moc"
