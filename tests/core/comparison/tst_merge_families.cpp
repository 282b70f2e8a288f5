// Which of the compared checkpoints are a merge's parents and base, by the store's lineage.
#include <QTest>
#include <cmath>

#include "core/comparison/merge_families.h"
#include "tests/core/comparison/family_store.h"

using namespace retort;

class TestMergeFamilies : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreWriter> m_writer;

    RowId add(const std::string& name, const std::string& yaml,
              const std::vector<EvaluationEvent>& evaluations) {
        return addWithCheckpoint(*m_folder, *m_writer, name, yaml, evaluations);
    }
    StoreReader reader() const { return StoreReader(m_folder->file()); }
    Comparison load(const std::vector<CheckpointRef>& refs) const {
        StoreReader store = reader();
        return loadComparison(store, refs, 0);
    }
    std::vector<MergeFamily> familiesOf(const Comparison& comparison) const {
        StoreReader store = reader();
        return familiesFromLineage(store, comparison);
    }
    struct Four {
        RowId base, left, right, merged;
    };
    Four addFour() {
        return {add("base", "recipe: sft\n",
                    {evaluationOf("x", "h", {1, 0, 0, 0}), evaluationOf("y", "g", {1, 1, 0, 0})}),
                add("left", "recipe: sft\n",
                    {evaluationOf("x", "h", {1, 1, 1, 1}), evaluationOf("y", "g", {0, 0, 0, 0})}),
                add("right", "recipe: sft\n",
                    {evaluationOf("x", "h", {0, 0, 0, 0}), evaluationOf("y", "g", {1, 1, 0, 1})}),
                add("merged", mergeOf({"left", "right"}, "base"),
                    {evaluationOf("x", "h", {1, 1, 1, 0}), evaluationOf("y", "g", {1, 1, 0, 0})})};
    }

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<StoreFolder>();
        m_writer = std::make_unique<StoreWriter>(m_folder->file());
    }
    void cleanup() {
        m_writer.reset();
        m_folder.reset();
    }

    void parentsAndBaseAreFound() {
        const auto [base, left, right, merged] = addFour();
        // The baseline is one of the parents: forgetting is against the base all the same.
        const Comparison comparison = load({{left, 10}, {merged, 10}, {base, 10}, {right, 10}});
        const auto families = familiesOf(comparison);
        QCOMPARE(families, (std::vector<MergeFamily>{{1, {0, 3}, 2, {}}}));
        const auto scores = mergeScores(comparison, families);
        QCOMPARE(scores.size(), 1u);
        QCOMPARE(scores[0].bestParent, 0u);
        QVERIFY(std::abs(scores[0].normalisedAccuracy - (0.75 + 2.0 / 3) / 2) < 1e-12);
        QVERIFY(std::abs(scores[0].synergy - 0.125) < 1e-12);
        QVERIFY(std::abs(scores[0].forgetting - (-0.25)) < 1e-12);
    }

    void whatIsNotComparedIsNamed() {
        const auto [base, left, right, merged] = addFour();
        const Comparison comparison = load({{merged, 10}, {left, 10}});
        const auto families = familiesOf(comparison);
        QCOMPARE(families.size(), 1u);
        QCOMPARE(families[0].parents, (std::vector<std::size_t>{1}));
        QCOMPARE(families[0].missing,
                 (std::vector<MissingRelative>{{"right @ 10", CheckpointRef{right, 10}, false, false},
                                               {"base @ 10", CheckpointRef{base, 10}, true, false}}));
        const auto scores = mergeScores(comparison, families);
        QCOMPARE(scores.size(), 1u);
        QVERIFY(std::isnan(scores[0].forgetting));
        QVERIFY(mergeScores(load({{merged, 10}}), familiesOf(load({{merged, 10}}))).empty());
    }

    void aParentMayNeverHaveBeenEvaluated() {
        add("base", "recipe: sft\n", {});
        const RowId left = add("left", "recipe: sft\n", {evaluationOf("x", "h", {1, 1})});
        const RowId merged =
            add("merged", mergeOf({"left", "right"}, "base"), {evaluationOf("x", "h", {1, 0})});
        const auto families = familiesOf(load({{merged, 10}, {left, 10}}));
        QCOMPARE(families.size(), 1u);
        QCOMPARE(families[0].parents, (std::vector<std::size_t>{1}));
        for (const MissingRelative& each : families[0].missing) QVERIFY(!each.ref);
    }

    // To add what answered other problems would leave nothing to compare.
    void aParentMayHaveAnsweredOtherProblems() {
        const RowId left = add("left", "recipe: sft\n", {evaluationOf("x", "h", {1, 1})});
        const RowId right = add("right", "recipe: sft\n", {evaluationOf("x", "other", {1, 1})});
        add("base", "recipe: sft\n", {});
        const RowId merged =
            add("merged", mergeOf({"left", "right"}, "base"), {evaluationOf("x", "h", {1, 0})});
        const auto families = familiesOf(load({{merged, 10}, {left, 10}}));
        QCOMPARE(families.size(), 1u);
        QCOMPARE(families[0].missing[0], (MissingRelative{"right @ 10", {}, false, true}));
        QCOMPARE(families[0].missing[1], (MissingRelative{"base @ 10", {}, true, false}));
        Q_UNUSED(right);
    }

    // Step 5 of a run is not the checkpoint of step 10 that was merged.
    void anotherStepIsAnotherCheckpoint() {
        EvaluationEvent early = evaluationOf("x", "h", {0, 0});
        early.step = 5;
        const RowId left = add("left", "recipe: sft\n", {early, evaluationOf("x", "h", {1, 0})});
        add("right", "recipe: sft\n", {evaluationOf("x", "h", {0, 1})});
        add("base", "recipe: sft\n", {evaluationOf("x", "h", {0, 0})});
        const RowId merged =
            add("merged", mergeOf({"left", "right"}, "base"), {evaluationOf("x", "h", {1, 1})});
        const auto families = familiesOf(load({{merged, 10}, {left, 5}}));
        QCOMPARE(families.size(), 1u);
        QVERIFY(families[0].parents.empty());
        QCOMPARE(families[0].missing[0].ref, (std::optional<CheckpointRef>{{left, 10}}));
    }

    // A run of the recipe evaluate is no checkpoint; what it has measured is.
    void anEvaluationStandsForWhatItMeasured() {
        const auto [base, left, right, merged] = addFour();
        const std::string folder = reader().checkpoints(merged).at(0).path;
        RunIdentity identity;
        identity.name = "anew";
        identity.recipe = "evaluate";
        const RunDirectory run = RunDirectory::create(
            m_folder->path() / "runs", "anew",
            std::string("recipe: evaluate\nmodel:\n  from: ").append(folder).append("\n"), identity);
        {
            RunLogWriter log(run.eventsFile());
            log.write(StartEvent{1, 0, 10, 1, "here", "test"});
            log.write(evaluationOf("x", "h", {1, 1, 1, 1}));
            log.write(EndEvent{"finished", ""});
            log.sync();
        }
        const RowId anew = m_writer->addRun(run, "test").get();
        m_writer->ingest(anew).get();
        const auto families = familiesOf(load({{anew, 10}, {left, 10}, {right, 10}}));
        QCOMPARE(families.size(), 1u);
        QCOMPARE(families[0].checkpoint, 0u);
        QCOMPARE(families[0].parents, (std::vector<std::size_t>{1, 2}));
    }

    void byHandAllOthersAreMerges() {
        const auto [base, left, right, merged] = addFour();
        const Comparison comparison = load({{base, 10}, {left, 10}, {right, 10}, {merged, 10}});
        QCOMPARE(familiesByHand(comparison, {1, 2}), (std::vector<MergeFamily>{{3, {1, 2}, 0, {}}}));
        QVERIFY(familiesByHand(comparison, {}).empty());
    }
};

QTEST_APPLESS_MAIN(TestMergeFamilies)
#include "tst_merge_families.moc"
