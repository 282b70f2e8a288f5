// Judges of steps: lanes of the log, of the checker, of people and computed ones, and traces that they
// disagree on.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/store/sqlite.h"
#include "tests/core/store/annotation_fixture.h"

using namespace retort;

namespace {

StepJudgement judged(int step, std::optional<std::int32_t> rating, std::optional<double> value = {}) {
    StepJudgement judgement;
    judgement.begin = 4 * step;
    judgement.end = 4 * step + 4;
    judgement.rating = rating;
    judgement.value = value;
    return judgement;
}

const StepLane* laneOf(const std::vector<StepLane>& lanes, LaneKind kind, const std::string& name) {
    for (const StepLane& lane : lanes)
        if (lane.kind == kind && lane.name == name) return &lane;
    return nullptr;
}

std::int64_t disputed(StoreReader& reader) {
    TraceFilter filter;
    filter.lanesDisagree = true;
    return reader.countTraces(filter);
}

}  // namespace

class TestLanes : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void inOrderOfKindAndName() {
        Trace trace = simpleTrace(1, 0, 0, false);
        trace.lanes = {{LaneKind::Prm, "b", {judged(0, {}, 0.75)}},
                       {LaneKind::Human, "labeler", {judged(0, 1)}}};
        AnnotatedStore store(lineOf(2, TraceEvent{trace}));
        store.writer
            ->setLanes(1, {{LaneKind::Prm, "a", {judged(0, {}, 0.5), judged(1, {}, 0.25)}},
                           {LaneKind::Detector, "loops", {judged(2, {}, 1)}}})
            .get();
        store.annotate(
            1, "ann",
            {rating(2, -1), {{AnnotationKind::ErrorTypes, 8, 12}, {"algebra", "arithmetic"}, {}, 0}});
        StoreReader reader = store.reader();
        const auto lanes = reader.lanes(1);
        QCOMPARE(lanes.size(), 6u);
        QVERIFY(lanes[0].kind == LaneKind::Checker && lanes[0].name == "sums" && lanes[0].steps.size() == 4);
        QVERIFY(lanes[0].steps[1].rating == 1 && lanes[0].steps[2].rating == -1 &&
                lanes[0].steps[2].text == "why");
        QVERIFY(lanes[1].kind == LaneKind::Human && lanes[1].name == "ann" && lanes[2].name == "labeler");
        QVERIFY(lanes[1].steps.size() == 1 && lanes[1].steps[0].rating == -1 &&
                lanes[1].steps[0].begin == 8 && lanes[1].steps[0].text == "algebra, arithmetic");
        QVERIFY(lanes[3].kind == LaneKind::Prm && lanes[3].name == "a" && lanes[3].steps.size() == 2);
        QVERIFY(lanes[4].name == "b" && lanes[4].steps[0] == judged(0, {}, 0.75));
        QVERIFY(lanes[5].kind == LaneKind::Detector);
        QVERIFY(reader.lanes(99).empty());
        QVERIFY(reader.trace(1)->lanes.size() == 2);  // of the log alone
    }

    void newWordReplacesTheOld() {
        Trace trace = simpleTrace(1, 0, 0);
        trace.lanes = {{LaneKind::Prm, "p", {judged(0, {}, 0.1)}}};
        AnnotatedStore store(lineOf(2, TraceEvent{trace}));
        StoreReader reader = store.reader();
        QCOMPARE(disputed(reader), 1);  // the checker says that step 0 is right
        store.writer->setLanes(1, {{LaneKind::Prm, "p", {judged(0, {}, 0.9)}}}).get();
        const auto lanes = reader.lanes(1);
        QCOMPARE(lanes.size(), 2u);
        QVERIFY(lanes[1].steps == std::vector<StepJudgement>{judged(0, {}, 0.9)});
        QCOMPARE(disputed(reader), 0);
        store.writer->setLanes(1, {{LaneKind::Prm, "p", {}}}).get();  // the log's counts again
        QVERIFY(laneOf(reader.lanes(1), LaneKind::Prm, "p")->steps[0].value == 0.1);
        QCOMPARE(disputed(reader), 1);
    }

    void refused() {
        AnnotatedStore store(1);
        const auto refusal = [&](LaneKind kind, const StepJudgement& step) {
            return errorOf([&] {
                store.writer->setLanes(1, {{LaneKind::Prm, "good", {judged(0, {}, 1)}}, {kind, "p", {step}}})
                    .get();
            });
        };
        StepJudgement beyond = judged(4, 1), backwards = judged(1, 1), more = judged(0, {});
        backwards.end = 2;
        more.successes = 3;
        more.rollouts = 2;
        QVERIFY(contains(refusal(LaneKind::Prm, beyond), "no range of a completion of 16 bytes"));
        QVERIFY(contains(refusal(LaneKind::Prm, backwards), "no range"));
        QVERIFY(contains(refusal(LaneKind::Critic, judged(0, 2)), "not 2"));
        QVERIFY(contains(refusal(LaneKind::Prm, judged(0, {}, std::nan(""))), "finite"));
        QVERIFY(contains(refusal(LaneKind::MonteCarlo, more), "3 successes of 2 rollouts"));
        QVERIFY(contains(refusal(LaneKind::Human, judged(0, 1)), "annotated"));
        QVERIFY(contains(errorOf([&] { store.writer->setLanes(9, {}).get(); }), "no trace 9"));
        QCOMPARE(store.reader().lanes(1).size(), 1u);
    }

    void whatDisagrees_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("rating");  // 9: none
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("disagrees");  // with a checker that says right
        const double none = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("wrong") << int(LaneKind::Critic) << -1 << none << true;
        QTest::newRow("neutral") << int(LaneKind::Critic) << 0 << none << false;
        QTest::newRow("right") << int(LaneKind::Critic) << 1 << none << false;
        QTest::newRow("low score") << int(LaneKind::Prm) << 9 << 0.49 << true;
        QTest::newRow("score of one half") << int(LaneKind::Prm) << 9 << 0.5 << false;
        QTest::newRow("a detector takes no side") << int(LaneKind::Detector) << 9 << 0.0 << false;
        QTest::newRow("silent") << int(LaneKind::Prm) << 9 << none << false;
    }
    void whatDisagrees() {
        QFETCH(int, kind);
        QFETCH(int, rating);
        QFETCH(double, value);
        QFETCH(bool, disagrees);
        AnnotatedStore store(2);
        const auto step = judged(1, rating == 9 ? std::optional<std::int32_t>() : rating,
                                 std::isnan(value) ? std::optional<double>() : value);
        store.writer->setLanes(1, {{LaneKind(kind), "j", {step}}}).get();
        StoreReader reader = store.reader();
        QCOMPARE(disputed(reader), disagrees ? 1 : 0);
        QVERIFY(reader.check().problems.empty());
    }

    void monteCarloTakesTheSideOfItsRollouts() {
        AnnotatedStore store(2);
        StepJudgement step = judged(1, {}, 0);
        step.rollouts = 8;
        StoreReader reader = store.reader();
        store.writer->setLanes(1, {{LaneKind::MonteCarlo, "m", {step}}}).get();
        QCOMPARE(disputed(reader), 1);
        step.successes = 1;
        store.writer->setLanes(1, {{LaneKind::MonteCarlo, "m", {step}}}).get();
        QCOMPARE(disputed(reader), 0);
    }

    // Several steps at once, people against each other, and taken back.
    void peopleDisagree() {
        AnnotatedStore store(2);
        StoreReader reader = store.reader();
        store.annotate(2, "ann", {rating(0, 1)});
        QCOMPARE(disputed(reader), 0);
        store.annotate(2, "bob", {rating(0, -1)});
        QCOMPARE(disputed(reader), 1);
        // Another cut of the text is another step.
        store.annotate(1, "ann", {{{AnnotationKind::StepRating, 0, 5}, -1, {}, 0}});
        QCOMPARE(disputed(reader), 1);
        store.writer->undoAnnotation("bob").get();
        QCOMPARE(disputed(reader), 0);
    }

    void checkFindsWhatDoesNotFit() {
        AnnotatedStore store(2);
        store.annotate(1, "ann", {rating(0, 1)});
        store.annotate(1, "ann", {rating(0, -1)});
        StoreReader reader = store.reader();
        QVERIFY(reader.check().problems.empty());
        const auto problemAfter = [&](const char* sql) {
            Database(store.file(), Database::Mode::ReadWrite).execute(sql);
            const auto problems = reader.check().problems;
            return problems.empty() ? std::string() : problems[0];
        };
        QVERIFY(contains(problemAfter("UPDATE disputed_traces SET steps = 5"), "miscounted"));
        QVERIFY(contains(problemAfter("UPDATE judgements SET rating = 1"), "ratings in its lanes"));
        QVERIFY(
            contains(problemAfter("UPDATE annotation_events SET old_value = '0' WHERE id = 2"), "event 2"));
    }
};

QTEST_APPLESS_MAIN(TestLanes)
#include "tst_lanes.moc"
