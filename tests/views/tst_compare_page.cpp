// The Compare page over a store of evaluated checkpoints: choosing, flips that filter, an opened problem,
// weights, saving and reopening, and the states in which there is nothing to show.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTreeView>

#include "core/formats/sharded_safetensors.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "tests/core/comparison/comparison_store.h"
#include "views/compare/answer_diff.h"
#include "views/compare/checkpoint_chooser.h"
#include "views/compare/compare_page.h"
#include "views/compare/flip_table.h"
#include "views/compare/layer_map.h"
#include "views/compare/table_panel.h"
#include "views/compare/weights_tab.h"
#include "views/lab.h"
#include "views/models/comparison_item_model.h"
#include "views/widgets/empty_state.h"
#include "views/widgets/theme.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

Trace answerTo(int problem, bool correct) {
    Trace trace;
    trace.step = 10;
    trace.phase = "eval";
    trace.task = "addition";
    trace.problemId = std::string("addition:").append(std::to_string(problem));
    trace.prompt = "12+34=";
    trace.completion = correct ? "<2+4=6;1+3=4;>46" : "<2+4=6;1+3=5;>56";
    trace.gold = "46";
    trace.extracted = correct ? "46" : "56";
    trace.correct = correct;
    trace.steps = {{1, 6, StepVerdict::Correct, ""},
                   {7, 12, correct ? StepVerdict::Correct : StepVerdict::Wrong, ""}};
    trace.numTokens = 17;
    trace.tokens.ends = {6, 12, 14, 16};
    trace.tokens.logprobs = {-0.1f, -0.1f, -0.1f, -0.2f};
    return trace;
}

}  // namespace

class TestComparePage : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<ComparePage> m_page;

    RowId add(const std::string& name, const std::vector<EvaluationEvent>& evaluations,
              const std::vector<Trace>& traces = {}) {
        return addEvaluated(*m_folder, m_lab->writer(), name, evaluations, traces);
    }
    void open() {
        m_page = std::make_unique<ComparePage>(*m_lab);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        settle();
    }
    void settle() {
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QTRY_VERIFY(m_page->isUpToDate());
        QTest::qWait(90);  // an item is opened a little after it was chosen
        QTRY_COMPARE(m_lab->pendingReads(), 0);
    }
    /// a solves the first five of eight, b 1, 2 and 6.
    std::pair<RowId, RowId> addPair() {
        const RowId a =
            add("a", {evaluationOf("addition", "h", {1, 1, 1, 1, 1, 0, 0, 0})}, {answerTo(2, true)});
        const RowId b =
            add("b", {evaluationOf("addition", "h", {1, 1, 0, 0, 0, 1, 0, 0})}, {answerTo(2, false)});
        return {a, b};
    }
    EmptyState* shownEmptyState() const {
        for (EmptyState* each : m_page->findChildren<EmptyState*>())
            if (each->isVisible()) return each;
        return nullptr;
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

    void anEmptyStoreSaysWhatToDo() {
        open();
        QVERIFY(shownEmptyState());
        QVERIFY(!shownEmptyState()->findChildren<QPushButton*>().isEmpty());
    }

    void theSelectionOfRunsComesFirst() {
        const auto [a, b] = addPair();
        m_lab->selection().setRuns({b, a});
        open();
        QTRY_COMPARE(m_page->checkpoints().size(), 2u);
        settle();
        QCOMPARE(m_page->table()->model()->rowCount(), 2);
        QCOMPARE(m_page->table()->model()->index(0, 0).data().toString(), QStringLiteral("b @ 10"));
        QCOMPARE(m_page->table()->model()->index(0, 1).data().toString(), QStringLiteral("baseline"));
        QVERIFY(!shownEmptyState());
    }

    void numbersStandInTheTable() {
        const auto [a, b] = addPair();
        open();
        QVERIFY(shownEmptyState());
        m_page->setCheckpoints({{a, 10}, {b, 10}});
        settle();
        const auto exact = [&](int row, int column) {
            return m_page->table()->model()->index(row, column).data(ValueTableModel::ExactRole);
        };
        QCOMPARE(exact(0, 2).toDouble(), 5.0 / 8);
        QCOMPARE(exact(1, 4).toDouble(), -2.0 / 8);
        QCOMPARE(exact(1, 8).toLongLong(), 3);
        QCOMPARE(exact(1, 9).toLongLong(), 1);
        m_page->setBaseline({b, 10});
        settle();
        QCOMPARE(exact(0, 4).toDouble(), 2.0 / 8);
        const QString json = m_page->table()->json();
        QVERIFY(json.contains(QStringLiteral("\"a @ 10\"")));
        QVERIFY(m_page->table()->text(true).contains(QStringLiteral("0.625")));
    }

    void cellsFilterTheProblems() {
        const auto [a, b] = addPair();
        open();
        m_page->setCheckpoints({{a, 10}, {b, 10}});
        settle();
        QCOMPARE(m_page->itemModel()->rowCount(), 8);
        m_page->flips()->button(FlipCell::OnlyFirst)->click();
        QCOMPARE(m_page->itemModel()->rowCount(), 3);
        QCOMPARE(m_page->itemModel()->index(0, 0).data().toString(), QStringLiteral("addition:2"));
        QCOMPARE(m_page->itemModel()->index(0, 3).data().toString(), QStringLiteral("✗"));
        m_page->flips()->button(FlipCell::OnlyFirst)->click();
        QCOMPARE(m_page->itemModel()->rowCount(), 8);
        m_page->flips()->button(FlipCell::OnlySecond)->click();
        QCOMPARE(m_page->itemModel()->rowCount(), 1);
        m_page->flips()->choose(std::nullopt);
        QTest::keyClick(m_page.get(), Qt::Key_F, Qt::ControlModifier);
        auto* search = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(search);
        QTest::keyClicks(search, QStringLiteral("ition:7"));
        QCOMPARE(m_page->itemModel()->rowCount(), 1);
        QTest::keyClicks(search, QStringLiteral("nothing"));
        QCOMPARE(m_page->itemModel()->rowCount(), 0);
    }

    void aProblemOpensSideBySide() {
        const auto [a, b] = addPair();
        open();
        m_page->setCheckpoints({{a, 10}, {b, 10}});
        settle();
        m_page->itemView()->setCurrentIndex(m_page->itemModel()->index(2, 0));
        settle();
        const QString text = m_page->answers()->toPlainText();
        QVERIFY(text.contains(QStringLiteral("12+34=")) && text.contains(QStringLiteral("1+3=5")));
        QVERIFY(m_page->answers()->asText().contains(QStringLiteral("<2+4=6;1+3=4;>46")));
        m_page->itemView()->setCurrentIndex(m_page->itemModel()->index(0, 0));
        settle();
        QVERIFY(m_page->answers()->toPlainText().contains(QStringLiteral("No text of this answer was kept")));
    }

    // Hostile text is text.
    void markupIsOnlyText() {
        Trace trace = answerTo(0, true);
        trace.completion = "<script>alert(1)</script><img src=x>&amp;";
        trace.steps.clear();
        const QString html =
            answersHtml({QStringLiteral("<b>p")}, {{QStringLiteral("<i>a"), trace, 1, 1}, {}});
        QVERIFY(!html.contains(QStringLiteral("<script")) && !html.contains(QStringLiteral("<img")));
        QVERIFY(html.contains(QStringLiteral("&lt;b&gt;p")) && html.contains(QStringLiteral("&lt;i&gt;a")));
    }

    void oneAloneAndNothingInCommon() {
        const auto [a, b] = addPair();
        const RowId other = add("other", {evaluationOf("sorting", "s", {1, 0})});
        open();
        m_page->setCheckpoints({{a, 10}});
        settle();
        QVERIFY(!shownEmptyState() && !m_page->flips()->isVisible());
        QCOMPARE(m_page->table()->model()->rowCount(), 1);
        m_page->setCheckpoints({{a, 10}, {other, 10}});
        settle();
        QCOMPARE(m_page->itemModel()->rowCount(), 0);
        bool said = false;
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            said =
                said || (label->isVisible() && label->text().contains(QStringLiteral("no set of problems")));
        QVERIFY(said);
        m_page->setEvaluation("addition");
        settle();
        QCOMPARE(m_page->table()->model()->rowCount(), 1);
        m_page->setCheckpoints({});
        settle();
        QVERIFY(shownEmptyState());
    }

    void theChooserSearches() {
        const auto [a, b] = addPair();
        StoreReader reader(m_folder->file());
        CheckpointChooser chooser(reader.evaluatedCheckpoints());
        chooser.show();
        QCOMPARE(chooser.list()->model()->rowCount(), 2);
        QVERIFY(chooser.chosen().empty());
        chooser.search()->setText(QStringLiteral("b"));
        chooser.search()->setText(QStringLiteral("addition"));
        QCOMPARE(chooser.list()->model()->rowCount(), 2);
        chooser.list()->selectAll();
        QCOMPARE(chooser.chosen().size(), 2u);
        QCOMPARE(chooser.chosen()[0].run, b);  // the newest first
    }

    void savedAndReopened() {
        const auto [a, b] = addPair();
        open();
        m_page->setCheckpoints({{a, 10}, {b, 10}});
        m_page->setBaseline({b, 10});
        m_page->setEvaluation("addition");
        settle();
        m_page->save(QStringLiteral("before and after"));
        settle();
        QTRY_COMPARE(StoreReader(m_folder->file()).comparisons().size(), 1u);
        const SavedComparison saved = StoreReader(m_folder->file()).comparisons()[0];
        QCOMPARE(saved.setHash, std::string("h"));
        QCOMPARE(saved.baseline, 1);
        m_page->setCheckpoints({{a, 10}});
        settle();
        m_page->reopen(saved);
        settle();
        QCOMPARE(m_page->checkpoints().size(), 2u);
        QCOMPARE(m_page->result()->comparison->baseline, 1u);
    }

    void weightsInTheBackground() {
        const auto [a, b] = addPair();
        int shift = 0;
        std::vector<ComparedCheckpoint> checkpoints;
        for (const char* name : {"left", "right"}) {
            const fs::path folder = m_folder->path() / name;
            fs::create_directories(folder);
            std::vector<float> values(64, 1.0f);
            values[3] += float(shift);
            writeCheckpointWeights(folder,
                                   {{"model.layers.0.w", Dtype::Float32, {8, 8}, values.data(), false},
                                    {"model.layers.1.w", Dtype::Float32, {8, 8}, values.data(), false}});
            writeFileAtomically(folder / "config.json",
                                shift++ ? R"({"hidden_size": 8})" : R"({"hidden_size": 9})");
            checkpoints.push_back({{a, 10}, "", name, folder.string()});
        }
        open();
        WeightsTab* tab = m_page->weights();
        tab->setCheckpoints(checkpoints, 0, 1);
        tab->compute();
        QVERIFY(tab->isComputing());
        QTRY_VERIFY(!tab->isComputing());
        QCOMPARE(tab->table()->model()->rowCount(), 2);
        QVERIFY(tab->summary()->text().contains(QStringLiteral("hidden_size")));
        QVERIFY(tab->map()->asText(QLatin1Char('\t')).contains(QStringLiteral("w")));
        QVERIFY(!tab->map()->image().isNull());
        tab->compute();
        tab->cancel();
        QVERIFY(!tab->isComputing());
        checkpoints[1].folder = (m_folder->path() / "gone").string();
        tab->setCheckpoints(checkpoints, 0, 1);
        tab->compute();
        QTRY_VERIFY(!tab->isComputing());
        QVERIFY(!tab->summary()->text().isEmpty());
    }

    void tabsAreFilledWhenTheyAreOpened() {
        const auto [a, b] = addPair();
        open();
        m_page->setCheckpoints({{a, 10}, {b, 10}});
        settle();
        for (int tab = 0; tab < m_page->tabs()->count(); ++tab) {
            m_page->tabs()->setCurrentIndex(tab);
            settle();
        }
        const auto panels = m_page->findChildren<TablePanel*>();
        int filled = 0;
        for (const TablePanel* panel : panels) filled += panel->model()->rowCount() > 0;
        QVERIFY2(filled >= 4,
                 qPrintable(QString::number(filled)));  // checkpoints, groups, lengths, calibration
    }

    void models() {
        const auto [a, b] = addPair();
        StoreReader reader(m_folder->file());
        const auto comparison =
            std::make_shared<const Comparison>(loadComparison(reader, {{a, 10}, {b, 10}}, 0));
        ComparisonItemModel items;
        QAbstractItemModelTester itemTester(&items, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(items.columnCount(), 0);
        items.setComparison(comparison);
        QCOMPARE(items.columnCount(), 4);
        ComparisonItemModel::Filter filter;
        filter.items = std::vector<std::uint32_t>{1, 7, 99};
        items.setFilter(filter);
        QCOMPARE(items.rowCount(), 2);
        QCOMPARE(items.itemAt(1), 7);
        QCOMPARE(items.itemAt(2), -1);
        ValueTableModel values;
        QAbstractItemModelTester valueTester(&values, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ValueTable table;
        table.headers = {QStringLiteral("a"), QStringLiteral("b")};
        table.rows = {{TableCell{QStringLiteral("x")}}, {numberCell(1), numberCell(std::nan(""))}};
        values.setTable(table);
        QCOMPARE(values.rowCount(), 2);
        QVERIFY(!values.index(0, 1).data().isValid());
        QCOMPARE(values.index(1, 1).data().toString(), QStringLiteral("–"));
    }

    // The size that the issue names; the time until the page shows it is printed.
    void twentyOfTenThousand() {
        Random random(1);
        std::vector<CheckpointRef> refs;
        for (int checkpoint = 0; checkpoint < 20; ++checkpoint) {
            std::vector<int> correct;
            for (int i = 0; i < 10'000; ++i) correct.push_back(random.uniform() < 0.5 + 0.01 * checkpoint);
            refs.push_back({add(std::string("run ").append(std::to_string(checkpoint)),
                                {evaluationOf("addition", "h", correct)}),
                            10});
        }
        open();
        QElapsedTimer timer;
        timer.start();
        m_page->setCheckpoints(refs);
        QTRY_VERIFY(m_page->isUpToDate());
        qInfo("20 checkpoints of 10 000 problems: shown after %lld ms", timer.elapsed());
        QCOMPARE(m_page->itemModel()->rowCount(), 10'000);
        QCOMPARE(m_page->itemModel()->columnCount(), 22);
        settle();
        m_page->itemView()->scrollToBottom();
    }
};

QTEST_MAIN(TestComparePage)
#include "tst_compare_page.moc"
