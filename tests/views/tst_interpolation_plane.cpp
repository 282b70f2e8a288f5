// The plane of three checkpoints: measured coarse first, its map by keyboard and pointer, what is no plane.
#include <QAbstractItemModelTester>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <atomic>
#include <cmath>
#include <mutex>

#include "core/formats/sharded_safetensors.h"
#include "core/runlog/writer.h"
#include "core/util/files.h"
#include "tests/core/store/store_fixture.h"
#include "tests/views/support/interpolation_fixture.h"
#include "views/compare/curve_panel.h"
#include "views/compare/interpolation_tab.h"
#include "views/compare/plane_map.h"
#include "views/compare/plane_panel.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/merge/recipe_text.h"
#include "views/merge/task_panel.h"
#include "views/widgets/plot_picture.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;
using namespace retort::test;

class TestInterpolationPlane : public InterpolationFixture {
    Q_OBJECT

  private Q_SLOTS:
    void thePlane() {
        open({first(), second(), third()});
        choosePlane();
        QVERIFY2(m_tab->obstacle().isEmpty(), qPrintable(m_tab->obstacle()));
        const PlanePanel* plane = m_tab->plane();
        QAbstractItemModelTester points(plane->table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(plane->isVisible());
        press();
        finish();
        QCOMPARE(m_log.refined.load(), 3 + 25);
        QCOMPARE(plane->table()->model()->rowCount(), 3 + 25);
        // The checkpoints themselves come first, exactly.
        QCOMPARE(m_log.weights[2], (std::vector<double>{0, 0, 1}));
        QCOMPARE(plane->table()->model()->index(1, 0).data().toString(), QStringLiteral("B"));
        QVERIFY(near(exact(plane->table(), 1, 5), 0.1 + 4 + 1));
        // Their true geometry: (0, 0), (3, 0), (1, 2), with 0.3 of the extent around.
        const PlaneMapContent& content = plane->map()->content();
        QVERIFY(near(content.plane.corners()[2].x, 1) && near(content.plane.corners()[2].y, 2));
        QVERIFY(near(content.grid.left, -0.9) && near(content.grid.top, 2.6));
        QVERIFY2(plane->summary()->text().contains(QStringLiteral("63.4")),
                 qPrintable(plane->summary()->text()));
        // Every point has the loss of its place.
        plane->task()->setCurrentIndex(1);
        for (std::size_t i = 0; i < 25; ++i) {
            const auto place = content.grid.place(i % 5, i / 5);
            QVERIFY(std::abs(plane->map()->content().values[i] -
                             (0.1 + std::pow(place.x - 1, 2) + std::pow(place.y - 1, 2))) < 1e-6);
        }
        for (const auto& weights : m_log.weights) QVERIFY(near(weights[0] + weights[1] + weights[2], 1));
        // (1.5, 1) is the middle of the grid, and the lowest of its points.
        QVERIFY(std::abs(exact(plane->table(), 3 + 12, 5) - (0.1 + 0.25)) < 1e-6);
        QVERIFY(plane->summary()->text().contains(QStringLiteral("lowest")));
        // Finer: only what lies between is measured.
        m_tab->planeDetail()->setCurrentIndex(1);
        QCOMPARE(plane->map()->content().values.size(), 81u);
        QVERIFY(!plane->map()->content().measured[1] && std::isfinite(plane->map()->content().values[1]));
        press();
        finish();
        QCOMPARE(m_log.refined.load(), 3 + 81);
        QVERIFY(plane->map()->content().measured[1]);
    }

    void mapByKeyboardAndPointer() {
        open({first(), second(), third()});
        choosePlane();
        press();
        finish();
        PlaneMap* map = m_tab->plane()->map();
        map->setFocus();
        QSignalSpy moved(map, &PlaneMap::currentChanged);
        QTest::keyClick(map, Qt::Key_Home);
        QTest::keyClick(map, Qt::Key_PageDown);
        QCOMPARE(*map->current(), std::size_t(0));
        QTest::keyClick(map, Qt::Key_Left);  // stays within
        QCOMPARE(*map->current(), std::size_t(0));
        QTest::keyClick(map, Qt::Key_Up);
        QTest::keyClick(map, Qt::Key_Right);
        QCOMPARE(*map->current(), std::size_t(6));
        QVERIFY(moved.count() >= 3);
        // The table goes along, and back.
        TablePanel* table = m_tab->plane()->table();
        QCOMPARE(table->currentRow(), 3 + 6);
        table->setCurrentRow(3 + 20);
        QCOMPARE(*map->current(), std::size_t(20));
        table->setCurrentRow(1);  // B itself
        QCOMPARE(*map->current(), map->content().grid.nearest({3, 0}));
        QCOMPARE(table->currentRow(), 1);
        QTest::keyClick(map, Qt::Key_3);
        QCOMPARE(*map->current(), map->content().grid.nearest({1, 2}));
        QVERIFY(map->accessibleDescription().contains(QStringLiteral("·C")));
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect(7).center().toPoint());
        QCOMPARE(*map->current(), std::size_t(7));
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(readRecipe(QGuiApplication::clipboard()->text().toStdString()).models.size(), 3u);
        QTest::keyClick(map, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(!QGuiApplication::clipboard()->image().isNull());
        // Low and high are drawn in the ends of the scale; files are written.
        const QImage image = map->image(1);
        const auto colourAt = [&](std::size_t cell) {
            const QRectF at = map->cellRect(cell);
            return image.pixelColor(int(at.left()) + 3, int(at.top()) + 3);
        };
        QVERIFY(colourAt(12).lightness() < colourAt(24).lightness());
        const QString file = QString::fromStdString((m_folder->path() / "plane").string());
        map->write(file + QStringLiteral(".png"));
        map->write(file + QStringLiteral(".svg"));
        QVERIFY(!QImage(file + QStringLiteral(".png")).isNull());
        QVERIFY(fs::file_size((file + QStringLiteral(".svg")).toStdString()) > 1000);
        QVERIFY_EXCEPTION_THROWN(map->write(file + QStringLiteral("/no/such/folder.png")), Error);
    }

    void noPlaneThroughOneLine() {
        open({first(), second(), add("between", {1.5, 0, 0, 0})});
        choosePlane();
        press();
        finish();
        QVERIFY2(m_tab->status()->text().contains(QStringLiteral("one line")),
                 qPrintable(m_tab->status()->text()));
        QCOMPARE(m_log.opened.load(), 0);
        m_tab->setCheckpoints({}, 0, 0, {});
        QVERIFY(!m_tab->obstacle().isEmpty());
    }
};

QTEST_MAIN(TestInterpolationPlane)
#include "tst_interpolation_plane.moc"
