// The merge bench, driven as a user does: checkpoints of runs and folders
// become parents, sliders and text are one recipe, what a fake bench with a
// known optimum measures arrives as cards, points and a front; sweeps,
// conflicts, keeping. And the session's thread.
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
#include <atomic>
#include <cmath>
#include <limits>
#include <random>

#include "core/config/load.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/error.h"
#include "tests/views/support/fake_merge_bench.h"
#include "views/design/yaml_editor.h"
#include "views/lab.h"
#include "views/merge/bench_measuring.h"
#include "views/merge/bench_point.h"
#include "views/merge/checkpoint_picker.h"
#include "views/merge/conflict_model.h"
#include "views/merge/conflict_view.h"
#include "views/merge/keep_dialog.h"
#include "views/merge/layer_view.h"
#include "views/merge/measure_session.h"
#include "views/merge/merge_page.h"
#include "views/merge/parameter_sliders.h"
#include "views/merge/parents_panel.h"
#include "views/merge/point_model.h"
#include "views/merge/recipe_edit.h"
#include "views/merge/result_cards.h"
#include "views/merge/results_panel.h"
#include "views/merge/slider_field.h"
#include "views/merge/sweep_panel.h"
#include "views/merge/task_panel.h"
#include "views/merge/trade_off_view.h"
#include "views/models/format.h"
#include "views/widgets/heat_map_view.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;
namespace fs = std::filesystem;

using namespace retort::test;

class TestMergePage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<MergePage> m_page;
    Log m_log;
    std::atomic<int> m_conflictMs{0};

  private Q_SLOTS:
    void initTestCase() {
        initTheme();
        applyTheme(Theme::Light);
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString trainer = m_folder->filePath(QStringLiteral("trainer"));
        write(trainer, "#!/bin/sh\nexit 0\n");
        QFile::setPermissions(trainer, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("RETORT_CLI", trainer.toUtf8());
        m_lab = std::make_unique<Lab>(m_folder->filePath(QStringLiteral("lab.db")).toStdString());
        for (auto* each : {&m_log.opened, &m_log.coarse, &m_log.refined, &m_log.stopped, &m_log.coarseMs,
                           &m_log.refinedMs, &m_log.openMs})
            each->store(0);
        m_conflictMs = 0;
        m_page = std::make_unique<MergePage>(*m_lab);
        m_page->setServices(services());
        m_page->resize(1200, 740);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(m_lab->pendingReads(), 0);
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
    }

    void brokenTextsAreObstacles() {
        for (const char* text : {"", "models: [", "merge_method: no_such_method\nmodels: []\n"}) {
            m_page->setRecipe(QString::fromLatin1(text));
            QVERIFY(!m_page->obstacle().isEmpty());
        }
    }

    // --- the recipe's text ---

    void theNewestRequestWins() {
        m_log.refinedMs = 3000;
        m_log.coarseMs = 30;
        MeasureSession session;
        session.setOpener(opener());
        QSignalSpy measured(&session, &MeasureSession::measured);
        session.measure(request("0.1"), MergeBenchEffort::Refined);
        QTRY_COMPARE(m_log.refined.load(), 1);
        QElapsedTimer timer;
        timer.start();
        const quint64 last = [&] {
            for (int i = 0; i < 50; ++i) session.measure(request("0.2"), MergeBenchEffort::Coarse);
            return session.measure(request("0.3"), MergeBenchEffort::Coarse);
        }();
        QTRY_VERIFY(!measured.isEmpty() && measured.last().first().toULongLong() == last);
        QCOMPARE(m_log.stopped.load(), 1);  // the refined one, at once
        QCOMPARE(m_log.opened.load(), 1);   // the same models stay open
        QVERIFY(m_log.coarse.load() <= 3);  // what waited was replaced
        QVERIFY(!session.isBusy());
    }

    void otherModelsAreOpenedAnewAndCancelIsPrompt() {
        MeasureSession session;
        session.setOpener(opener());
        QSignalSpy measured(&session, &MeasureSession::measured);
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(measured.count(), 1);
        MergeBenchRequest other = request("0.1");
        other.numProblems = 7;
        session.measure(other, MergeBenchEffort::Coarse);
        QTRY_COMPARE(measured.count(), 2);
        QCOMPARE(m_log.opened.load(), 2);
        m_log.refinedMs = 5000;
        for (int i = 0; i < 3; ++i) session.add(other);
        QTRY_COMPARE(m_log.refined.load(), 1);
        session.cancel();
        QVERIFY(!session.isBusy());
        QTRY_COMPARE(m_log.stopped.load(), 1);
        QTest::qWait(30);
        QCOMPARE(measured.count(), 2);
        QCOMPARE(m_log.refined.load(), 1);  // what waited was dropped
    }

    void whatFailsIsSaid() {
        MeasureSession session;
        QSignalSpy failed(&session, &MeasureSession::failed);
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(failed.count(), 1);  // there is no opener
        session.setOpener([](const MergeBenchRequest&, std::stop_token) -> std::unique_ptr<MergeBench> {
            throw Error("shapes differ", "layers.0", "choose others");
        });
        session.measure(request("0.1"), MergeBenchEffort::Coarse);
        QTRY_COMPARE(failed.count(), 2);
        QVERIFY(failed.last().at(1).toString().contains(QStringLiteral("shapes differ")));
    }

    // --- the page ---

    void emptyAndWithoutServices() {
        QVERIFY(!m_page->sliders()->isVisible());  // the empty state has the way on
        MergePage bare(*m_lab);
        bare.addParents({folder("a"), folder("b")});
        QVERIFY(bare.obstacle().contains(QStringLiteral("without training")));
        bare.setRecipe(kFlat);
        QVERIFY(!bare.conflicts()->computeButton()->isEnabled());
    }

    void parentsFromRunsBySearching() {
        addRun("plain",
               "recipe: sft\ndata:\n  tasks:\n    - task: addition\n      "
               "max_digits: 2\n",
               {10});
        addRun("mixed", twoTasks(), {100, 200});
        CheckpointPicker* picker = m_page->parents()->pick();
        const QAbstractItemModelTester tester(picker->model());
        QTRY_COMPARE(picker->model()->rowCount(), 3);
        QTest::keyClicks(picker->search(), QStringLiteral("mix"));
        QCOMPARE(picker->table()->model()->rowCount(), 2);
        picker->table()->selectAll();
        for (QPushButton* button : picker->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("&Add")) button->click();
        QTRY_VERIFY(m_page->obstacle().isEmpty());
        QCOMPARE(m_page->tasks()->chosen().size(),
                 std::size_t(2));  // the newest parent's
        QCOMPARE(m_page->tasks()->maxCompletionLength(), 48);
        QVERIFY(m_page->sliders()->isVisible());
        const RecipeView view = readRecipe(m_page->recipe().toStdString());
        QCOMPARE(view.models.size(), std::size_t(2));
        QCOMPARE(view.models[0].values.numbers.at("weight"), 0.5);
        QStringList shown;
        for (int i = 0; i < m_page->parents()->baseChooser()->count(); ++i)
            shown << m_page->parents()->baseChooser()->itemText(i);
        QVERIFY(shown.contains(QStringLiteral("mixed@200")) && shown.contains(QStringLiteral("mixed@100")));
    }

    void droppedFoldersAndRecipes() {
        drop({folder("one"), folder("two") + QStringLiteral("/config.json")});
        QCOMPARE(readRecipe(m_page->recipe().toStdString()).names().size(), std::size_t(2));
        const QString file = m_folder->filePath(QStringLiteral("r.yml"));
        write(file,
              "merge_method: linear\nmodels:\n  - model: one\n    "
              "parameters: {weight: 1}\n"
              "  - model: two\n    parameters: {weight: 1}\n");
        drop({file});
        QTRY_VERIFY(m_page->recipe().contains(QStringLiteral("model: one\n")));
        QTRY_COMPARE(m_page->obstacle(),
                     QStringLiteral("Tick a task to measure on."));  // found beside the file
        QSignalSpy failed(m_lab.get(), &Lab::failed);
        write(m_folder->filePath(QStringLiteral("x.txt")), "x");
        drop({m_folder->filePath(QStringLiteral("x.txt"))});
        QCOMPARE(failed.count(), 1);
    }

    void aSliderMovesTextAndMeasurement() {
        twoParents();
        SliderField* weight = m_page->sliders()->field("weight", 1);
        QVERIFY(weight);
        const int before = m_page->results()->model()->rowCount();
        m_page->editor()->document()->clearUndoRedoStacks();
        m_log.coarse = 0;
        // Held and moved: one undo step, first looks only.
        m_log.refinedMs = 10;
        QSlider* slider = weight->slider();
        slider->setSliderDown(true);
        for (int at = 51; at <= 70; ++at) slider->setValue(at);
        QCOMPARE(weightInText(1), 0.7);
        QCOMPARE(weight->spinBox()->value(), 0.7);
        QTRY_VERIFY(m_log.coarse.load() > 0);
        QTRY_VERIFY(m_page->cards()->text().contains(QStringLiteral("first look")));
        slider->setSliderDown(false);
        QTRY_COMPARE(m_page->results()->model()->rowCount(), before + 1);
        QVERIFY(m_page->cards()->text().contains(QStringLiteral("0.906")));  // 1 − 0.3², of 64 problems
        QVERIFY(!m_page->cards()->text().contains(QStringLiteral("first look")));
        const BenchPoint& point = m_page->results()->model()->points().back();
        QCOMPARE(point.coefficients.at(1).value, 0.7);
        QCOMPARE(point.tasks.at(0).problems, std::int64_t(64));
        QVERIFY(m_log.coarse.load() < 20);  // stale ones were left out

        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(weightInText(1), 0.5);
        QTRY_COMPARE(weight->spinBox()->value(), 0.5);
        m_page->editor()->redo();
        QTRY_COMPARE(weight->spinBox()->value(), 0.7);
        // What was measured is not measured again.
        const int measured = m_log.refined.load();
        QTest::qWait(BenchMeasuring::kRestMs + 100);
        QCOMPARE(m_log.refined.load(), measured);
    }

    void theSpinBoxIsExact() {
        twoParents();
        QDoubleSpinBox* spin = m_page->sliders()->field("weight", 0)->spinBox();
        spin->setFocus();
        spin->selectAll();
        QTest::keyClicks(spin, QStringLiteral("-1.2345"));
        QTest::keyClick(spin, Qt::Key_Return);
        QCOMPARE(weightInText(0), -1.2345);
        QCOMPARE(spin->value(), -1.2345);
        QSlider* slider = m_page->sliders()->field("weight", 0)->slider();
        QCOMPARE(slider->value(), slider->minimum());  // which has grown to reach it
        QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(weightInText(0) > -1.2345 && weightInText(0) < -1.2);
        auto* flag = m_page->sliders()->field("normalize", -1)->checkBox();
        QVERIFY(flag->isChecked());
        QTest::keyClick(flag, Qt::Key_Space);
        QVERIFY(m_page->recipe().contains(QStringLiteral("normalize: false")));
    }

    void theTextMovesTheSliders() {
        twoParents();
        QString text = m_page->recipe();
        m_page->editor()->setPlainText(
            text.replace(QStringLiteral("weight: 0.5"), QStringLiteral("weight: 0.125")));
        QTRY_COMPARE(m_page->sliders()->field("weight", 0)->spinBox()->value(), 0.125);
        // Gradients stay in the text, and the slider says so; the other goes on.
        text.replace(text.indexOf(QStringLiteral("weight: 0.125")), 13, QStringLiteral("weight: [0, 1]"));
        m_page->editor()->setPlainText(text);
        QTRY_VERIFY(m_page->sliders()->field("weight", 0)->isInText());
        QVERIFY(!m_page->sliders()->field("weight", 0)->slider()->isVisible());
        QVERIFY(!m_page->sliders()->field("weight", 1)->isInText());
        m_page->sliders()->field("weight", 1)->spinBox()->setValue(0.75);
        QVERIFY(m_page->recipe().contains(QStringLiteral("weight: [0, 1]")));
        QVERIFY(m_page->recipe().contains(QStringLiteral("0.75")));
        QTRY_VERIFY(m_page->obstacle().isEmpty());
        m_page->editor()->setPlainText(QStringLiteral("models: [\n"));
        QTRY_VERIFY(m_page->obstacle().contains(QStringLiteral("cannot be read")));
        QVERIFY(!m_page->editor()->problemsOf(2).isEmpty() || !m_page->editor()->problemsOf(1).isEmpty());
    }

    void aBaseLeavesTheModelsAndComesBack() {
        m_page->addParents({folder("base"), folder("x"), folder("y")});
        m_page->sliders()->methodChooser()->setCurrentIndex(3);
        Q_EMIT m_page->sliders()->methodChosen(QStringLiteral("ties"));
        QTRY_VERIFY(m_page->obstacle().contains(QStringLiteral("needs a base")));
        Q_EMIT m_page->parents()->baseChosen(folder("base"));
        RecipeView view = readRecipe(m_page->recipe().toStdString());
        QCOMPARE(view.base, folder("base").toStdString());
        QCOMPARE(view.models.size(), std::size_t(2));
        QCOMPARE(view.models[0].values.numbers.at("weight"),
                 0.5);  // levelled from a third
        QVERIFY(m_page->sliders()->field("density", 1));
        Q_EMIT m_page->parents()->baseChosen({});
        view = readRecipe(m_page->recipe().toStdString());
        QVERIFY(view.base.empty());
        QCOMPARE(view.models.size(), std::size_t(3));
        QCOMPARE(view.models[2].values.numbers.at("weight"), 0.333);
    }

    void warningsAreSaid() {
        m_page->addParents(
            {folder("strange"), folder("other"), m_folder->filePath(QStringLiteral("nowhere"))});
        QTRY_VERIFY(m_page->parents()->warnings()->text().contains(QStringLiteral("nowhere")));
        QTRY_VERIFY(m_page->parents()->warnings()->text().contains(QStringLiteral("no common ancestor")));
        QVERIFY(m_page->parents()->warnings()->isVisible());
        QVERIFY(m_page->obstacle().contains(QStringLiteral("was not found")));
    }

    void aFailedMeasurementIsShown() {
        twoParents();
        m_page->setRecipe(m_page->recipe() + QStringLiteral("# explode\n"));
        QTRY_VERIFY(m_page->status()->text().contains(QStringLiteral("sum to zero")));
        m_page->setRecipe(m_page->recipe().remove(QStringLiteral("# explode\n")));
        QTRY_VERIFY(!m_page->status()->text().contains(QStringLiteral("sum to zero")));
    }

    void notLive() {
        twoParents();
        m_page->liveButton()->click();
        const int before = m_log.refined.load() + m_log.coarse.load();
        m_page->sliders()->field("weight", 0)->spinBox()->setValue(0.9);
        QTest::qWait(BenchMeasuring::kRestMs + 50);
        QCOMPARE(m_log.refined.load() + m_log.coarse.load(), before);
        const int points = m_page->results()->model()->rowCount();
        m_page->editor()->setFocus();
        QTest::keyClick(m_page->editor(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(m_page->results()->model()->rowCount(), points + 1);
    }

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

    void keepingLaunchesARun() {
        twoParents();
        m_page->sliders()->field("weight", 1)->spinBox()->setValue(0.625);
        KeepDialog* dialog = m_page->askToKeep();
        dialog->nameField()->setText(QStringLiteral("best merge"));
        dialog->backendChooser()->setCurrentIndex(
            dialog->backendChooser()->findData(QStringLiteral("local-process")));
        QSignalSpy kept(m_page.get(), &MergePage::kept), failed(m_lab.get(), &Lab::failed);
        for (QPushButton* button : dialog->findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("&Keep")) button->click();
        QTRY_VERIFY(kept.count() + failed.count() > 0);
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.first().first().toString()));
        const auto run = StoreReader(m_lab->storeFile()).run(kept.first().first().value<RowId>());
        QVERIFY(run);
        const ParsedConfig parsed = parseConfig(run->config, "config.yaml");
        QVERIFY(parsed.problems.empty());
        QCOMPARE(parsed.config.recipe, std::string("merge"));
        QCOMPARE(parsed.config.name, std::string("best merge"));
        QCOMPARE(parsed.config.data.tasks.size(), std::size_t(2));
        QCOMPARE(parsed.config.data.tasks[0].name, std::string("add"));
        QCOMPARE(parsed.config.evaluation.num_problems, std::int64_t(64));
        QCOMPARE(readRecipe(parsed.config.merge.recipe).models[1].values.numbers.at("weight"), 0.625);
    }

    // What a screen reader says must not be empty for anything that the keyboard can reach.
    void everythingFocusableHasAName() {
        twoParents();
        QStringList nameless;
        for (int tab = 0; tab < m_page->tabs()->count(); ++tab) {
            m_page->tabs()->setCurrentIndex(tab);
            for (QWidget* widget : m_page->findChildren<QWidget*>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
                const bool isPart =
                    widget->objectName().startsWith(QLatin1String("qt_")) || widget->inherits("QScrollBar");
                QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
                if (isPart || !face || !face->text(QAccessible::Name).isEmpty()) continue;
                nameless << QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') +
                                widget->objectName();
            }
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void theDraftIsKept() {
        m_page->setRecipe(kFlat);
        m_page.reset();
        MergePage again(*m_lab);
        QTRY_COMPARE(again.recipe(), kFlat);
    }

  private:
    static void write(const QString& file, const QByteArray& text) {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }
    /// A folder that looks like a checkpoint.
    QString folder(const char* name) {
        const QString path = m_folder->filePath(QLatin1String(name));
        if (QDir().mkpath(path)) {
            write(path + QStringLiteral("/config.json"), "{}");
            write(path + QStringLiteral("/model.safetensors"), "");
        }
        return path;
    }
    static QByteArray twoTasks() {
        return "recipe: sft\nname: mixed\ndata:\n  tasks:\n    - task: addition\n  "
               "    name: add\n      max_digits: 2\n"
               "    - task: modular_chain\n      name: mod\nevaluation:\n  "
               "max_completion_length: 48\n";
    }
    void addRun(const char* name, const QByteArray& config, const std::vector<int>& steps) {
        static int number = 0;
        RunIdentity identity;
        identity.id = QStringLiteral("11111111-2222-3333-4444-%1")
                          .arg(++number, 12, 10, QLatin1Char('0'))
                          .toStdString();
        identity.name = name;
        identity.recipe = "sft";
        identity.created = 1000.0 + number;
        const RunDirectory directory = RunDirectory::create(m_folder->path().toStdString() + "/runs", name,
                                                            config.toStdString(), identity);
        RunLogWriter log(directory.eventsFile());
        log.write(StartEvent{1, 0, 300, 1, "here", "test"});
        for (const int step : steps) {
            const fs::path checkpoint = directory.checkpointFolder(step);
            fs::create_directories(checkpoint);
            for (const char* file : {"config.json", "model.safetensors", "tokenizer.json", "trainer.json"})
                write(toQString((checkpoint / file).string()), "{}");
            log.write(CheckpointEvent{step, "checkpoints/" + checkpoint.filename().string()});
        }
        log.sync();
        const RowId run = m_lab->writer().addRun(directory, "test").get();
        m_lab->writer().ingest(run).get();
    }
    /// Two checkpoints of a run with two tasks, merged by "linear", looked at and
    /// measured once.
    void twoParents() {
        addRun("mixed", twoTasks(), {100, 200});
        const fs::path runs = m_folder->path().toStdString() + "/runs";
        QStringList folders;
        for (const auto& run : fs::directory_iterator(runs))
            for (const auto& checkpoint : fs::directory_iterator(run.path() / "checkpoints"))
                folders << toQString(checkpoint.path().string());
        folders.sort();
        m_page->addParents(folders);
        QTRY_VERIFY(m_page->obstacle().isEmpty());
        QTRY_COMPARE(m_page->results()->model()->rowCount(), 1);
    }
    double weightInText(std::size_t model) const {
        const RecipeView view = readRecipe(m_page->recipe().toStdString());
        return view.models.at(model).values.numbers.at("weight");
    }
    void drop(const QStringList& paths) {
        QMimeData mime;
        QList<QUrl> urls;
        for (const QString& path : paths) urls << QUrl::fromLocalFile(path);
        mime.setUrls(urls);
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page.get(), &enter);
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_page.get(), &event);
    }
    static MergeBenchRequest request(const char* weight) {
        MergeBenchRequest request;
        request.recipe = std::string(
                             "merge_method: linear\nmodels:\n  - model: "
                             "/x\n    parameters: {weight: ") +
                         weight + "}\n";
        request.tasks.emplace_back();
        request.tasks.back().task = "addition";
        return request;
    }
    MeasureSession::Opener opener() {
        return [this](const MergeBenchRequest& request, std::stop_token stop) -> std::unique_ptr<MergeBench> {
            ++m_log.opened;
            for (int ms = m_log.openMs; ms > 0 && !stop.stop_requested(); --ms) QThread::msleep(1);
            return std::make_unique<FakeBench>(m_log, request);
        };
    }
    BenchServices services() {
        BenchServices services;
        services.methods = someMethods();
        services.open = opener();
        services.warnings = [](const std::string&, const std::vector<std::string>& models) {
            std::vector<std::string> all;
            for (const std::string& model : models)
                if (model.find("strange") != std::string::npos)
                    all.push_back("strange and the others have no common ancestor.");
            return all;
        };
        services.conflicts = [this](const ConflictRequest& request,
                                    const std::function<void(double)>& progress, std::stop_token stop) {
            for (int ms = 0; ms < m_conflictMs; ++ms) {
                if (stop.stop_requested()) return std::vector<PairConflicts>();
                progress(double(ms) / m_conflictMs);
                QThread::msleep(1);
            }
            std::vector<PairConflicts> pairs;
            for (std::size_t a = 0; a < request.models.size(); ++a)
                for (std::size_t b = a + 1; b < request.models.size(); ++b)
                    pairs.push_back({a, b, someTensors()});
            return pairs;
        };
        services.coefficients = [](const std::string& recipe) {
            std::vector<TensorCoefficient> all;
            const RecipeView view = readRecipe(recipe);
            for (int layer = 0; layer < 3; ++layer)
                all.push_back({"t", layer, "mlp", view.models.at(0).name, "weight", 0.5 * layer});
            return all;
        };
        return services;
    }
};

QTEST_MAIN(TestMergePage)
#include "tst_merge_page.moc"
