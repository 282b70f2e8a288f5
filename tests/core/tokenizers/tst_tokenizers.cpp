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
        QTest::newRow("dropout") << "/model/dropout"
                                 << "0.1";
        QTest::newRow("unknown token") << "/model/unk_token"
                                       << "\"no such token\"";
        QTest::newRow("model") << "/model/type"
                               << "\"Unigram\"";
        QTest::newRow("normalizer") << "/normalizer"
                                    << "{\"type\":\"Precompiled\"}";
        QTest::newRow("normalizer without a type") << "/normalizer"
                                                   << "{}";
        QTest::newRow("post-processor") << "/post_processor"
                                        << "{\"type\":\"BertProcessing\"}";
        QTest::newRow("template") << "/post_processor"
                                  << "{\"type\":\"TemplateProcessing\",\"single\":[]}";
        QTest::newRow("template with an impossible id")
            << "/post_processor"
            << R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x","type_id":0}},
                {"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"x":{"id":"x","ids":[420],"tokens":["x"]}}})";
        QTest::newRow("decoder") << "/decoder"
                                 << "{\"type\":\"CTC\"}";
        QTest::newRow("decoder of another kind") << "/decoder"
                                                 << "{\"type\":\"Fuse\"}";
        QTest::newRow("behind bytes") << "/pre_tokenizer"
                                      << R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},
                                             {"type":"Digits","individual_digits":true}]})";
        QTest::newRow("behaviour") << "/pre_tokenizer" << split("a").replace("Isolated", "Sideways");
        QTest::newRow("gap") << "/added_tokens/0/id"
                             << "100000";
        QTest::newRow("token twice") << "/added_tokens/0/id"
                                     << "3";
        QTest::newRow("version") << "/version"
                                 << "\"2.0\"";
        QTest::newRow("pre-tokenizer") << "/pre_tokenizer"
                                       << "{\"type\":\"Whitespace\"}";
        QTest::newRow("pre-tokenizer null") << "/pre_tokenizer"
                                            << "null";
        QTest::newRow("sequence of nothing") << "/pre_tokenizer"
                                             << "{\"type\":\"Sequence\",\"pretokenizers\":[]}";
        QTest::newRow("flag that is none") << "/added_tokens/0/lstrip"
                                           << "\"yes\"";
        QTest::newRow("regular expression") << "/pre_tokenizer" << split("(((");
        QTest::newRow("no expression") << "/pre_tokenizer" << split("a").replace("Regex", "Glob");
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

    // An expression whose matching is quadratic, not exponential, is stopped too.
    void quadraticExpression() {
        writeChanged("/pre_tokenizer", split("(?:x|w)*[yz]"));
        const auto tokenizer = loadTokenizer(folder());
        QVERIFY_EXCEPTION_THROWN(tokenizer->encode(std::string(400'000, 'x')), Error);
    }

    // As transformers writes it for a model without a limit.
    void hugeModelMaxLength() {
        fs::copy(golden / "bpe/tokenizer.json", folder() / "tokenizer.json",
                 fs::copy_options::overwrite_existing);
        writeFileAtomically(
            folder() / "tokenizer_config.json",
            R"({"eos_token": {"content": "<eos>"}, "model_max_length": 1000000000000000019884624838656})");
        QVERIFY(loadTokenizer(folder())->eosId() >= 0);
        writeFileAtomically(folder() / "tokenizer_config.json", "[1]");
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        fs::remove(folder() / "tokenizer_config.json");
    }

    // Replacements that would make a terabyte of a line.
    void multiplyingNormalizer() {
        Json steps = Json::array();
        for (int i = 0; i < 12; ++i)
            steps.push_back({{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", "aaaaaaaaaa"}});
        writeChanged("/normalizer",
                     QString::fromStdString(Json{{"type", "Sequence"}, {"normalizers", steps}}.dump()));
        const auto tokenizer = loadTokenizer(folder());
        QVERIFY_EXCEPTION_THROWN(tokenizer->encode("an apple"), Error);
    }

    // Sequences in sequences, and JSON that is nothing but nesting.
    void deep() {
        std::string nested = "{\"type\":\"NFC\"}";
        for (int i = 0; i < 200; ++i) nested = R"({"type":"Sequence","normalizers":[)" + nested + "]}";
        writeChanged("/normalizer", QString::fromStdString(nested));
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        writeFile("{\"a\":" + std::string(1'000'000, '['));
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
    }

    // A file that is larger than any tokenizer is not read; one of that size with a million merges is
    // refused.
    void gigabyteOfMerges() {
        writeFile("{");
        fs::resize_file(folder() / "tokenizer.json", std::uintmax_t(1) << 30);
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        std::string text =
            R"({"version":"1.0","model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b")";
        while (text.size() < 50'000'000) text += ",\"a b\"";
        writeFile(text + "]}}");
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
    }

    void mixedUpVocabulary() {
        for (const char* vocabulary : {R"({"a":0,"a":1})", R"({"a":0,"b":0})", R"({"a":-1})", R"({"a":1e9})",
                                       R"({"a":"0"})", R"({"a":999999999999})", "[]", "null"}) {
            writeFile(std::string(R"({"version":"1.0","model":{"type":"BPE","merges":[],"vocab":)") +
                      vocabulary + "}}");
            QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        }
    }

    // Text that is not UTF-8 goes through merges of characters too.
    void invalidTextInCharacters() {
        writeFile(
            R"({"version":"1.0","added_tokens":[],"pre_tokenizer":null,"decoder":{"type":"Fuse"},"model":{"type":
            "BPE","unk_token":"?","vocab":{"a":0,"b":1,"ab":2,"?":3},"merges":["a b"]}})");
        const auto tokenizer = loadTokenizer(folder());
        QVERIFY(tokenizer->encode("ab\xff\xc3"
                                  "a") == (std::vector<std::int32_t>{2, 3, 3, 0}));
        QCOMPARE(tokenizer->decode({2, 3, 0}), std::string("ab?a"));
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
