// Tokenizers set up as those of GPT-2, Llama 3, Qwen2 and Llama 2, and every other construct of
// tokenizer.json that Retort reads, on 10 000 lines: ids and texts equal those of Hugging Face's
// `tokenizers`, whose results tests/peers/tokenizer_families.py wrote as a hash for each hundred lines and
// three hundred lines in full.
#include <QCryptographicHash>
#include <QTemporaryDir>
#include <QTest>

#include "core/tokenizers/stream_decoder.h"
#include "core/tokenizers/tokenizer.h"
#include "core/tokenizers/utf8.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const fs::path golden = fs::path(RETORT_GOLDEN) / "families";
constexpr std::size_t blockLines = 100;

// nlohmann's own map: the vocabularies are large.
nlohmann::json unpacked(const std::string& name) {
    const std::string packed = readFile(golden / name);
    const QByteArray data = qUncompress(QByteArray(packed.data(), qsizetype(packed.size())));
    return nlohmann::json::parse(data.begin(), data.end());
}

const std::vector<std::string>& lines() {
    static const auto list = unpacked("lines.z").get<std::vector<std::string>>();
    return list;
}

std::string joined(const std::vector<std::int32_t>& ids) {
    std::string text;
    for (std::int32_t id : ids) text.append(text.empty() ? "" : " ").append(std::to_string(id));
    return text;
}

using Row = std::vector<std::string>;

Row rowOf(const Tokenizer& tokenizer, const std::string& line) {
    const std::vector<std::int32_t> ids = tokenizer.encode(line);
    return {joined(ids), joined(tokenizer.encodeWithSpecialTokens(line)), tokenizer.decode(ids)};
}

std::string digest(const std::vector<Row>& rows, std::size_t begin) {
    std::string text;
    for (std::size_t i = begin; i < std::min(rows.size(), begin + blockLines); ++i) {
        text.append(i > begin ? "\n" : "").append(rows[i][0]).append("\t").append(rows[i][1]);
        text.append("\t").append(rows[i][2]);
    }
    return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toHex().toStdString();
}

const char* const kinds[] = {"gpt2", "llama3", "qwen2", "llama2", "llama2-metaspace", "metaspace-unknown"};

}  // namespace

class TestTokenizerFamilies : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void families_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : kinds) QTest::newRow(kind) << kind;
    }
    void families() {
        QFETCH(QString, kind);
        const auto tokenizer = load(unpacked(kind.toStdString() + ".z"));
        const nlohmann::json expected = unpacked(kind.toStdString() + "-expected.z");
        for (std::size_t i = 0; i < expected["lines"].size(); ++i) {
            const Row row = rowOf(*tokenizer, lines()[i]);
            for (std::size_t k = 0; k < row.size(); ++k)
                QCOMPARE(QString::fromStdString(row[k]), QString::fromStdString(expected["lines"][i][k]));
        }
        checkBlocks(*tokenizer, expected["blocks"]);
    }

    void variants_data() {
        QTest::addColumn<int>("index");
        m_variants = unpacked("variants.z");
        for (std::size_t i = 0; i < m_variants.size(); ++i)
            QTest::newRow(m_variants[i]["name"].get<std::string>().c_str()) << int(i);
    }
    void variants() {
        QFETCH(int, index);
        checkBlocks(*load(variant(m_variants[std::size_t(index)])), m_variants[std::size_t(index)]["blocks"]);
    }

    // What a stream says is what the whole says, a character never in halves.
    void streamed_data() { families_data(); }
    void streamed() {
        QFETCH(QString, kind);
        const auto tokenizer = load(unpacked(kind.toStdString() + ".z"));
        StreamDecoder stream(*tokenizer);
        for (std::size_t i = 0; i < 1000; ++i) {
            const auto ids = tokenizer->encode(lines()[i]);
            std::string text;
            for (std::int32_t id : ids) {
                const std::string part = stream.push(id);
                QVERIFY(utf8Lossy(part) == part);
                text += part;
            }
            text += stream.finish();
            QCOMPARE(QString::fromStdString(text), QString::fromStdString(tokenizer->decode(ids)));
        }
    }

    void streamOfHalves() {
        const auto tokenizer = load(unpacked("gpt2.z"));
        StreamDecoder stream(*tokenizer);
        std::vector<std::int32_t> ids;
        for (const char byte : std::string("\xf0\x9f\x98\x80")) {
            // One token a byte, whatever the merges.
            for (std::int32_t id = 0; id < tokenizer->vocabularySize(); ++id)
                if (tokenizer->tokenBytes(id) == std::string(1, byte)) ids.push_back(id);
        }
        QCOMPARE(ids.size(), std::size_t(4));
        for (std::size_t i = 0; i < 3; ++i) QCOMPARE(stream.push(ids[i]), std::string());
        QCOMPARE(stream.push(ids[3]), std::string("😀"));
        for (std::size_t i = 0; i < 2; ++i) QCOMPARE(stream.push(ids[i]), std::string());
        QCOMPARE(stream.push(tokenizer->idOf("a")), std::string("\xef\xbf\xbd"
                                                                "a"));
        stream.push(ids[0]);
        QCOMPARE(stream.finish(), std::string("\xef\xbf\xbd"));
        QCOMPARE(stream.finish(), std::string());
    }

    void names() {
        const auto tokenizer = load(unpacked("llama3.z"));
        const std::int32_t id = tokenizer->idOf("<|eot_id|>");
        QVERIFY(id > 0);
        QCOMPARE(tokenizer->tokenName(id), std::string("<|eot_id|>"));
        QCOMPARE(tokenizer->tokenBytes(id), std::string());
        QCOMPARE(tokenizer->idOf("no such token"), -1);
        QCOMPARE(tokenizer->tokenName(-1) + tokenizer->tokenName(tokenizer->vocabularySize()), std::string());
        const auto sentencePiece = load(unpacked("llama2.z"));
        QCOMPARE(sentencePiece->tokenBytes(sentencePiece->idOf("<0x0A>")), std::string("\n"));
        QCOMPARE(sentencePiece->tokenBytes(sentencePiece->idOf("▁the")), std::string(" the"));
        QCOMPARE(sentencePiece->firstTokenBytes(sentencePiece->idOf("▁the")), std::string("the"));
        QCOMPARE(sentencePiece->eosId(), 2);
    }

    // For tests/peers/tokenizer_families.py, which compares line by line.
    void dump() {
        const QByteArray folder = qgetenv("RETORT_DUMP");
        if (folder.isEmpty()) QSKIP("RETORT_DUMP is not set");
        const auto write = [&](const std::string& name, const nlohmann::json& description) {
            const auto tokenizer = load(description);
            nlohmann::json rows = nlohmann::json::array();
            for (const std::string& line : lines()) rows.push_back(rowOf(*tokenizer, line));
            writeFileAtomically(fs::path(folder.toStdString()) / (name + ".json"), rows.dump());
        };
        for (const char* kind : kinds) write(kind, unpacked(std::string(kind) + ".z"));
        for (const nlohmann::json& row : unpacked("variants.z")) write(row["name"], variant(row));
    }

  private:
    static nlohmann::json variant(const nlohmann::json& row) {
        nlohmann::json description = unpacked(row["kind"].get<std::string>() + ".z");
        description[nlohmann::json::json_pointer(row["pointer"].get<std::string>())] = row["value"];
        return description;
    }
    std::unique_ptr<Tokenizer> load(const nlohmann::json& description) const {
        const fs::path folder = m_folder.path().toStdString();
        writeFileAtomically(folder / "tokenizer.json", description.dump());
        return loadTokenizer(folder);
    }
    static void checkBlocks(const Tokenizer& tokenizer, const nlohmann::json& blocks) {
        const std::size_t count = blocks.size() * blockLines;
        QVERIFY(count == lines().size() || count == 3000);
        std::vector<Row> rows;
        for (std::size_t i = 0; i < count; ++i) rows.push_back(rowOf(tokenizer, lines()[i]));
        QStringList wrong;
        for (std::size_t block = 0; block < blocks.size(); ++block)
            if (digest(rows, block * blockLines) != blocks[block]) wrong << QString::number(block);
        QVERIFY2(wrong.isEmpty(),
                 qPrintable("blocks that differ (./dev peers tokenizer_families says where): " +
                            wrong.join(' ').left(200)));
    }

    QTemporaryDir m_folder;
    nlohmann::json m_variants;
};

QTEST_APPLESS_MAIN(TestTokenizerFamilies)
#include "tst_tokenizer_families.moc"
