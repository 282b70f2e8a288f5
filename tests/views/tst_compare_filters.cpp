// The Compare page's groups as filters of the problems, and merges against the parents that lineage knows.
#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include "tests/core/comparison/family_store.h"
#include "views/actions.h"
#include "views/compare/answer_diff.h"
#include "views/compare/compare_page.h"
#include "views/compare/flip_table.h"
#include "views/compare/relatives_strip.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/models/comparison_item_model.h"
#include "views/widgets/theme.h"

using namespace retort;

class TestCompareFilters : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<ComparePage> m_page;

    RowId add(const std::string& name, const std::string& yaml,
              const std::vector<EvaluationEvent>& evaluations, const std::vector<Trace>& traces = {}) {
        return addWithCheckpoint(*m_folder, m_lab->writer(), name, yaml, evaluations, traces);
    }
    void open(const std::vector<CheckpointRef>& refs) {
        m_page = std::make_unique<ComparePage>(*m_lab);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_page->setCheckpoints(refs);
        settle();
    }
    void settle() {
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QTRY_VERIFY(m_page->isUpToDate());
        QTest::qWait(90);  // an item is opened a little after it was chosen
        QTRY_COMPARE(m_lab->pendingReads(), 0);
    }
    QString role(int row) const { return m_page->table()->model()->index(row, 1).data().toString(); }
    QString firstProblem() const { return m_page->itemModel()->index(0, 0).data().toString(); }
    /// Both with two tasks: x of four problems, y of three.
    std::vector<CheckpointRef> addPair() {
        const RowId a = add("a", "recipe: sft\n",
                            {evaluationOf("x", "h", {1, 1, 0, 0}), evaluationOf("y", "g", {1, 0, 0})});
        const RowId b = add("b", "recipe: sft\n",
                            {evaluationOf("x", "h", {1, 0, 1, 0}), evaluationOf("y", "g", {1, 1, 1})});
        return {{a, 10}, {b, 10}};
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        initTheme();
    }
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_lab = std::make_unique<Lab>(m_folder->file());
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
        m_folder.reset();
    }

    void enterOnAGroupListsItsProblems() {
        open(addPair());
        QCOMPARE(m_page->itemModel()->rowCount(), 7);
        QVERIFY(!m_page->groupChip()->isVisible());
        m_page->tabs()->setCurrentIndex(1);
        m_page->groups()->setCurrentRow(3);  // y of b
        QTest::keyClick(m_page->groups()->view(), Qt::Key_Return);
        QCOMPARE(m_page->tabs()->currentIndex(), 0);
        QCOMPARE(m_page->itemModel()->rowCount(), 3);
        QCOMPARE(firstProblem(), QStringLiteral("y:0"));
        QVERIFY(m_page->groupChip()->isVisible());
        QCOMPARE(m_page->groupChip()->text(), QStringLiteral("y"));
        // The flip table counts within the group, and its cells filter within it.
        QVERIFY(m_page->flips()->button(FlipCell::OnlySecond)->text().contains(QStringLiteral("2 (")));
        m_page->flips()->button(FlipCell::OnlySecond)->click();
        QCOMPARE(m_page->itemModel()->rowCount(), 2);
        m_page->groupChip()->click();
        QVERIFY(!m_page->groupChip()->isVisible());
        QCOMPARE(m_page->itemModel()->rowCount(), 3);  // won in x (1) and y (2)
        m_page->flips()->choose(std::nullopt);
        QCOMPARE(m_page->itemModel()->rowCount(), 7);
    }

    void escapeTakesTheFilterAway() {
        open(addPair());
        m_page->setGroup(m_page->result()->tasks[0]);
        QCOMPARE(m_page->itemModel()->rowCount(), 4);
        m_page->itemView()->setFocus();
        QTest::keyClick(m_page->itemView(), Qt::Key_Escape);
        QCOMPARE(m_page->itemModel()->rowCount(), 7);
        QVERIFY(!m_page->groupChip()->isVisible());
    }

    void aDoubleClickListsAGroup() {
        open(addPair());
        m_page->tabs()->setCurrentIndex(1);
        auto* view = m_page->groups()->view();
        const QModelIndex first = view->model()->index(0, 0);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(first).center());
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(first).center());
        QCOMPARE(m_page->tabs()->currentIndex(), 0);
        QCOMPARE(m_page->itemModel()->rowCount(), 4);
    }

    void theFilterLivesThroughAnotherBaseline() {
        const auto refs = addPair();
        open(refs);
        m_page->setGroup(m_page->result()->tasks[1]);
        m_page->setBaseline(refs[1]);
        settle();
        QCOMPARE(m_page->itemModel()->rowCount(), 3);
        QVERIFY(m_page->groupChip()->isVisible());
        m_page->setEvaluation("x");
        settle();
        QVERIFY(!m_page->groupChip()->isVisible());
        QCOMPARE(m_page->itemModel()->rowCount(), 4);
    }

    void lineageSaysTheParents() {
        const RowId base = add("base", "recipe: sft\n", {evaluationOf("x", "h", {1, 0, 0, 0})});
        const RowId left = add("left", "recipe: sft\n", {evaluationOf("x", "h", {1, 1, 0, 0})});
        const RowId right = add("right", "recipe: sft\n", {evaluationOf("x", "h", {0, 0, 1, 0})});
        const RowId merged =
            add("merged", mergeOf({"left", "right"}, "base"), {evaluationOf("x", "h", {1, 1, 1, 0})});
        open({{left, 10}, {merged, 10}});
        QCOMPARE(m_page->table()->model()->rowCount(), 2);
        QCOMPARE(role(0), QStringLiteral("baseline, parent"));
        QCOMPARE(role(1), QStringLiteral("merge"));
        QVERIFY(m_page->relatives()->isVisible());
        const QString said = m_page->relatives()->label()->text();
        QVERIFY2(said.contains(QStringLiteral("right @ 10, base @ 10 (base)")), qPrintable(said));
        m_page->relatives()->addButton()->click();
        settle();
        QCOMPARE(m_page->table()->model()->rowCount(), 4);
        QVERIFY(!m_page->relatives()->isVisible());
        QCOMPARE(role(2), QStringLiteral("parent"));
        QCOMPARE(role(3), QStringLiteral("base"));
        QCOMPARE(m_page->merges()->model()->rowCount(), 1);
        const auto exact = [&](int column) {
            return m_page->merges()->model()->index(0, column).data(ValueTableModel::ExactRole);
        };
        QCOMPARE(exact(1).toDouble(), 0.75 / 0.5);
        QCOMPARE(exact(2).toDouble(), 0.25);
        QCOMPARE(exact(5).toDouble(), -0.5);
        // By hand: the base is a parent, too, from then on of all others.
        m_page->table()->setCurrentRow(3);
        QAction* mark = nullptr;
        QAction* lineage = nullptr;
        for (QAction* each : commandsOf(m_page.get())) {
            if (each->objectName() == QLatin1String("compare.parent")) mark = each;
            if (each->objectName() == QLatin1String("compare.lineageParents")) lineage = each;
        }
        QVERIFY(mark && lineage && lineage->isChecked());
        mark->trigger();
        settle();
        QVERIFY(!lineage->isChecked());
        QCOMPARE(role(3), QStringLiteral("parent"));
        QVERIFY(m_page->result()->parentsByHand);
        lineage->trigger();
        settle();
        QCOMPARE(role(3), QStringLiteral("base"));
        Q_UNUSED(base);
        Q_UNUSED(right);
    }

    void oneCheckpointIsShownOnce() {
        Trace trace;
        trace.step = 10;
        trace.phase = "eval";
        trace.task = std::string("x");  // GCC 12 warns of an assigned literal of one letter
        trace.problemId = "x:0";
        trace.prompt = "1+1=";
        trace.completion = "<1+1=2;>2";
        trace.gold = trace.extracted = std::string("2");
        trace.correct = true;
        const RowId a = add("a", "recipe: sft\n", {evaluationOf("x", "h", {1, 0})}, {trace});
        open({{a, 10}});
        QCOMPARE(m_page->answers()->answers().size(), 1u);
        const QString text = m_page->answers()->toPlainText();
        QCOMPARE(text.count(QStringLiteral("a @ 10")), 1);
        QVERIFY(text.contains(QStringLiteral("Add a second checkpoint")));
    }
};

QTEST_MAIN(TestCompareFilters)
#include "tst_compare_filters.moc"
