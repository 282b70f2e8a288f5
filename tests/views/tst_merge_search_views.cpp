// What the merge bench shows of many merges: sweeps, the front, the history, conflicts, layers and
// coefficients.
#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QDropEvent>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <limits>

#include "core/config/load.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "tests/views/support/merge_page_fixture.h"
#include "views/lab.h"
#include "views/merge/bench_measuring.h"
#include "views/merge/bench_point.h"
#include "views/merge/checkpoint_picker.h"
#include "views/merge/conflict_model.h"
#include "views/merge/conflict_view.h"
#include "views/merge/layer_view.h"
#include "views/merge/measure_session.h"
#include "views/merge/merge_page.h"
#include "views/merge/parameter_sliders.h"
#include "views/merge/parents_panel.h"
#include "views/merge/point_model.h"
#include "views/merge/result_cards.h"
#include "views/merge/results_panel.h"
#include "views/merge/slider_field.h"
#include "views/merge/sweep_panel.h"
#include "views/merge/task_panel.h"
#include "views/merge/trade_off_view.h"
#include "views/widgets/heat_map_view.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;

using namespace retort::test;

class TestMergeSearchViews : public MergePageFixture {
    Q_OBJECT

  private Q_SLOTS:
    void aSweepFindsTheOptimum() {
        twoParents();
        const QAbstractItemModelTester tester(m_page->results()->model());
        m_page->tabs()->setCurrentIndex(1);
        SweepPanel* sweep = m_page->sweepPanel();
        QVERIFY(sweep->targetChooser()->itemText(0).startsWith(QStringLiteral("λ from")));
        sweep->valuesField()->setText(QStringLiteral("0:1:0.1"));
        const int before = m_page->results()->model()->rowCount();
        QTest::mouseClick(sweep->startButton(), Qt::LeftButton);
        QTRY_COMPARE(m_page->results()->model()->rowCount(), before + 11);
        QTRY_VERIFY(sweep->startButton()->isVisible());
        QCOMPARE(sweep->plot()->series().size(), std::size_t(2));
        QCOMPARE(sweep->plot()->series().at(0).points.size(), std::size_t(11));
        QCOMPARE(sweep->plot()->series().at(0).points.back(), QPointF(1, 1));  // the first task is best at 1
        QCOMPARE(sweep->plot()->series().at(1).points.at(4), QPointF(0.4, 1));
        QVERIFY(sweep->note()->text().contains(QStringLiteral("No barrier")));
        sweep->measureChooser()->setCurrentIndex(1);
        QCOMPARE(sweep->plot()->series().at(0).points.at(5).y(), 20.0);
        // The front: what lies between the two tasks' optima.
        const TradeOffView* chart = m_page->results()->chart();
        for (const std::size_t i : chart->front()) {
            const double w = m_page->results()->model()->points()[i].coefficients.at(1).value;
            QVERIFY(w >= 0.4 && w <= 1);
        }
        QCOMPARE(chart->front().size(), std::size_t(7));
        // So do the cards: at 0.5 the first task has 1 − 0.5² of 64 problems.
        QTRY_VERIFY(m_page->cards()->text().contains(QStringLiteral("48 of 64")));
        // The recipe is as it was; what is wrong is said beside the field.
        QCOMPARE(weightInText(1), 0.5);
        sweep->valuesField()->setText(QStringLiteral("1:2"));
        QTest::keyClick(sweep->valuesField(), Qt::Key_Return);
        QVERIFY(sweep->note()->text().contains(QStringLiteral("no range")));
    }

    void aSweepIsCancelled() {
        twoParents();
        m_log.refinedMs = 2000;
        m_page->tabs()->setCurrentIndex(1);
        const int points = m_page->results()->model()->rowCount();
        m_page->sweepPanel()->start();
        QTRY_VERIFY(m_page->sweepPanel()->cancelButton()->isVisible());
        QTRY_VERIFY(m_log.refined.load() >= 1);
        QTest::mouseClick(m_page->sweepPanel()->cancelButton(), Qt::LeftButton);
        QVERIFY(m_page->sweepPanel()->startButton()->isVisible());
        QTRY_VERIFY(m_log.stopped.load() >= 1);
        QCOMPARE(m_page->results()->model()->rowCount(), points);
    }

    void pointsAreClickedAndTheFrontIsDragged() {
        twoParents();
        m_page->sweepPanel()->start();
        QTRY_VERIFY(m_page->results()->model()->rowCount() >= 11);
        QTRY_VERIFY(!m_page->measuring()->isSweeping());
        TradeOffView* chart = m_page->results()->chart();
        const std::vector<BenchPoint>& points = m_page->results()->model()->points();
        const auto pixel = [&](std::size_t i) {
            return chart->pixelOf({*points[i].tasks[0].accuracy, *points[i].tasks[1].accuracy});
        };
        const std::size_t end = chart->front().back(), next = chart->front()[chart->front().size() - 2];
        QTest::mouseClick(chart, Qt::LeftButton, {}, pixel(end).toPoint());
        QCOMPARE(weightInText(1), 1.0);
        QCOMPARE(chart->current(), static_cast<int>(end));
        QVERIFY(m_page->cards()->text().contains(QStringLiteral("1.000")));
        // Half-way to the neighbour, all in one undo step.
        const int measured = m_log.refined.load();
        QTest::mousePress(chart, Qt::LeftButton, {}, pixel(end).toPoint());
        for (const double t : {0.2, 0.35, 0.5}) {
            const QPointF at = pixel(end) + (pixel(next) - pixel(end)) * t;
            QMouseEvent move(QEvent::MouseMove, at, chart->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(chart, &move);
        }
        QTest::mouseRelease(chart, Qt::LeftButton);
        QVERIFY(std::abs(weightInText(1) - 0.95) < 0.01);
        QVERIFY(std::abs(m_page->sliders()->field("weight", 1)->spinBox()->value() - 0.95) < 0.01);
        QTRY_COMPARE(m_log.refined.load(), measured + 1);  // it came to rest
        // By keyboard.
        chart->setFocus();
        QTest::keyClick(chart, Qt::Key_Left, Qt::ControlModifier);
        QTest::keyClick(chart, Qt::Key_Left);
        QTest::keyClick(chart, Qt::Key_Return);
        QCOMPARE(m_page->recipe().toStdString(), points[static_cast<std::size_t>(chart->current())].recipe);
    }

    void theHistoryIsSortedCopiedAndExported() {
        twoParents();
        m_page->sweepPanel()->start();
        QTRY_VERIFY(m_page->results()->model()->rowCount() >= 11 && !m_page->measuring()->isSweeping());
        QTableView* table = m_page->results()->table();
        table->sortByColumn(1, Qt::DescendingOrder);
        QCOMPARE(table->model()->index(0, 1).data().toString(), QStringLiteral("1"));
        table->clearSelection();
        table->setFocus();
        for (QAction* action : table->actions())
            if (action->shortcut() == QKeySequence(QKeySequence::Copy)) action->trigger();
        const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines.size(), table->model()->rowCount() + 2);
        QVERIFY(lines[0].contains(QStringLiteral("\taccuracy: add\t")));
        table->selectRow(2);
        Q_EMIT table->activated(table->model()->index(2, 0));
        QVERIFY(m_page->results()->model()->points().size() >= 11);
        m_page->results()->clear();
        QCOMPARE(table->model()->rowCount(), 0);
        QVERIFY(m_page->results()->chart()->front().empty());
    }

    void otherSettingsAreNotMixed() {
        twoParents();
        QTRY_COMPARE(m_page->results()->model()->rowCount(), 1);
        QCOMPARE(m_page->results()->chart()->front().size(), std::size_t(1));
        m_page->tasks()->problemsBox()->setValue(16);
        QVERIFY(m_page->results()->chart()->front().empty());
        QTRY_COMPARE(m_page->results()->model()->rowCount(), 2);
        QCOMPARE(m_page->results()->chart()->front().size(), std::size_t(1));
        QCOMPARE(m_page->results()->model()->points().back().tasks.front().problems, std::int64_t(16));
        m_page->tasks()->list()->item(0)->setCheckState(Qt::Unchecked);
        m_page->tasks()->list()->item(1)->setCheckState(Qt::Unchecked);
        QVERIFY(m_page->obstacle().contains(QStringLiteral("Tick a task")));
    }

    void conflictsBeforeMerging() {
        m_page->addParents({folder("base"), folder("x"), folder("y")});
        m_page->tabs()->setCurrentIndex(2);
        ConflictView* view = m_page->conflicts();
        const QAbstractItemModelTester tester(view->model());
        QTRY_VERIFY(m_page->obstacle().contains(QStringLiteral("Tick")));
        QVERIFY(!view->computeButton()->isEnabled());
        QVERIFY(view->hint()->text().contains(QStringLiteral("base")));
        Q_EMIT m_page->parents()->baseChosen(folder("base"));
        QTRY_VERIFY(view->computeButton()->isEnabled());
        QTest::mouseClick(view->computeButton(), Qt::LeftButton);
        QTRY_COMPARE(view->model()->rowCount(), 5);
        QCOMPARE(view->map()->map().rows.size(), 5);
        QCOMPARE(view->map()->map().columns.size(), 3);
        QVERIFY(std::isnan(view->map()->map().at(0, 1)));  // no q_proj outside of the layers
        QCOMPARE(view->map()->map().at(1, 1), 0.8);
        QCOMPARE(view->pairChooser()->currentText(), QStringLiteral("x and y"));
        view->measureChooser()->setCurrentIndex(1);
        QCOMPARE(view->map()->map().at(3, 1), 0.2);
        // Cancelled: nothing arrives any more.
        m_conflictMs = 5000;
        view->compute();
        QVERIFY(view->isComputing());
        view->cancel();
        QVERIFY(!view->isComputing());
        QCOMPARE(view->model()->rowCount(), 5);
    }

    void layersAreSummedUp() {
        const auto nan = std::numeric_limits<double>::quiet_NaN();
        // (3, 0) against (4, 0), and (0, 4) against (0, −3), as one: (3, 4)·(4, −3)
        // = 0.
        const auto layers = layersOf(
            {{"a", 0, "a", 1, 1, 3, 4, 0}, {"b", 0, "b", 3, -1, 4, 3, 1}, {"c", 2, "c", 5, nan, 0, 1, nan}});
        QCOMPARE(layers.size(), std::size_t(2));
        QVERIFY(std::abs(layers[0].cosine) < 1e-12);
        QCOMPARE(layers[0].normA, 5.0);
        QCOMPARE(layers[0].signConflict, 0.75);
        QVERIFY(std::isnan(layers[1].cosine) && std::isnan(layers[1].signConflict));
    }

    void theHeatMapByKeyboard() {
        HeatMapView view;
        view.resize(500, 300);
        QSignalSpy moved(&view, &HeatMapView::currentChanged);
        QTest::keyClick(&view, Qt::Key_Right);  // empty: nothing to go to
        QCOMPARE(moved.count(), 0);
        view.setMap(
            conflictMap(someTensors(), ConflictMeasure::Cosine, QStringLiteral("x"), QStringLiteral("y")));
        view.show();
        for (const auto key : {Qt::Key_Down, Qt::Key_Down, Qt::Key_Right, Qt::Key_Right, Qt::Key_Left})
            QTest::keyClick(&view, key);
        QCOMPARE(view.currentRow(), 1);
        QCOMPARE(view.currentColumn(), 1);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("0.8")));
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.cellRect(2, 2).center().toPoint());
        QCOMPARE(view.currentRow(), 2);
        QVERIFY(view.cellText(0, 1).contains(QStringLiteral("nothing there")));
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'));
        QCOMPARE(lines[2], QStringLiteral("layer 0\t\t0.8\t0.8"));
        for (const char* name : {"map.csv", "map.svg", "map.png"}) {
            const QString file = m_folder->filePath(QLatin1String(name));
            view.write(file);
            QVERIFY(QFileInfo(file).size() > 50);
        }
        QVERIFY_EXCEPTION_THROWN(view.write(QStringLiteral("/nowhere/map.csv")), Error);
        // Light and dark end of the scale differ in lightness, whatever the eye's
        // colours.
        QVERIFY(heatColor(1, false).lightness() - heatColor(0, false).lightness() > 60);
        QCOMPARE(heatColor(0.5, true), tones().surface);
    }

    void coefficientsByLayer() {
        twoParents();
        m_page->tabs()->setCurrentIndex(3);
        QTRY_COMPARE(m_page->layers()->chooser()->count(), 1);
        QTRY_COMPARE(m_page->layers()->map()->map().rows.size(), 3);
        QCOMPARE(m_page->layers()->map()->map().at(1, 0), 0.5);
    }
};

QTEST_MAIN(TestMergeSearchViews)
#include "tst_merge_search_views.moc"
