// Comparisons of checkpoints from a store: what is set side by side, what is refused, and the numbers.
#include <QElapsedTimer>
#include <QTest>
#include <cmath>

#include "core/comparison/comparison_export.h"
#include "core/comparison/comparison_groups.h"
#include "core/comparison/comparison_scores.h"
#include "core/util/random.h"
#include "tests/core/comparison/comparison_store.h"

using namespace retort;
using Kind = ComparisonNote::Kind;

namespace {

bool hasNote(const Comparison& comparison, Kind kind, const std::string& checkpoint = {}) {
    for (const ComparisonNote& note : comparison.notes)
        if (note.kind == kind && (checkpoint.empty() || note.checkpoint.starts_with(checkpoint))) return true;
    return false;
}

}  // namespace

class TestComparison : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreWriter> m_writer;

    RowId add(const std::string& name, const std::vector<EvaluationEvent>& evaluations,
              const std::vector<Trace>& traces = {}) {
        return addEvaluated(*m_folder, *m_writer, name, evaluations, traces);
    }
    StoreReader reader() const { return StoreReader(m_folder->file()); }
    Comparison load(const std::vector<RowId>& runs, const std::string& evaluation = {},
                    std::size_t baseline = 0) {
        std::vector<CheckpointRef> refs;
        for (const RowId run : runs) refs.push_back({run, 10});
        StoreReader store = reader();
        return loadComparison(store, refs, baseline, evaluation);
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

    void scoresByHand() {
        // Baseline 1111 1000, other 1100 0111: both 2, lost 3, won 3 … and 2 of 8 in common.
        const RowId a = add("a", {evaluationOf("sum", "h", {1, 1, 1, 1, 1, 0, 0, 0})});
        const RowId b = add("b", {evaluationOf("sum", "h", {1, 1, 0, 0, 0, 1, 0, 0}, 1, 14)});
        const Comparison comparison = load({a, b});
        QCOMPARE(comparison.items(), 8u);
        QCOMPARE(comparison.setHash(), std::string("h"));
        QVERIFY(comparison.notes.empty());
        const auto scores = scoreCheckpoints(comparison);
        QCOMPARE(scores[0].accuracy, 5.0 / 8);
        QVERIFY(!scores[0].against);
        const AgainstBaseline& against = *scores[1].against;
        QCOMPARE(against.delta, -2.0 / 8);
        QCOMPARE(against.flips, (PairedCounts{2, 3, 1, 2}));
        QCOMPARE(against.p, mcnemarExact(3, 1));
        QCOMPARE(against.holm, against.p);
        QCOMPARE(against.tokens.mean, 4.0);
        QVERIFY(against.interval.low < -0.25 && against.interval.high > -0.25);
        QCOMPARE(flipOf(comparison, 0, 1, 5), FlipCell::OnlySecond);
    }

    void severalSamplesAreClusters() {
        const RowId a = add("a", {evaluationOf("sum", "h", {4, 2, 0, 1}, 4)});
        const RowId b = add("b", {evaluationOf("sum", "h", {4, 4, 1, 1}, 4)});
        const auto scores = scoreCheckpoints(load({a, b}));
        QCOMPARE(scores[0].samples, 16);
        QCOMPARE(scores[1].against->delta, 0.1875);
        // Differences 0, .5, .25, 0: standard deviation sqrt(.171875 / 3), over two.
        QVERIFY(std::abs(scores[1].against->standardError - std::sqrt(0.171875 / 3) / 2) < 1e-12);
        QVERIFY(std::isnan(scores[1].against->midP));
        QCOMPARE(scores[1].against->flips, (PairedCounts{2, 0, 0, 2}));
    }

    void equalCheckpointsDoNotDiffer() {
        const RowId a = add("a", {evaluationOf("sum", "h", {2, 2, 0}, 2)});
        const RowId b = add("b", {evaluationOf("sum", "h", {2, 2, 0}, 2)});
        QCOMPARE(scoreCheckpoints(load({a, b}))[1].against->p, 1.0);
    }

    void othersSetsAreNeverMixed() {
        const RowId a = add("a", {evaluationOf("sum", "h", {1, 0}), evaluationOf("sort", "s", {1, 1, 0})});
        const RowId b =
            add("b", {evaluationOf("sum", "other", {1, 0}), evaluationOf("sort", "s", {0, 1, 0})});
        const RowId c = add("c", {evaluationOf("sort", "s", {0, 1, 1})});
        const Comparison common = load({a, b, c});
        QCOMPARE(common.sets.size(), 1u);
        QCOMPARE(common.sets[0].name, std::string("sort"));
        QVERIFY(hasNote(common, Kind::NotCommon));
        const Comparison named = load({a, b, c}, "sum");
        QCOMPARE(named.checkpoints.size(), 1u);
        QVERIFY(hasNote(named, Kind::OtherSet, "b @ 10") && hasNote(named, Kind::NoEvaluation, "c @ 10"));
        const Comparison nothing = load({a, b}, "nonsense");
        QVERIFY(nothing.problems.empty() && hasNote(nothing, Kind::NothingInCommon));
        QVERIFY(scoreCheckpoints(nothing).empty());
        for (const Comparison* each : {&common, &named, &nothing})
            for (const ComparisonNote& note : each->notes) QVERIFY(!noteText(note).empty());
    }

    void theBaselineKeepsItsPlace() {
        const RowId a = add("a", {evaluationOf("sum", "x", {1})});
        const RowId b = add("b", {evaluationOf("sum", "h", {1})});
        const Comparison comparison = load({a, b}, "sum", 1);
        QCOMPARE(comparison.checkpoints.size(), 1u);
        QCOMPARE(comparison.baseline, 0u);
        QCOMPARE(comparison.checkpoints[0].name, std::string("b @ 10"));
        QVERIFY_EXCEPTION_THROWN(load({a}, {}, 3), Error);
        QVERIFY_EXCEPTION_THROWN(load({a, 77}), Error);
    }

    void problemsAreAlignedByTheirIds() {
        EvaluationEvent shuffled = evaluationOf("sum", "h", {0, 1, 0});
        std::swap(shuffled.items[0], shuffled.items[2]);
        std::swap(shuffled.items[0], shuffled.items[1]);
        shuffled.items.push_back({"sum:more", 1, 1, 3});
        const RowId a = add("a", {evaluationOf("sum", "h", {1, 0, 1})});
        const RowId b = add("b", {shuffled});
        const Comparison comparison = load({a, b});
        QCOMPARE(comparison.problems, (std::vector<std::string>{"sum:0", "sum:1", "sum:2"}));
        QCOMPARE(comparison.results[1][1].correct, 1);
        QVERIFY(hasNote(comparison, Kind::ProblemsLeftOut));
    }

    void aProblemAskedTwiceStandsTwice() {
        EvaluationEvent first = evaluationOf("sum", "h", {1, 0}), second = evaluationOf("sum", "h", {0, 1});
        for (auto* event : {&first, &second})
            for (EvaluationItem& item : event->items) item.problemId = "sum:same";
        const RowId a = add("a", {first}), b = add("b", {second});
        const Comparison comparison = load({a, b});
        QCOMPARE(comparison.items(), 2u);
        QCOMPARE(flipCounts(comparison, 0, 1), (PairedCounts{0, 1, 1, 0}));
    }

    void repeatedAndOtherSamplesAreSaid() {
        const RowId a = add("a", {evaluationOf("sum", "h", {0, 0}), evaluationOf("sum", "h", {1, 1})});
        const RowId b = add("b", {evaluationOf("sum", "h", {1, 3}, 4)});
        const Comparison comparison = load({a, b});
        QVERIFY(hasNote(comparison, Kind::Repeated, "a") && hasNote(comparison, Kind::OtherSamples, "b"));
        QCOMPARE(scoreCheckpoints(comparison)[0].accuracy, 1.0);
    }

    void difficultyFromIds_data() {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<int>("level");
        QTest::newRow("addition") << QByteArray("addition:321+9") << 3;
        QTest::newRow("multiplication") << QByteArray("multiplication:12*3456") << 4;
        QTest::newRow("chain") << QByteArray("modular_chain:7:3+5*4") << 2;
        QTest::newRow("sorting") << QByteArray("sorting:5241") << 4;
        QTest::newRow("countdown") << QByteArray("countdown:3 5 7:22") << 3;
        QTest::newRow("expression") << QByteArray("expression:(3+4)*(-2-5)") << 3;
        QTest::newRow("boolean") << QByteArray("boolean:(T&!F)|F") << 3;
        QTest::newRow("file") << QByteArray("file:3af0") << -1;
        QTest::newRow("import") << QByteArray("12") << -1;
        QTest::newRow("broken") << QByteArray("modular_chain:") << 0;
    }
    void difficultyFromIds() {
        QFETCH(QByteArray, id);
        QFETCH(int, level);
        const auto difficulty = difficultyOf(id.toStdString());
        QCOMPARE(difficulty ? difficulty->level : -1, level);
    }

    void groupsAndTheirSource() {
        EvaluationEvent sums = evaluationOf("addition", "h", {1, 1, 0});
        const char* ids[] = {"addition:1+2", "addition:12+3", "addition:5+6"};
        for (int i = 0; i < 3; ++i) sums.items[std::size_t(i)].problemId = ids[i];
        EvaluationEvent other = sums;
        other.items[2].correct = 1;
        const RowId a = add("a", {sums, evaluationOf("file", "f", {1, 0, 0})});
        const RowId b = add("b", {other, evaluationOf("file", "f", {1, 1, 0})});
        const Comparison comparison = load({a, b});
        QCOMPARE(groupsByTask(comparison).size(), 2u);
        const auto groups = groupsByDifficulty(comparison);
        QStringList names;
        for (const ProblemGroup& group : groups) names << QString::fromStdString(groupName(group));
        QCOMPARE(names, (QStringList{"addition, 1 digits", "addition, 2 digits", "file, always solved",
                                     "file, solved by 25 to 50 %", "file, never solved"}));
        const auto table = groupTable(comparison, groups);
        QCOMPARE(table[0][0].accuracy, 0.5);
        QCOMPARE(table[0][1].delta.mean, 0.5);
        QCOMPARE(table[0][1].p, 1.0);
        QVERIFY(std::isnan(table[0][0].holm));
    }

    void mergesAgainstTheirParents() {
        const RowId base =
            add("base", {evaluationOf("x", "h", {1, 0, 0, 0}), evaluationOf("y", "g", {1, 1, 0, 0})});
        const RowId left =
            add("left", {evaluationOf("x", "h", {1, 1, 1, 1}), evaluationOf("y", "g", {0, 0, 0, 0})});
        const RowId right =
            add("right", {evaluationOf("x", "h", {0, 0, 0, 0}), evaluationOf("y", "g", {1, 1, 0, 1})});
        const RowId merged =
            add("merged", {evaluationOf("x", "h", {1, 1, 1, 0}), evaluationOf("y", "g", {1, 1, 0, 0})});
        const Comparison comparison = load({base, left, right, merged});
        const auto scores = mergeScores(comparison, familiesByHand(comparison, {1, 2}));
        QCOMPARE(scores.size(), 1u);
        QCOMPARE(scores[0].checkpoint, 3u);
        QCOMPARE(scores[0].bestParent, 1u);
        QVERIFY(std::abs(scores[0].normalisedAccuracy - (0.75 + 2.0 / 3) / 2) < 1e-12);
        QVERIFY(std::abs(scores[0].synergy - 0.125) < 1e-12);
        QVERIFY(std::abs(scores[0].forgetting - (-0.25)) < 1e-12);
        const Json json = comparisonJson(comparison, scoreCheckpoints(comparison), scores);
        QCOMPARE(json["merges"].size(), 1u);
        QCOMPARE(json["checkpoints"][1]["against_baseline"]["test"].get<std::string>(),
                 std::string("mcnemar_exact"));
        QCOMPARE(json["tasks"].size(), 2u);
        QVERIFY(itemsCsv(comparison).starts_with("set,problem,base @ 10 correct,"));
    }

    void lengthsAscend() {
        const RowId a = add("a", {evaluationOf("x", "h", {1, 1, 1, 1, 1, 1})});
        const auto curve = lengthCurve(load({a}), 0);
        const std::vector<std::pair<double, double>> expected = {{10, 2.0 / 6}, {11, 4.0 / 6}, {12, 1}};
        QCOMPARE(curve, expected);
    }

    void savedAndReopened() {
        const RowId a = add("a", {evaluationOf("x", "h", {1})});
        SavedComparison saved;
        saved.name = "before and after";
        saved.checkpoints = {{reader().run(a)->uuid, 10}, {"gone", 5}};
        saved.baseline = 1;
        saved.evaluation = "x";
        saved.setHash = "h";
        saved.options = {{"tab", "tasks"}};
        const RowId id = m_writer->saveComparison(saved).get();
        saved.baseline = 0;
        QCOMPARE(m_writer->saveComparison(saved).get(), id);
        const auto found = reader().comparisons();
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found[0].baseline, 0);
        QCOMPARE(found[0].checkpoints, saved.checkpoints);
        QCOMPARE(found[0].options["tab"].get<std::string>(), std::string("tasks"));
        QCOMPARE(found[0].setHash, std::string("h"));
        saved.name.clear();
        QVERIFY_EXCEPTION_THROWN(m_writer->saveComparison(saved).get(), Error);
        m_writer->removeComparison(id).get();
        QVERIFY(reader().comparisons().empty());
        QVERIFY_EXCEPTION_THROWN(m_writer->removeComparison(id).get(), Error);
    }

    void confidencesOfStoredAnswers() {
        std::vector<Trace> traces;
        for (int sample = 0; sample < 3; ++sample) {
            Trace trace;
            trace.step = 10;
            trace.phase = "eval";
            trace.task = "sum";
            trace.problemId = "sum:0";
            trace.sample = sample;
            trace.completion = "<a;>46";
            trace.extracted = sample == 2 ? "47" : "46";
            trace.correct = sample != 2;
            trace.tokens.ends = {1, 4, 6};
            trace.tokens.logprobs = {-5, -5, -0.5f};
            traces.push_back(trace);
        }
        const RowId a = add("a", {evaluationOf("sum", "h", {1})}, traces);
        const auto found = reader().confidences(a, 10, "sum");
        QCOMPARE(found.size(), 3u);
        QVERIFY(std::abs(found[0].probability - std::exp(-0.5)) < 1e-6);
        QVERIFY(std::abs(found[0].agreement - 2.0 / 3) < 1e-12);
        QVERIFY(std::abs(found[2].probability - std::exp(-3.5)) < 1e-6);
        QVERIFY(reader().confidences(a, 9, "sum").empty());
    }

    // The size that the issue names; the time is printed, not asserted.
    void twentyCheckpointsOfTenThousandProblems() {
        Random random(1);
        std::vector<RowId> runs;
        for (int checkpoint = 0; checkpoint < 20; ++checkpoint) {
            EvaluationEvent event{10, "addition", "h", {}, {}};
            for (int i = 0; i < 10'000; ++i)
                event.items.push_back({std::string("addition:").append(std::to_string(i * 7)).append("+1"), 1,
                                       random.uniform() < 0.5 + checkpoint * 0.01, 20.0 + double(i % 40)});
            runs.push_back(add(std::string("c").append(std::to_string(checkpoint)), {event}));
        }
        StoreReader store = reader();
        std::vector<CheckpointRef> refs;
        for (const RowId run : runs) refs.push_back({run, 10});
        QElapsedTimer timer;
        timer.start();
        const Comparison comparison = loadComparison(store, refs, 0);
        const qint64 loaded = timer.restart();
        BootstrapOptions options;
        options.threads = 2;
        const auto scores = scoreCheckpoints(comparison, options);
        const qint64 scored = timer.restart();
        const auto groups = groupsByDifficulty(comparison);
        const auto table = groupTable(comparison, groups);
        qInfo("read %lld ms, scored %lld ms, by difficulty %lld ms", loaded, scored, timer.elapsed());
        QCOMPARE(comparison.items(), 10'000u);
        QCOMPARE(scores.size(), 20u);
        QVERIFY(scores[19].against->holm < 1e-6);
        QVERIFY(scores[19].against->interval.low > 0.1);
        QVERIFY(!table.empty());
    }
};

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
