// Where the text of each token ends, against decoding every prefix.
#include <QtTest>
#include <chrono>
#include <random>

#include "core/tokenizers/utf8.h"
#include "training/recipes/sampled_trace.h"

using namespace retort;

namespace {

using Ids = std::vector<std::int32_t>;
using Ends = std::vector<std::int32_t>;

/// The end of each token by the definition: as much of the text as is settled by the tokens so far.
Ends byPrefix(const Tokenizer& tokenizer, const Ids& ids) {
    const std::string text = tokenizer.decode(ids);
    Ends ends;
    for (std::size_t count = 1; count <= ids.size(); ++count) {
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i) bytes += tokenizer.tokenBytes(ids[i]);
        bool isLast = true;  // nothing but special tokens follows
        for (std::size_t i = count; i < ids.size(); ++i) isLast &= tokenizer.tokenBytes(ids[i]).empty();
        if (!isLast) bytes.resize(bytes.size() - utf8IncompleteTail(bytes));
        ends.push_back(std::int32_t(utf8Lossy(bytes).size()));
    }
    return ends;
}

/// Tokens of single bytes, where the vocabulary has them, whatever the merges.
Ids bytesOf(const Tokenizer& tokenizer, const std::string& text) {
    Ids ids;
    for (const char byte : text)
        for (std::int32_t id = 0; id < tokenizer.vocabularySize(); ++id)
            if (tokenizer.tokenBytes(id) == std::string(1, byte)) {
                ids.push_back(id);
                break;
            }
    return ids;
}

std::unique_ptr<Tokenizer> bytePairs() {
    return trainBpeTokenizer({"one two three 321+654= the sum of the numbers", "äöü"}, 300);
}

}  // namespace

class TestSampledTrace : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void endsByHand();
    void endsAreThoseOfPrefixes_data();
    void endsAreThoseOfPrefixes();
    void charactersAreTokens();
    void longTraces();
};

void TestSampledTrace::endsByHand() {
    const auto tokenizer = bytePairs();
    Ids ids = bytesOf(*tokenizer, "a😀b");  // 1 + 4 + 1 tokens
    QCOMPARE(ids.size(), std::size_t(6));
    ids.push_back(tokenizer->eosId());
    // The emoji is its last byte's; the end of the sequence has no text.
    QCOMPARE(tokenEnds(*tokenizer, ids, 6), (Ends{1, 1, 1, 1, 5, 6, 6}));
    // Three of its bytes, and then no more: U+FFFD, three bytes long, from the last of them on.
    QCOMPARE(tokenEnds(*tokenizer, {ids[0], ids[1], ids[2], ids[3], tokenizer->eosId()}, 4),
             (Ends{1, 1, 1, 4, 4}));
    // … and then another character.
    QCOMPARE(tokenEnds(*tokenizer, {ids[0], ids[1], ids[2], ids[5]}, 5), (Ends{1, 1, 1, 5}));
    QCOMPARE(tokenEnds(*tokenizer, {}, 0), Ends{});
    QCOMPARE(tokenEnds(*tokenizer, {tokenizer->eosId()}, 0), Ends{0});
}

void TestSampledTrace::endsAreThoseOfPrefixes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("ASCII") << QByteArray("the sum of 321+654= is nine hundred");
    QTest::newRow("two bytes") << QByteArray("äöüß, señor");
    QTest::newRow("three and four bytes") << QByteArray("答案 is 3 😀😀 x 👩‍👩‍👧");
    QTest::newRow("broken") << QByteArray("a\xff\xe4\xb8z\xf0\x9f\x98 end\xe4");
    QByteArray random;
    std::mt19937 source(5);
    for (int i = 0; i < 400; ++i) random += char(source());
    QTest::newRow("random bytes") << random;
}

void TestSampledTrace::endsAreThoseOfPrefixes() {
    QFETCH(QByteArray, text);
    const auto tokenizer = bytePairs();
    for (const bool single : {false, true}) {
        Ids ids = single ? bytesOf(*tokenizer, text.toStdString()) : tokenizer->encode(text.toStdString());
        for (const bool ends : {false, true}) {
            if (ends) ids.push_back(tokenizer->eosId());
            const std::string decoded = tokenizer->decode(ids);
            const Ends found = tokenEnds(*tokenizer, ids, decoded.size());
            QCOMPARE(found, byPrefix(*tokenizer, ids));
            QCOMPARE(std::size_t(found.back()), decoded.size());
            std::int32_t last = 0;
            for (const std::int32_t end : found) {  // slices are text
                QVERIFY(end >= last);
                const std::string slice = decoded.substr(std::size_t(last), std::size_t(end - last));
                QCOMPARE(utf8Lossy(slice), slice);
                last = end;
            }
        }
    }
}

void TestSampledTrace::charactersAreTokens() {
    const auto tokenizer = makeCharacterTokenizer("0123456789+=ä€😀");
    const Ids ids = tokenizer->encode("1ä€😀=");
    QCOMPARE(tokenEnds(*tokenizer, ids, 11), (Ends{1, 3, 6, 10, 11}));
}

// Decoding each prefix took 10⁸ token decodes and more here.
void TestSampledTrace::longTraces() {
    const auto tokenizer = bytePairs();
    std::string text;
    while (text.size() < 20'000) text += "12+34=46; 答😀";
    const Ids ids = bytesOf(*tokenizer, text.substr(0, 20'000));
    QCOMPARE(ids.size(), std::size_t(20'000));
    const std::string decoded = tokenizer->decode(ids);
    const auto begin = std::chrono::steady_clock::now();
    const Ends ends = tokenEnds(*tokenizer, ids, decoded.size());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    QCOMPARE(ends.size(), ids.size());
    QCOMPARE(std::size_t(ends.back()), decoded.size());
    QVERIFY2(taken.count() < 2, qPrintable(QString::number(taken.count())));
}

QTEST_APPLESS_MAIN(TestSampledTrace)
#include "tst_sampled_trace.moc"
