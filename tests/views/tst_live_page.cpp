// The Live page on a real store: curves of several runs, the user's zoom against live updates, exact export.
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "tests/views/support/sample_store.h"
#include "views/lab.h"
#include "views/live/chart_card.h"
#include "views/live/chart_csv.h"
#include "views/live/chart_grid.h"
#include "views/live/live_page.h"
#include "views/live/run_strip.h"
#include "views/widgets/theme.h"

using namespace retort;

class TestLivePage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_store;
    std::vector<RowId> m_runs;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<LivePage> m_page;

    void openPage(const std::vector<RowId>& selected) {
        m_lab = std::make_unique<Lab>(m_store);
        m_lab->selection().setRuns(selected);
        m_page = std::make_unique<LivePage>(*m_lab);
        m_page->resize(1200, 800);
        m_page->show();
    }

    std::size_t pointsShown(const std::string& metric) const {
        ChartCard* card = m_page->chart(metric);
        if (!card || !card->hasPlot() || card->plot().series().empty()) return 0;
        return card->plot().series().front().points.size();
    }

  private Q_SLOTS:
    void initTestCase() {
        initTheme();
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = m_folder->filePath(QStringLiteral("lab.db")).toStdString();
        sample::Options options;
        options.runs = 4;
        options.steps = 60;
        options.tracesPerRun = 0;
        options.lastIsRunning = true;
        m_runs = sample::fillStore(m_store, options);
    }

    void cleanup() {
        m_page.reset();
        m_lab.reset();
    }

    // Of another program's run nothing can be asked, neither while it goes nor afterwards.
    void adoptedRunsHaveNoRequests_data() {
        QTest::addColumn<QString>("state");
        for (const char* state : {"running", "stopped", "lost"}) QTest::newRow(state) << state;
    }
    void adoptedRunsHaveNoRequests() {
        QFETCH(QString, state);
        RunRow run;
        run.id = 1;
        run.state = state.toStdString();
        const auto offered = [&run](const char* recipe) {
            run.recipe = recipe;
            RunStrip strip;
            strip.setRuns({run}, {Qt::red});
            const auto buttons = strip.findChildren<QToolButton*>();
            return std::count_if(buttons.begin(), buttons.end(),
                                 [](auto* each) { return !each->isHidden(); });
        };
        QVERIFY(offered("grpo") > 0);
        QVERIFY(offered("adopted") == 0);
    }

    void nothingSelectedLeadsOn() {
        openPage({});
        QVERIFY(m_page->findChild<QPushButton*>()->isVisible());
        QSignalSpy wanted(&m_lab->selection(), &Selection::quickstartRequested);
        QTest::mouseClick(m_page->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(wanted.count(), 1);
    }

    void showsTheCurvesOfSeveralRuns() {
        openPage({m_runs[0], m_runs[1]});
        QTRY_VERIFY(pointsShown("loss") > 0);
        const auto& series = m_page->chart("loss")->plot().series();
        QCOMPARE(series.size(), std::size_t(2));
        QCOMPARE(series[0].points.size(), std::size_t(60));
        QVERIFY(series[0].color != series[1].color);
        QVERIFY(series[0].name != series[1].name);
        QVERIFY(!series[0].raw.empty());  // smoothed, with the raw line behind
        QVERIFY(!series[0].marks.empty());
        // A metric that only one of them has.
        QVERIFY(m_page->chart("reward"));
    }

    void smoothingOffGivesTheValuesThemselves() {
        openPage({m_runs[0]});
        m_page->findChild<QSlider*>()->setValue(0);
        QTRY_VERIFY(pointsShown("loss") > 0);
        StoreReader reader(m_store);
        for (const SeriesRow& row : reader.series(m_runs[0])) {
            if (row.name != "loss") continue;
            const auto exact = reader.points(row.id);
            QTRY_VERIFY(m_page->chart("loss")->plot().series().front().raw.empty());
            const auto& shown = m_page->chart("loss")->plot().series().front().points;
            QCOMPARE(shown.size(), exact.size());
            for (std::size_t i = 0; i < exact.size(); ++i) QCOMPARE(shown[i].y(), exact[i].value);
        }
    }

    void theXAxisCanBeTokensOrTime() {
        openPage({m_runs[0]});
        QTRY_VERIFY(pointsShown("loss") > 0);
        m_page->findChild<QComboBox*>()->setCurrentIndex(1);
        QTRY_COMPARE(m_page->chart("loss")->plot().xRange().second, 60.0 * 6144);
        m_page->findChild<QComboBox*>()->setCurrentIndex(2);
        QTRY_VERIFY(m_page->chart("loss")->plot().xRange().second < 3600);
    }

    void newPointsArriveAndLeaveTheUsersZoomAlone() {
        openPage({m_runs[3]});
        QTRY_VERIFY(pointsShown("reward") > 0);
        PlotView& plot = m_page->chart("reward")->plot();
        const double before = plot.xRange().second;
        StoreReader reader(m_store);
        RunLogWriter log(std::filesystem::path(reader.run(m_runs[3])->directory) / "events.jsonl");
        const auto step = static_cast<std::int64_t>(before);
        log.write(ScalarsEvent{step + 1, (step + 1) * 6144, {{"reward", 0.5}, {"brand_new", 1.0}}});
        log.sync();
        m_lab->writer().ingest(m_runs[3]).wait();
        QTRY_COMPARE(plot.xRange().second, before + 1);
        QTRY_VERIFY(m_page->chart("brand_new"));  // a metric that was not there gets a chart
        plot.setXRange(5, 10);
        QSignalSpy updated(m_page.get(), &LivePage::chartUpdated);
        log.write(ScalarsEvent{step + 2, (step + 2) * 6144, {{"reward", 0.6}}});
        log.sync();
        m_lab->writer().ingest(m_runs[3]).wait();
        QTRY_VERIFY(!updated.isEmpty());
        QCOMPARE(plot.xRange(), std::pair(5.0, 10.0));
        plot.resetZoom();
        QTRY_COMPARE(plot.xRange().second, before + 2);
    }

    void onlyChartsOnTheScreenAreMade() {
        openPage({m_runs[1]});
        QTRY_VERIFY(pointsShown("loss") > 0);
        QTRY_VERIFY(m_lab->pendingReads() == 0);
        int made = 0, all = 0;
        for (ChartCard* card : m_page->findChild<ChartGrid*>()->cards()) {
            ++all;
            made += card->hasPlot();
        }
        QVERIFY2(made < all, qPrintable(QStringLiteral("%1 of %2").arg(made).arg(all)));
    }

    void theFilterHidesOtherMetrics() {
        openPage({m_runs[1]});
        QTRY_VERIFY(pointsShown("loss") > 0);
        auto* grid = m_page->findChild<ChartGrid*>();
        m_page->findChild<QLineEdit*>()->setText(QStringLiteral("reward format"));
        QCOMPARE(grid->shownCount(), 1);
        QVERIFY(m_page->chart("loss")->isHidden());
        m_page->findChild<QLineEdit*>()->clear();
        QVERIFY(grid->shownCount() > 5);
    }

    void oneChartCanFillThePage() {
        openPage({m_runs[1]});
        QTRY_VERIFY(pointsShown("reward") > 0);
        m_page->maximise("reward");
        QTRY_VERIFY(m_page->chart("reward")->height() > 400);
        QTRY_VERIFY(pointsShown("reward") > 0);
        m_page->maximise({});
        QVERIFY(m_page->chart("reward")->height() < 400);
    }

    void csvHoldsEveryPoint() {
        StoreReader reader(m_store);
        const QString csv = QString::fromStdString(chartCsv(reader, {m_runs[0], m_runs[1]}, "loss"));
        const QStringList lines = csv.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 121);
        QCOMPARE(lines[0], QStringLiteral("run,step,tokens,time,loss"));
        for (const SeriesRow& row : reader.series(m_runs[0]))
            if (row.name == "loss")
                QCOMPARE(lines[1].section(QLatin1Char(','), 4).toDouble(),
                         reader.points(row.id).front().value);
    }

    void aChangedThemeIsTakenUp() {
        openPage({m_runs[0]});
        QTRY_VERIFY(pointsShown("loss") > 0);
        // Qt passes a new palette on only while the application runs its own event loop.
        const auto backgroundIn = [this](Theme theme) {
            QTimer::singleShot(0, m_page.get(), [theme] {
                applyTheme(theme);
                QTimer::singleShot(50, qApp, &QCoreApplication::quit);
            });
            QApplication::exec();
            return m_page->grab().toImage().pixelColor(3, 790).lightness();
        };
        QVERIFY(backgroundIn(Theme::Dark) < 100);
        QVERIFY(backgroundIn(Theme::Light) > 150);
    }
};

QTEST_MAIN(TestLivePage)
#include "tst_live_page.moc"
