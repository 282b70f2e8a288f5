// Tokens of a trace, their lanes with scales and roll-ups, and finding text.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/traces/text_search.h"
#include "core/traces/token_table.h"
#include "core/util/random.h"

using namespace retort;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

/// One token for each of `texts`.
Trace traceOf(const std::vector<std::string>& texts) {
    Trace trace;
    for (const std::string& text : texts) {
        trace.completion += text;
        trace.tokens.ends.push_back(static_cast<std::int32_t>(trace.completion.size()));
        trace.tokens.ids.push_back(static_cast<std::int32_t>(trace.tokens.ids.size()));
    }
    return trace;
}

std::string units(const std::vector<std::string>& texts, RollUp unit) {
    const Trace trace = traceOf(texts);
    std::string text;
    for (const std::int32_t one : unitsOf(TokenTable(trace), TraceDocument(trace), unit))
        text += std::to_string(one);
    return text;
}

QString hitsOf(const std::string& text, const std::string& needle, bool matters = false) {
    QStringList parts;
    for (const auto& [begin, end] : findAll(text, needle, matters).ranges)
        parts << QStringLiteral("%1-%2").arg(begin).arg(end);
    return parts.join(QLatin1Char(' '));
}

}  // namespace

class TestTokenTable : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void lanesAndValues() {
        Trace trace = traceOf({"ab", "c", "", "d"});
        trace.tokens.logprobs = {-1, -2, missing, -infinite};
        trace.tokens.refLogprobs = {-1.5f, -1, 0, 0};
        trace.tokens.ratios = {1, 2, 0.5f, 0};
        trace.tokens.clipped = {0, 1, -1, 0};
        trace.tokens.entropies = {1, 2};  // a wrong number of them: not recorded
        const TokenTable table(trace);
        QCOMPARE(table.lanes(), (std::vector<TokenLane>{TokenLane::Surprise, TokenLane::ReferenceKl,
                                                        TokenLane::LogRatio, TokenLane::Clipped}));
        QCOMPARE(table.value(TokenLane::Surprise, 1), 2.0);
        QVERIFY(std::isnan(table.value(TokenLane::Surprise, 2)));
        QVERIFY(std::isnan(table.value(TokenLane::Surprise, 3)));
        QVERIFY(std::isnan(table.value(TokenLane::Surprise, 99)));
        QCOMPARE(table.value(TokenLane::ReferenceKl, 0), 0.5);
        QCOMPARE(table.value(TokenLane::ReferenceKl, 1), -1.0);
        QVERIFY(std::abs(table.value(TokenLane::LogRatio, 1) - std::log(2.0)) < 1e-7);
        QVERIFY(std::isnan(table.value(TokenLane::LogRatio, 3)));
        QCOMPARE(table.tokenAt(0), 0);
        QCOMPARE(table.tokenAt(2), 1);
        QCOMPARE(table.tokenAt(3), 3);  // the one without text holds no byte
        QCOMPARE(table.tokenAt(4), -1);
        QCOMPARE(table.tokenAt(-1), -1);
        QCOMPARE(table.tokensIn(1, 3), (std::pair<std::size_t, std::size_t>(0, 2)));
        QCOMPARE(table.tokensIn(2, 2), (std::pair<std::size_t, std::size_t>(1, 1)));
    }

    void hostileEnds() {
        Trace trace;
        trace.completion = "abcdef";
        trace.tokens.ends = {500, -3, 2, 1, 90};
        const TokenTable table(trace);
        std::int64_t at = 0;
        for (std::size_t i = 0; i < table.size(); ++i) {
            QCOMPARE(table.begin(i), at);
            QVERIFY(table.end(i) >= at && table.end(i) <= 6);
            at = table.end(i);
        }
        QVERIFY(table.lanes().empty());
        QVERIFY(table.alternatives(0).empty());
    }

    void alternatives() {
        Trace trace = traceOf({"a", "b"});
        trace.tokens.ids = {3, 9};
        trace.tokens.topCount = 2;
        trace.tokens.topIds = {3, 4, 4, 3};
        trace.tokens.topLogprobs = {-0.1f, -2.5f, -0.7f, -0.8f};
        trace.tokens.topTexts = {{3, "a"}, {4, " x"}};
        const TokenTable table(trace);
        const auto list = table.alternatives(0);
        QCOMPARE(list.size(), std::size_t(2));
        QVERIFY(list[0].sampled && !list[1].sampled);
        QCOMPARE(list[1].text, std::string(" x"));
        QCOMPARE(table.rank(0), std::optional(1));
        QVERIFY(!table.rank(1));
        trace.tokens.topIds.pop_back();
        QVERIFY(TokenTable(trace).alternatives(0).empty());
    }

    void scales() {
        std::vector<float> values;
        for (int i = 0; i <= 1000; ++i) values.push_back(float(i) / 100);
        values.push_back(missing);
        values.push_back(infinite);
        const LaneScale plain = laneScale(TokenLane::Surprise, values);
        QVERIFY(plain.low == 0 && std::abs(plain.high - 9.9) < 1e-6);
        QVERIFY(std::abs(plain.share(4.95) - 0.5) < 1e-6);
        const LaneScale value = laneScale(TokenLane::Value, values);
        QVERIFY(std::abs(value.low - 0.1) < 1e-6 && std::abs(value.high - 9.9) < 1e-6);
        QCOMPARE(plain.share(100), 1.0);
        QCOMPARE(plain.share(missing), 0.0);
        const LaneScale score = laneScale(TokenLane::Score, {0.0f, 1.0f});
        QVERIFY(score.inverted);
        QCOMPARE(score.share(0), 1.0);  // a low score is what to look at
        const LaneScale two = laneScale(TokenLane::Advantage, {-3, 1, 1, 1});
        QVERIFY(two.diverging);
        QCOMPARE(two.high, 3.0);
        QCOMPARE(two.low, -3.0);
        QCOMPARE(two.share(0), 0.0);  // paper
        QCOMPARE(two.share(-1.5), -0.5);
        // A trace without a doubt shall not look doubtful.
        QVERIFY(laneScale(TokenLane::Entropy, {1e-4f, 2e-4f}).share(2e-4) < 0.01);
        QCOMPARE(laneScale(TokenLane::Entropy, {}), laneScale(TokenLane::Entropy, {missing}));
    }

    void unitsOfTokens() {
        const std::vector<std::string> text{"It", " is",  " fi", "ve", ".",  " No",
                                            ",",  " six", ".\n", "\n", "So", " be"};
        QCOMPARE(units(text, RollUp::Token), std::string("01234567891011"));
        QCOMPARE(units(text, RollUp::Word), std::string("012223344456"));
        QCOMPARE(units(text, RollUp::Sentence), std::string("000001111122"));
        QCOMPARE(units(text, RollUp::Step), std::string("000000000011"));  // the paragraphs
        QCOMPARE(units({}, RollUp::Word), std::string());
    }

    void rollUps() {
        const std::vector<std::int32_t> of{0, 0, 1, 1, 1, 2};
        const std::vector<float> values{1, 3, -4, 2, missing, missing};
        const auto mean = rolledUp(values, of, false);
        QCOMPARE(mean[0], 2.0f);
        QCOMPARE(mean[1], 2.0f);
        QCOMPARE(mean[4], -1.0f);
        QVERIFY(std::isnan(mean[5]));
        const auto far = rolledUp(values, of, true);
        QCOMPARE(far[0], 3.0f);
        QCOMPARE(far[3], -4.0f);
        QCOMPARE(rolledUp(values, of, true, true)[0], 1.0f);
    }

    void finding_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("needle");
        QTest::addColumn<bool>("matters");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << "abc"
                                 << "" << false << "";
        QTest::newRow("empty text") << ""
                                    << "a" << false << "";
        QTest::newRow("several") << "abcABC"
                                 << "bc" << false << "1-3 4-6";
        QTest::newRow("case matters") << "abcABC"
                                      << "bc" << true << "1-3";
        QTest::newRow("not overlapping") << "aaaa"
                                         << "aa" << false << "0-2 2-4";
        QTest::newRow("beyond ASCII") << "ÄÖÜ äöü"
                                      << "äö" << false << "0-4 7-11";
        QTest::newRow("other widths") << "Ⱥx"
                                      << "ⱥX" << false << "0-3";  // 2 bytes fold to 3
        QTest::newRow("restart inside") << "aab"
                                        << "ab" << false << "1-3";
        QTest::newRow("at the end") << "xy"
                                    << "yz" << false << "";
    }
    void finding() {
        QFETCH(QString, text);
        QFETCH(QString, needle);
        QFETCH(bool, matters);
        QTEST(hitsOf(text.toStdString(), needle.toStdString(), matters), "expected");
    }

    void findingStops() {
        const std::string text(10'000, 'a');
        const TextHits some = findAll(text, "a", false, 100);
        QCOMPARE(some.ranges.size(), std::size_t(100));
        QVERIFY(!some.complete);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!findAll(std::string(5'000'000, 'b'), "a", false, 10, stop.get_token()).complete);
    }

    // Against comparing at every place.
    void findingIsBruteForce() {
        Random random(3);
        const auto lower = [](std::string s) {
            for (char& c : s) c = static_cast<char>(std::tolower(c));
            return s;
        };
        for (int round = 0; round < 300; ++round) {
            std::string text, needle;
            for (int i = random.integer(0, 60); i > 0; --i) text += "abAB\xc3"[random.integer(0, 3)];
            for (int i = random.integer(1, 4); i > 0; --i) needle += "abAB"[random.integer(0, 3)];
            QString expected;
            for (std::size_t i = 0; i + needle.size() <= text.size(); ++i) {
                if (lower(text.substr(i, needle.size())) != lower(needle)) continue;
                expected += QStringLiteral("%1%2-%3")
                                .arg(expected.isEmpty() ? "" : " ")
                                .arg(i)
                                .arg(i + needle.size());
                i += needle.size() - 1;
            }
            QCOMPARE(hitsOf(text, needle), expected);
        }
    }
};

QTEST_GUILESS_MAIN(TestTokenTable)
#include "tst_token_table.moc"
