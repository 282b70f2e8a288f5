// One problem through training: the strip below a trace, playing, the difference to a pinned trace, other
// runs, and the way from a curve to its rollouts and back.
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "tests/views/support/trace_lab.h"
#include "views/compare/answer_diff.h"
#include "views/live/chart_card.h"
#include "views/live/live_page.h"
#include "views/models/trace_list_model.h"
#include "views/traces/time/moment_strip.h"
#include "views/traces/time/time_strip.h"
#include "views/traces/time/trace_diff.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;
using testing::rollout;
using testing::TraceLab;

namespace {

ProblemMoment moment(RowId run, std::int64_t step, const std::string& phase = "train") {
    ProblemMoment made;
    made.run = run;
    made.step = step;
    made.phase = phase;
    made.samples = 4;
    made.correct = step % 5;
    made.meanTokens = double(10 * step);
    made.firstTrace = 1000 * run + step;
    return made;
}

}  // namespace

class TestTraceTime : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void timelinesRunByRun() {
        const auto all =
            splitByRun({moment(2, 5), moment(1, 7), moment(2, 3), moment(1, 7, "eval"), moment(1, 1)});
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].run, RowId(1));
        QCOMPARE(all[0].moments.size(), std::size_t(3));
        QCOMPARE(all[0].moments[1].phase, std::string("train"));
        QCOMPARE(all[0].moments[2].phase, std::string("eval"));
        QCOMPARE(all[1].moments[0].step, std::int64_t(3));
    }

    void nearestMoments_data() {
        QTest::addColumn<int>("step");
        QTest::addColumn<QString>("phase");
        QTest::addColumn<int>("expected");
        QTest::newRow("exact") << 20 << "train" << 1;
        QTest::newRow("the other phase") << 20 << "eval" << 2;
        QTest::newRow("between, the earlier") << 15 << "train" << 0;
        QTest::newRow("beyond") << 900 << "eval" << 3;
    }
    void nearestMoments() {
        QFETCH(int, step);
        QFETCH(QString, phase);
        const std::vector<ProblemMoment> moments = {moment(1, 10), moment(1, 20), moment(1, 20, "eval"),
                                                    moment(1, 30)};
        QTEST(momentAt(moments, step, phase.toStdString()), "expected");
        QCOMPARE(momentAt({}, step, "train"), -1);
    }

    void stripBySliding() {
        MomentStrip strip;
        strip.resize(400, 60);
        strip.show();
        strip.setMoments({moment(1, 0), moment(1, 10), moment(1, 100)}, 1);
        QCOMPARE(strip.value(), 1);
        QSignalSpy moved(&strip, &QAbstractSlider::valueChanged);
        QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.placeOf(2));
        QCOMPARE(strip.value(), 2);
        // Along the steps, not along the moments.
        QVERIFY(strip.placeOf(1).x() - strip.placeOf(0).x() < 60);
        QTest::mousePress(&strip, Qt::LeftButton, {}, strip.placeOf(0));
        QTest::mouseMove(&strip, strip.placeOf(1));
        QTest::mouseRelease(&strip, Qt::LeftButton, {}, strip.placeOf(1));
        QCOMPARE(strip.value(), 1);
        QTest::keyClick(&strip, Qt::Key_Right);
        QCOMPARE(strip.value(), 2);
        QVERIFY(moved.count() >= 3);
        QVERIFY(strip.describe(1).contains(QStringLiteral("100 tokens")));
        strip.setMoments({}, 0);
        QVERIFY(!strip.grab().isNull());
        ProblemMoment odd = moment(1, 5);
        odd.samples = 0;
        odd.meanTokens = std::numeric_limits<double>::quiet_NaN();
        strip.setMoments({odd}, 7);
        QCOMPARE(strip.value(), 0);
        QVERIFY(!strip.grab().isNull());
    }

    void walksThroughTraining() {
        TraceLab lab(4, 3);
        TracesPage page(lab.lab());
        open(page, "addition:12+34", 4, 2);
        QVERIFY(page.time()->isVisible());
        QCOMPARE(page.time()->moments()->moments().size(), std::size_t(4));
        QVERIFY(page.time()->label()->text().contains(QStringLiteral("3 of 3 right")));
        QTest::keyClick(page.list(), Qt::Key_BracketLeft);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(3));
        QCOMPARE(page.view()->trace().problemId, std::string("addition:12+34"));
        QCOMPARE(page.view()->trace().sample, 2);  // the same sample of each group
        QTest::keyClick(page.time()->moments(), Qt::Key_Home);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(1));
        QCOMPARE(page.view()->trace().sample, 2);
        QVERIFY(!page.view()->trace().correct);
    }

    void plays() {
        TraceLab lab(3, 2);
        TracesPage page(lab.lab());
        open(page, "addition:12+34", 3, 0);
        QTest::keyClick(page.list(), Qt::Key_Space);  // from the end it begins at the start
        QVERIFY(page.time()->isPlaying());
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(1));
        QTRY_COMPARE_WITH_TIMEOUT(page.view()->trace().step, std::int64_t(3), 10000);
        QTRY_VERIFY(!page.time()->isPlaying());
        QTest::keyClick(page.list(), Qt::Key_Space);
        QVERIFY(page.time()->isPlaying());
        page.time()->playButton()->setFocus();
        QTest::keyClick(page.time()->playButton(), Qt::Key_Space);
        QVERIFY(!page.time()->isPlaying());
    }

    void differsFromThePinned() {
        TraceLab lab(3, 3);
        TracesPage page(lab.lab());
        open(page, "addition:12+34", 1, 2);
        QVERIFY(!page.view()->trace().correct);
        QTest::keyClick(page.list(), Qt::Key_P);
        QVERIFY(page.diff()->pinned().has_value());
        QTest::keyClick(page.list(), Qt::Key_BracketRight);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(2));
        QTest::keyClick(page.list(), Qt::Key_BracketRight);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(3));
        QTest::keyClick(page.list(), Qt::Key_D);
        QVERIFY(page.diff()->isVisible());
        QCOMPARE(page.diff()->answers()->answers().size(), std::size_t(2));
        QVERIFY(page.diff()->answers()->answers()[0].checkpoint.contains(QStringLiteral("step 1")));
        QVERIFY(page.diff()->answers()->answers()[1].checkpoint.contains(QStringLiteral("step 3")));
        const QString html = page.diff()->answers()->toHtml();
        QVERIFY(html.contains(QStringLiteral("underline")));  // what differs is marked
        QVERIFY(page.diff()->asText().contains(QStringLiteral("1+3+0=05")));
        QVERIFY(page.diff()->asText().contains(QStringLiteral("1+3+0=04")));
        QTest::keyClick(page.list(), Qt::Key_D);
        QVERIFY(page.view()->isVisible());
        QTest::keyClick(page.list(), Qt::Key_P);
        QTest::keyClick(page.list(), Qt::Key_P);
        QVERIFY(!page.diff()->pinned().has_value());
    }

    void otherRuns() {
        TraceLab lab(3, 3);
        const RowId other = lab.addRun("other", 50, 1, 3);
        TracesPage page(lab.lab());
        open(page, "addition:12+34", 3, 1);
        TimeStrip* time = page.time();
        QCOMPARE(time->timelines().size(), std::size_t(2));
        QVERIFY(time->runs()->isVisible());
        time->runs()->setFocus();
        QTest::keyClick(time->runs(), time->runs()->currentIndex() == 0 ? Qt::Key_Down : Qt::Key_Up);
        QTRY_COMPARE(page.currentTraceRun(), other);
        QCOMPARE(page.view()->trace().step, std::int64_t(50));
        QCOMPARE(page.view()->trace().sample, 1);
        QCOMPARE(page.listModel()->filter().run, lab.run());  // the list keeps its filter
    }

    void newMomentsAppear() {
        TraceLab lab(2, 2);
        TracesPage page(lab.lab());
        open(page, "addition:12+34", 2, 0);
        QCOMPARE(page.time()->moments()->moments().size(), std::size_t(2));
        lab.log().write(TraceEvent{rollout(9, 100, 0, true)});
        lab.ingest();
        QTRY_COMPARE(page.listModel()->rowCount(), 9);
        open(page, "addition:12+34", 9, 0);
        QTRY_COMPARE(page.time()->moments()->moments().size(), std::size_t(3));
    }

    void fromACurveAndBack() {
        TraceLab lab(5, 2);
        LivePage live(lab.lab());
        live.resize(1000, 700);
        live.show();
        TracesPage page(lab.lab());
        page.resize(1280, 800);
        page.show();
        QTRY_VERIFY(page.currentTrace() != 0);
        QTRY_VERIFY(live.chart("reward") && live.chart("reward")->hasPlot());
        PlotView& plot = live.chart("reward")->plot();
        QTRY_COMPARE(plot.xRange().second, 5.0);
        connect(&live, &LivePage::tracesRequested, &page, &TracesPage::showStep);  // as the window does
        connect(&page, &TracesPage::liveRequested, &live, &LivePage::markStep);
        plot.setFocus();
        plot.setCrosshair(2.2);
        QTest::keyClick(&plot, Qt::Key_Return);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(2));
        QTRY_COMPARE(page.listModel()->rowCount(), 4);
        QCOMPARE(page.filterBar()->filter().fromStep, std::optional<std::int64_t>(2));
        // A step that kept no traces leads to the nearest one that has some.
        page.showStep(lab.run(), 400);
        QTRY_COMPARE(page.view()->trace().step, std::int64_t(5));
        for (QAction* action : page.actions())
            if (action->objectName() == QStringLiteral("traces.live")) action->trigger();
        QTRY_COMPARE(plot.crosshair(), std::optional<double>(5.0));
        // From the keyboard alone.
        plot.setCrosshair(std::nullopt);
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(plot.crosshair() && *plot.crosshair() > plot.xRange().first);
    }

  private:
    static void open(TracesPage& page, const std::string& problem, std::int64_t step, int sample) {
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTRY_VERIFY(page.currentTrace() != 0);
        const auto row = [&] {
            for (int i = 0; i < page.listModel()->rowCount(); ++i) {
                const TraceRow* at = page.listModel()->at(i);
                if (at && at->problemId == problem && at->step == step && at->sample == sample) return at->id;
            }
            return RowId(0);
        };
        QTRY_VERIFY(row() != 0);
        page.openTrace(row());
        QTRY_COMPARE(page.currentTrace(), row());
    }
};

QTEST_MAIN(TestTraceTime)
#include "tst_trace_time.moc"
