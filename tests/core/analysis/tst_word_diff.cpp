// Differences of texts and steps: against the longest common subsequence by dynamic programming, and by hand.
#include <QTest>
#include <algorithm>

#include "core/analysis/word_diff.h"
#include "core/util/random.h"

using namespace retort;

namespace {

std::size_t longestCommon(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
    std::vector<std::vector<std::size_t>> best(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j)
            best[i][j] =
                a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : std::max(best[i - 1][j], best[i][j - 1]);
    return best[a.size()][b.size()];
}

/// "a[b|c]d": what is only in the first before the bar, what is only in the second behind it.
QByteArray shown(std::string_view a, std::string_view b) {
    QByteArray text;
    for (const DiffHunk& hunk : diffWords(a, b)) {
        const QByteArray left(a.data() + hunk.beginA, qsizetype(hunk.endA - hunk.beginA));
        const QByteArray right(b.data() + hunk.beginB, qsizetype(hunk.endB - hunk.beginB));
        text += hunk.same ? left : "[" + left + "|" + right + "]";
    }
    return text;
}

}  // namespace

class TestWordDiff : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void words_data() {
        QTest::addColumn<QByteArray>("a");
        QTest::addColumn<QByteArray>("b");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const char* a, const char* b, const char* expected) {
            QTest::newRow(name) << QByteArray(a) << QByteArray(b) << QByteArray(expected);
        };
        row("equal", "so it is", "so it is", "so it is");
        row("empty", "", "", "");
        row("all new", "", "new words", "[|new words]");
        row("one word", "the sum is 12.", "the sum is 13.", "the sum is [12|13].");
        row("a word more", "we add one", "we then add one", "we [|then ]add one");
        row("steps", "<2+4=6;1+3=4;>46", "<2+4=6;1+3=5;>56", "<2+4=6;1+3=[4|5];>[46|56]");
        row("letters beyond ASCII", "größer als", "größe als", "[größer|größe] als");
        row("no UTF-8", "a\xff z", "a\xfe z", "a[\xff|\xfe] z");
    }
    void words() {
        QFETCH(QByteArray, a);
        QFETCH(QByteArray, b);
        QFETCH(QByteArray, expected);
        QCOMPARE(shown(a.toStdString(), b.toStdString()), expected);
    }

    void piecesAreTheText() {
        const std::string text = "Wait, x_1 = 3.5\n\t— nicht 4! \xc3";
        std::string joined;
        for (const std::string_view piece : splitWords(text)) joined += piece;
        QCOMPARE(joined, text);
    }

    void theShortestWay() {
        Random random(4);
        for (int round = 0; round < 300; ++round) {
            std::string letters[2];
            for (auto& text : letters)
                for (auto n = random.integer(0, 24); n > 0; --n) text += char('a' + random.integer(0, 3));
            std::vector<std::string_view> pieces[2];
            for (int side = 0; side < 2; ++side)
                for (std::size_t i = 0; i < letters[side].size(); ++i)
                    pieces[side].push_back(std::string_view(letters[side]).substr(i, 1));
            std::size_t same = 0, atA = 0, atB = 0;
            bool before = false;
            for (const DiffHunk& hunk : diffSequences(pieces[0], pieces[1])) {
                QVERIFY(hunk.beginA == atA && hunk.beginB == atB);
                QVERIFY(atA + atB == 0 || hunk.same != before);
                if (hunk.same) {
                    QCOMPARE(hunk.endA - hunk.beginA, hunk.endB - hunk.beginB);
                    for (std::size_t i = 0; i < hunk.endA - hunk.beginA; ++i)
                        QVERIFY(pieces[0][hunk.beginA + i] == pieces[1][hunk.beginB + i]);
                    same += hunk.endA - hunk.beginA;
                }
                atA = hunk.endA;
                atB = hunk.endB;
                before = hunk.same;
            }
            QVERIFY(atA == pieces[0].size() && atB == pieces[1].size());
            QCOMPARE(same, longestCommon(pieces[0], pieces[1]));
        }
    }

    void strangersAreOneDifference() {
        std::string a, b;
        for (int i = 0; i < 6000; ++i) {
            a.append("a").append(std::to_string(i)).append(" ");
            b.append("b").append(std::to_string(i)).append("\t");
        }
        const auto hunks = diffWords(a.insert(0, "same ").append("end"), b.insert(0, "same ").append("end"));
        QCOMPARE(hunks.size(), 3u);
        QVERIFY(hunks[0].same && !hunks[1].same && hunks[2].same);
    }

    void stepsStandAgainstEachOther() {
        const std::vector<std::string_view> a = {"2+4=6", "1+3=4", "done"},
                                            b = {"2+4=6", "carry", "1+3=5", "done"};
        const std::vector<AlignedSteps> expected = {
            {0, 0, true}, {1, 1, false}, {-1, 2, false}, {2, 3, true}};
        QCOMPARE(alignSteps(a, b), expected);
        QVERIFY(alignSteps({}, {}).empty());
    }
};

QTEST_APPLESS_MAIN(TestWordDiff)
#include "tst_word_diff.moc"
