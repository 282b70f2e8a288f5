// Parents and base of merges in a lineage.
#include <QTest>

#include "core/lineage/merge_ancestry.h"

using namespace retort;

namespace {

using Kind = LineageKind;

LineageGraph graphOf(const std::vector<const char*>& names, const std::vector<LineageEdge>& edges) {
    std::vector<LineageNode> nodes;
    for (const char* name : names) {
        LineageNode node;
        node.key = node.name = name;
        nodes.push_back(node);
    }
    return {std::move(nodes), edges};
}

MergeAncestry ancestry(std::vector<std::size_t> parents, std::optional<std::size_t> base) {
    return {std::move(parents), base};
}

}  // namespace

class TestMergeAncestry : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aBaseModelIsNoParent() {
        const auto graph = graphOf({"base", "a", "b", "merge"}, {{0, 1, Kind::Trained, {}, false, {}},
                                                                 {0, 2, Kind::Trained, {}, false, {}},
                                                                 {1, 3, Kind::Merged, 0.5, false, "ties"},
                                                                 {2, 3, Kind::Merged, 0.5, false, "ties"},
                                                                 {0, 3, Kind::Merged, {}, true, "ties"}});
        QCOMPARE(mergeAncestry(graph, 3), std::optional(ancestry({1, 2}, 0)));
        QVERIFY(!mergeAncestry(graph, 1));
        QVERIFY(!mergeAncestry(graph, 0));
    }

    void aWeightedBaseIsAParentToo() {
        const auto graph = graphOf({"a", "b", "merge"}, {{0, 2, Kind::Merged, 0.3, true, "linear"},
                                                         {1, 2, Kind::Merged, 0.7, false, "linear"}});
        QCOMPARE(mergeAncestry(graph, 2), std::optional(ancestry({0, 1}, 0)));
    }

    void slerpGoesFromItsBase() {
        for (const char* method : {"slerp", "nearswap"}) {
            const auto graph = graphOf({"a", "b", "merge"}, {{0, 2, Kind::Merged, {}, true, method},
                                                             {1, 2, Kind::Merged, {}, false, method}});
            QCOMPARE(mergeAncestry(graph, 2), std::optional(ancestry({0, 1}, 0)));
        }
    }

    void withoutABaseItIsTheNearestCommonAncestor() {
        const auto graph = graphOf({"root", "base", "a", "b", "merge"}, {{0, 1, Kind::Trained, {}, false, {}},
                                                                         {1, 2, Kind::Trained, {}, false, {}},
                                                                         {1, 3, Kind::Trained, {}, false, {}},
                                                                         {2, 4, Kind::Merged, 1, false, {}},
                                                                         {3, 4, Kind::Merged, 1, false, {}}});
        QCOMPARE(mergeAncestry(graph, 4), std::optional(ancestry({2, 3}, 1)));
    }

    // A teacher gives no weights, so two pupils of one have nothing in common.
    void strangersHaveNoBase() {
        const auto graph = graphOf({"teacher", "a", "b", "merge"}, {{0, 1, Kind::Distilled, {}, false, {}},
                                                                    {0, 2, Kind::Distilled, {}, false, {}},
                                                                    {1, 3, Kind::Merged, 1, false, {}},
                                                                    {2, 3, Kind::Merged, 1, false, {}}});
        QCOMPARE(mergeAncestry(graph, 3), std::optional(ancestry({1, 2}, std::nullopt)));
    }

    // The second stage of balanced actor initialization: 0.7 of a merge and 0.3 of what all came from.
    void anAncestorMayBeAParent() {
        const auto graph =
            graphOf({"pretrain", "a", "merge", "balance"}, {{0, 1, Kind::Trained, {}, false, {}},
                                                            {0, 2, Kind::Merged, 1, false, {}},
                                                            {1, 2, Kind::Merged, 1, false, {}},
                                                            {0, 3, Kind::Merged, 0.3, false, {}},
                                                            {2, 3, Kind::Merged, 0.7, false, {}}});
        QCOMPARE(mergeAncestry(graph, 3), std::optional(ancestry({0, 2}, 0)));
    }
};

QTEST_APPLESS_MAIN(TestMergeAncestry)
#include "tst_merge_ancestry.moc"
