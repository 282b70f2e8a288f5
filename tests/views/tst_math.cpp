// Formulas: where they stand in a text, what is read and what stays source, boxes that are where they should
// be, and hostile input.
#include <QElapsedTimer>
#include <QImage>
#include <QPainter>
#include <QTest>

#include "core/util/random.h"
#include "views/traces/reader/row_layout.h"
#include "views/widgets/math/math_box.h"
#include "views/widgets/math/math_formula.h"
#include "views/widgets/math/math_spans.h"

using namespace retort;

namespace {

QFont fontOf(qreal size = 12) {
    return mathFont(QFont(QStringLiteral("DejaVu Sans"), static_cast<int>(size)));
}

MathBox boxOf(const char* tex, bool display = false) {
    const auto node = parseMath(QString::fromUtf8(tex));
    return node ? layOutMath(*node, fontOf(), display) : MathBox();
}

/// What is written, from left to right, with "/" for a lower and "^" for a higher place than the baseline.
QString written(const char* tex, bool display = false) {
    MathBox box = boxOf(tex, display);
    QStringList parts;
    for (const MathBox::Glyphs& one : box.glyphs)
        parts << (one.at.y() < -0.5  ? QStringLiteral("^")
                  : one.at.y() > 0.5 ? QStringLiteral("/")
                                     : QString()) +
                     one.text;
    return parts.join(QLatin1Char(' '));
}

/// Nothing is drawn outside of the box.
void checkInside(const MathBox& box, const char* tex) {
    for (const MathBox::Glyphs& one : box.glyphs) {
        const QRectF ink = QFontMetricsF(one.font).tightBoundingRect(one.text).translated(one.at);
        QVERIFY2(ink.left() >= -4 && ink.right() <= box.width + 4, tex);
        QVERIFY2(-ink.top() <= box.ascent + 3 && ink.bottom() <= box.descent + 3, tex);
    }
}

}  // namespace

class TestMath : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void spans_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << "no formula"
                              << "";
        QTest::newRow("inline") << "so $x^2$ is"
                                << "x^2";
        QTest::newRow("two") << "$a$ and $b$"
                             << "a b";
        QTest::newRow("display") << "$$a+b$$"
                                 << "[a+b]";
        QTest::newRow("parentheses") << "\\(a\\) \\[b\nc\\]"
                                     << "a [b\nc]";
        QTest::newRow("money") << "It costs $5 and then $10 more."
                               << "";
        QTest::newRow("money, a range") << "from $5-$10"
                                        << "";
        QTest::newRow("price beside a formula") << "$5 or $x$"
                                                << "x";
        QTest::newRow("escaped") << "\\$5 and \\$6 $a\\$b$"
                                 << "a\\$b";
        QTest::newRow("over lines") << "$a\nb$"
                                    << "";
        QTest::newRow("never closed") << "$$ a \\( b \\[ c"
                                      << "";
        QTest::newRow("boxed alone") << "It is \\boxed{\\frac{1}{2}}."
                                     << "\\boxed{\\frac{1}{2}}";
        QTest::newRow("boxed in a formula") << "$\\boxed{4}$"
                                            << "\\boxed{4}";
        QTest::newRow("boxed never closed") << "\\boxed{4"
                                            << "";
        QTest::newRow("environment") << "\\begin{align}a&=b\\\\c&=d\\end{align}"
                                     << "[\\begin{align}a&=b\\\\c&=d\\end{align}]";
        QTest::newRow("line break with a distance") << "a \\\\[2pt] b"
                                                    << "";
        QTest::newRow("empty") << "$$$$ \\(\\)"
                               << "";
    }
    void spans() {
        QFETCH(QString, text);
        const std::string bytes = text.toStdString();
        QStringList parts;
        std::int64_t at = 0;
        for (const MathSpan& span : findMath(bytes)) {
            QVERIFY(span.begin >= at && span.texBegin >= span.begin && span.texEnd <= span.end);
            at = span.end;
            const QString tex =
                QString::fromStdString(bytes.substr(static_cast<std::size_t>(span.texBegin),
                                                    static_cast<std::size_t>(span.texEnd - span.texBegin)));
            parts << (span.display ? QStringLiteral("[%1]").arg(tex) : tex);
        }
        QTEST(parts.join(QLatin1Char(' ')), "expected");
    }

    void reads_data() {
        QTest::addColumn<QByteArray>("tex");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* tex, const char* expected) {
            QTest::newRow(tex) << QByteArray(tex) << QString::fromUtf8(expected);
        };
        row("a+b", "a + b");
        row("x^2", "x ^2");
        row("x_1^{n+1}", "x ^n ^+ ^1 /1");
        row("f''(x)", "f ^′ ^′ ( x )");
        row("\\frac{a}{b}", "^a /b");
        row("\\frac12", "^1 /2");
        row("\\sqrt{2}", "2");
        row("\\sqrt[3]{2}", "^3 2");
        row("\\alpha\\leq\\beta", "α ≤ β");
        row("\\text{if } x \\in \\mathbb{R}", "if  x ∈ ℝ");
        row("\\left(\\frac{a}{b}\\right)", "^a /b");
        row("\\boxed{42}", "4 2");
        row("\\{1,2\\}", "{ 1 , 2 }");
        row("a \\not= b", "a ≠ b");
        row("\\operatorname{lcm}(a)", "lcm ( a )");
        row("\\sin x", "sin x");
        row("50\\%", "5 0 %");
        row("\\overline{AB}", "A B");
        row("\\pmod{7}", "(mod  7 )");
        row("%c\nx", "x");
        row("", "");
    }
    void reads() {
        QFETCH(QByteArray, tex);
        QVERIFY(parseMath(QString::fromUtf8(tex)));
        QTEST(written(tex.constData()), "expected");
        checkInside(boxOf(tex.constData()), tex.constData());
    }

    void refuses_data() {
        QTest::addColumn<QString>("tex");
        for (const char* tex : {"\\unknowncommand",
                                "\\frac{a}",
                                "\\frac",
                                "{a",
                                "a}",
                                "a^",
                                "x^1^2",
                                "x_1_2",
                                "\\left( a",
                                "\\left( a \\right",
                                "\\left< a \\right q",
                                "\\right)",
                                "\\begin{matrix} a",
                                "\\begin{tikzpicture}\\end{tikzpicture}",
                                "\\begin{matrix}a\\end{pmatrix}",
                                "a & b",
                                "\\sqrt[3",
                                "\\text{a",
                                "\\text{$x$}",
                                "\\",
                                "a $ b",
                                "\\def\\x{y}",
                                "\\not x",
                                "\\begin{array}{@{}l}a\\end{array}"})
            QTest::newRow(tex) << QString::fromUtf8(tex);
    }
    void refuses() {
        QFETCH(QString, tex);
        QVERIFY(!parseMath(tex));
        QVERIFY(!MathFormula::make(tex, false, fontOf()));
    }

    // --- places ---

    void fractionsStackOnTheAxis() {
        const MathBox box = boxOf("\\frac{a}{b}", true);
        QCOMPARE(box.glyphs.size(), std::size_t(2));
        QCOMPARE(box.strokes.size(), std::size_t(1));
        const qreal bar = box.strokes[0].path.boundingRect().center().y();
        QVERIFY(box.glyphs[0].at.y() < bar && box.glyphs[1].at.y() > bar);
        QVERIFY(box.ascent > 0 && box.descent > 0);
        QVERIFY(boxOf("\\binom{a}{b}").strokes.size() < 3);
        QCOMPARE(boxOf("\\frac{1}{1+\\frac{1}{x}}").strokes.size(), std::size_t(2));
    }

    void scriptsAreSmallerAndApart() {
        const MathBox box = boxOf("x_{a}^{b}");
        QCOMPARE(box.glyphs.size(), std::size_t(3));
        const auto& base = box.glyphs[0];
        const auto& upper = box.glyphs[1];
        const auto& lower = box.glyphs[2];
        QVERIFY(upper.font.pointSizeF() < base.font.pointSizeF());
        QVERIFY(upper.at.y() < base.at.y() && lower.at.y() > base.at.y());
        QVERIFY(upper.at.x() > base.at.x() && lower.at.x() > base.at.x());
        const MathBox deep = boxOf("x^{x^{x^{x^{x}}}}");
        QVERIFY(deep.glyphs.back().font.pointSizeF() >= 4);  // still to be read
    }

    void limitsStandAboveOnlyWhenDisplayed() {
        const MathBox shown = boxOf("\\sum_{i=1}^{n} i", true), inLine = boxOf("\\sum_{i=1}^{n} i", false);
        QVERIFY(shown.ascent + shown.descent > inLine.ascent + inLine.descent);
        QVERIFY(shown.width < inLine.width + 20);
    }

    void fencesGrow() {
        const MathBox small = boxOf("\\left(a\\right)"),
                      large = boxOf("\\left(\\frac{a}{\\frac{b}{c}}\\right)", true);
        QVERIFY(large.ascent > small.ascent && large.descent > small.descent);
        QVERIFY(large.strokes.size() >= 4);  // two bars, two drawn parentheses
        const MathBox matrix = boxOf("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}");
        QCOMPARE(matrix.glyphs.size(), std::size_t(4));
        QVERIFY(matrix.glyphs[0].at.y() < matrix.glyphs[2].at.y());
        QCOMPARE(matrix.glyphs[0].at.y(), matrix.glyphs[1].at.y());
        QVERIFY(matrix.glyphs[1].at.x() > matrix.glyphs[0].at.x());
        QCOMPARE(boxOf("\\begin{cases}a&b\\\\c\\end{cases}").glyphs.size(), std::size_t(3));
    }

    void alignedAlignsAtTheSign() {
        const MathBox box = boxOf("\\begin{aligned}a&=b\\\\ccc&=d\\end{aligned}", true);
        QList<qreal> signs;
        for (const auto& one : box.glyphs)
            if (one.text == QLatin1String("=")) signs << one.at.x();
        QCOMPARE(signs.size(), 2);
        QVERIFY(std::abs(signs[0] - signs[1]) < 0.01);
    }

    void signsInFrontAreNoOperations() {
        QVERIFY(boxOf("-a").width < boxOf("b-a").width - boxOf("b").width);
        QCOMPARE(boxOf("(-a)").width - boxOf("-a").width, boxOf("(a)").width - boxOf("a").width);
    }

    void isDrawn() {
        for (const char* tex : {"\\frac{-b\\pm\\sqrt{b^2-4ac}}{2a}", "\\int_0^\\infty e^{-x^2}\\,dx",
                                "\\boxed{x=\\left\\{\\begin{matrix}1\\\\2\\end{matrix}\\right.}",
                                "\\vec{a}\\cdot\\hat{b}", "\\underline{x}+\\overline{y}",
                                "\\left\\lfloor\\frac{x}{2}\\right\\rfloor\\left\\|y\\right\\|"}) {
            const auto formula = MathFormula::make(QString::fromUtf8(tex), true, fontOf(20));
            QVERIFY2(formula, tex);
            constexpr int pad = 6;
            QImage image(static_cast<int>(formula->width()) + 2 * pad,
                         static_cast<int>(formula->height()) + 2 * pad, QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            formula->paint(&painter, QPointF(pad, pad + formula->ascent()), Qt::black);
            painter.end();
            int dark = 0, atTheEdge = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x) {
                    const bool ink = qGray(image.pixel(x, y)) < 128;
                    dark += ink;
                    atTheEdge +=
                        ink && (x == 0 || y == 0 || x == image.width() - 1 || y == image.height() - 1);
                }
            QVERIFY2(dark > 50, tex);
            QCOMPARE(atTheEdge, 0);
        }
    }

    // --- in a row of text ---

    void formulasStandInLines() {
        const std::string text =
            "Then $\\frac{\\frac{a}{b}}{c}$ and $\\unknown$ and \\boxed{7}. More words behind it.";
        RowStyle style;
        style.font = QFont(QStringLiteral("DejaVu Sans Mono"), 10);
        style.width = 2000;
        const RowLayout source(text, {0, static_cast<std::int64_t>(text.size())}, style);
        style.math = true;
        const RowLayout set(text, {0, static_cast<std::int64_t>(text.size())}, style);
        QCOMPARE(source.formulas(), 0);
        QCOMPARE(set.formulas(), 2);  // the broken one is source
        QVERIFY(set.shown().text.contains(QStringLiteral("$\\unknown$")));
        QVERIFY(set.height() > source.height());  // the line is as high as its fraction
        const auto begin = static_cast<std::int64_t>(text.find('$'));
        const auto rects = set.rectsOf(begin, begin + 5);
        QCOMPARE(rects.size(), std::size_t(1));
        const auto formula =
            MathFormula::make(QStringLiteral("\\frac{\\frac{a}{b}}{c}"), false, mathFont(style.font));
        QVERIFY(std::abs(rects[0].width() - formula->width()) < 2);
        QCOMPARE(set.characterAt(rects[0].center()), begin);
        const auto behind = static_cast<std::int64_t>(text.find(" and"));
        QVERIFY(set.caretAt(behind).left() >= rects[0].right() - 1);
        QCOMPARE(set.shown().bytes.back(), static_cast<int>(text.size()));
    }

    void displayedFormulasHaveLines() {
        const std::string text = "So $$a=b$$ holds";
        RowStyle style;
        style.font = QFont(QStringLiteral("DejaVu Sans Mono"), 10);
        style.width = 2000;
        style.math = true;
        const RowLayout row(text, {0, static_cast<std::int64_t>(text.size())}, style);
        QCOMPARE(row.formulas(), 1);
        QVERIFY(row.caretAt(3).top() < row.caretAt(12).top());
        // A formula far too wide stays source.
        std::string wide = "$";
        for (int i = 0; i < 300; ++i) wide += "a+";
        wide += "a$";
        style.width = 300;
        QCOMPARE(RowLayout(wide, {0, static_cast<std::int64_t>(wide.size())}, style).formulas(), 0);
    }

    // --- hostile ---

    void nestingIsBounded() {
        QString deep, braces;
        for (int i = 0; i < 5000; ++i) {
            deep += QStringLiteral("\\sqrt{");
            braces += QLatin1Char('{');
        }
        QVERIFY(!parseMath(deep.left(7000)));
        QVERIFY(!parseMath(braces));
        QVERIFY(!parseMath(braces + QString(5000, QLatin1Char('}'))));
        QString shallow = QStringLiteral("x");
        for (int i = 0; i < 8; ++i) shallow = QStringLiteral("\\frac{%1}{2}").arg(shallow);
        QVERIFY(parseMath(shallow));
        QString wide;
        for (int i = 0; i < 3500; ++i) wide += QStringLiteral("a ");
        QVERIFY(!parseMath(wide));
    }

    void aMegabyteIsSource() {
        const std::string text = "$" + std::string(1'000'000, 'x') + "$";
        QVERIFY(findMath(text).empty());
        QVERIFY(!parseMath(QString(1'000'000, QLatin1Char('x'))));
        std::string dollars;
        for (int i = 0; i < 300'000; ++i) dollars += "\\(\\[$";
        QElapsedTimer timer;
        timer.start();
        findMath(dollars);
        findMath(std::string(1'000'000, '$'));
        QVERIFY2(timer.elapsed() < 20'000, "it must not be quadratic");  // a hang, not a speed
    }

    // Random commands and braces: read or refused, never more.
    void anyTokens() {
        Random random(4);
        const char* const pieces[] = {"\\frac",
                                      "{",
                                      "}",
                                      "^",
                                      "_",
                                      "x",
                                      "\\sqrt",
                                      "[",
                                      "]",
                                      "\\left",
                                      "\\right",
                                      "(",
                                      ")",
                                      "&",
                                      "\\\\",
                                      "\\begin{matrix}",
                                      "\\end{matrix}",
                                      "\\alpha",
                                      "\\sum",
                                      "\\text",
                                      "\\boxed",
                                      "\\hat",
                                      "$",
                                      " ",
                                      "%",
                                      "\\",
                                      "é",
                                      "𝔸",
                                      "\\not",
                                      "=",
                                      "\\limits",
                                      "'",
                                      "\\begin",
                                      "\\end",
                                      "\\overset",
                                      "\\big"};
        int read = 0;
        for (int round = 0; round < 6000; ++round) {
            QString tex;
            for (auto i = random.integer(0, 14); i > 0; --i)
                tex += QString::fromUtf8(pieces[random.integer(0, 35)]);
            const auto node = parseMath(tex);
            if (!node) continue;
            ++read;
            const MathBox box = layOutMath(*node, fontOf(), round % 2);
            QVERIFY2(std::isfinite(box.width) && std::isfinite(box.ascent) && std::isfinite(box.descent),
                     qPrintable(tex));
            QVERIFY2(box.width < 5000 && box.ascent < 5000 && box.descent < 5000, qPrintable(tex));
        }
        QVERIFY(read > 100);
    }
};

QTEST_MAIN(TestMath)
#include "tst_math.moc"
