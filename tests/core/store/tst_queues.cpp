// Annotation queues: what is in them, everybody's states and progress, quality control; and the presets that
// choose traces, the filters of the list, problems through training and histograms, on stores made by hand.
#include <QTest>
#include <deque>
#include <limits>

#include "tests/core/store/annotation_fixture.h"

using namespace retort;

namespace {

std::vector<ItemState> statesOf(StoreReader& reader, RowId queue, const char* who) {
    std::vector<ItemState> states;
    for (const QueueItem& item : reader.queueItems(queue, who)) states.push_back(item.state);
    return states;
}

QueueSettings named(const std::string& name) {
    QueueSettings settings;
    settings.name = name;
    return settings;
}

/// A log of traces that differ in what a test needs.
class Log {
  public:
    Trace& add(std::int64_t step, std::int64_t group, std::int32_t sample, bool correct = true) {
        m_traces.push_back(simpleTrace(step, group, sample, correct));
        return m_traces.back();
    }
    std::string text() const {
        std::string lines;
        std::int64_t seq = 2;
        for (const Trace& trace : m_traces) lines += lineOf(seq++, TraceEvent{trace});
        return lines;
    }

  private:
    std::deque<Trace> m_traces;
};

void score(Trace& trace, std::vector<double> values) {
    StepLane lane{LaneKind::Prm, "prm", {}};
    for (std::size_t i = 0; i < values.size(); ++i)
        lane.steps.push_back({std::int64_t(4 * i), std::int64_t(4 * i + 4), {}, values[i], 0, 0, ""});
    trace.lanes.push_back(std::move(lane));
}

using Ids = std::vector<RowId>;

}  // namespace

class TestQueues : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void addChangeRemove() {
        AnnotatedStore store(6);
        StoreWriter& writer = *store.writer;
        QueueSettings settings{"hard ones", "rate **all**", false, false, 3};
        const RowId queue = writer.addQueue(settings, QueuePreset::ConvincingWrong, {3, 1, 3}).get();
        writer.addToQueue(queue, {1, 2}).get();
        StoreReader reader = store.reader();
        const auto queues = reader.annotationQueues();
        QCOMPARE(queues.size(), 1u);
        const QueueRow& row = queues[0];
        QVERIFY(row.id == queue && row.items == 3 && row.preset == QueuePreset::ConvincingWrong &&
                row.created > 1e9 && row.progress.empty());
        QVERIFY(row.settings.name == "hard ones" && row.settings.guidelines == "rate **all**" &&
                !row.settings.blind && !row.settings.showGoldAfter && row.settings.annotators == 3);
        const auto items = reader.queueItems(queue, "ann");
        QCOMPARE(items.size(), 3u);
        QVERIFY(items[0].trace == 3 && items[1].trace == 1 && items[2].trace == 2 && items[2].idx == 2);
        QCOMPARE(items[0].promptHead, std::string("prompt 0"));

        writer.changeQueue(queue, named("renamed")).get();
        QVERIFY(reader.annotationQueues()[0].settings.name == "renamed" &&
                reader.annotationQueues()[0].settings.blind);
        store.annotate(3, "ann", {rating(0, 1)}, queue);
        writer.removeQueue(queue).get();
        QVERIFY(reader.annotationQueues().empty() && reader.queueItems(queue, "ann").empty());
        QVERIFY(reader.annotations(3).size() == 1 && reader.annotationEvents(3)[0].queue == 0);
        QVERIFY(reader.check().problems.empty());
    }

    void refused() {
        AnnotatedStore store(2);
        StoreWriter& writer = *store.writer;
        const RowId queue = writer.addQueue(named("a"), QueuePreset::Listed, {1}).get();
        writer.addQueue(named("b"), QueuePreset::Listed, {}).get();
        const auto refusal = [&](auto future) { return errorOf([&] { future.get(); }); };
        QueueSettings nobody = named("c");
        nobody.annotators = 0;
        QVERIFY(contains(refusal(writer.addQueue(named(""), QueuePreset::Listed, {})), "needs a name"));
        QVERIFY(contains(refusal(writer.addQueue(named("a"), QueuePreset::Listed, {})), "of this name"));
        QVERIFY(contains(refusal(writer.addQueue(nobody, QueuePreset::Listed, {})), "at least one"));
        QVERIFY(contains(refusal(writer.addQueue(named("c"), QueuePreset::Listed, {1, 9})), "no trace 9"));
        QVERIFY(contains(refusal(writer.changeQueue(queue, named("b"))), "of this name"));
        QVERIFY(contains(refusal(writer.changeQueue(77, named("d"))), "no annotation queue 77"));
        QVERIFY(contains(refusal(writer.removeQueue(77)), "no annotation queue 77"));
        QVERIFY(contains(refusal(writer.addToQueue(77, {1})), "no annotation queue 77"));
        QVERIFY(
            contains(refusal(writer.setQualityControl(queue, 2, QualityControl{0})), "not in this queue"));
        QVERIFY(contains(refusal(writer.setQualityControl(queue, 1, QualityControl{17})), "a byte"));
        QVERIFY(contains(refusal(writer.setQualityControl(queue, 1, QualityControl{-2})), "a byte"));
        writer.changeQueue(queue, named("a")).get();
        QCOMPARE(store.reader().annotationQueues().size(), 2u);
        QCOMPARE(store.reader().markOf(2), 0);
    }

    void statesFollowFromEvents() {
        AnnotatedStore store(6);
        const RowId queue = store.writer->addQueue(named("q"), QueuePreset::Listed, {1, 2, 3, 4, 5, 6}).get();
        StoreReader reader = store.reader();
        store.annotate(1, "ann", {rating(0, 1), outcome("submitted")}, queue);
        store.annotate(2, "ann", {outcome("skipped")}, queue);
        store.annotate(3, "ann", {outcome("bad_problem")}, queue);
        store.annotate(4, "ann", {rating(0, 1)}, queue);
        store.annotate(5, "ann", {outcome("give_up")});  // outside of the queue: it is done all the same
        store.annotate(6, "ann", {note("n")}, queue);
        store.annotate(6, "ann", {note("")}, queue);
        using enum ItemState;
        QVERIFY((statesOf(reader, queue, "ann") ==
                 std::vector<ItemState>{Done, Skipped, Done, Draft, Done, Pending}));
        QVERIFY(statesOf(reader, queue, "bob") == std::vector<ItemState>(6, Pending));
        store.annotate(2, "bob", {outcome("submitted")}, queue);
        // Undone to the beginning, in the order of what was said.
        std::vector<std::size_t> done;
        while (store.writer->undoAnnotation("ann").get()) {
            const auto states = statesOf(reader, queue, "ann");
            done.push_back(std::size_t(std::count(states.begin(), states.end(), Done)));
        }
        QVERIFY((done == std::vector<std::size_t>{3, 3, 2, 2, 1, 1, 0}));
        QVERIFY(statesOf(reader, queue, "ann") == std::vector<ItemState>(6, Pending));
        QVERIFY(statesOf(reader, queue, "bob")[1] == Done);
        while (store.writer->redoAnnotation("ann").get()) {
        }
        QVERIFY((statesOf(reader, queue, "ann") ==
                 std::vector<ItemState>{Done, Skipped, Done, Draft, Done, Pending}));
    }

    void progressAndQualityControl() {
        AnnotatedStore store(6);
        const RowId queue = store.writer->addQueue(named("q"), QueuePreset::Listed, {1, 2, 3, 4, 5}).get();
        StoreWriter& writer = *store.writer;
        writer.setQualityControl(queue, 1, QualityControl{8}).get();
        writer.setQualityControl(queue, 2, QualityControl{-1}).get();
        writer.setQualityControl(queue, 3, QualityControl{4}).get();
        writer.setQualityControl(queue, 4, QualityControl{4}).get();
        writer.setQualityControl(queue, 4, std::nullopt).get();
        store.annotate(1, "ann", {rating(0, 1), rating(1, 0), rating(2, -1), outcome("submitted")}, queue);
        store.annotate(2, "ann", {firstError(-1), outcome("submitted")}, queue);
        store.annotate(3, "ann", {firstError(8), outcome("submitted")}, queue);
        store.annotate(4, "ann", {outcome("skipped")}, queue);
        store.annotate(5, "ann", {rating(0, 1)}, queue);
        store.annotate(1, "bob", {rating(0, -1)}, queue);           // a draft: not answered
        store.annotate(3, "bob", {outcome("bad_problem")}, queue);  // no answer either
        store.annotate(6, "eve", {outcome("submitted")});           // not in it
        StoreReader reader = store.reader();
        const auto progress = reader.annotationQueues().at(0).progress;
        QCOMPARE(progress.size(), 2u);
        const auto& ann = progress[0];
        QVERIFY(ann.annotator == "ann" && ann.done == 3 && ann.skipped == 1 && ann.drafts == 1);
        QVERIFY(ann.controls == 3 && ann.hits == 2);
        QCOMPARE(ann.seconds, 4 * 1.5 + 4 * 2);
        const auto& bob = progress[1];
        QVERIFY(bob.done == 1 && bob.drafts == 1 && bob.controls == 0 && bob.hits == 0);
        const auto items = reader.queueItems(queue, "ann");
        QVERIFY(items[0].isQualityControl && items[2].isQualityControl && !items[3].isQualityControl);
    }

    void presetsOfScores() {
        Log log;
        score(log.add(1, 0, 0, true), {0.9, 0.2, 0.8});   // 1
        score(log.add(1, 0, 1, true), {0.9, 0.45, 0.8});  // 2
        score(log.add(1, 0, 2, true), {0.9, 0.85});       // 3
        score(log.add(1, 0, 3, false), {0.95, 0.9});      // 4
        score(log.add(1, 1, 0, false), {0.6, 0.99});      // 5
        score(log.add(1, 1, 1, false), {0.01, 0.1});      // 6
        log.add(1, 1, 2, false);                          // 7: no scores
        AnnotatedStore store(log.text());
        StoreReader reader = store.reader();
        const auto chosen = [&](QueuePreset preset, std::int64_t most = 100) {
            return reader.selectForQueue({}, preset, most);
        };
        QCOMPARE(chosen(QueuePreset::PrmNearThreshold), (Ids{2, 5, 1, 3, 6, 4}));
        QCOMPARE(chosen(QueuePreset::RightWithLowStep), (Ids{1, 2}));
        QCOMPARE(chosen(QueuePreset::ConvincingWrong), (Ids{4, 5, 6}));
        QCOMPARE(chosen(QueuePreset::ConvincingWrong, 1), (Ids{4}));
        QVERIFY(chosen(QueuePreset::ConvincingWrong, 0).empty());
        // The checker says right of all steps of 1 to 3, right right wrong wrong of the others.
        QCOMPARE(chosen(QueuePreset::LaneDisagreement), (Ids{6, 2, 1}));
        TraceFilter filter;
        filter.ofGroup = 1;
        QCOMPARE(reader.selectForQueue(filter, QueuePreset::ConvincingWrong, 9), (Ids{5, 6}));
        // A score that is computed here counts as well.
        store.writer->setLanes(7, {{LaneKind::Prm, "prm", {{0, 4, {}, 0.99, 0, 0, ""}}}}).get();
        QCOMPARE(chosen(QueuePreset::ConvincingWrong), (Ids{7, 4, 5, 6}));
        QVERIFY(!errorOf([&] { chosen(QueuePreset::Listed, -1); }).empty());
    }

    void presetsOfRewards() {
        Log log;
        for (int step = 1; step <= 3; ++step)
            for (int sample = 0; sample < 4; ++sample)
                log.add(step, 0, sample, step == 2 ? sample == 0 : true);  // right, mostly wrong, right
        log.add(1, 1, 0, true).numTokens = 900;
        log.add(1, 1, 1, false).reward = 0.9;   // 14: paid for a wrong answer
        log.add(3, 1, 0, true).reward = 0.2;    // 15: a right one that was hardly paid
        log.add(3, 1, 1, true).reward.reset();  // 16
        AnnotatedStore store(log.text());
        StoreReader reader = store.reader();
        const auto chosen = [&](QueuePreset preset) { return reader.selectForQueue({}, preset, 100); };
        QCOMPARE(chosen(QueuePreset::RewardFlipped), (Ids{8, 7, 6}));
        QCOMPARE(chosen(QueuePreset::ZeroVariance), (Ids{9, 10, 11, 12, 1, 2, 3, 4}));
        QCOMPARE(chosen(QueuePreset::GraderDisagreement), (Ids{14, 15}));
        QCOMPARE(chosen(QueuePreset::LongestDecile), (Ids{13, 16}));
        QCOMPARE(chosen(QueuePreset::Listed).size(), 16u);
        QCOMPARE(chosen(QueuePreset::Listed)[0], 16);
        QVERIFY(chosen(QueuePreset::PrmNearThreshold).empty());
    }

    void filters() {
        Log log;
        for (int i = 0; i < 8; ++i) {
            Trace& trace = log.add(1, i / 4, i % 4, i != 5);
            trace.numTokens = 10 + i;
            if (i == 7) trace.finish = "length";
        }
        AnnotatedStore store(log.text());
        store.annotate(1, "ann", {note("n")});
        store.annotate(2, "bob", {note("n")});
        store.annotate(3, "ann", {note("n")});
        store.annotate(3, "ann", {note("")});
        StoreReader reader = store.reader();
        const auto found = [&](auto change) {
            TraceFilter filter;
            filter.order = TraceFilter::Order::Oldest;
            change(filter);
            Ids ids;
            for (const TraceRow& row : reader.traces(filter, 0, 100)) ids.push_back(row.id);
            return std::int64_t(ids.size()) == reader.countTraces(filter) ? ids : Ids{-1};
        };
        using F = TraceFilter;
        QCOMPARE(found([](F& f) { f.minTokens = 12, f.maxTokens = 13; }), (Ids{3, 4}));
        QCOMPARE(found([](F& f) { f.finish = "length"; }), (Ids{8}));
        QCOMPARE(found([](F& f) { f.ofGroup = 1; }), (Ids{5, 6, 7, 8}));
        QCOMPARE(found([](F& f) { f.zeroVariance = true; }), (Ids{1, 2, 3, 4}));
        QCOMPARE(found([](F& f) { f.annotated = true; }), (Ids{1, 2}));
        QCOMPARE(found([](F& f) { f.annotated = false; }), (Ids{3, 4, 5, 6, 7, 8}));
        QCOMPARE(found([](F& f) { f.annotator = "bob"; }), (Ids{2}));
        QCOMPARE(found([](F& f) { f.annotator = "nobody"; }), Ids{});
        QCOMPARE(found([](F& f) { f.annotator = "ann", f.text = "two", f.minTokens = 10; }), (Ids{1}));
    }

    void problemThroughTraining() {
        Log log;
        log.add(2, 0, 1, true).numTokens = 10;
        log.add(2, 0, 0, false).numTokens = 20;
        log.add(1, 0, 3, true).reward.reset();
        log.add(1, 1, 0, true);
        Trace& held = log.add(2, 0, 5, true);
        held.phase = "eval";
        AnnotatedStore store(log.text());
        StoreReader reader = store.reader();
        for (const RowId run : {RowId(0), store.run}) {
            const auto moments = reader.problemHistory("problem 0", run);
            QCOMPARE(moments.size(), 3u);
            QVERIFY(moments[0].step == 1 && moments[0].samples == 1 && !moments[0].meanReward &&
                    moments[0].firstTrace == 3);
            QVERIFY(moments[1].step == 2 && moments[1].phase == "eval" && moments[1].firstTrace == 5);
            QVERIFY(moments[2].phase == "train" && moments[2].samples == 2 && moments[2].correct == 1 &&
                    moments[2].meanTokens == 15 && moments[2].meanReward == 0.5 &&
                    moments[2].firstTrace == 2 && moments[2].run == store.run);
        }
        QVERIFY(reader.problemHistory("problem 0", 99).empty());
        QVERIFY(reader.problemHistory("none", 0).empty());
    }

    void histograms() {
        Log log;
        for (const double reward : {0.0, 0.1, 0.5, 0.99, 1.0}) log.add(1, 0, 0, reward > 0.4).reward = reward;
        log.add(1, 0, 0).reward.reset();
        log.add(1, 0, 0).reward = std::numeric_limits<double>::infinity();
        AnnotatedStore store(log.text());
        StoreReader reader = store.reader();
        const TraceHistogram rewards = reader.rewardHistogram({}, 4);
        QVERIFY(rewards.low == 0 && rewards.high == 1);
        QCOMPARE(rewards.wrong, (std::vector<std::int64_t>{2, 0, 0, 0}));
        QCOMPARE(rewards.right, (std::vector<std::int64_t>{0, 0, 1, 2}));
        QCOMPARE(rewards.without, 2);
        const TraceHistogram lengths = reader.lengthHistogram({}, 3);  // all of one length
        QVERIFY(lengths.low == 16 && lengths.high == 16 && lengths.without == 0);
        QCOMPARE(lengths.right[0] + lengths.wrong[0], 7);
        TraceFilter wrong;
        wrong.correct = false;
        QCOMPARE(reader.rewardHistogram(wrong, 1).wrong, (std::vector<std::int64_t>{2}));
        wrong.run = 99;
        const TraceHistogram none = reader.rewardHistogram(wrong, 2);
        QVERIFY(none.low == 0 && none.high == 0 && none.right.size() == 2 && none.without == 0);
        QVERIFY(!errorOf([&] { reader.rewardHistogram({}, 0); }).empty());
    }

    void trees() {
        SearchTree tree;
        tree.step = 4;
        tree.method = "beam_search";
        tree.task = "sums";
        tree.problemId = "p";
        tree.nodes = {TreeNode{}, TreeNode{0, "a", 1, 3, 0.5, {}, 1, 2, 0, true, true, true}};
        tree.chosen = 1;
        tree.correct = true;
        tree.tokens = 3;
        SearchTree other = tree;
        other.problemId = "q";
        AnnotatedStore store(lineOf(2, TreeEvent{tree}) + lineOf(3, TreeEvent{other}));
        StoreReader reader = store.reader();
        QCOMPARE(reader.searchTrees(0).size(), 2u);
        const auto rows = reader.searchTrees(store.run, "p");
        QCOMPARE(rows.size(), 1u);
        QVERIFY(rows[0].nodes == 2 && rows[0].tokens == 3 && rows[0].correct &&
                rows[0].method == "beam_search");
        QVERIFY(reader.searchTree(rows[0].id) == tree);
        QVERIFY(!reader.searchTree(99) && reader.searchTrees(99).empty());
        QVERIFY(reader.check().problems.empty());
    }
};

QTEST_APPLESS_MAIN(TestQueues)
#include "tst_queues.moc"
