// What counts as garbage in a completion, by hand-made texts.
#include <QtTest>
#include <chrono>

#include "core/util/error.h"
#include "training/objectives/garbage.h"
#include "training/objectives/rewards.h"

using namespace retort;

class TestGarbage : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void share_data();
    void share();
    void penaltyBeginsAboveTheShare();
    void termSeesThePrompt();
    void badShareIsRefused();
    void everyByteIsBounded();
};

void TestGarbage::share_data() {
    QTest::addColumn<QByteArray>("prompt");
    QTest::addColumn<QByteArray>("completion");
    QTest::addColumn<int>("garbage");  // characters
    QTest::addColumn<int>("all");
    const auto row = [](const char* name, const QByteArray& prompt, const QByteArray& completion, int garbage,
                        int all) { QTest::newRow(name) << prompt << completion << garbage << all; };
    row("nothing", "1+2=", "", 0, 0);
    row("an answer", "1+2=", "<1+2=3;>3", 0, 9);
    row("newline and tab", "1+2=", "1\n\t2", 0, 4);
    row("control characters", "1+2=", QByteArray("1\r\x07\0\x7f", 5), 4, 5);
    row("control characters beyond ASCII", "1+2=", "1\xc2\x85", 1, 2);
    row("Latin with accents", "wie viele?", "fünf Äpfel, señor", 0, 17);
    row("full-width and superscript digits", "1+2=", "３²", 0, 2);
    row("signs", "1+2=", "≤ → ∑ √ × · € “x” … 😀", 0, 21);
    row("replacement character", "1+2=", "3\xef\xbf\xbd", 1, 2);
    row("a byte that is none", "1+2=", "3\xff", 1, 2);
    row("a cut character", "1+2=", "3\xe4\xb8", 1, 2);
    row("two cut characters", "1+2=", "\xe4\xb8\xf0\x9f\x98", 2, 2);
    row("private use", "1+2=", "3\xee\x80\x80", 1, 2);
    row("unassigned", "1+2=", "3\xcd\xb8", 1, 2);               // U+0378
    row("noncharacter", "1+2=", "3\xef\xbf\xbe", 1, 2);         // U+FFFE
    row("younger letters", "1+2=", "3\xf0\xae\xaf\xb0", 1, 2);  // U+2EBF0, Han since Unicode 15.1
    row("Cyrillic", "1+2=", "три 3", 3, 5);
    row("Cyrillic where it is asked in it", "сколько будет 1+2?", "три 3", 0, 5);
    row("another script than the prompt's", "сколько будет 1+2?", "三 3", 1, 3);
    row("Han", "1+2=", "答案是3", 3, 4);
    row("Han to Hiragana", "いくつですか", "答えは3", 0, 4);
    row("Hiragana to Han", "一加二等于几", "さん", 0, 2);
    row("Hangul to Han", "一加二等于几", "삼", 1, 1);
    row("Greek symbols", "the circle's area?", "πr² and 2πr, α+β", 0, 16);
    row("Greek words", "the area?", "και π", 3, 5);
    row("Arabic", "how many?", "ثلاثة", 5, 5);
    row("marks are no letters", "how many?", "e\xcc\x81", 0, 2);
}

void TestGarbage::share() {
    QFETCH(QByteArray, prompt);
    QFETCH(QByteArray, completion);
    QFETCH(int, garbage);
    QFETCH(int, all);
    const double expected = all == 0 ? 0 : double(garbage) / all;
    QCOMPARE(garbageShare(prompt.toStdString(), completion.toStdString()), expected);
}

void TestGarbage::penaltyBeginsAboveTheShare() {
    QCOMPARE(garbagePenalty("1=", "1234", 0), 0.0);
    QCOMPARE(garbagePenalty("1=", "123\x01", 0), -1.0);
    QCOMPARE(garbagePenalty("1=", "123\x01", 0.25), 0.0);
    QCOMPARE(garbagePenalty("1=", "12\x01\x01", 0.25), -1.0);
    QCOMPARE(garbagePenalty("1=", "\x01", 1), 0.0);
    QCOMPARE(garbagePenalty("1=", "", 0), 0.0);
}

void TestGarbage::termSeesThePrompt() {
    const RewardComposer composer({{"garbage", 2, Json{{"max_share", 0.1}}}});
    const Verdict verdict;
    std::vector<RewardInput> group(3);
    for (RewardInput& input : group) input.verdict = &verdict;
    group[0].text = group[1].text = "три";
    group[0].prompt = "1+2=";
    group[1].prompt = "один и два";
    group[2].text = "3";
    group[2].prompt = "1+2=";
    const auto rewards = composer(group, 1);
    QCOMPARE(rewards[0].terms[0], -1.0);
    QCOMPARE(rewards[0].total, -2.0);
    QCOMPARE(rewards[1].total, 0.0);
    QCOMPARE(rewards[2].total, 0.0);
}

void TestGarbage::badShareIsRefused() {
    for (const double share : {-0.1, 1.1})
        QVERIFY_EXCEPTION_THROWN(RewardComposer({{"garbage", 1, Json{{"max_share", share}}}}), Error);
}

// Neither a text of all characters there are nor one of random bytes takes long or throws.
void TestGarbage::everyByteIsBounded() {
    std::string all, bytes;
    for (char32_t c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97)
        if (c < 0xd800 || c > 0xdfff) all += QString::fromUcs4(&c, 1).toStdString();
    for (unsigned i = 0; i < 100'000; ++i) bytes += char(i * 2654435761u >> 24);
    const auto begin = std::chrono::steady_clock::now();
    for (int again = 0; again < 2; ++again)
        for (const std::string& text : {all, bytes}) {
            const double share = garbageShare("1+2=", text);
            QVERIFY(share > 0 && share < 1);
        }
    QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

QTEST_APPLESS_MAIN(TestGarbage)
#include "tst_garbage.moc"
