// Parquet: files that pyarrow wrote with every compression, page version and encoding of its own; cut,
// damaged and refused ones; the two codings underneath by hand.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <random>

#include "core/formats/parquet/page_bytes.h"
#include "core/formats/parquet/parquet_file.h"
#include "core/formats/parquet/thrift_compact.h"
#include "core/util/error.h"
#include "core/util/json.h"

using namespace retort;

namespace {

const QDir golden(RETORT_GOLDEN);

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Json valueOf(const ParquetColumn& column, const ParquetValues& values, std::size_t row) {
    if (!values.present[row]) return nullptr;
    switch (column.type) {
        case ParquetColumn::Type::Boolean:
            return values.integers[row] != 0;
        case ParquetColumn::Type::Integer:
            return values.integers[row];
        case ParquetColumn::Type::Real:
            return values.reals[row];
        case ParquetColumn::Type::Text:
            return std::string(values.texts[row]);
    }
    return nullptr;
}

/// Every value of every column that can be read.
std::vector<Json> rowsOf(const ParquetFile& file) {
    std::vector<Json> rows(std::size_t(file.rows()), Json::object());
    std::size_t first = 0;
    for (std::size_t group = 0; group < file.groups(); ++group) {
        for (std::size_t i = 0; i < file.columns().size(); ++i) {
            const ParquetColumn& column = file.columns()[i];
            if (!column.refused.empty()) continue;
            const ParquetValues values = file.read(group, i);
            for (std::size_t row = 0; row < std::size_t(file.rowsOf(group)); ++row)
                rows.at(first + row)[column.name] = valueOf(column, values, row);
        }
        first += std::size_t(file.rowsOf(group));
    }
    return rows;
}

bool isSame(const Json& found, const Json& expected) {
    if (!found.is_number_float() || !expected.is_number()) return found == expected;
    const double a = found.get<double>(), b = expected.get<double>();
    return a == b || (std::isnan(a) && std::isnan(b));
}

std::string failure(const std::function<void()>& what) {
    try {
        what();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

class TestParquet : public QObject {
    Q_OBJECT
    QTemporaryDir m_home;

    std::filesystem::path write(const QByteArray& content) const {
        QFile file(m_home.filePath("file.parquet"));
        if (file.open(QIODevice::WriteOnly)) file.write(content);
        return file.fileName().toStdString();
    }

  private Q_SLOTS:
    void asPyarrowWroteIt_data() {
        QTest::addColumn<QString>("path");
        const QStringList names = golden.entryList({"rows-*.parquet"});
        QCOMPARE(names.size(), 16);
        for (const QString& name : names) QTest::newRow(qPrintable(name)) << golden.filePath(name);
    }
    void asPyarrowWroteIt() {
        QFETCH(QString, path);
        // Python writes NaN and Infinity bare.
        const QByteArray text = contentOf(golden.filePath("rows.json"))
                                    .replace("NaN", "\"NaN\"")
                                    .replace("Infinity", "\"Infinity\"");
        const Json expected = Json::parse(text.toStdString());
        const ParquetFile file(path.toStdString());
        QCOMPARE(file.groups(), 2u);
        const std::vector<Json> rows = rowsOf(file);
        QCOMPARE(rows.size(), expected.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].size(), 8u);
            for (const auto& [name, value] : expected[i].items()) {
                Json wanted = value;
                if (wanted == "NaN") wanted = std::nan("");
                if (wanted == "Infinity") wanted = HUGE_VAL;
                QVERIFY2(isSame(rows[i][name], wanted), (name + " " + rows[i][name].dump()).c_str());
            }
        }
    }

    void refusedByName() {
        const auto message = [](const char* name) {
            return failure([&] { rowsOf(ParquetFile(golden.filePath(name).toStdString())); });
        };
        QVERIFY2(
            message("delta.parquet").find("\"prompt\" is written in DELTA_BYTE_ARRAY") != std::string::npos,
            message("delta.parquet").c_str());
        QVERIFY2(message("brotli.parquet").find("compressed with brotli") != std::string::npos,
                 message("brotli.parquet").c_str());
        const ParquetFile nested(golden.filePath("nested.parquet").toStdString());
        QCOMPARE(nested.columns().size(), 2u);
        QVERIFY(nested.columns()[0].refused.starts_with("is nested"));
        QVERIFY(rowsOf(nested).at(0) == Json({{"source", "s"}}));
        const ParquetFile both(golden.filePath("flat-and-nested.parquet").toStdString());
        QVERIFY(rowsOf(both).at(1) == Json({{"prompt", "q"}, {"completion", "d"}}));
        QVERIFY2(failure([&] { both.read(0, 1); }).find("\"generations\" is nested") != std::string::npos,
                 failure([&] { both.read(0, 1); }).c_str());
    }

    // Cut anywhere: an Error that names the file.
    void truncatedEverywhere() {
        const QByteArray whole = contentOf(golden.filePath("rows-zstd-2.0-dictionary.parquet"));
        QVERIFY(whole.size() > 1000);
        for (int length = 0; length < whole.size(); length += 3) {
            const auto path = write(whole.left(length));
            const std::string why = failure([&] { ParquetFile file(path); });
            QVERIFY2(why.find("file.parquet") != std::string::npos, why.c_str());
        }
    }

    // Damaged anywhere: an Error or other values, never a crash, a hang, or memory that the file does not
    // have.
    void damagedAnywhere() {
        std::mt19937 random(7);
        for (const char* name : {"rows-none-1.0-dictionary.parquet", "rows-none-2.0-plain.parquet",
                                 "rows-snappy-1.0-dictionary.parquet", "rows-zstd-2.0-plain.parquet",
                                 "rows-gzip-1.0-plain.parquet"}) {
            const QByteArray whole = contentOf(golden.filePath(name));
            for (int round = 0; round < 400; ++round) {
                QByteArray damaged = whole;
                const int changes = 1 + int(random() % 3);
                for (int i = 0; i < changes; ++i)
                    damaged[int(random() % unsigned(damaged.size()))] = char(random());
                const auto path = write(damaged);
                try {
                    const ParquetFile file(path);
                    for (std::size_t group = 0; group < file.groups(); ++group)
                        for (std::size_t i = 0; i < file.columns().size(); ++i) try {
                                const ParquetValues values = file.read(group, i);
                                QCOMPARE(std::int64_t(values.present.size()), file.rowsOf(group));
                            } catch (const Error&) {
                            }
                } catch (const Error&) {
                }
            }
        }
    }

    // The format's own example: 0 to 7 in three bits each are 0x88 0xC6 0xFA.
    void runs() {
        const std::vector<std::uint32_t> counted = {0, 1, 2, 3, 4, 5, 6, 7};
        QVERIFY(parquet::decodeRuns("\x03\x88\xC6\xFA", 3, 8) == counted);
        QVERIFY(parquet::decodeRuns(std::string_view("\x06\x05\x02\x00", 4), 3, 4) ==
                (std::vector<std::uint32_t>{5, 5, 5, 0}));
        QVERIFY(parquet::decodeRuns("\x08", 0, 3) == (std::vector<std::uint32_t>{0, 0, 0}));
        for (const char* broken : {"", "\x03\x88", "\x06", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"})
            QVERIFY_EXCEPTION_THROWN(parquet::decodeRuns(broken, 3, 8), Error);
        QVERIFY_EXCEPTION_THROWN(parquet::decodeRuns("\x03\x88\xC6\xFA", 77, 8), Error);
    }

    void thrift() {
        // Field 1 (I32) = -2, field 17 (long form) a binary, then the end.
        std::int64_t number = 0;
        std::string_view text;
        ThriftReader reader(std::string_view("\x15\x03\x08\x22\x02hi\x00", 8));
        reader.structure([&](const ThriftReader::Field& field) {
            if (field.id == 1)
                number = reader.integer();
            else if (field.id == 17)
                text = reader.binary();
            else
                reader.skip(field.type);
        });
        QVERIFY(number == -2 && text == "hi");
        const std::string deep(10000, '\x1c');
        QVERIFY_EXCEPTION_THROWN(ThriftReader(deep).skip(ThriftReader::Struct), Error);
    }
};

QTEST_GUILESS_MAIN(TestParquet)
#include "tst_parquet.moc"
