// PlotView: ranges and the user's hand on them, logarithmic axes, breaks, crosshair, images, accessibility.
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>
#include <limits>
#include <thread>

#include "core/util/error.h"
#include "views/widgets/axis_ticks.h"
#include "views/widgets/plot_picture.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

PlotSeries line(const QString& name, int points, double from = 0) {
    PlotSeries series{name, seriesColor(0), {}, {}, {}, {}};
    for (int i = 0; i < points; ++i) series.points.emplace_back(i, from + std::sin(i * 0.1));
    return series;
}

/// Pixels that clearly differ from the surface's colour.
int inked(const QImage& image, const QColor& wanted) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor c = image.pixelColor(x, y);
            count += std::abs(c.red() - wanted.red()) + std::abs(c.green() - wanted.green()) +
                         std::abs(c.blue() - wanted.blue()) <
                     40;
        }
    return count;
}

}  // namespace

class TestPlotView : public QObject {
    Q_OBJECT

    std::unique_ptr<PlotView> m_view;

  private Q_SLOTS:
    void initTestCase() {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        initTheme();
        applyTheme(Theme::Light);
    }

    void init() {
        m_view = std::make_unique<PlotView>();
        m_view->resize(640, 360);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void followsTheDataUntilTheUserZooms() {
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        QCOMPARE(m_view->xRange(), std::pair(0.0, 100.0));
        m_view->setSeries({line(QStringLiteral("a"), 201)});
        QCOMPARE(m_view->xRange(), std::pair(0.0, 200.0));
        m_view->setXRange(50, 60);
        m_view->setSeries({line(QStringLiteral("a"), 301)});
        QCOMPARE(m_view->xRange(), std::pair(50.0, 60.0));
        m_view->resetZoom();
        m_view->setSeries({line(QStringLiteral("a"), 301)});
        QCOMPARE(m_view->xRange(), std::pair(0.0, 300.0));
    }

    void draggingZoomsAndDoubleClickGoesBack() {
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        QSignalSpy changed(m_view.get(), &PlotView::rangeChanged);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, {200, 150});
        QTest::mouseMove(m_view.get(), {400, 150});
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, {400, 150});
        QVERIFY(m_view->userRange().has_value());
        QVERIFY(m_view->userRange()->first > 0 && m_view->userRange()->second < 100);
        QCOMPARE(changed.count(), 1);
        auto* follow = m_view->findChild<QToolButton*>();
        QVERIFY(follow->isVisible());
        QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, {300, 150});
        QVERIFY(!m_view->userRange());
        QVERIFY(!follow->isVisible());
    }

    void keysZoomAndPan() {
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Plus);
        const auto zoomed = m_view->xRange();
        QVERIFY(zoomed.second - zoomed.first < 100);
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QVERIFY(m_view->xRange().first > zoomed.first);
        QTest::keyClick(m_view.get(), Qt::Key_0);
        QCOMPARE(m_view->xRange(), std::pair(0.0, 100.0));
    }

    void wheelZoomsAtThePointer() {
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        m_view->setFocus();
        QWheelEvent event({300, 150}, m_view->mapToGlobal(QPointF(300, 150)), {}, {0, 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_view.get(), &event);
        QVERIFY(m_view->userRange().has_value());
        QVERIFY(m_view->userRange()->first > 0 && m_view->userRange()->second < 100);
    }

    void drawsTheLineAndNothingWithoutValues() {
        m_view->setSeries({});
        const int before = inked(m_view->grab().toImage(), seriesColor(0));
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        QVERIFY(inked(m_view->grab().toImage(), seriesColor(0)) > before + 300);
    }

    // A value ≤ 0 makes Qt's own logarithmic axis drop the whole line (style.md, c.1).
    void aValueBelowZeroDoesNotBlankALogAxis() {
        PlotSeries series = line(QStringLiteral("a"), 101, 2);
        series.points[50].setY(0);
        series.points[60].setY(-1);
        m_view->setLogY(true);
        m_view->setSeries({series});
        QVERIFY(inked(m_view->grab().toImage(), seriesColor(0)) > 300);
    }

    void hostileValues_data() {
        QTest::addColumn<QVector<QPointF>>("points");
        const double nan = std::numeric_limits<double>::quiet_NaN(),
                     inf = std::numeric_limits<double>::infinity();
        QTest::newRow("one point") << QVector<QPointF>{{5, 1}};
        QTest::newRow("constant") << QVector<QPointF>{{0, 3}, {1, 3}, {2, 3}};
        QTest::newRow("only NaN") << QVector<QPointF>{{0, nan}, {1, nan}};
        QTest::newRow("infinite") << QVector<QPointF>{{0, 1}, {1, inf}, {2, -inf}, {3, 2}};
        QTest::newRow("huge") << QVector<QPointF>{{0, 1e300}, {1, -1e300}};
        QTest::newRow("tiny") << QVector<QPointF>{{0, 1e-300}, {1, 2e-300}};
        QTest::newRow("far") << QVector<QPointF>{{1e15, 1}, {1e15 + 10, 2}};
    }
    void hostileValues() {
        QFETCH(QVector<QPointF>, points);
        PlotSeries series{QStringLiteral("a"), Qt::red, {points.begin(), points.end()}, {}, {0.5}, {0.5}};
        for (const bool log : {false, true}) {
            m_view->setLogY(log);
            m_view->setSeries({series});
            m_view->setCrosshair(points.front().x());
            QVERIFY(!m_view->grab().isNull());
            QVERIFY(m_view->xRange().first < m_view->xRange().second);
        }
    }

    void crosshairIsToldAndDrawn() {
        m_view->setSeries({line(QStringLiteral("a"), 101)});
        QSignalSpy moved(m_view.get(), &PlotView::crosshairMoved);
        QMouseEvent event(QEvent::MouseMove, {300, 150}, m_view->mapToGlobal(QPointF(300, 150)), Qt::NoButton,
                          Qt::NoButton, {});
        QApplication::sendEvent(m_view.get(), &event);
        QCOMPARE(moved.count(), 1);
        QVERIFY(m_view->crosshair().has_value());
        QVERIFY(std::abs(*m_view->crosshair() - 45) < 10);
    }

    void exportsPngAndSvg() {
        QTemporaryDir folder;
        PlotSeries series = line(QStringLiteral("loss of run 1"), 101);
        series.points[40].setY(std::numeric_limits<double>::quiet_NaN());
        m_view->setTitle(QStringLiteral("Loss & more"), false);
        m_view->setSeries({series});
        // As Live does it: a snapshot, drawn in another thread; what the view shows next does not change it.
        const PlotPicture picture = m_view->picture();
        m_view->setSeries({});
        const QString png = folder.filePath(QStringLiteral("a.png"));
        std::thread([&] {
            writePicture(picture, png);
            writePicture(picture, folder.filePath(QStringLiteral("a.svg")));
        }).join();
        QVERIFY(inked(QImage(png), seriesColor(0)) > 600);
        QFile svg(folder.filePath(QStringLiteral("a.svg")));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const QByteArray text = svg.readAll();
        QVERIFY(text.contains("<svg") && text.contains("Loss &amp; more"));
        QVERIFY(!text.contains("nan"));
        QVERIFY_EXCEPTION_THROWN(writePicture(picture, folder.filePath(QStringLiteral("no/such/folder.png"))),
                                 Error);
    }

    void saysItselfToAScreenReader() {
        m_view->setTitle(QStringLiteral("Loss"));
        m_view->setSeries({line(QStringLiteral("first"), 11), line(QStringLiteral("second"), 11)});
        QVERIFY(m_view->accessibleName().contains(QLatin1String("Loss")));
        QVERIFY(m_view->accessibleDescription().contains(QLatin1String("second")));
    }

    void ticks_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("labels");
        QTest::newRow("unit") << 0.0 << 1.0 << 5 << QStringLiteral("0 0.2 0.4 0.6 0.8 1.0");
        QTest::newRow("steps") << 0.0 << 100000.0 << 4 << QStringLiteral("0 50k 100k");
        QTest::newRow("narrow") << 0.101 << 0.1031 << 3 << QStringLiteral("0.101 0.102 0.103");
        QTest::newRow("learning rates") << 0.0 << 1e-4 << 4 << QStringLiteral("0 5e-5 1e-4");
        QTest::newRow("tiny, close") << 2.0e-7 << 2.2e-7 << 2 << QStringLiteral("2.0e-7 2.1e-7 2.2e-7");
        QTest::newRow("negative") << -1.0 << 1.0 << 2 << QStringLiteral("-1 0 1");
        QTest::newRow("empty") << 1.0 << 1.0 << 5 << QString();
        QTest::newRow("infinite") << 0.0 << std::numeric_limits<double>::infinity() << 5 << QString();
    }
    void ticks() {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, count);
        QStringList labels;
        for (const Tick& tick : linearTicks(low, high, count)) labels << tick.label;
        QTEST(labels.join(QLatin1Char(' ')), "labels");
    }

    void logTicksAreDecades() {
        QStringList labels;
        for (const Tick& tick : logTicks(-3, 1, 5)) labels << tick.label;
        QCOMPARE(labels, QStringList({QStringLiteral("0.001"), QStringLiteral("0.01"), QStringLiteral("0.1"),
                                      QStringLiteral("1"), QStringLiteral("10")}));
    }

    void durations() {
        QCOMPARE(durationText(45), QStringLiteral("45 s"));
        QCOMPARE(durationText(200), QStringLiteral("3:20"));
        QCOMPARE(durationText(7500), QStringLiteral("2:05:00"));
    }
};

QTEST_MAIN(TestPlotView)
#include "tst_plot_view.moc"
