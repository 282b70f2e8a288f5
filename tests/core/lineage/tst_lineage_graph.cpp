// The graph's questions against brute force, and what is wrong in records is left out and told.
#include <QRegularExpression>
#include <QTest>
#include <set>

#include "core/lineage/lineage_export.h"
#include "core/lineage/lineage_graph.h"
#include "core/util/random.h"

using namespace retort;

namespace {

LineageNode named(const std::string& name) {
    LineageNode node;
    node.key = node.path = "/models/" + name;
    node.name = name;
    return node;
}

/// "a>b c>b" with '>' trained, '~' distilled, '+' merged.
LineageGraph graphOf(const QString& text) {
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    const auto indexOf = [&](const QString& name) {
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].name == name.toStdString()) return i;
        nodes.push_back(named(name.toStdString()));
        return nodes.size() - 1;
    };
    for (const QString& word : text.split(' ', Qt::SkipEmptyParts)) {
        const qsizetype at = word.indexOf(QRegularExpression("[>~+]"));
        if (at < 0) {
            indexOf(word);
            continue;
        }
        LineageEdge edge;
        edge.parent = indexOf(word.left(at));
        edge.child = indexOf(word.mid(at + 1));
        edge.kind = word[at] == '~'   ? LineageKind::Distilled
                    : word[at] == '+' ? LineageKind::Merged
                                      : LineageKind::Trained;
        edges.push_back(edge);
    }
    return LineageGraph(std::move(nodes), edges);
}

QString names(const LineageGraph& graph, const std::vector<std::size_t>& nodes, bool sorted = true) {
    QStringList list;
    for (const std::size_t node : nodes) list << QString::fromStdString(graph.nodes()[node].name);
    if (sorted) list.sort();
    return list.join(' ');
}

std::size_t at(const LineageGraph& graph, const char* name) {
    return graph.find("/models/" + std::string(name)).value();
}

}  // namespace

class TestLineageGraph : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void relatives() {
        const LineageGraph graph =
            graphOf("base>sft base>code sft+merge code+merge teacher~sft merge>rl other");
        QCOMPARE(names(graph, graph.ancestors(at(graph, "merge"))), QString("base code sft teacher"));
        QCOMPARE(names(graph, graph.ancestors(at(graph, "merge"), true)), QString("base code sft"));
        QCOMPARE(names(graph, graph.descendants(at(graph, "base"))), QString("code merge rl sft"));
        QCOMPARE(names(graph, graph.descendants(at(graph, "teacher"), true)), QString());
        QVERIFY(graph.ancestors(at(graph, "other")).empty());
        QVERIFY(graph.problems().empty());
    }

    void commonAncestors_data() {
        QTest::addColumn<QString>("of");
        QTest::addColumn<QString>("expected");
        QTest::newRow("siblings") << "sft code"
                                  << "base";
        QTest::newRow("parent and child") << "base sft"
                                          << "base";
        QTest::newRow("one") << "rl"
                             << "rl";
        QTest::newRow("three") << "rl code sft"
                               << "base";
        QTest::newRow("two nearest") << "m1 m2"
                                     << "code sft";
        QTest::newRow("only through a teacher") << "pupil sft"
                                                << "";
        QTest::newRow("unrelated") << "other sft"
                                   << "";
        QTest::newRow("none") << ""
                              << "";
    }
    void commonAncestors() {
        QFETCH(QString, of);
        QFETCH(QString, expected);
        const LineageGraph graph =
            graphOf("base>sft base>code sft>rl sft+m1 code+m1 sft+m2 code+m2 sft~pupil seed>pupil other");
        std::vector<std::size_t> nodes;
        for (const QString& name : of.split(' ', Qt::SkipEmptyParts))
            nodes.push_back(at(graph, qPrintable(name)));
        QCOMPARE(names(graph, graph.commonAncestors(nodes)), expected);
    }

    void path_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("down") << "base"
                              << "rl"
                              << "base sft rl";
        QTest::newRow("over the ancestor") << "rl"
                                           << "code"
                                           << "rl sft base code";
        QTest::newRow("rather by weights than by the teacher") << "code"
                                                               << "sft"
                                                               << "code base sft";
        QTest::newRow("by the teacher where there is no other") << "teacher"
                                                                << "rl"
                                                                << "teacher sft rl";
        QTest::newRow("itself") << "rl"
                                << "rl"
                                << "rl";
        QTest::newRow("unrelated") << "other"
                                   << "rl"
                                   << "";
    }
    void path() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        const LineageGraph graph = graphOf("base>sft base>code sft>rl code~sft teacher~sft other");
        QCOMPARE(names(graph, graph.path(at(graph, qPrintable(from)), at(graph, qPrintable(to))), false),
                 expected);
    }

    void badData() {
        const LineageGraph graph = graphOf("a>b b>c c>a a>a b>d a>b");
        QCOMPARE(graph.edges().size(), 3u);  // a>b, b>c, b>d
        QCOMPARE(graph.problems().size(), 2u);
        QVERIFY(
            QString::fromStdString(graph.problems()[0] + graph.problems()[1]).contains("come from itself"));
        QVERIFY(QString::fromStdString(graph.problems()[0] + graph.problems()[1])
                    .contains("that link is left out"));
        LineageGraph none({named("x")}, {{0, 5, LineageKind::Trained, {}, false, {}}});
        QVERIFY(none.edges().empty());
        QVERIFY(LineageGraph().nodes().empty());
        QCOMPARE(LineageGraph({named("x"), named("x")}, {}).problems().size(), 1u);
    }

    // Whatever the edges, what is left has an order in which parents come first.
    void randomGraphsAreAcyclic() {
        Random random(7);
        for (int round = 0; round < 50; ++round) {
            const int count = int(random.integer(1, 40));
            std::vector<LineageNode> nodes;
            for (int i = 0; i < count; ++i) nodes.push_back(named(std::to_string(i)));
            std::vector<LineageEdge> edges;
            for (int i = 0; i < 2 * count; ++i)
                edges.push_back({std::size_t(random.integer(0, count - 1)),
                                 std::size_t(random.integer(0, count - 1)),
                                 LineageKind::Trained,
                                 {},
                                 false,
                                 {}});
            const LineageGraph graph(nodes, edges);
            std::vector<std::size_t> place(std::size_t(count), 0);
            QCOMPARE(graph.topologicalOrder().size(), std::size_t(count));
            for (std::size_t i = 0; i < graph.topologicalOrder().size(); ++i)
                place[graph.topologicalOrder()[i]] = i;
            for (const LineageEdge& edge : graph.edges()) QVERIFY(place[edge.parent] < place[edge.child]);
            checkCommonAncestors(graph, random);
        }
    }

    void exports() {
        std::vector<LineageNode> nodes{named("a \"quoted\"\nname"), named("b, c")};
        nodes[1].run = 3;
        nodes[1].recipe = "sft";
        nodes[1].step = 100;
        nodes[1].accuracies = {{"addition", 0.5}, {"chain", 1}};
        const LineageGraph graph(nodes, {{0, 1, LineageKind::Merged, 0.25, true, "ties"}});
        const std::string dot = lineageDot(graph);
        QVERIFY(dot.find("n0 [label=\"a \\\"quoted\\\" name\"]") != std::string::npos);
        QVERIFY(dot.find("n0 -> n1 [label=\"merged 0.25 (base)\"") != std::string::npos);
        const QStringList csv = QString::fromStdString(lineageCsv(graph)).split("\n");
        QVERIFY(csv.filter("\"b, c\",sft,100,0.75,\"/models/b, c\",,merged,").size() == 1);
        const Json json = lineageJson(graph);
        QCOMPARE(json["edges"][0]["weight"].get<double>(), 0.25);
        QVERIFY(json["edges"][0]["parent"] == nodes[0].key);
        QCOMPARE(json["nodes"][1]["accuracy"]["chain"].get<double>(), 1.0);
    }

  private:
    // The definition, node by node.
    static void checkCommonAncestors(const LineageGraph& graph, Random& random) {
        const auto last = std::int64_t(graph.nodes().size()) - 1;
        const std::vector<std::size_t> of{std::size_t(random.integer(0, last)),
                                          std::size_t(random.integer(0, last))};
        std::vector<std::set<std::size_t>> above;
        for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
            const auto list = graph.ancestors(i, true);
            above.emplace_back(list.begin(), list.end());
            above.back().insert(i);
        }
        std::set<std::size_t> common, nearest;
        for (const std::size_t each : above[of[0]])
            if (above[of[1]].contains(each)) common.insert(each);
        for (const std::size_t each : common) {
            bool isNearest = true;
            for (const std::size_t other : common)
                isNearest = isNearest && (other == each || !above[other].contains(each));
            if (isNearest) nearest.insert(each);
        }
        const auto found = graph.commonAncestors(of);
        QVERIFY(std::set<std::size_t>(found.begin(), found.end()) == nearest);
    }
};

QTEST_APPLESS_MAIN(TestLineageGraph)
#include "tst_lineage_graph.moc"
