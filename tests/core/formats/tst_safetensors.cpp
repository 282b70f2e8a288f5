// Round trips, and the malicious corpus of the format (engine.md d.1.7).
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/formats/half.h"
#include "core/formats/safetensors.h"
#include "core/util/error.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

std::string file(const std::string& header, const std::string& buffer) {
    const std::uint64_t size = header.size();
    std::string text(8, '\0');
    std::memcpy(text.data(), &size, 8);
    return text + header + buffer;
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
    std::string text = "\"";
    text.append(name).append("\":{\"dtype\":\"").append(dtype).append("\",\"shape\":").append(shape);
    return text.append(",\"data_offsets\":").append(offsets).append("}");
}

}  // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void roundTrip() {
        const std::vector<float> weights = {1.5f, -2.0f, std::numeric_limits<float>::infinity(),
                                            0.0f, 3.25f, -0.0f};
        const std::vector<std::int64_t> counter = {-7, 9'007'199'254'740'993};
        const std::vector<std::uint16_t> half = {0x3c00, 0xc000}, brain = {0x3f80, 0xc000};
        const std::vector<double> fine = {0.1};
        const std::uint8_t flag = 1;
        const fs::path path = folder() / "model.safetensors";
        writeSafetensors(path, {{"z.flag", Dtype::Bool, {}, &flag},
                                {"half", Dtype::Float16, {2}, half.data()},
                                {"brain", Dtype::BFloat16, {2, 1}, brain.data()},
                                {"weights", Dtype::Float32, {2, 3}, weights.data()},
                                {"empty", Dtype::Float32, {0, 4}, nullptr},
                                {"counter", Dtype::Int64, {2}, counter.data()},
                                {"fine", Dtype::Float64, {1}, fine.data()}});
        const SafetensorsFile read(path);
        QCOMPARE(read.tensors().size(), std::size_t(7));
        QCOMPARE(read.metadata().at("format"), std::string("pt"));
        QCOMPARE(read.at("weights").shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(read.readFloats(read.at("weights")), weights);
        QVERIFY(std::signbit(read.readFloats(read.at("weights"))[5]));
        QCOMPARE(read.readFloats(read.at("half")), (std::vector<float>{1, -2}));
        QCOMPARE(read.readFloats(read.at("brain")), (std::vector<float>{1, -2}));
        QCOMPARE(read.readFloats(read.at("fine")), (std::vector<float>{0.1f}));
        QCOMPARE(read.at("empty").elements(), std::int64_t(0));
        QVERIFY(read.at("z.flag").shape.empty());
        std::vector<std::int64_t> counters(2);
        read.read(read.at("counter"), counters.data());
        QCOMPARE(counters, counter);
        QVERIFY(read.find("missing") == nullptr);
        QVERIFY_EXCEPTION_THROWN(read.at("missing"), Error);
        QVERIFY_EXCEPTION_THROWN(read.readFloats(read.at("counter")), Error);
        for (const TensorInfo& tensor : read.tensors()) QCOMPARE(tensor.begin % dtypeBytes(tensor.dtype), 0u);
        QCOMPARE(std::distance(fs::directory_iterator(folder()), fs::directory_iterator()),
                 std::ptrdiff_t(1));
    }

    // A reader that has the old file open still reads the old numbers.
    void replacingKeepsOpenReaders() {
        const fs::path path = folder() / "replaced.safetensors";
        float value = 1;
        writeSafetensors(path, {{"x", Dtype::Float32, {1}, &value}});
        const SafetensorsFile before(path);
        value = 2;
        writeSafetensors(path, {{"x", Dtype::Float32, {1}, &value}});
        QCOMPARE(before.readFloats(before.at("x")).front(), 1.0f);
        QCOMPARE(SafetensorsFile(path).readFloats(SafetensorsFile(path).at("x")).front(), 2.0f);
    }

    // Numbers that are rounded on their way into the file are those that float32 rounds to; pieces do not
    // show.
    void roundedWhileWritten() {
        std::vector<float> values(200'001);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = float(i) * 0.37f - 1000;
        const std::vector<std::int64_t> shape = {std::int64_t(values.size())};
        const fs::path path = folder() / "rounded.safetensors";
        writeSafetensors(path, {{"b", Dtype::BFloat16, shape, values.data(), true},
                                {"h", Dtype::Float16, shape, values.data(), true},
                                {"d", Dtype::Float64, shape, values.data(), true},
                                {"f", Dtype::Float32, shape, values.data(), true}});
        const SafetensorsFile file(path);
        const auto brain = file.readFloats(file.at("b")), half = file.readFloats(file.at("h"));
        for (std::size_t i = 0; i < values.size(); ++i) {
            QCOMPARE(brain[i], bfloat16ToFloat(floatToBfloat16(values[i])));
            QCOMPARE(half[i], float16ToFloat(floatToFloat16(values[i])));
        }
        QVERIFY(file.readFloats(file.at("d")) == values);
        QVERIFY(file.readFloats(file.at("f")) == values);
        QVERIFY_EXCEPTION_THROWN(writeSafetensors(path, {{"i", Dtype::Int32, shape, values.data(), true}}),
                                 Error);
    }

    // Larger than the pieces in which tensors are copied; the mapping itself shows the same bytes.
    void mapped() {
        std::vector<float> values(3'000'001);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = float(i);
        const char flag = 1;
        const fs::path path = folder() / "mapped.safetensors";
        writeSafetensors(path, {{"flag", Dtype::Bool, {}, &flag},
                                {"x", Dtype::Float32, {std::int64_t(values.size())}, values.data()}});
        SafetensorsFile first(path);
        const SafetensorsFile file(std::move(first));
        for (int again = 0; again < 2; ++again) QVERIFY(file.readFloats(file.at("x")) == values);
        const auto bytes = file.bytes(file.at("x"));
        QCOMPARE(bytes.size(), values.size() * sizeof(float));
        QCOMPARE(std::memcmp(bytes.data(), values.data(), bytes.size()), 0);
    }

    void writerRefuses() {
        const float value = 1;
        const fs::path path = folder() / "refused.safetensors";
        QVERIFY_EXCEPTION_THROWN(
            writeSafetensors(path, {{"x", Dtype::Float32, {1}, &value}, {"x", Dtype::Float32, {1}, &value}}),
            Error);
        QVERIFY_EXCEPTION_THROWN(writeSafetensors(path, {{"x", Dtype::Float32, {-1}, &value}}), Error);
        QVERIFY_EXCEPTION_THROWN(
            writeSafetensors(folder() / "no/such/folder", {{"x", Dtype::Float32, {1}, &value}}), Error);
        QVERIFY(!fs::exists(path));
    }

    void accepts_data() {
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char* name, const std::string& content) {
            QTest::newRow(name) << QByteArray(content.data(), qsizetype(content.size()));
        };
        row("no tensors", file("{}", ""));
        row("blanks after", file("{}\r \t\n", ""));
        row("blanks before", file("\t\n {}", ""));
        row("scalar", file("{" + entry("x", "F32", "[]", "[0,4]") + "}", "abcd"));
        row("empty tensor", file("{" + entry("x", "F32", "[2,0]", "[0,0]") + "}", ""));
        row("two empty ones",
            file("{" + entry("x", "F32", "[0]", "[0,0]") + "," + entry("y", "F32", "[0]", "[0,0]") + "," +
                     entry("z", "U8", "[1]", "[0,1]") + "}",
                 "a"));
        row("path as a name", file("{" + entry("../../etc/passwd", "U8", "[1]", "[0,1]") + "}", "a"));
        row("NUL in a name", file("{" + entry("a\\u0000b", "U8", "[1]", "[0,1]") + "}", "a"));
        row("unaligned",
            file("{" + entry("a", "U8", "[1]", "[0,1]") + "," + entry("b", "F32", "[1]", "[1,5]") + "}",
                 "abcde"));
    }
    void accepts() {
        QFETCH(QByteArray, content);
        const SafetensorsFile read(store(content));
        for (const TensorInfo& tensor : read.tensors()) {
            std::vector<char> bytes(tensor.size);
            read.read(tensor, bytes.data());
        }
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& content, const char* message) {
            QTest::newRow(name) << QByteArray(content.data(), qsizetype(content.size())) << QString(message);
        };
        const auto one = [](const std::string& shape, const std::string& offsets, const std::string& buffer) {
            return file("{" + entry("x", "F32", shape, offsets) + "}", buffer);
        };
        row("empty file", "", "shorter than 8");
        row("seven bytes", std::string(7, '\0'), "shorter than 8");
        row("eight bytes", std::string(8, '\0'), "not a safetensors header");
        row("length ff", std::string(8, '\xff') + "{}", "too large");
        row("length beyond the end", std::string("\x10\0\0\0\0\0\0\0{}", 10), "past its end");
        row("not UTF-8", file("{\"\xff\":1}", ""), "not valid JSON");
        row("open brace", file("{", ""), "not valid JSON");
        row("list", file("[]", ""), "not expected here");
        row("text", file("\"x\"", ""), "not expected here");
        row("rest behind the JSON", file("{}{}", ""), "not valid JSON");
        std::string overlap;
        for (int i = 0; i < 10; ++i)
            overlap += (i ? "," : "{") + entry("t" + std::to_string(i), "F32", "[2,2]", "[0,16]");
        row("overlap", file(overlap + "}", std::string(16, 'a')), "begins at byte 0");
        row("overflow 1", one("[2,18446744073709551614]", "[0,16]", std::string(16, 'a')), "overflows");
        row("overflow 2", one("[2,9223372036854775807]", "[0,16]", std::string(16, 'a')), "overflows");
        row("overflow 3", one("[2,18446744073709551616]", "[0,16]", std::string(16, 'a')), "whole");
        row("shape and offsets differ", one("[2,2]", "[0,4]", "abcd"), "its shape needs 16");
        row("polyglot", one("[1]", "[0,4]", "abcdPK"), "foreign data");
        row("two bytes missing", one("[1]", "[0,4]", "ab"), "truncated");
        row("negative offset", one("[1]", "[-4,0]", "abcd"), "negative");
        row("float offset", one("[1]", "[0.0,4.0]", "abcd"), "whole");
        row("exponent", one("[1]", "[0,4e0]", "abcd"), "whole");
        row("hole", one("[1]", "[4,8]", "abcdefgh"), "begins at byte 4");
        row("ends before it begins", one("[1]", "[4,0]", "abcd"), "ends before");
        row("three offsets", one("[1]", "[0,4,8]", "abcd"), "too many");
        row("one offset", one("[1]", "[0]", "abcd"), "required");
        row("no shape", file(R"({"x":{"dtype":"F32","data_offsets":[0,0]}})", ""), "required");
        row("unknown key", file(R"({"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"y":"z"}})", ""),
            "unknown key");
        row("number for a tensor", file(R"({"x":3})", ""), "not expected");
        row("list in a shape", one("[[1]]", "[0,4]", "abcd"), "not expected");
        row("null", one("null", "[0,4]", "abcd"), "null");
        row("twice the name",
            file("{" + entry("x", "U8", "[1]", "[0,1]") + "," + entry("x", "U8", "[1]", "[1,2]") + "}", "ab"),
            "two entries");
        row("twice the key",
            file(R"({"x":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}})", ""),
            "occurs twice");
        row("number in metadata", file(R"({"__metadata__":{"a":1}})", ""), "texts only");
        row("map in metadata", file(R"({"__metadata__":{"a":{}}})", ""), "not expected");
        row("metadata is a list", file(R"({"__metadata__":[]})", ""), "not expected");
        row("FP8", file("{" + entry("x", "F8_E4M3", "[1]", "[0,1]") + "}", "a"),
            "unsupported type 'F8_E4M3'");
        row("unknown type", file("{" + entry("x", "F33", "[1]", "[0,1]") + "}", "a"), "unsupported type");
        std::string dimensions = "[";
        for (int i = 0; i < 100; ++i) dimensions += i ? ",1" : "1";
        row("a hundred dimensions", one(dimensions + "]", "[0,4]", "abcd"), "too many numbers");
        std::string deep;
        for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
        row("deep", file(deep, ""), "unknown key");
        row("deep lists", file("{\"a\":" + std::string(100'000, '['), ""), "not expected");
    }
    void refuses() {
        QFETCH(QByteArray, content);
        QFETCH(QString, message);
        const fs::path path = store(content);
        try {
            const SafetensorsFile read(path);
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(message), error.what());
            QCOMPARE(error.where(), path.string());
        }
    }

    void refusesFolder() { QVERIFY_EXCEPTION_THROWN(SafetensorsFile{folder()}, Error); }

    // Every truncation of a good file is refused.
    void truncations() {
        const std::string good = file("{" + entry("x", "F32", "[2]", "[0,8]") + "}", "abcdefgh");
        for (std::size_t size = 0; size < good.size(); ++size) {
            const fs::path path = store(QByteArray(good.data(), qsizetype(size)));
            QVERIFY_EXCEPTION_THROWN(SafetensorsFile{path}, Error);
        }
    }

    void shrinksWhileOpen() {
        const std::string good = file("{" + entry("x", "F32", "[2]", "[0,8]") + "}", "abcdefgh");
        const fs::path path = store(QByteArray(good.data(), qsizetype(good.size())));
        const SafetensorsFile read(path);
        fs::resize_file(path, good.size() - 3);
        QVERIFY_EXCEPTION_THROWN(read.readFloats(read.at("x")), Error);
        QVERIFY_EXCEPTION_THROWN(read.bytes(read.at("x")), Error);
    }

    // A hundred megabytes of header may hold a million tensors that share no byte; that many are refused
    // before they are all in memory.
    void tooManyTensors() {
        std::string header = "{";
        for (int i = 0; i < 250'000; ++i)
            header += (i ? "," : "") + entry("t" + std::to_string(i), "U8", "[0]", "[0,0]");
        const std::string content = file(header + "}", "");
        try {
            const SafetensorsFile read(store(QByteArray(content.data(), qsizetype(content.size()))));
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains("200000 tensors"), error.what());
        }
    }

    // All 2^16 values survive the way over float32, and rounding is to nearest even.
    void halves() {
        for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
            const float half = float16ToFloat(std::uint16_t(bits)),
                        brain = bfloat16ToFloat(std::uint16_t(bits));
            if (std::isnan(half))
                QVERIFY(std::isnan(float16ToFloat(floatToFloat16(half))));
            else
                QCOMPARE(std::uint32_t(floatToFloat16(half)), bits);
            if (std::isnan(brain))
                QVERIFY(std::isnan(bfloat16ToFloat(floatToBfloat16(brain))));
            else
                QCOMPARE(std::uint32_t(floatToBfloat16(brain)), bits);
        }
        QCOMPARE(float16ToFloat(floatToFloat16(2049.0f)), 2048.0f);
        QCOMPARE(float16ToFloat(floatToFloat16(2051.0f)), 2052.0f);
        QCOMPARE(float16ToFloat(floatToFloat16(65519.0f)), 65504.0f);
        QVERIFY(std::isinf(float16ToFloat(floatToFloat16(65520.0f))));
        QCOMPARE(bfloat16ToFloat(floatToBfloat16(257.0f)), 256.0f);
        QCOMPARE(bfloat16ToFloat(floatToBfloat16(259.0f)), 260.0f);
    }

  private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path store(const QByteArray& content) const {
        const fs::path path = folder() / "case.safetensors";
        std::ofstream(path, std::ios::binary).write(content.data(), content.size());
        return path;
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
