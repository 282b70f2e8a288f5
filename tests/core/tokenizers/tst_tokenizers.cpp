// Ids and texts equal to those of Hugging Face's `tokenizers` (tests/peers/tokenizers_golden.py wrote them),
// BPE training, and hostile tokenizer.json.
#include <QTemporaryDir>
#include <QTest>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const fs::path golden = fs::path(RETORT_GOLDEN);

std::vector<std::string> lines() {
    return Json::parse(readFile(golden / "lines.json")).get<std::vector<std::string>>();
}

std::string joinedLines() {
    std::string text;
    for (const std::string& line : lines()) text += line;
    return text;
}

// The two kinds that Retort writes, made from the lines themselves.
std::unique_ptr<Tokenizer> make(const QString& kind) {
    // Not all characters are in the vocabulary, so that <unk> occurs.
    if (kind == "character") return makeCharacterTokenizer(joinedLines().substr(0, 600));
    return trainBpeTokenizer(lines(), 420);
}

}  // namespace

class TestTokenizers : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        const QByteArray target = qgetenv("RETORT_WRITE_GOLDEN");
        if (target.isEmpty()) return;
        for (const char* kind : {"character", "bpe"}) {
            const fs::path folder = fs::path(target.toStdString()) / kind;
            fs::create_directories(folder);
            make(kind)->save(folder);
        }
        QSKIP("tokenizers written; run tests/peers/tokenizers_golden.py now");
    }

    void asHuggingFace_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"character", "bpe", "qwen"}) QTest::newRow(kind) << kind;
    }
    void asHuggingFace() {
        QFETCH(QString, kind);
        const fs::path folder = golden / kind.toStdString();
        const auto tokenizer = loadTokenizer(folder);
        const Json expected = Json::parse(readFile(folder / "expected.json"));
        const std::vector<std::string> texts = lines();
        QCOMPARE(tokenizer->vocabularySize(), expected["vocabulary_size"].get<std::int32_t>());
        QCOMPARE(expected["rows"].size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Json& row = expected["rows"][i];
            const auto ids = row["ids"].get<std::vector<std::int32_t>>();
            QVERIFY2(tokenizer->encode(texts[i]) == ids, texts[i].c_str());
            QCOMPARE(tokenizer->decode(ids), row["text"].get<std::string>());
            QCOMPARE(tokenizer->decode(ids.data(), ids.size() / 2), row["first_half"].get<std::string>());
        }
    }

    // What Retort writes today is what the golden ids were made from.
    void filesAreUnchanged_data() {
        QTest::addColumn<QString>("kind");
        QTest::newRow("character") << "character";
        QTest::newRow("bpe") << "bpe";
    }
    void filesAreUnchanged() {
        QFETCH(QString, kind);
        make(kind)->save(folder());
        for (const char* file : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"})
            QCOMPARE(readFile(folder() / file), readFile(golden / kind.toStdString() / file));
        QCOMPARE(loadTokenizer(folder())->hash(), make(kind)->hash());
    }

    // A tokenizer that came from elsewhere is saved as it came.
    void foreignIsKept() {
        loadTokenizer(golden / "qwen")->save(folder());
        QCOMPARE(readFile(folder() / "tokenizer.json"), readFile(golden / "qwen/tokenizer.json"));
    }

    void rolesFromConfig() {
        fs::copy(golden / "bpe/tokenizer.json", folder() / "tokenizer.json",
                 fs::copy_options::overwrite_existing);
        writeFileAtomically(folder() / "tokenizer_config.json",
                            R"X({"eos_token":{"content":"<pad>"},"pad_token":"<eos>"})X");
        const auto tokenizer = loadTokenizer(folder());
        QCOMPARE(tokenizer->eosId(), 0);
        QCOMPARE(tokenizer->padId(), 1);
    }

    void bpeIsLossless() {
        const auto tokenizer = trainBpeTokenizer({"abcabcabc abc abc"}, 262);
        QCOMPARE(tokenizer->vocabularySize(), 262);
        QCOMPARE(tokenizer->encode("abc").size(), std::size_t(1));
        std::string all;
        for (int byte = 0; byte < 256; ++byte) all += char(byte);
        std::string joined;
        for (std::int32_t id : tokenizer->encode(all)) joined += tokenizer->tokenBytes(id);
        QCOMPARE(joined, all);
        // A character cut in two: U+FFFD, as Hugging Face shows it.
        const auto ids = tokenizer->encode("é");
        QCOMPARE(tokenizer->decode(ids.data(), 1), std::string("\xef\xbf\xbd"));
        QCOMPARE(tokenizer->decode({-1, 262, 1'000'000}), std::string());
    }

    void trainingStopsWithoutPatterns() {
        QCOMPARE(trainBpeTokenizer({"abcdefg"}, 1000)->vocabularySize(), 258);
        QCOMPARE(trainBpeTokenizer({}, 258)->vocabularySize(), 258);
        QVERIFY_EXCEPTION_THROWN(trainBpeTokenizer({"abc"}, 257), Error);
    }

    // Merges are n log n: a megabyte without a single word border is no matter.
    void longWords() {
        const auto tokenizer = trainBpeTokenizer({"aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaaa"}, 264);
        const std::string text(1 << 20, 'a');
        QCOMPARE(tokenizer->decode(tokenizer->encode(text)), text);
    }

    void damaged_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("merges is a map") << "/model/merges"
                                         << "{}";
        QTest::newRow("merge of one") << "/model/merges/0"
                                      << "\"a\"";
        QTest::newRow("merge of three") << "/model/merges/0"
                                        << "\"a b c\"";
        QTest::newRow("merge of three, listed") << "/model/merges/0"
                                                << "[\"a\",\"b\",\"c\"]";
        QTest::newRow("merge of unknown tokens") << "/model/merges/0"
                                                 << "\"quux quuux\"";
        QTest::newRow("a byte is missing") << "/model/vocab"
                                           << "{\"a\":2,\"<eos>\":1,\"<pad>\":0}";
        QTest::newRow("prefix") << "/model/continuing_subword_prefix"
                                << "\"##\"";
        QTest::newRow("suffix") << "/model/end_of_word_suffix"
                                << "\"</w>\"";
        QTest::newRow("byte fallback") << "/model/byte_fallback"
                                       << "true";
        QTest::newRow("normalizer") << "/normalizer"
                                    << "{\"type\":\"Lowercase\"}";
        QTest::newRow("pre-tokenizer") << "/pre_tokenizer"
                                       << "{\"type\":\"Whitespace\"}";
        QTest::newRow("pre-tokenizer null") << "/pre_tokenizer"
                                            << "null";
        QTest::newRow("sequence of nothing") << "/pre_tokenizer"
                                             << "{\"type\":\"Sequence\",\"pretokenizers\":[]}";
        QTest::newRow("lstrip") << "/added_tokens/0/lstrip"
                                << "true";
        QTest::newRow("regular expression") << "/pre_tokenizer" << split("(((");
        QTest::newRow("no expression") << "/pre_tokenizer" << split("a").replace("Regex", "String");
    }
    void damaged() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        writeChanged(pointer, value);
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
    }

    // An expression that backtracks without end is stopped.
    void hostileExpression() {
        writeChanged("/pre_tokenizer", split("(a+)+$"));
        const auto tokenizer = loadTokenizer(folder());
        QVERIFY_EXCEPTION_THROWN(tokenizer->encode(std::string(5000, 'a') + "b"), Error);
    }

    // Any single change of a byte gives a tokenizer or an Error, never a crash.
    void bitFlips() {
        std::string text = readFile(golden / "bpe/tokenizer.json");
        for (std::size_t i = 0; i < text.size(); i += 211) {
            std::string changed = text;
            changed[i] = char(changed[i] ^ 0x11);
            writeFile(changed);
            try {
                loadTokenizer(folder())->encode("some text <eos> 123");
            } catch (const Error&) {
            }
        }
        for (std::size_t size = 0; size < text.size(); size += 499) {
            writeFile(text.substr(0, size));
            QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        }
    }

  private:
    static QString split(const char* expression) {
        const Json json = {{"type", "Sequence"},
                           {"pretokenizers",
                            {{{"type", "Split"},
                              {"pattern", {{"Regex", expression}}},
                              {"behavior", "Isolated"},
                              {"invert", false}},
                             {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}};
        return QString::fromStdString(json.dump());
    }
    void writeChanged(const QString& pointer, const QString& value) const {
        Json json = Json::parse(readFile(golden / "bpe/tokenizer.json"));
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        writeFile(json.dump());
    }
    void writeFile(const std::string& text) const {
        std::FILE* file = std::fopen((folder() / "tokenizer.json").c_str(), "wb");
        std::fwrite(text.data(), 1, text.size(), file);
        std::fclose(file);
    }
    fs::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestTokenizers)
#include "tst_tokenizers.moc"
