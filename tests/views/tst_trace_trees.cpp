// Trees of solutions: the layout and the trie against brute force, the painted view by mouse and keys, and
// the tab with the samples of a group and the trees of searches.
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeView>
#include <cmath>
#include <random>
#include <set>

#include "tests/views/support/trace_lab.h"
#include "views/models/trace_list_model.h"
#include "views/models/trace_segments.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/traces/trees/sample_trie.h"
#include "views/traces/trees/tree_layout.h"
#include "views/traces/trees/tree_tab.h"
#include "views/traces/trees/tree_view.h"
#include "views/widgets/plot_view.h"

using namespace retort;
using testing::rollout;
using testing::TraceLab;

namespace {

std::vector<std::int32_t> randomParents(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<std::int32_t> parents = {-1};
    for (std::size_t i = 1; i < count; ++i)
        parents.push_back(static_cast<std::int32_t>(random() % std::min<std::size_t>(i, 40 + i / 3)));
    return parents;
}

Trace worked(const std::vector<std::string>& steps, const std::string& answer, bool correct) {
    Trace trace;
    trace.completion = "<";
    for (const std::string& step : steps) {
        const auto begin = static_cast<std::int64_t>(trace.completion.size());
        trace.completion += step;
        trace.steps.push_back({begin, static_cast<std::int64_t>(trace.completion.size()), {}, {}});
        trace.completion += ";";
    }
    trace.completion += ">" + answer;
    trace.correct = correct;
    trace.numTokens = static_cast<std::int32_t>(trace.completion.size());
    return trace;
}

/// The texts on the way to a node, the answer marked.
std::vector<std::string> pathOf(const std::vector<TrieNode>& nodes, std::int32_t node) {
    std::vector<std::string> path;
    for (; node > 0; node = nodes[std::size_t(node)].parent)
        path.insert(path.begin(),
                    (nodes[std::size_t(node)].isAnswer ? "=" : "") + nodes[std::size_t(node)].text);
    return path;
}

std::vector<std::string> pathOf(const Trace& trace) {
    std::vector<std::string> path;
    for (const TraceSegment& segment : segmentTrace(trace))
        path.push_back(
            (segment.kind == TraceSegment::Kind::Answer ? "=" : "") +
            trace.completion.substr(std::size_t(segment.begin), std::size_t(segment.end - segment.begin)));
    return path;
}

SearchTree beams() {
    SearchTree tree;
    tree.step = 3;
    tree.method = "particle_filtering";
    tree.task = "addition";
    tree.problemId = "addition:12+34";
    tree.prompt = "A12+34=";
    tree.gold = "46";
    tree.settings = "{\"particles\":2}";
    tree.tokens = 60;
    tree.nodes.resize(4);
    tree.nodes[1].parent = 0;
    tree.nodes[1].text = "<2+4+0=06;";
    tree.nodes[1].round = 1;
    tree.nodes[1].value = 0.8;
    tree.nodes[1].weight = 0.7;
    tree.nodes[2].parent = 0;
    tree.nodes[2].text = "<2+4+0=07;";
    tree.nodes[2].round = 1;
    tree.nodes[2].kept = false;
    tree.nodes[3].parent = 1;
    tree.nodes[3].text = "1+3+0=04;>46";
    tree.nodes[3].round = 2;
    tree.nodes[3].finished = true;
    tree.nodes[3].correct = true;
    tree.nodes[3].rollouts = 4;
    tree.nodes[3].successes = 3;
    tree.chosen = 3;
    tree.correct = true;
    tree.curves = {{"ess", {2, 1.7}}, {"unique_ancestors", {2, 1}}};
    return tree;
}

}  // namespace

class TestTraceTrees : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void layoutAgainstBruteForce_data() {
        QTest::addColumn<int>("count");
        for (const int count : {1, 2, 3, 10, 57, 400, 3000}) QTest::addRow("%d nodes", count) << count;
    }
    void layoutAgainstBruteForce() {
        QFETCH(int, count);
        const auto parents = randomParents(std::size_t(count), unsigned(count));
        const TreeLayout layout = layOutTree(parents);
        QCOMPARE(layout.row.size(), parents.size());
        int leaves = 0;
        for (std::size_t i = 0; i < parents.size(); ++i) {
            const auto& children = layout.children[i];
            leaves += children.empty();
            if (children.empty()) continue;
            // In the middle of its children, which keep their order.
            QCOMPARE(
                layout.row[i],
                (layout.row[std::size_t(children.front())] + layout.row[std::size_t(children.back())]) / 2);
            for (std::size_t k = 1; k < children.size(); ++k)
                QVERIFY(layout.row[std::size_t(children[k - 1])] < layout.row[std::size_t(children[k])]);
        }
        QCOMPARE(layout.rows, double(leaves));
        for (const auto& column : layout.columns) {
            // Nothing overlaps, and edges do not cross.
            for (std::size_t k = 1; k < column.size(); ++k) {
                QVERIFY(layout.row[std::size_t(column[k])] - layout.row[std::size_t(column[k - 1])] >=
                        1 - 1e-9);
                const auto parentRow = [&](std::int32_t node) {
                    const std::int32_t parent = parents[std::size_t(node)];
                    return parent < 0 ? 0 : layout.row[std::size_t(parent)];
                };
                QVERIFY(parentRow(column[k - 1]) <= parentRow(column[k]));
            }
        }
    }

    void deepTreesAreLaidOut() {
        std::vector<std::int32_t> chain = {-1};
        for (std::int32_t i = 0; i < 200000; ++i) chain.push_back(i);
        const TreeLayout layout = layOutTree(chain);
        QCOMPARE(layout.rows, 1.0);
        QCOMPARE(layout.columns.size(), chain.size());
    }

    void trieAgainstBruteForce() {
        std::mt19937 random(7);
        std::vector<Trace> traces;
        for (int i = 0; i < 300; ++i) {
            std::vector<std::string> steps;
            for (unsigned k = random() % 5; k > 0; --k)
                steps.push_back(std::string(1, char('a' + random() % 3)));
            traces.push_back(worked(steps, std::to_string(random() % 2), random() % 2 == 0));
            // Some go on from a step of an earlier one.
            if (i % 7 == 3 && !steps.empty()) {
                traces.back().branch.emplace();
                traces.back().branch->byte = endOfStep(traces.back(), int(1 + random() % steps.size()));
            }
        }
        const std::vector<TrieNode> nodes = buildSampleTrie(traces);
        std::set<std::vector<std::string>> prefixes;
        for (const Trace& trace : traces) {
            const auto path = pathOf(trace);
            for (std::size_t depth = 0; depth <= path.size(); ++depth)
                prefixes.insert({path.begin(), path.begin() + std::ptrdiff_t(depth)});
        }
        QCOMPARE(nodes.size(), prefixes.size());
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const auto path = pathOf(nodes, std::int32_t(i));
            std::int32_t samples = 0, correct = 0;
            double tokens = 0;
            std::vector<std::size_t> through, endings;
            for (std::size_t t = 0; t < traces.size(); ++t) {
                const auto whole = pathOf(traces[t]);
                if (whole.size() < path.size() || !std::equal(path.begin(), path.end(), whole.begin()))
                    continue;
                through.push_back(t);
                if (whole.size() == path.size()) endings.push_back(t);
                if (traces[t].branch && traces[t].branch->byte > endOfStep(traces[t], int(path.size())))
                    continue;
                ++samples;
                correct += traces[t].correct;
                tokens += traces[t].numTokens;
            }
            QCOMPARE(nodes[i].traces, through);
            QCOMPARE(nodes[i].endings, endings);
            QCOMPARE(nodes[i].samples, samples);
            QCOMPARE(nodes[i].correct, correct);
            if (samples > 0) QVERIFY(std::abs(nodes[i].meanTokens - tokens / samples) < 1e-9);
            QVERIFY(nodes[i].parent < std::int32_t(i));
        }
    }

    void branchesCountFromWhereTheyBegan() {
        Trace whole = worked({"a", "b"}, "1", false), branch = worked({"a", "c"}, "2", true);
        branch.branch.emplace();
        branch.branch->byte = endOfStep(branch, 1);
        QCOMPARE(branch.branch->byte, std::int64_t(3));  // "<a;"
        const auto nodes = buildSampleTrie({whole, branch});
        QCOMPARE(nodes[0].samples, 1);  // the branch was made because of what the first one did
        QCOMPARE(nodes[1].text, std::string("a"));
        QCOMPARE(nodes[1].samples, 2);
        QCOMPARE(nodes[1].correct, 1);
        QCOMPARE(nodes[1].branches, std::vector<std::size_t>{1});
        QCOMPARE(endOfStep(whole, 0), std::int64_t(0));
        QCOMPARE(endOfStep(whole, 99), std::int64_t(whole.completion.size()));
        QCOMPARE(buildSampleTrie({}).size(), std::size_t(1));
    }

    void cardsSayRates() {
        const auto cards = cardsOf(buildSampleTrie({worked({"a"}, "1", true), worked({"a"}, "2", false)}), 1);
        QCOMPARE(cards[0].value, QStringLiteral("1/2"));
        QVERIFY(cards[1].interval && std::abs(cards[1].interval->low - 0.0945) < 1e-3);
        QVERIFY(cards[1].onPath);
        QVERIFY(!cards[2].onPath && cards[2].correct == std::optional(true));
        const auto search = cardsOf(beams());
        QVERIFY(search[3].onPath && search[1].onPath && !search[2].onPath && !search[2].kept);
        QCOMPARE(search[1].value, QStringLiteral("0.8000"));
        QCOMPARE(search[3].value, QStringLiteral("3/4"));
        SearchTree odd = beams();
        odd.chosen = 99;
        odd.nodes[1].value = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!cardsOf(odd)[1].share);
    }

    void viewByKeysAndMouse() {
        TreeView view;
        view.resize(900, 500);
        view.show();
        QSignalSpy changed(&view, &TreeView::currentChanged), activated(&view, &TreeView::activated);
        view.setCards(cardsOf(beams()));
        QCOMPARE(view.current(), 3);  // the end of the chosen path
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.current(), 1);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.current(), 2);
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.current(), 0);
        QTest::keyClick(&view, Qt::Key_Right);  // along the chosen path
        QCOMPARE(view.current(), 1);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.viewRect(2).center().toPoint());
        QCOMPARE(view.current(), 2);
        QCOMPARE(view.nodeAt(view.viewRect(3).center()), 3);
        QCOMPARE(view.nodeAt({2, 2}), -1);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        const qreal before = view.zoom();
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.zoom() > before && !view.isFitted());
        QTest::keyClick(&view, Qt::Key_0);
        QVERIFY(view.isFitted());
        QVERIFY(changed.count() >= 6);
        view.setCards({});
        QCOMPARE(view.current(), -1);
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(!view.grab().isNull());
    }

    void onlyWhatIsInViewIsPainted() {
        TreeView view;
        view.resize(900, 500);
        view.show();
        std::vector<TreeCard> cards;
        for (const std::int32_t parent : randomParents(6000, 3)) {
            TreeCard card;
            card.parent = parent;
            card.text = QStringLiteral("x");
            card.share = 0.5;
            cards.push_back(card);
        }
        view.setCards(cards);
        QVERIFY(!view.grab().isNull());
        view.setZoom(1);
        const TreeLayout& layout = view.layoutOfTree();
        // What is looked at in a column is exactly what lies between the rows.
        for (std::size_t column = 0; column < layout.columns.size(); ++column) {
            const auto [from, to] = view.nodesBetween(column, 100, 120);
            for (std::size_t i = 0; i < layout.columns[column].size(); ++i) {
                const double row = layout.row[std::size_t(layout.columns[column][i])];
                QCOMPARE(from <= i && i < to, row >= 100 && row <= 120);
            }
        }
        view.fit();
        QVERIFY(view.zoom() < 0.1);
        QVERIFY(!view.grab().isNull());
    }

    void tabShowsTheGroup() {
        TraceLab lab(3, 4);
        TracesPage page(lab.lab());
        show(page);
        openProblem(page, 2);
        QTest::keyClick(page.list(), Qt::Key_Y);
        TreeTab* tab = page.trees();
        QVERIFY(tab->isVisible());
        // Four samples, two of them right: one first step, two second steps, two answers.
        QTRY_COMPARE(tab->tree()->cards().size(), std::size_t(6));
        QCOMPARE(tab->tree()->cards()[0].value, QStringLiteral("2/4"));
        QVERIFY(tab->summary()->text().contains(QStringLiteral("4 sample")));
        tab->tree()->setFocus();
        QTest::keyClick(tab->tree(), Qt::Key_Home);
        QTest::keyClick(tab->tree(), Qt::Key_Right);
        QCOMPARE(tab->reader()->trace().completion, std::string("<2+4+0=06;"));
        const auto place = tab->currentPlace();
        QVERIFY(place && place->byte == 10 && place->id == page.currentTrace());
        // All samples of the problem.
        tab->source()->setFocus();
        QTest::keyClick(tab->source(), Qt::Key_Down);
        QTRY_COMPARE(tab->tree()->cards()[0].value, QStringLiteral("6/12"));
        tab->tree()->setFocus();
        QTest::keyClick(tab->tree(), Qt::Key_Return);
        QTRY_VERIFY(page.view()->isVisible());
    }

    void tabShowsSearches() {
        TraceLab lab(3, 2);
        lab.log().write(TreeEvent{beams()});
        lab.ingest();
        TracesPage page(lab.lab());
        show(page);
        openProblem(page, 2);
        QTest::keyClick(page.list(), Qt::Key_Y);
        TreeTab* tab = page.trees();
        QTRY_COMPARE(tab->source()->count(), 4);
        tab->source()->setFocus();
        QTest::keyClick(tab->source(), Qt::Key_End);
        QTRY_VERIFY(tab->curves()->isVisible());
        QCOMPARE(tab->tree()->cards().size(), std::size_t(4));
        QCOMPARE(tab->curves()->series().size(), std::size_t(2));
        QCOMPARE(tab->tree()->current(), 3);
        QCOMPARE(tab->reader()->trace().completion, std::string("<2+4+0=06;1+3+0=04;>46"));
        QVERIFY(tab->reader()->trace().correct);
        QVERIFY(!tab->currentPlace());
    }

  private:
    static void show(TracesPage& page) {
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTRY_VERIFY(page.currentTrace() != 0);
    }
    static void openProblem(TracesPage& page, std::int64_t step) {
        const auto wanted = [&] {
            for (int i = 0; i < page.listModel()->rowCount(); ++i) {
                const TraceRow* row = page.listModel()->at(i);
                if (row && row->problemId == "addition:12+34" && row->step == step && row->sample == 0)
                    return row->id;
            }
            return RowId(0);
        };
        QTRY_VERIFY(wanted() != 0);
        page.openTrace(wanted());
        QTRY_COMPARE(page.currentTrace(), wanted());
    }
};

QTEST_MAIN(TestTraceTrees)
#include "tst_trace_trees.moc"
