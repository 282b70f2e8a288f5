// The reading view: rows and heights, bytes and characters, caret and selection, folds, lanes, marks, find,
// by real events; and hostile text.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <limits>

#include "core/util/random.h"
#include "views/actions.h"
#include "views/traces/reader/find_bar.h"
#include "views/traces/reader/inspector.h"
#include "views/traces/reader/minimap.h"
#include "views/traces/reader/reader_bar.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_view.h"

using namespace retort;

namespace {

Trace paragraphs(int count) {
    Trace trace;
    trace.prompt = "Add.";
    trace.completion = "<think>\n";
    for (int i = 0; i < count; ++i)
        trace.completion += "Step " + std::to_string(i) + " adds a number, and looks at it again.\n\n";
    trace.completion += "</think>\nThe answer is 7.";
    trace.gold = trace.extracted = "7";
    trace.correct = true;
    return trace;
}

Trace worked() {
    Trace trace;
    trace.completion = "<1+2=3;4+5=8;>83";
    trace.steps = {{1, 6, StepVerdict::Correct, ""}, {7, 12, StepVerdict::Wrong, "4+5 is 9"}};
    for (std::size_t i = 0; i < trace.completion.size(); ++i) {
        trace.tokens.ends.push_back(static_cast<std::int32_t>(i + 1));
        trace.tokens.logprobs.push_back(-0.1f * static_cast<float>(i));
        trace.tokens.advantages.push_back(i % 2 ? 1.f : -1.f);
    }
    return trace;
}

void show(TraceCanvas& canvas, Trace trace, const StepCutting& cutting = {}) {
    const auto shared = std::make_shared<const Trace>(std::move(trace));
    canvas.setTrace(shared, TraceDocument(*shared, cutting));
}

/// The tops of the rows that are shown, as the height index has them, follow each other.
void checkRows(const TraceCanvas& canvas) {
    std::int64_t at = 0;
    for (std::size_t i = 0; i < canvas.rows().size(); ++i) {
        QCOMPARE(canvas.heights().before(i), at);
        at += canvas.heights().height(i);
    }
    QCOMPARE(canvas.contentHeight(), at);
}

int colours(const QImage& image) {
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 2)
        for (int x = 0; x < image.width(); x += 2) seen << image.pixel(x, y);
    return static_cast<int>(seen.size());
}

}  // namespace

class TestTraceReader : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    // --- the parts ---

    void heightIndexIsBruteForce() {
        Random random(5);
        for (int round = 0; round < 50; ++round) {
            std::vector<std::int32_t> heights;
            for (auto i = random.integer(0, 70); i > 0; --i)
                heights.push_back(
                    random.integer(0, 2) == 0 ? 0 : static_cast<std::int32_t>(random.integer(1, 30)));
            HeightIndex index;
            index.reset(heights);
            for (int change = 0; change < 20 && !heights.empty(); ++change) {
                const auto at = static_cast<std::size_t>(
                    random.integer(0, static_cast<std::int64_t>(heights.size()) - 1));
                heights[at] = static_cast<std::int32_t>(random.integer(0, 40));
                index.set(at, heights[at]);
                std::int64_t place = 0;
                for (std::size_t row = 0; row < heights.size(); ++row) {
                    QCOMPARE(index.before(row), place);
                    for (std::int64_t y = place; y < place + heights[row]; ++y) QCOMPARE(index.rowAt(y), row);
                    place += heights[row];
                }
                QCOMPARE(index.total(), place);
                if (place > 0) QVERIFY(heights[index.rowAt(place + 100)] > 0);
            }
        }
    }

    void textAndBytes_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("ASCII") << QByteArray("a b") << "a b";
        QTest::newRow("line break") << QByteArray("a\nb") << QStringLiteral("a\u2028b");
        QTest::newRow("wide") << QByteArray("é∑𝔸.") << QStringLiteral("é∑𝔸.");
        QTest::newRow("broken") << QByteArray("a\xff\xe2\x88z") << QStringLiteral("a\ufffd\ufffd\ufffdz");
        QTest::newRow("control") << QByteArray("\x01\t\x7f\r", 4) << QStringLiteral("\u2401\t\u2421 ");
        QTest::newRow("zero") << QByteArray("a\0b", 3) << QStringLiteral("a\u2400b");
    }
    void textAndBytes() {
        QFETCH(QByteArray, bytes);
        const ShownText shown =
            shownText(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())));
        QTEST(shown.text, "text");
        QCOMPARE(static_cast<int>(shown.bytes.size()), static_cast<int>(shown.text.size()) + 1);
        QCOMPARE(shown.bytes.back(), static_cast<int>(bytes.size()));
    }

    // Any bytes: units and bytes go to and fro, and no offset is inside a character.
    void offsetsNeverSplitCharacters() {
        Random random(11);
        const char* const pieces[] = {"a",    " ",    "\n",   "é",        "∑",  "𝔸",
                                      "\xff", "\xe2", "\x88", "\xf0\x9f", "\0", "ﬁ"};
        for (int round = 0; round < 500; ++round) {
            std::string bytes;
            for (auto i = random.integer(0, 40); i > 0; --i) bytes += pieces[random.integer(0, 11)];
            const ShownText shown = shownText(bytes, round % 2);
            std::vector<bool> starts(bytes.size() + 1);
            for (const std::int32_t at : shown.bytes) starts[static_cast<std::size_t>(at)] = true;
            for (std::size_t i = 1; i < shown.bytes.size(); ++i)
                QVERIFY(shown.bytes[i - 1] <= shown.bytes[i]);
            for (std::int64_t at = 0; at <= static_cast<std::int64_t>(bytes.size()); ++at) {
                const std::int64_t start = characterStart(bytes, at);
                QVERIFY(start <= at && at - start < 4);
                QVERIFY(starts[static_cast<std::size_t>(start)]);
                const int unit = shown.unitAt(at);
                QVERIFY(shown.byteAt(unit) >= at);
                QVERIFY(unit == 0 || shown.byteAt(unit - 1) < at);
            }
        }
    }

    void rowsAreBounded() {
        for (const std::string& text : {std::string(100'000, 'x'), std::string(100'000, '\n'), [] {
                                            std::string wide;
                                            while (wide.size() < 100'000) wide += "∑";
                                            return wide;
                                        }()}) {
            Trace trace;
            trace.completion = text;
            const TraceDocument document(trace);
            std::int64_t at = 0;
            for (const ReaderRow& row : readerRows(document, text)) {
                if (row.kind != ReaderRow::Kind::Text) continue;
                QCOMPARE(row.begin, at);
                QVERIFY(row.end > row.begin && row.end - row.begin <= 2048);
                QCOMPARE(characterStart(text, row.end), row.end);
                at = row.end;
            }
            QCOMPARE(at, static_cast<std::int64_t>(text.size()));
        }
    }

    void caretsAndPlacesAgree() {
        const std::string text = "Some words that wrap, ∑ and é, 𝔸.\nA second line\n\nand a third.";
        RowStyle style;
        style.font = QFont(QStringLiteral("DejaVu Sans Mono"), 10);
        style.width = 90;
        const RowLayout layout(text, {0, static_cast<std::int64_t>(text.size())}, style);
        for (std::int64_t at = 0; at < static_cast<std::int64_t>(text.size()); ++at) {
            if (characterStart(text, at) != at) continue;
            const QRectF caret = layout.caretAt(at);
            QVERIFY(caret.bottom() <= layout.height() + 1);
            const auto rects = layout.rectsOf(at, at + 1);
            if (rects.empty()) continue;  // a line break, or a space at the end of a line
            QCOMPARE(layout.characterAt(rects[0].center()), at);
        }
        QCOMPARE(layout.characterAt(QPointF(5000, 3)), -1);
    }

    // --- the canvas ---

    void rowsAndHeads() {
        TraceCanvas canvas;
        canvas.resize(600, 400);
        show(canvas, paragraphs(5));
        QCOMPARE(canvas.stepCount(), 6);
        QCOMPARE(canvas.rows().front().kind, ReaderRow::Kind::RegionHead);
        checkRows(canvas);
        show(canvas, {});  // nothing
        QVERIFY(!canvas.grab().isNull());
        QCOMPARE(canvas.contentHeight(), 0);
        QCOMPARE(canvas.currentStep(), -1);
        Trace bare;
        bare.completion = "42";
        show(canvas, bare);
        QCOMPARE(canvas.rows().size(), std::size_t(1));  // no head above a bare answer
    }

    void scrollingSeesEverything() {
        TraceCanvas canvas;
        canvas.resize(500, 300);
        canvas.show();
        show(canvas, paragraphs(400));
        QScrollBar* bar = canvas.verticalScrollBar();
        QVERIFY(bar->maximum() > 3000);
        // Going down and up in small moves never skips or repeats: what was at a place on the screen moves
        // with it.
        for (const int by : {37, -23, 90, -200, 55}) {
            for (int i = 0; i < 30; ++i) {
                const qint64 before = canvas.contentTop();
                const int row = static_cast<int>(canvas.heights().rowAt(before + 100));
                const qint64 y = canvas.heights().before(static_cast<std::size_t>(row)) - before;
                if (bar->value() + by <= 0 || bar->value() + by >= bar->maximum()) break;
                bar->setValue(bar->value() + by);
                const qint64 now =
                    canvas.heights().before(static_cast<std::size_t>(row)) - canvas.contentTop();
                QCOMPARE(now, y - by);
            }
        }
        bar->setValue(bar->maximum());
        QVERIFY(canvas.rectOfByte(static_cast<qint64>(canvas.trace().completion.size()) - 1).bottom() <=
                canvas.viewport()->height());
        QCOMPARE(canvas.contentTop() + canvas.viewport()->height(), canvas.contentHeight());
        bar->setValue(0);
        QCOMPARE(canvas.contentTop(), 0);
        checkRows(canvas);
    }

    void stepsAreGoneThrough() {
        TraceCanvas canvas;
        canvas.resize(500, 300);
        canvas.show();
        show(canvas, paragraphs(100));
        QSignalSpy moved(&canvas, &TraceCanvas::currentStepChanged);
        for (const int step : {0, 99, 50, 100, 3}) {
            canvas.setCurrentStep(step);
            QCOMPARE(canvas.currentStep(), step);
            const QRect place = canvas.rectOfByte(canvas.stepRange(step).first);
            QVERIFY(place.top() >= 0 && place.bottom() < canvas.viewport()->height());
        }
        QCOMPARE(moved.count(), 5);
        canvas.setCurrentStep(5000);
        QCOMPARE(canvas.currentStep(), 100);
        QVERIFY(canvas.stepText(3).startsWith(QStringLiteral("Step 3")));
        QVERIFY(canvas.accessibleDescription().contains(QStringLiteral("The answer is 7")));
        show(canvas, paragraphs(20));  // shorter: the last one
        QCOMPARE(canvas.currentStep(), 20);
    }

    void foldsAreKeptAndUnfolded() {
        TraceView view;
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setTrace(paragraphs(30), QStringLiteral("run"));
        TraceCanvas* canvas = view.canvas();
        canvas->setFocus();
        const qint64 whole = canvas->contentHeight();
        QTest::keyClick(canvas, Qt::Key_J);
        QTest::keyClick(canvas, Qt::Key_Z, Qt::ShiftModifier);
        QVERIFY(canvas->folds().regions[0]);
        QVERIFY(canvas->contentHeight() < whole / 3);
        view.setTrace(paragraphs(10), QStringLiteral("run"));
        QVERIFY(!canvas->folds().regions[0]);
        view.setTrace(paragraphs(30), QStringLiteral("run"));
        QVERIFY(canvas->folds().regions[0]);  // remembered
        // A hit in the folded part unfolds it.
        view.openSearch();
        auto* search = view.findBar()->findChild<QLineEdit*>();
        search->setText(QStringLiteral("step 17 "));
        QVERIFY(!canvas->folds().regions[0]);
        QVERIFY(canvas->rectOfByte(canvas->hits()[0].first).isValid());
        QTest::keyClick(search, Qt::Key_Escape);
        QVERIFY(canvas->hits().empty());
        canvas->toggleAllFolds();
        QVERIFY(canvas->folds().steps[3]);
        canvas->toggleAllFolds();
        QVERIFY(!canvas->folds().steps[3]);
        checkRows(*canvas);
    }

    void findCounts() {
        TraceView view;
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setTrace(paragraphs(17), {});
        view.canvas()->setFocus();
        QTest::keyClick(view.canvas(), Qt::Key_Slash);
        auto* search = view.findBar()->findChild<QLineEdit*>();
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClicks(search, QStringLiteral("ADDS"));
        QCOMPARE(view.canvas()->hits().size(), std::size_t(17));
        const auto count = [&] { return view.findBar()->findChild<QLabel*>()->text(); };
        QCOMPARE(count(), QStringLiteral("1 of 17"));
        QTest::keyClick(search, Qt::Key_Return);
        QCOMPARE(count(), QStringLiteral("2 of 17"));
        QTest::keyClick(search, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(search, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(count(), QStringLiteral("17 of 17"));
        view.findBar()->findChild<QToolButton*>()->click();  // case matters
        QCOMPARE(count(), QStringLiteral("not found"));
        QCOMPARE(search->text(), QStringLiteral("ADDS"));  // no letter was taken for a command
    }

    void selectionByMouseAndKeys() {
        TraceCanvas canvas;
        canvas.resize(600, 300);
        canvas.show();
        Trace trace;
        trace.completion = "Let ∑ be é.\nAnd more words.";
        show(canvas, trace);
        QSignalSpy selected(&canvas, &TraceCanvas::spanSelected);
        const auto at = [&](qint64 byte) { return canvas.rectOfByte(byte).center(); };
        QTest::mousePress(canvas.viewport(), Qt::LeftButton, {}, at(4));
        QTest::mouseMove(canvas.viewport(), at(11));
        QTest::mouseRelease(canvas.viewport(), Qt::LeftButton, {}, at(11));
        QCOMPARE(canvas.selectedText(), QStringLiteral("∑ be "));
        QCOMPARE(selected.last().at(0).toLongLong(), 4);
        QCOMPARE(selected.last().at(1).toLongLong(), 11);
        QTest::keyClick(&canvas, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(canvas.selectedText(), QStringLiteral("∑ be é"));
        QTest::keyClick(&canvas, Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(&canvas, Qt::Key_Left, Qt::ShiftModifier | Qt::ControlModifier);
        QCOMPARE(canvas.selectedText(), QStringLiteral("∑ "));
        QTest::keyClick(&canvas, Qt::Key_Down, Qt::ShiftModifier);
        QVERIFY(canvas.selectedText().contains(QStringLiteral("And")));
        QTest::keyClick(&canvas, Qt::Key_Escape);
        QVERIFY(canvas.selectedText().isEmpty());
        QTest::mouseDClick(canvas.viewport(), Qt::LeftButton, {}, at(21));
        QCOMPARE(canvas.selectedText(), QStringLiteral("more"));
        canvas.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("more"));
        QTest::keyClick(&canvas, Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&canvas, Qt::Key_Home, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(canvas.selection().first, 0);
    }

    void ratingsAreClicked() {
        TraceCanvas canvas;
        canvas.resize(600, 300);
        canvas.show();
        show(canvas, worked());
        QVERIFY(!canvas.ratingRect(1, -1).isValid());
        canvas.setRatingEnabled(true);
        QSignalSpy clicked(&canvas, &TraceCanvas::ratingClicked);
        for (const int rating : {-1, 0, 1})
            QTest::mouseClick(canvas.viewport(), Qt::LeftButton, {}, canvas.ratingRect(1, rating).center());
        QCOMPARE(clicked.count(), 3);
        QCOMPARE(clicked[0].at(0).toInt(), 1);
        QCOMPARE(clicked[0].at(1).toInt(), -1);
        QCOMPARE(clicked[2].at(1).toInt(), 1);
        QCOMPARE(canvas.currentStep(), 1);
        const int narrow = canvas.gutterWidth();
        StepJudgement said;
        said.begin = 7;
        said.end = 12;
        said.value = 0.2;
        StepJudgement carlo = said;
        carlo.rollouts = 8;
        canvas.setLanes({{LaneKind::Prm, "prm", {said}}, {LaneKind::MonteCarlo, "mc", {carlo}}});
        QVERIFY(canvas.gutterWidth() > narrow);
        QCOMPARE(canvas.facts()[1].prm, std::optional(0.2));
        QVERIFY(!canvas.grab().isNull());
    }

    void marksAreShownAndClicked() {
        TraceCanvas canvas;
        canvas.resize(600, 300);
        canvas.show();
        show(canvas, paragraphs(3));
        QSignalSpy clicked(&canvas, &TraceCanvas::markClicked);
        canvas.setMarks({{10, 20, QStringLiteral("✎"), QStringLiteral("a note")}});
        const QRect line = canvas.rectOfByte(10);
        QTest::mouseClick(canvas.viewport(), Qt::LeftButton, {},
                          QPoint(canvas.viewport()->width() - 8, line.center().y()));
        QCOMPARE(clicked.count(), 1);
    }

    // --- token lanes ---

    void lanesShade() {
        TraceCanvas canvas;
        canvas.resize(600, 200);
        canvas.show();
        show(canvas, worked());
        const int plain = colours(canvas.viewport()->grab().toImage());
        canvas.setTokenLane(TokenLane::Surprise);
        QCOMPARE(canvas.shares().size(), canvas.tokens().size());
        QVERIFY(canvas.shares().front() < canvas.shares().back());
        QVERIFY(colours(canvas.viewport()->grab().toImage()) > plain + 5);
        canvas.setTokenLane(TokenLane::Advantage);
        QVERIFY(canvas.laneScale().diverging);
        QVERIFY(canvas.shares()[0] < 0 && canvas.shares()[1] > 0);
        canvas.setRollUp(RollUp::Step, false);
        QVERIFY(std::abs(canvas.shares()[2]) < 0.5);  // the mean
        canvas.setTokenLane(TokenLane::Entropy);      // not recorded
        QVERIFY(canvas.shares().empty());
        QVERIFY(!canvas.grab().isNull());
    }

    void hostileTokens() {
        Trace trace = worked();
        trace.tokens.ends = {500, -3, 2, 1, 90};
        trace.tokens.logprobs = {std::numeric_limits<float>::quiet_NaN(), -1,
                                 -std::numeric_limits<float>::infinity(), 0, 0};
        TraceCanvas canvas;
        canvas.resize(200, 80);
        canvas.show();
        show(canvas, trace);
        canvas.setTokenLane(TokenLane::Surprise);
        QVERIFY(!canvas.grab().isNull());
        for (int i = -1; i < 7; ++i) canvas.describeToken(i);
        // Tokens that end inside characters.
        Trace wide;
        wide.completion = "∑é";
        wide.tokens.ends = {1, 2, 4, 5};
        wide.tokens.logprobs = {-1, -2, -3, -4};
        show(canvas, wide);
        QVERIFY(!canvas.grab().isNull());
        for (int i = 0; i < 4; ++i) canvas.describeToken(i);
        canvas.setFocus();
        for (int i = 0; i < 6; ++i) QTest::keyClick(&canvas, Qt::Key_Right);
        QCOMPARE(characterStart(wide.completion, canvas.selection().first), canvas.selection().first);
    }

    void inspectorTells() {
        TraceView view;
        view.resize(1000, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        Trace trace = worked();
        trace.gold = "83";
        trace.extracted = "83";
        trace.rewards = {{"correctness", 0.5}};
        trace.tokens.ids.assign(trace.tokens.ends.size(), 3);
        trace.tokens.topCount = 2;
        for (std::size_t i = 0; i < trace.tokens.ends.size(); ++i) {
            trace.tokens.topIds.insert(trace.tokens.topIds.end(), {5, 3});
            trace.tokens.topLogprobs.insert(trace.tokens.topLogprobs.end(), {-0.5f, -1.f});
        }
        trace.tokens.topTexts = {{5, "other"}, {3, "mine"}};
        view.setTrace(trace, QStringLiteral("run"));
        Inspector* inspector = view.inspector();
        const auto text = [](FactTable* table) {
            table->tree()->clearSelection();
            table->copy();
            return QGuiApplication::clipboard()->text();
        };
        inspector->setCurrentWidget(inspector->tokenTable());
        view.canvas()->select(8, 8);
        QVERIFY2(text(inspector->tokenTable()).contains(QStringLiteral("Place\t9 of 16")),
                 qPrintable(text(inspector->tokenTable())));
        QVERIFY(text(inspector->tokenTable()).contains(QStringLiteral("Rank of the sampled\t2")));
        QVERIFY(text(inspector->tokenTable()).contains(QStringLiteral("other\t0.6065")));
        inspector->setCurrentWidget(inspector->stepTable());
        view.canvas()->setCurrentStep(1);
        QVERIFY(text(inspector->stepTable()).contains(QStringLiteral("4+5 is 9")));
        inspector->setCurrentWidget(inspector->sampleTable());
        QVERIFY(text(inspector->sampleTable()).contains(QStringLiteral("correctness\t0.5000")));
        QTRY_VERIFY(text(inspector->sampleTable()).contains(QStringLiteral("Rule")));
        view.setBlind(true);
        QVERIFY(!text(inspector->sampleTable()).contains(QStringLiteral("Reference")));
        QVERIFY(!view.verdictText().contains(QStringLiteral("83")));
        QVERIFY(!text(inspector->sampleTable()).contains(QStringLiteral("correctness")));
        QCOMPARE(view.canvas()->document().firstWrong(), -1);  // the checker's word is hidden, too
        view.setBlind(false);
        QCOMPARE(view.canvas()->document().firstWrong(), 1);
        auto* tab = new QLabel(QStringLiteral("mine"));
        view.addInspectorTab(tab, QStringLiteral("Mine"));
        QCOMPARE(inspector->indexOf(tab), 3);
    }

    // --- cutting ---

    void rulesOfTheReader() {
        TraceView view;
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setTrace(paragraphs(4), {});
        QCOMPARE(view.canvas()->stepCount(), 5);
        auto* rule = view.bar()->findChild<QComboBox*>(QStringLiteral("traceStepRule"));
        auto* expression = view.bar()->findChild<QLineEdit*>(QStringLiteral("traceStepExpression"));
        QVERIFY(!expression->isVisible());
        rule->setCurrentIndex(rule->findData(int(StepRule::Expression)));
        QVERIFY(expression->isVisible());
        expression->setText(QStringLiteral("adds|looks"));
        QTRY_COMPARE(view.canvas()->stepCount(), 10);
        expression->setText(QStringLiteral("adds("));
        const auto problem = [&] {
            for (const QLabel* label : view.bar()->findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(QStringLiteral("regular expression")))
                    return true;
            return false;
        };
        QTRY_VERIFY(problem());
        QCOMPARE(view.canvas()->stepCount(), 5);  // as without a rule
        expression->setText(QStringLiteral("adds"));
        QTRY_VERIFY(!problem());
        QTRY_COMPARE(view.canvas()->stepCount(), 6);
        view.setTrace(paragraphs(2), {});  // holds for the next trace
        QTRY_COMPARE(view.canvas()->stepCount(), 4);
    }

    void ownThinkMarks() {
        TraceView view;
        view.resize(900, 500);
        Trace trace;
        trace.completion = "[[ab\n\ncd]]4";
        view.setTrace(trace, {});
        QCOMPARE(view.canvas()->document().regions().size(), std::size_t(1));
        auto* marks = view.bar()->findChild<QLineEdit*>(QStringLiteral("traceThinkMarks"));
        marks->setText(QStringLiteral("[[ ]]"));
        QTRY_COMPARE(view.canvas()->document().regions().size(), std::size_t(2));
        QCOMPARE(view.canvas()->stepText(1), QStringLiteral("cd"));
        marks->clear();
        QTRY_COMPARE(view.canvas()->document().regions().size(), std::size_t(1));
    }

    void nGoesThroughHits() {
        TraceView view;
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setTrace(paragraphs(5), {});
        view.openSearch();
        view.findBar()->findChild<QLineEdit*>()->setText(QStringLiteral("adds"));
        view.canvas()->setFocus();
        const auto count = [&] { return view.findBar()->findChild<QLabel*>()->text(); };
        QTest::keyClick(view.canvas(), Qt::Key_N);
        QCOMPARE(count(), QStringLiteral("2 of 5"));
        QTest::keyClick(view.canvas(), Qt::Key_N, Qt::ShiftModifier);
        QCOMPARE(count(), QStringLiteral("1 of 5"));
    }

    void formulasAreToggled() {
        TraceView view;
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        Trace trace;
        trace.completion = "It is $\\frac{\\frac{a}{b}}{\\frac{c}{d}}$ here.";
        view.setTrace(trace, {});
        view.canvas()->setFocus();
        const qint64 set = view.canvas()->contentHeight();
        QTest::keyClick(view.canvas(), Qt::Key_M);
        QVERIFY(view.canvas()->contentHeight() < set);
        QTest::keyClick(view.canvas(), Qt::Key_M);
        QCOMPARE(view.canvas()->contentHeight(), set);
        // Through the formula with the caret: it is one place.
        view.canvas()->select(6, 6);
        QTest::keyClick(view.canvas(), Qt::Key_End, Qt::ShiftModifier);
        QCOMPARE(view.canvas()->selectedText(), QString::fromStdString(trace.completion.substr(6)));
    }

    void firstErrorAndDisagreement() {
        TraceView view;
        view.resize(900, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setTrace(worked(), {});
        view.canvas()->setFocus();
        QTest::keyClick(view.canvas(), Qt::Key_F);
        QCOMPARE(view.canvas()->currentStep(), 1);
        StepJudgement said;
        said.begin = 1;
        said.end = 6;
        said.rating = -1;
        view.canvas()->setLanes({{LaneKind::Human, "ann", {said}}});
        QTest::keyClick(view.canvas(), Qt::Key_F);
        QCOMPARE(view.canvas()->currentStep(), 0);
        view.canvas()->setCurrentStep(2);
        QTest::keyClick(view.canvas(), Qt::Key_F, Qt::ShiftModifier);
        QCOMPARE(view.canvas()->currentStep(), 0);  // the checker says right, the person wrong
    }

    void commandsHaveDistinctKeys() {
        TraceView view;
        QStringList keys;
        for (const QAction* action : view.commands()) {
            QVERIFY(action->objectName().startsWith(QStringLiteral("traces.")));
            if (action->shortcut().isEmpty()) continue;
            QVERIFY2(!keys.contains(action->shortcut().toString()), qPrintable(action->objectName()));
            keys << action->shortcut().toString();
        }
        QVERIFY(keys.contains(QStringLiteral("Shift+Z")));
    }

    void minimapGoesThere() {
        TraceCanvas canvas;
        canvas.resize(500, 300);
        canvas.show();
        show(canvas, paragraphs(300));
        auto* map = canvas.findChild<Minimap*>();
        QVERIFY(map && map->height() > 100);
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(10, map->height() - 2));
        QVERIFY(canvas.contentTop() > canvas.contentHeight() * 3 / 4);
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(10, 1));
        QCOMPARE(canvas.contentTop(), 0);
        QVERIFY(colours(map->grab().toImage()) > 2);
    }

    // Random bytes in random windows, with everything pressed.
    void anythingIsSurvived() {
        Random random(23);
        TraceView view;
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        const char* const pieces[] = {"<think>", "</think>", "\n\n",  "word ", "∑",     "\xff",
                                      "𝔸\n",     "\t",       "$x^2$", "é",     "\\frac"};
        const int keys[] = {Qt::Key_J,        Qt::Key_K,      Qt::Key_Z,    Qt::Key_T,    Qt::Key_Left,
                            Qt::Key_Right,    Qt::Key_Up,     Qt::Key_Down, Qt::Key_Home, Qt::Key_End,
                            Qt::Key_PageDown, Qt::Key_PageUp, Qt::Key_F};
        for (int round = 0; round < 40; ++round) {
            Trace trace;
            for (auto i = random.integer(0, 300); i > 0; --i)
                trace.completion += pieces[random.integer(0, 10)];
            for (std::size_t at = 0; at < trace.completion.size();) {
                at = std::min(trace.completion.size(), at + static_cast<std::size_t>(random.integer(0, 5)));
                trace.tokens.ends.push_back(static_cast<std::int32_t>(at));
                trace.tokens.logprobs.push_back(-float(random.uniform()));
            }
            view.resize(static_cast<int>(random.integer(50, 900)), static_cast<int>(random.integer(50, 600)));
            view.setTrace(trace, {});
            for (int i = 0; i < 25; ++i) {
                const Qt::KeyboardModifiers with =
                    random.integer(0, 3) == 0 ? Qt::ShiftModifier : Qt::NoModifier;
                QTest::keyClick(view.canvas(), Qt::Key(keys[random.integer(0, 12)]), with);
            }
            const auto [begin, end] = view.canvas()->selection();
            QCOMPARE(characterStart(trace.completion, begin), begin);
            QCOMPARE(characterStart(trace.completion, end), end);
            QVERIFY(!view.grab().isNull());
            checkRows(*view.canvas());
        }
    }
};

QTEST_MAIN(TestTraceReader)
#include "tst_trace_reader.moc"
