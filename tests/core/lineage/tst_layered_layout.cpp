// Layouts of chains, fans, random graphs and bad ones: nothing overlaps, edges lead to the right, the same
// graph gives the same picture, and a graph that grows keeps its order.
#include <QTest>
#include <set>

#include "core/lineage/layer_order.h"
#include "core/lineage/layered_layout.h"
#include "core/util/random.h"

using namespace retort;

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;
Q_DECLARE_METATYPE(Edges)

namespace {

constexpr double gap = 18;

Edges randomDag(int nodes, int edges, std::uint64_t seed) {
    Random random(seed);
    std::set<std::pair<std::size_t, std::size_t>> all;
    for (int i = 0; i < edges; ++i) {
        const auto to = std::size_t(random.integer(1, nodes - 1));
        // Mostly from what came shortly before, as experiments do.
        const auto reach = std::int64_t(random.integer(0, 9) == 0 ? to : std::min<std::size_t>(to, 12));
        all.emplace(to - std::size_t(random.integer(1, reach)), to);
    }
    return {all.begin(), all.end()};
}

Edges chain(int nodes) {
    Edges edges;
    for (std::size_t i = 1; i < std::size_t(nodes); ++i) edges.emplace_back(i - 1, i);
    return edges;
}

void checkOverlaps(const LayeredLayout& layout) {
    for (std::size_t a = 0; a < layout.boxes.size(); ++a)
        for (std::size_t b = a + 1; b < layout.boxes.size(); ++b) {
            const LayoutBox &p = layout.boxes[a], &q = layout.boxes[b];
            const bool apart = p.x + p.width + gap <= q.x + 1e-6 || q.x + q.width + gap <= p.x + 1e-6 ||
                               p.y + p.height + gap <= q.y + 1e-6 || q.y + q.height + gap <= p.y + 1e-6;
            QVERIFY2(apart, qPrintable(QString("%1 and %2").arg(a).arg(b)));
        }
}

// The ways of long edges pass beside the cards.
void checkBends(const LayeredLayout& layout) {
    for (const auto& bends : layout.bends) {
        QVERIFY(bends.size() % 2 == 0);
        for (std::size_t i = 0; i + 1 < bends.size(); i += 2) {
            QCOMPARE(bends[i].y, bends[i + 1].y);
            for (const LayoutBox& box : layout.boxes)
                QVERIFY(bends[i + 1].x <= box.x || bends[i].x >= box.x + box.width || bends[i].y < box.y ||
                        bends[i].y > box.y + box.height);
        }
    }
}

void checkInside(const LayeredLayout& layout) {
    for (const LayoutBox& box : layout.boxes)
        QVERIFY(box.x >= -1e-6 && box.y >= -1e-6 && box.x + box.width <= layout.width + 1e-6 &&
                box.y + box.height <= layout.height + 1e-6);
}

}  // namespace

class TestLayeredLayout : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void graphs_data() {
        QTest::addColumn<int>("nodes");
        QTest::addColumn<Edges>("edges");
        QTest::newRow("nothing") << 0 << Edges{};
        QTest::newRow("one") << 1 << Edges{};
        QTest::newRow("two") << 2 << Edges{{0, 1}};
        QTest::newRow("chain of 500") << 500 << chain(500);
        Edges fan, merge;
        for (std::size_t i = 1; i < 500; ++i) {
            fan.emplace_back(0, i);
            merge.emplace_back(i, 0);
        }
        QTest::newRow("fan of 500") << 500 << fan;
        QTest::newRow("merge of 500") << 500 << merge;
        QTest::newRow("500 alone") << 500 << Edges{};
        QTest::newRow("random 500") << 500 << randomDag(500, 800, 1);
        QTest::newRow("random 500, dense") << 500 << randomDag(500, 1500, 2);
        QTest::newRow("random 60") << 60 << randomDag(60, 90, 3);
        QTest::newRow("the same edge twice") << 2 << Edges{{0, 1}, {0, 1}};
        Edges ladder = chain(60);
        for (std::size_t i = 0; i < 59; ++i) ladder.emplace_back(i, 59);
        QTest::newRow("long edges") << 60 << ladder;
    }
    void graphs() {
        QFETCH(int, nodes);
        QFETCH(Edges, edges);
        std::vector<LayoutNode> sized(static_cast<std::size_t>(nodes));
        for (std::size_t i = 0; i < sized.size(); ++i) sized[i].height = i % 7 == 0 ? 80 : 56;
        const LayeredLayout layout = layOut(sized, edges);
        QCOMPARE(layout.boxes.size(), sized.size());
        checkOverlaps(layout);
        checkBends(layout);
        checkInside(layout);
        for (const auto& [from, to] : edges)
            QVERIFY(layout.boxes[from].x + layout.boxes[from].width < layout.boxes[to].x);
        const LayeredLayout again = layOut(sized, edges);
        QVERIFY(again.boxes == layout.boxes && again.bends == layout.bends);
    }

    void badEdges() {
        const Edges edges{{0, 1}, {1, 2}, {2, 0}, {1, 1}, {0, 9}, {2, 3}};
        const LayeredLayout layout = layOut(std::vector<LayoutNode>(4), edges);
        QCOMPARE(layout.bends.size(), edges.size());
        checkOverlaps(layout);
        checkInside(layout);
        QVERIFY(layout.boxes[0].x < layout.boxes[1].x && layout.boxes[2].x < layout.boxes[3].x);
    }

    // The only order without crossings: 0-5, 1-4, 2-3.
    void crossingsVanish() {
        const LayeredLayout layout =
            layOut(std::vector<LayoutNode>(7), {{0, 5}, {1, 4}, {2, 3}, {3, 6}, {4, 6}, {5, 6}});
        QCOMPARE(layout.crossings, 0);
    }
    void treesHaveNoCrossings() {
        Edges tree;
        Random random(5);
        for (std::size_t i = 1; i < 200; ++i)
            tree.emplace_back(std::size_t(random.integer(0, std::int64_t(i) - 1)), i);
        QCOMPARE(layOut(std::vector<LayoutNode>(200), tree).crossings, 0);
    }
    // Against counting pair by pair.
    void crossingCount() {
        Random random(11);
        for (int round = 0; round < 20; ++round) {
            LayerGraph graph;
            graph.layers = {{}, {}};
            for (int v = 0; v < 20; ++v) {
                graph.layers[v % 2].push_back(v);
                graph.layerOf.push_back(v % 2);
            }
            graph.left.resize(20);
            graph.right.resize(20);
            std::vector<std::pair<int, int>> edges;
            for (int i = 0; i < 40; ++i) {
                const int a = 2 * int(random.integer(0, 9)), b = 2 * int(random.integer(0, 9)) + 1;
                edges.emplace_back(a, b);
                graph.right[std::size_t(a)].push_back(b);
                graph.left[std::size_t(b)].push_back(a);
            }
            std::int64_t expected = 0;
            for (std::size_t i = 0; i < edges.size(); ++i)
                for (std::size_t k = i + 1; k < edges.size(); ++k)
                    expected += (edges[i].first - edges[k].first) * (edges[i].second - edges[k].second) < 0;
            QCOMPARE(countCrossings(graph), expected);
            reduceCrossings(graph);
            QVERIFY(countCrossings(graph) <= expected);
        }
    }

    // A straight line stays one, and a parent stands in the middle of its children.
    void alignment() {
        const LayeredLayout line = layOut(std::vector<LayoutNode>(5), chain(5));
        for (const LayoutBox& box : line.boxes) QCOMPARE(box.y, 0.0);
        const LayeredLayout fan = layOut(std::vector<LayoutNode>(4), {{0, 1}, {0, 2}, {0, 3}});
        QVERIFY(std::abs(fan.boxes[0].y - (fan.boxes[1].y + fan.boxes[2].y + fan.boxes[3].y) / 3) < 1e-6);
    }
    // A teacher of the last student stands beside it, not at the beginning.
    void sourcesStandByTheirChildren() {
        Edges edges = chain(5);
        edges.emplace_back(5, 4);
        const LayeredLayout layout = layOut(std::vector<LayoutNode>(6), edges);
        QCOMPARE(layout.boxes[5].layer, 3);
    }

    // One more experiment: the others keep their order in each column.
    void growsWithoutJumping() {
        Edges edges = randomDag(80, 110, 4);
        std::vector<LayoutNode> nodes(80);
        const LayeredLayout before = layOut(nodes, edges);
        for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].previousY = before.boxes[i].y;
        QVERIFY(layOut(nodes, edges, {}, before.bends).boxes == before.boxes);
        std::size_t leaf = 0;
        for (std::size_t i = 0; i < 80; ++i)
            if (before.boxes[i].layer > before.boxes[leaf].layer) leaf = i;
        nodes.emplace_back();
        edges.emplace_back(leaf, 80);
        const LayeredLayout after = layOut(nodes, edges, {}, before.bends);
        checkOverlaps(after);
        for (std::size_t a = 0; a < 80; ++a)
            for (std::size_t b = 0; b < 80; ++b)
                if (before.boxes[a].x == before.boxes[b].x && before.boxes[a].y < before.boxes[b].y)
                    QVERIFY(after.boxes[a].y < after.boxes[b].y);
    }
};

QTEST_APPLESS_MAIN(TestLayeredLayout)
#include "tst_layered_layout.moc"
