// A prompt's group side by side, its strip in the list, and the histograms and presets above it.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>
#include <limits>
#include <numeric>

#include "tests/views/support/trace_lab.h"
#include "views/models/group_ticks.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/traces/groups/group_table_model.h"
#include "views/traces/groups/group_view.h"
#include "views/traces/groups/trace_list_pane.h"
#include "views/traces/groups/value_histogram.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;
using testing::rollout;
using testing::TraceLab;

namespace {

std::vector<std::pair<RowId, Trace>> groupOf(const std::vector<bool>& correct) {
    std::vector<std::pair<RowId, Trace>> group;
    for (std::size_t i = 0; i < correct.size(); ++i)
        group.emplace_back(RowId(10 + i), rollout(3, 0, std::int32_t(i), correct[i]));
    return group;
}

GroupTick tick(RowId id, std::optional<double> reward) {
    return {id, 10, true, reward};
}

}  // namespace

class TestTraceGroups : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void tableStandsSideBySide() {
        GroupTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto group = groupOf({true, false});
        Trace bare = rollout(3, 0, 2, false);
        bare.completion = "99";
        bare.steps.clear();
        group.emplace_back(12, bare);
        model.setGroup(group);
        QCOMPARE(model.columnCount(), 3);
        QCOMPARE(model.rowCount(), 3);  // two steps and the answers
        QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("1+3+0=05"));
        QCOMPARE(model.index(1, 1).data(GroupTableModel::VerdictRole).toInt(), int(StepVerdict::Wrong));
        QVERIFY(!model.index(0, 2).data().isValid());
        // The answers stand beside each other, whatever the number of steps.
        QCOMPARE(model.index(2, 0).data().toString(), QStringLiteral("46"));
        QCOMPARE(model.index(2, 2).data().toString(), QStringLiteral("99"));
        QCOMPARE(model.headerData(2, Qt::Vertical, Qt::DisplayRole).toString(), QStringLiteral("answer"));
        QCOMPARE(model.columnOf(12), 2);
        QCOMPARE(model.columnOf(99), -1);
        QCOMPARE(model.rowOfStep(0, 2), 1);
        QCOMPARE(model.rowOfStep(2, 1), -1);
        model.setGroup({});
        QCOMPARE(model.rowCount(), 0);
    }

    void factsAreOnCommonScales() {
        const auto facts = groupFacts(groupOf({true, false, true}));
        QCOMPARE(facts.size(), std::size_t(3));
        const auto part = [&](std::size_t sample, const QString& name) {
            for (const SampleFacts::Part& each : facts[sample].parts)
                if (each.name == name) return each;
            return SampleFacts::Part{};
        };
        QCOMPARE(part(0, QStringLiteral("correctness")).share, 1.0);
        QCOMPARE(part(1, QStringLiteral("correctness")).share, 0.0);
        QCOMPARE(part(0, QStringLiteral("advantage")).value, QStringLiteral("+0.7000"));
        QCOMPARE(part(1, QStringLiteral("advantage")).share, 0.0);
        QCOMPARE(part(1, QStringLiteral("tokens")).value, QStringLiteral("25"));
        QCOMPARE(part(1, QStringLiteral("tokens")).share, 25.0 / 30);
        // What only some have stands in every column.
        auto group = groupOf({true, false});
        group[1].second.rewards.clear();
        QCOMPARE(groupFacts(group)[1].parts.size(), groupFacts(group)[0].parts.size());
        QCOMPARE(groupFacts(group)[1].parts[1].value, QStringLiteral("–"));
        group[0].second.reward = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(groupFacts(group)[0].parts[0].share, 0.0);
    }

    void spread() {
        QVERIFY(hasNoSpread({tick(1, 0.5), tick(2, 0.5)}));
        QVERIFY(!hasNoSpread({tick(1, 0.5), tick(2, 0.75)}));
        QVERIFY(!hasNoSpread({tick(1, 0.5)}));
        QVERIFY(!hasNoSpread({tick(1, {}), tick(2, {})}));
    }

    void histogramByMouse() {
        ValueHistogram histogram(QStringLiteral("Reward"), false);
        histogram.resize(208, 80);
        histogram.show();
        TraceHistogram values{0, 1, {4, 0, 0, 1}, {0, 2, 0, 3}, 0};
        histogram.setHistogram(values);
        QSignalSpy chosen(&histogram, &ValueHistogram::rangeChosen);
        QTest::mouseClick(&histogram, Qt::LeftButton, {}, histogram.binRect(1).center());
        QCOMPARE(chosen.count(), 1);
        auto range = chosen.takeFirst().at(0).value<std::optional<std::pair<double, double>>>();
        QVERIFY(range && range->first == 0.25 && range->second < 0.5 && range->second > 0.499);
        QTest::mousePress(&histogram, Qt::LeftButton, {}, histogram.binRect(3).center());
        QTest::mouseMove(&histogram, histogram.binRect(1).center());
        QTest::mouseRelease(&histogram, Qt::LeftButton, {}, histogram.binRect(1).center());
        QCOMPARE(chosen.count(), 1);
        range = chosen.takeFirst().at(0).value<std::optional<std::pair<double, double>>>();
        QVERIFY(range && range->first == 0.25 && range->second == 1);
        histogram.setSelected(range);
        QTest::keyClick(&histogram, Qt::Key_Escape);
        QCOMPARE(chosen.count(), 1);
        range = chosen.takeFirst().at(0).value<std::optional<std::pair<double, double>>>();
        QVERIFY(!range.has_value());
        QCOMPARE(histogram.describe(3), QStringLiteral("Reward from 0.7500 to 1: 1 right, 3 wrong"));
    }

    void histogramByKeys() {
        ValueHistogram histogram(QStringLiteral("Tokens"), true);
        histogram.resize(208, 80);
        histogram.show();
        QVERIFY(QTest::qWaitForWindowActive(&histogram));
        histogram.setHistogram({0, 10, {1, 1, 1, 1}, {0, 0, 0, 0}, 0});
        QSignalSpy chosen(&histogram, &ValueHistogram::rangeChosen);
        histogram.setFocus(Qt::TabFocusReason);
        QTest::keyClick(&histogram, Qt::Key_Right);
        QTest::keyClick(&histogram, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&histogram, Qt::Key_Return);
        QCOMPARE(chosen.count(), 1);
        const auto range = chosen.takeFirst().at(0).value<std::optional<std::pair<double, double>>>();
        // [2.5, 7.5) of whole numbers.
        QVERIFY(range && range->first == 3 && range->second == 7);
        histogram.setHistogram({});
        QTest::keyClick(&histogram, Qt::Key_Return);
        QCOMPARE(chosen.count(), 0);
        QVERIFY(!histogram.grab().isNull());
    }

    void hostileHistograms() {
        ValueHistogram histogram(QStringLiteral("Reward"), false);
        histogram.resize(200, 80);
        histogram.setHistogram({1, 1, {5}, {}, 2});  // all the same, and one array shorter
        QVERIFY(!histogram.grab().isNull());
        QCOMPARE(histogram.binAt({100, 40}), 0);
        histogram.setHistogram(
            {-1e308, 1e308, std::vector<std::int64_t>(20, 1LL << 60), std::vector<std::int64_t>(20, 1), 0});
        QVERIFY(!histogram.grab().isNull());
    }

    void histogramFiltersTheList() {
        TraceLab lab(3, 4);
        TracesPage page(lab.lab());
        show(page);
        ValueHistogram* rewards = page.listPane()->rewards();
        QTRY_VERIFY(rewards->bins() > 1);
        QTRY_COMPARE(page.listModel()->rowCount(), 24);
        const auto& values = rewards->histogram();
        QCOMPARE(std::accumulate(values.right.begin(), values.right.end(), std::int64_t(0)),
                 std::int64_t(18));
        QCOMPARE(std::accumulate(values.wrong.begin(), values.wrong.end(), std::int64_t(0)), std::int64_t(6));
        QTest::mouseClick(rewards, Qt::LeftButton, {}, rewards->binRect(0).center());
        QTRY_COMPARE(page.listModel()->rowCount(), 6);
        QTRY_VERIFY(!page.view()->trace().correct);
        // What is around the chosen part stays in view.
        QTRY_COMPARE(lab.lab().pendingReads(), 0);
        QCOMPARE(std::accumulate(values.right.begin(), values.right.end(), std::int64_t(0)),
                 std::int64_t(18));
        rewards->setFocus();
        QTest::keyClick(rewards, Qt::Key_Escape);
        QTRY_COMPARE(page.listModel()->rowCount(), 24);
        ValueHistogram* lengths = page.listPane()->lengths();
        QTest::mouseClick(lengths, Qt::LeftButton, {}, lengths->binRect(lengths->bins() - 1).center());
        QTRY_COMPARE(page.listModel()->rowCount(), 6);  // the fourth samples
        QTRY_COMPARE(page.view()->trace().sample, 3);
    }

    void presets() {
        TraceLab lab(3, 4);
        TracesPage page(lab.lab());
        show(page);
        page.filterBar()->setPreset(QueuePreset::ZeroVariance);
        QTRY_COMPARE(page.listModel()->rowCount(), 12);  // the second group of each step
        QVERIFY(page.listModel()->filter().zeroVariance);
        page.filterBar()->setPreset(QueuePreset::LongestDecile);
        QTRY_VERIFY(page.listModel()->isPicked() && page.listModel()->rowCount() > 0);
        QTRY_VERIFY(page.listModel()->at(0) != nullptr);
        QCOMPARE(page.listModel()->at(0)->numTokens, 35);
        QCOMPARE(page.listModel()->at(0)->run, lab.run());
        QTRY_COMPARE(page.view()->trace().numTokens, 35);
        page.filterBar()->clear();
        QTRY_COMPARE(page.listModel()->rowCount(), 24);
        QVERIFY(!page.listModel()->isPicked());
    }

    void filterFields() {
        TraceLab lab(2, 4);
        TracesPage page(lab.lab());
        show(page);
        TraceFilterBar* bar = page.filterBar();
        QVERIFY(!bar->isNarrowed());
        for (QComboBox* box : bar->findChildren<QComboBox*>())
            if (box->accessibleName() == QStringLiteral("Ending")) box->setCurrentIndex(2);
        QVERIFY(bar->isNarrowed());
        QCOMPARE(bar->filter().finish, std::string("length"));
        QTRY_COMPARE(page.listModel()->rowCount(), 0);
        bar->clear();
        bar->setTokens(TraceFilterBar::Range{24.0, 31.0});
        QCOMPARE(bar->filter().minTokens, std::optional<std::int64_t>(24));
        QCOMPARE(bar->filter().maxTokens, std::optional<std::int64_t>(31));
        QTRY_COMPARE(page.listModel()->rowCount(), 8);
        // A range of rewards is the same number when it is read back.
        bar->setRewards(TraceFilterBar::Range{0.123456789, 0.95});
        QVERIFY(bar->rewards() && bar->rewards()->first == 0.123456789 && bar->rewards()->second == 0.95);
    }

    void listShowsItsGroups() {
        TraceLab lab(2, 4);
        TraceListModel model(lab.lab());
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        TraceFilter filter;
        filter.run = lab.run();
        filter.order = TraceFilter::Order::Oldest;
        model.setFilter(filter);
        QTRY_VERIFY(model.at(0) != nullptr);
        const auto strip = [&] { return model.index(0).data(TraceListModel::GroupRole).value<GroupStrip>(); };
        QTRY_COMPARE(strip().ticks.size(), std::size_t(4));
        QCOMPARE(strip().current, model.at(0)->id);
        QVERIFY(strip().ticks[0].correct && !strip().ticks[1].correct);
        QCOMPARE(strip().ticks[3].tokens, 35);
        QVERIFY(!hasNoSpread(strip().ticks));
    }

    void groupTabByKeys() {
        TraceLab lab(3, 4);
        TracesPage page(lab.lab());
        show(page);
        GroupView* table = page.groupView();
        QTest::keyClick(page.list(), Qt::Key_G);
        QVERIFY(table->isVisible());
        QCOMPARE(table->groupModel()->columnCount(), 4);
        table->setFocus();
        const int sample = page.view()->trace().sample;
        QTest::keyClick(table, sample == 0 ? Qt::Key_J : Qt::Key_K, Qt::ShiftModifier);
        QTRY_COMPARE(page.view()->trace().sample, sample == 0 ? 1 : sample - 1);
        QCOMPARE(table->currentIndex().column(), page.view()->trace().sample);
        const int row = table->currentIndex().row();
        QTest::keyClick(table, Qt::Key_J);
        QCOMPARE(table->currentIndex().row(), row + 1);
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text().split(QLatin1Char('\n')).size(), 4);
        // An arrow key chooses another sample, too.
        table->setCurrentIndex(table->groupModel()->index(0, 3));
        QTRY_COMPARE(page.view()->trace().sample, 3);
        QTest::keyClick(table, Qt::Key_Return);
        QTRY_VERIFY(page.view()->isVisible());
        QTest::keyClick(page.list(), Qt::Key_G);
        QTest::keyClick(page.list(), Qt::Key_G);
        QVERIFY(page.view()->isVisible());
    }

    void largeGroups() {
        GroupView view;
        view.resize(900, 600);
        std::vector<std::pair<RowId, Trace>> group;
        for (int i = 0; i < 64; ++i) {
            Trace trace = rollout(1, 0, i, i % 3 == 0);
            trace.completion.assign(std::size_t(200 * i), 'x');
            trace.steps.clear();
            for (int step = 0; step < 4 * i; ++step)
                trace.steps.push_back({step * 50, step * 50 + 40, {}, {}});
            group.emplace_back(i + 1, trace);
        }
        view.setGroup(group);
        view.show();
        view.setCurrentTrace(64);
        QCOMPARE(view.currentIndex().column(), 63);
        QVERIFY(view.rowHeight(0) > 10 && view.rowHeight(0) < 400);
        QVERIFY(!view.grab().isNull());
    }

  private:
    static void show(TracesPage& page) {
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTRY_VERIFY(page.currentTrace() != 0);
    }
};

QTEST_MAIN(TestTraceGroups)
#include "tst_trace_groups.moc"
