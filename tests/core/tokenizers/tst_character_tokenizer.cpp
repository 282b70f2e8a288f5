// One token a character: ids, round trips through tokenizer.json, and damaged files.
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

using namespace retort;
namespace fs = std::filesystem;

class TestCharacterTokenizer : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void idsFollowTheAlphabet() {
        const auto tokenizer = makeCharacterTokenizer("cabca");
        QCOMPARE(tokenizer->vocabularySize(), 6);
        QCOMPARE(tokenizer->padId(), 0);
        QCOMPARE(tokenizer->eosId(), 1);
        QCOMPARE(tokenizer->encode("abcx"), (std::vector<std::int32_t>{3, 4, 5, 2}));
        QCOMPARE(tokenizer->decode({3, 1, 4, 0, 5, 2, 99, -1}), std::string("abc"));
        QCOMPARE(tokenizer->hash(), makeCharacterTokenizer("abc")->hash());
        QVERIFY(tokenizer->hash() != makeCharacterTokenizer("abd")->hash());
    }

    void specialTokensInText() {
        const auto tokenizer = makeCharacterTokenizer("<eos>p");
        QCOMPARE(tokenizer->encode("<eos>"), (std::vector<std::int32_t>{1}));
        QCOMPARE(tokenizer->encode("<<pad>e").size(), std::size_t(3));
        QCOMPARE(tokenizer->decode(tokenizer->encode("<eo<eos>s>")), std::string("<eos>"));
    }

    void anyUnicode() {
        const std::string alphabet = "aé漢😀\n ";
        const auto tokenizer = makeCharacterTokenizer(alphabet);
        QCOMPARE(tokenizer->vocabularySize(), 3 + 6);
        QCOMPARE(tokenizer->decode(tokenizer->encode(alphabet)), alphabet);
        // One <unk> a byte that is no character.
        QCOMPARE(tokenizer->encode("\xff\xc3").size(), std::size_t(2));
        QVERIFY_EXCEPTION_THROWN(makeCharacterTokenizer("a\xff"), Error);
    }

    void savedAndLoaded() {
        const auto tokenizer = makeCharacterTokenizer("0123456789+-=<;>\"\\\n漢");
        tokenizer->save(folder());
        const auto loaded = loadTokenizer(folder());
        const std::string text = "<1+2=3;>\"\\\n漢?";
        QCOMPARE(loaded->encode(text), tokenizer->encode(text));
        QCOMPARE(loaded->hash(), tokenizer->hash());
        QCOMPARE(loaded->vocabularySize(), tokenizer->vocabularySize());
        QCOMPARE(loaded->eosId(), 1);
        QCOMPARE(loaded->padId(), 0);
    }

    void damaged_data() {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("version") << "/version"
                                 << "\"2.0\"";
        QTest::newRow("no model") << "/model"
                                  << "null";
        QTest::newRow("model type") << "/model/type"
                                    << "\"Unigram\"";
        QTest::newRow("model type is a list") << "/model/type"
                                              << "[]";
        QTest::newRow("vocab is a list") << "/model/vocab"
                                         << "[1]";
        QTest::newRow("vocab id is a text") << "/model/vocab/a"
                                            << "\"3\"";
        QTest::newRow("negative id") << "/model/vocab/a"
                                     << "-1";
        QTest::newRow("gap") << "/model/vocab/a"
                             << "4000000000";
        QTest::newRow("two of one id") << "/model/vocab/a"
                                       << "4";
        QTest::newRow("token of two characters") << "/model/vocab/ab"
                                                 << "5";
        QTest::newRow("empty token") << "/model/vocab/"
                                     << "5";
        QTest::newRow("splitter") << "/pre_tokenizer/type"
                                  << "\"Whitespace\"";
        QTest::newRow("added tokens") << "/added_tokens"
                                      << "3";
        QTest::newRow("added token's id") << "/added_tokens/0/id"
                                          << "1e9";
        QTest::newRow("no unk") << "/added_tokens/2/content"
                                << "\"<x>\"";
    }
    void damaged() {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        makeCharacterTokenizer("ab")->save(folder());
        const fs::path path = folder() / "tokenizer.json";
        Json json = Json::parse(readFile(path));
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        writeFileAtomically(path, json.dump());
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
    }

    void hostileText_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("number") << QByteArray("3");
        QTest::newRow("not UTF-8") << QByteArray("{\"\xff\":1}");
        QTest::newRow("deep") << QByteArray(1'000'000, '[');
    }
    void hostileText() {
        QFETCH(QByteArray, content);
        writeFileAtomically(folder() / "tokenizer.json", content.toStdString());
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
        fs::remove(folder() / "tokenizer.json");
        QVERIFY_EXCEPTION_THROWN(loadTokenizer(folder()), Error);
    }

  private:
    fs::path folder() const { return m_folder.path().toStdString(); }
    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestCharacterTokenizer)
#include "tst_character_tokenizer.moc"
