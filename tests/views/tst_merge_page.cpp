// The merge bench, driven as a user does: checkpoints of runs and folders become parents, sliders and text
// are one recipe, what a fake bench with a known optimum measures arrives, and is kept.
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

#include "core/config/load.h"
#include "core/runlog/writer.h"
#include "tests/views/support/merge_page_fixture.h"
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
#include "views/merge/result_cards.h"
#include "views/merge/results_panel.h"
#include "views/merge/slider_field.h"
#include "views/merge/sweep_panel.h"
#include "views/merge/task_panel.h"
#include "views/merge/trade_off_view.h"
#include "views/widgets/heat_map_view.h"
#include "views/widgets/theme.h"

using namespace retort;

using namespace retort::test;

class TestMergePage : public MergePageFixture {
    Q_OBJECT

  private Q_SLOTS:
    void brokenTextsAreObstacles() {
        for (const char* text : {"", "models: [", "merge_method: no_such_method\nmodels: []\n"}) {
            m_page->setRecipe(QString::fromLatin1(text));
            QVERIFY(!m_page->obstacle().isEmpty());
        }
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
        m_log.coarseMs = 50;  // slower than the slider, also on a busy machine
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
};

QTEST_MAIN(TestMergePage)
#include "tst_merge_page.moc"
