// The interpolation tab over checkpoints on the disk and a bench whose losses are known in closed form:
// curve, barrier, plane, going on from what there is, and all the reasons not to measure.
#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QGuiApplication>
#include <QListWidget>
#include <QTableView>
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

class TestInterpolationTab : public InterpolationFixture {
    Q_OBJECT

  private Q_SLOTS:
    void theCurveAndItsBarriers() {
        open({first(), second()});
        QVERIFY2(m_tab->obstacle().isEmpty(), qPrintable(m_tab->obstacle()));
        const CurvePanel* curve = m_tab->curve();
        QAbstractItemModelTester barriers(curve->barriers()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester points(curve->table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(curve->isVisible() && !m_tab->plane()->isVisible());
        press();
        QVERIFY(m_tab->isMeasuring() && m_tab->progress()->isVisible());
        QVERIFY(!m_tab->checkpoint(0)->isEnabled());
        finish();
        QVERIFY(!m_tab->progress()->isVisible() && m_tab->checkpoint(0)->isEnabled());
        QCOMPARE(m_log.refined.load(), 11);
        QCOMPARE(m_log.opened.load(), 1);
        QTRY_COMPARE(m_log.open.load(), 0);  // the models are not kept in memory when it is done
        // Coarse first: the ends, the middle.
        QCOMPARE(m_log.weights[0], (std::vector<double>{1, 0}));
        QCOMPARE(m_log.weights[1], (std::vector<double>{0, 1}));
        QCOMPARE(m_log.weights[2], (std::vector<double>{0.5, 0.5}));
        // Accuracy was not asked for: as little as possible is generated, and none of it shown.
        QCOMPARE(m_log.request.numProblems, 1);
        QCOMPARE(m_log.request.maxCompletionLength, 1);
        QVERIFY(!curve->table()->text(true).contains(QStringLiteral("ccuracy")));
        // Mean: half of 2·t·(1 − t) less half of t·(1 − t).
        QCOMPARE(curve->barriers()->model()->rowCount(), 3);
        QVERIFY(near(exact(curve->barriers(), 0, 1), 0.125) && near(exact(curve->barriers(), 0, 2), 0.5));
        QVERIFY(near(exact(curve->barriers(), 1, 1), 0.5) && near(exact(curve->barriers(), 1, 2), 0.5));
        QVERIFY(near(exact(curve->barriers(), 2, 1), 0));
        QVERIFY(near(exact(curve->barriers(), 2, 5), 0.2) && near(exact(curve->barriers(), 2, 6), 0.3));
        QVERIFY(curve->summary()->text().contains(QStringLiteral("0.125")));
        QVERIFY(curve->summary()->text().contains(QStringLiteral("left @ 10")));
        QCOMPARE(curve->table()->model()->rowCount(), 11);
        QVERIFY(curve->table()->json().contains(QStringLiteral("\"Above the line\"")));
    }

    void finerGoesOnFromCoarse() {
        open({first(), second()});
        press();
        finish();
        QVERIFY(!m_tab->button()->isEnabled());  // all of it is there
        m_tab->curveDetail()->setCurrentIndex(1);
        QVERIFY(m_tab->button()->isEnabled());
        QTest::keyClick(m_tab->button(), Qt::Key_Space);
        finish();
        QCOMPARE(m_log.refined.load(), 21);
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 21);
        // Another effort is another measurement; the first one is still there.
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Quick));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        press();
        finish();
        QCOMPARE(m_log.coarse.load(), 21);
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Loss));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 21);
        QCOMPARE(m_log.refined.load(), 21);
    }

    void accuracyOnDemand() {
        open({first(), second(), third()});
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Accuracy));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("50")));  // as the run was evaluated
        press();
        finish();
        QCOMPARE(m_log.request.numProblems, 50);
        QCOMPARE(m_log.request.maxCompletionLength, 40);
        m_tab->tasks()->problemsBox()->setValue(7);
        m_tab->mode()->setCurrentIndex(1);  // other checkpoints are looked at: the user's number stays
        m_tab->mode()->setCurrentIndex(0);
        settle();
        QCOMPARE(m_tab->tasks()->problems(), 7);
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        m_tab->tasks()->problemsBox()->setValue(50);
        const TablePanel* table = m_tab->curve()->table();
        QVERIFY(table->text(true).contains(QStringLiteral("Mean accuracy")));
        // The error rises evenly: no barrier of it.
        QVERIFY(near(exact(m_tab->curve()->barriers(), 0, 7), 0));
        m_tab->curve()->measure()->setCurrentIndex(1);
        QCOMPARE(m_tab->curve()->plot()->series().front().points.back(), QPointF(1, 0.5));
        QVERIFY(m_tab->curve()->plot()->series().front().spans.empty());
    }

    void answersLostWithoutALoss() {
        m_log.dip = 0.8;
        open({first(), second()});
        m_tab->effort()->setCurrentIndex(int(InterpolationEffort::Accuracy));
        press();
        finish();
        QVERIFY(near(exact(m_tab->curve()->barriers(), 0, 7), 0.2));
        const QString summary = m_tab->curve()->summary()->text();
        QVERIFY2(summary.contains(QStringLiteral("wrong answers rises 0.2000")), qPrintable(summary));
        m_log.dip = 0;
    }

    void theChart() {
        open({first(), second()});
        press();
        finish();
        PlotView* plot = m_tab->curve()->plot();
        QCOMPARE(plot->series().size(), 3u);
        QCOMPARE(plot->series()[0].points.size(), 11u);
        // The line between the ends stands behind, and the mean's barrier is pointed out.
        QVERIFY(near(plot->series()[1].raw[5].y(), 1.5));
        QCOMPARE(plot->series()[0].spans.size(), 1u);
        QVERIFY(near(plot->series()[0].spans[0].high - plot->series()[0].spans[0].low, 0.125));
        QVERIFY(plot->series()[1].spans.empty());
        QVERIFY(plot->accessibleDescription().contains(QStringLiteral("barrier 0.125")));
        const auto actions = m_tab->curve()->lines()->actions();
        QCOMPARE(actions.size(), 3);
        const QImage with = drawPicture(plot->picture());
        actions[0]->trigger();  // the mean
        QCOMPARE(plot->series().size(), 2u);
        QVERIFY(near(plot->series()[0].spans.at(0).high, 2));
        QVERIFY(plot->series()[1].spans.empty());  // no barrier, nothing to point out
        QVERIFY(drawPicture(plot->picture()) != with);
        actions[1]->trigger();
        actions[2]->trigger();
        QVERIFY(plot->series().empty());
    }

    void cancelledAndContinued() {
        m_log.delayMs = 30;
        open({first(), second()});
        press();
        QTRY_VERIFY(m_log.refined >= 3);
        press();
        QVERIFY(!m_tab->isMeasuring());
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("Cancelled")));
        const int kept = m_tab->curve()->table()->model()->rowCount();
        QVERIFY(kept >= 2 && kept < 11);
        m_log.delayMs = 0;
        press();
        finish();
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
        QVERIFY(m_log.refined <= 12);  // the one that was stopped, at most, twice
    }

    // What goes wrong is told, what was there stays, and it can be tried again.
    void aBenchThatFails() {
        m_log.fails = true;
        open({first(), second()});
        press();
        finish();
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("✗")));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("another shape")));
        m_log.fails = false;
        QVERIFY(m_tab->button()->isEnabled());
        press();
        finish();
        QVERIFY(!m_tab->status()->text().contains(QStringLiteral("✗")));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
    }

    void obstacles() {
        const ComparedCheckpoint left = first();
        open({left});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Add another one")));
        QVERIFY(m_tab->message()->isVisible() && !m_tab->button()->isEnabled());
        ComparedCheckpoint gone = second();
        gone.folder.clear();  // not on the disk any more
        m_tab->setCheckpoints({left, gone}, 0, 1, {});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Add another one")));
        const ComparedCheckpoint other = add("other", {1, 2, 3, 4}, kTwoTasks, 2);
        m_tab->setCheckpoints({left, other}, 0, 1, {});
        settle();
        QVERIFY2(m_tab->obstacle().contains(QStringLiteral("shape")), qPrintable(m_tab->obstacle()));
        QVERIFY(!m_tab->button()->isEnabled());
        m_tab->checkpoint(1)->setCurrentIndex(0);
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("different checkpoints")));
        ComparedCheckpoint empty = add("empty", {1, 2, 3, 4});
        fs::remove_all(empty.folder);
        m_tab->setCheckpoints({left, empty}, 0, 1, {});
        settle();
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("cannot be read")));
        m_tab->setOpener({});
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("without training")));
        m_tab->measure();
        QVERIFY(!m_tab->isMeasuring());
        QCOMPARE(m_log.opened.load(), 0);
    }

    // Runs that mean two things by one name: both are measured, and the names say which is which.
    void tasksOfTheRuns() {
        const std::string bare =
            "recipe: sft\ndata:\n  tasks:\n    - task: addition\n      worked_share: 0\n    - task: "
            "sorting\n      "
            "weight: 3\n";
        open({first(), add("bare", {3, 0, 0, 0}, bare)}, {"addition"});
        const QListWidget* list = m_tab->tasks()->list();
        QStringList names, ticked;
        for (int i = 0; i < list->count(); ++i) {
            names << list->item(i)->text();
            if (list->item(i)->checkState() == Qt::Checked) ticked << list->item(i)->text();
        }
        QCOMPARE(names, (QStringList{QStringLiteral("addition (left)"), QStringLiteral("sorting"),
                                     QStringLiteral("addition (bare)")}));
        // They are compared on addition, so that is what is measured at first.
        QCOMPARE(ticked, (QStringList{names[0], names[2]}));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("256")));  // 512 examples, two tasks
        press();
        finish();
        QCOMPARE(m_log.request.tasks.size(), 2u);
        QCOMPARE(m_log.request.tasks[1].worked_share, 0.0);
        QVERIFY(m_log.request.tasks[0].name != m_log.request.tasks[1].name);
        for (int i = 0; i < list->count(); ++i) list->item(i)->setCheckState(Qt::Unchecked);
        QVERIFY(m_tab->obstacle().contains(QStringLiteral("Tick a task")));
    }

    void recipesOfPoints() {
        open({first(), second()});
        press();
        finish();
        QTableView* view = m_tab->curve()->table()->view();
        view->setFocus();
        view->setCurrentIndex(view->model()->index(3, 0));
        QTest::keyClick(view, Qt::Key_Return);
        const RecipeView recipe = readRecipe(QGuiApplication::clipboard()->text().toStdString());
        QCOMPARE(recipe.method, std::string("linear"));
        QCOMPARE(recipe.models.size(), 2u);
        QVERIFY(near(recipe.models[1].values.numbers.at("weight"), 0.3));
        QVERIFY(recipe.models[0].name.ends_with("left-weights"));
        QVERIFY(m_tab->status()->text().contains(QStringLiteral("Copied")));
        // Names are data: what YAML could stumble over is quoted.
        const RecipeView odd = readRecipe(linearRecipe({"/a: b # \"c\"", "/d\\e"}, {-0.25, 1.25}));
        QCOMPARE(odd.models.at(0).name, std::string("/a: b # \"c\""));
        QCOMPARE(odd.models.at(1).name, std::string("/d\\e"));
        QCOMPARE(odd.models.at(0).values.numbers.at("weight"), -0.25);
    }

    void theChoiceIsKeptWhileItIsMeasured() {
        const auto left = first(), right = second(), other = third();
        m_log.delayMs = 20;
        open({left, right, other});
        press();
        QTRY_VERIFY(m_log.refined >= 1);
        m_tab->setCheckpoints({left, right, other}, 0, 2, {});  // another row was chosen above
        QVERIFY(m_tab->isMeasuring());
        QCOMPARE(m_tab->checkpoint(1)->currentText(), QStringLiteral("right @ 10"));
        m_log.delayMs = 0;
        finish();
        m_tab->setCheckpoints({left, right, other}, 0, 2, {});
        settle();
        QCOMPARE(m_tab->checkpoint(1)->currentText(), QStringLiteral("third @ 10"));
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 0);
        m_tab->checkpoint(1)->setCurrentIndex(1);
        settle();
        QCOMPARE(m_tab->curve()->table()->model()->rowCount(), 11);
        // Gone in the middle of it: nothing hangs, nothing is told to the dead.
        m_log.delayMs = 50;
        m_tab->curveDetail()->setCurrentIndex(2);
        press();
        QTest::qWait(20);
        m_tab.reset();
    }

    void everythingHasAName() {
        open({first(), second(), third()});
        for (int mode = 0; mode < 2; ++mode) {
            m_tab->mode()->setCurrentIndex(mode);
            settle();
            for (const QWidget* each : m_tab->findChildren<QWidget*>())
                if (each->isVisible() && (each->focusPolicy() & Qt::TabFocus) && !each->focusProxy() &&
                    !each->objectName().startsWith(QStringLiteral("qt_"))) {
                    QAccessibleInterface* interface =
                        QAccessible::queryAccessibleInterface(const_cast<QWidget*>(each));
                    QVERIFY2(interface && !interface->text(QAccessible::Name).isEmpty(),
                             each->metaObject()->className());
                }
        }
    }
};

QTEST_MAIN(TestInterpolationTab)
#include "tst_interpolation_tab.moc"
