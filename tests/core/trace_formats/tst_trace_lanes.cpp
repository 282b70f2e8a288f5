// Whose labels are written: choosing a lane, labels of steps from it, and what annotations add to an export.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/trace_formats/annotated_solution.h"
#include "core/trace_formats/lane_labels.h"
#include "core/trace_formats/trace_export.h"
#include "core/util/error.h"

using namespace retort;

namespace {

using Ratings = std::vector<std::optional<std::int32_t>>;
constexpr std::nullopt_t none = std::nullopt;

/// "aa\nbb\ncc" in three steps.
Trace threeSteps() {
    Trace trace;
    trace.task = "t";
    trace.problemId = "t:1";
    trace.prompt = "q";
    trace.completion = "aa\nbb\ncc";
    trace.steps = {{0, 2, StepVerdict::Unchecked, ""},
                   {3, 5, StepVerdict::Unchecked, ""},
                   {6, 8, StepVerdict::Unchecked, ""}};
    return trace;
}

StepJudgement rated(std::int64_t begin, std::int64_t end, std::optional<std::int32_t> rating,
                    std::optional<double> value = {}, std::int32_t successes = 0, std::int32_t rollouts = 0) {
    return {begin, end, rating, value, successes, rollouts, ""};
}

Ratings ratings(const Trace& trace, const LaneName& lane, double threshold = 0.5) {
    Ratings list;
    for (const StepLabel& label : stepLabels(trace, lane, threshold)) list.push_back(label.rating);
    return list;
}

Annotation says(AnnotationKind kind, std::int64_t begin, Json value) {
    return {"ann", {kind, begin, begin < 0 ? -1 : begin + 2}, std::move(value), 0};
}

}  // namespace

class TestTraceLanes : public QObject {
    Q_OBJECT
    QTemporaryDir m_home;

    QByteArray exported(TraceExportOptions options, const std::function<void(TraceExporter&)>& add) {
        const QString path = m_home.filePath("out");
        options.overwrite = true;
        TraceExporter exporter(path.toStdString(), options);
        add(exporter);
        exporter.finish();
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

  private Q_SLOTS:
    void names() {
        QCOMPARE(toText({LaneKind::Human, "a:b"}), std::string("human:a:b"));
        QVERIFY((laneNamed("human:a:b") == LaneName{LaneKind::Human, "a:b"}));
        QVERIFY(laneNamed("checker") == LaneName{});
        QVERIFY_EXCEPTION_THROWN(laneNamed("somebody"), Error);
    }

    void labelsOfEachKind() {
        Trace trace = threeSteps();
        trace.lanes = {
            {LaneKind::Human, "a", {rated(0, 2, 1), rated(3, 5, 0), rated(6, 8, -1)}},
            {LaneKind::MonteCarlo, "m", {rated(0, 2, {}, 0.25, 1, 4), rated(3, 5, {}, 0, 0, 4)}},
            {LaneKind::Prm, "p", {rated(0, 2, {}, 0.9), rated(4, 5, {}, 0.4), rated(3, 4, {}, 0.8)}},
            {LaneKind::Detector, "d", {rated(0, 2, {}, 1)}}};
        QVERIFY(ratings(trace, {LaneKind::Human, "a"}) == (Ratings{1, 0, -1}));
        QVERIFY(ratings(trace, {LaneKind::MonteCarlo, "m"}) == (Ratings{1, -1, none}));
        // Cut otherwise: two judgements in one step, of which the worse counts.
        QVERIFY(ratings(trace, {LaneKind::Prm, "p"}) == (Ratings{1, -1, none}));
        QVERIFY(ratings(trace, {LaneKind::Prm, "p"}, 0.3) == (Ratings{1, 1, none}));
        QVERIFY(ratings(trace, {}) == (Ratings{none, none, none}));
        QCOMPARE(labelLanes(trace).size(), 3u);  // nothing was checked, and a detector is no label
        trace.steps[1].verdict = StepVerdict::Wrong;
        QVERIFY(ratings(trace, {}) == (Ratings{none, -1, none}));
        QCOMPARE(labelLanes(trace).size(), 4u);
        QCOMPARE(firstWrong(stepLabels(trace, {})), 1);
    }

    void stepsOfTheLaneWhereTheTraceHasNone() {
        Trace trace = threeSteps();
        trace.steps.clear();
        trace.lanes = {{LaneKind::Human, "a", {rated(0, 3, 1), rated(3, 8, -1), rated(8, 8, {})}}};
        const auto labels = stepLabels(trace, {LaneKind::Human, "a"});
        QCOMPARE(labels.size(), 2u);
        QVERIFY(labels[1].text == "bb\ncc" && labels[1].rating == -1);
        trace.lanes[0].steps.push_back(rated(4, 99, 1));
        QVERIFY_EXCEPTION_THROWN(stepLabels(trace, {LaneKind::Human, "a"}), Error);
    }

    void theOnlyLaneOrAQuestion() {
        const LaneName a{LaneKind::Human, "a"}, b{LaneKind::Prm, "b"};
        QVERIFY(!chooseLane({}, none) && chooseLane({a}, none) == a && chooseLane({a, b}, b) == b);
        try {
            chooseLane({a, b}, none);
            QFAIL("chose");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains("human:a, prm:b"), error.what());
        }
        QVERIFY_EXCEPTION_THROWN(chooseLane({a}, b), Error);
        Trace trace = threeSteps();
        trace.lanes = {{LaneKind::Human, "a", {rated(0, 2, 1)}},
                       {LaneKind::Prm, "b", {rated(0, 2, {}, 0.1)}}};
        const TraceExportOptions stepwise{.format = TraceExportFormat::TrlStepwise};
        QVERIFY_EXCEPTION_THROWN(exported(stepwise, [&](TraceExporter& e) { e.add(trace); }), Error);
        TraceExportOptions byJudge = stepwise;
        byJudge.lane = b;
        QCOMPARE(exported(byJudge, [&](TraceExporter& e) { e.add(trace); }),
                 QByteArray("{\"prompt\":\"q\",\"completions\":[\"aa\"],\"labels\":[false]}\n"));
    }

    void firstErrorMarksStandForRatings() {
        AnnotatedSolution said;
        said.annotator = "ann";
        const LaneName lane{LaneKind::Human, "ann"};
        Trace trace = threeSteps();
        addFirstError(trace, said);
        QVERIFY(trace.lanes.empty());
        said.firstError = 3;
        addFirstError(trace, said);
        QVERIFY(ratings(trace, lane) == (Ratings{1, -1, none}));
        trace = threeSteps();
        trace.lanes = {{LaneKind::Human, "ann", {rated(3, 5, 0)}}};
        said.firstError = -1;
        addFirstError(trace, said);
        QVERIFY(ratings(trace, lane) == (Ratings{1, 0, 1}));
    }

    void prm800kWithAnnotations() {
        Trace trace = threeSteps();
        trace.lanes = {{LaneKind::Human, "ann", {rated(0, 2, 1), rated(6, 8, -1)}}};
        AnnotationEvent event;
        event.annotator = "ann";
        event.seconds = 1.5;
        event.t = 0.5;
        AnnotationEvent other = event;
        other.annotator = "else";
        const auto said = annotatedSolution(
            "ann",
            {says(AnnotationKind::StepUnsure, 3, true), says(AnnotationKind::Correction, 6, "CC"),
             says(AnnotationKind::Outcome, -1, Json{{"outcome", "submitted"}})},
            {event, event, other});
        QVERIFY(said && said->seconds == 3.0);
        QVERIFY(!annotatedSolution("nobody", {says(AnnotationKind::StepUnsure, 3, true)}, {}));
        const TraceExportOptions options{.format = TraceExportFormat::Prm800k,
                                         .lane = LaneName{LaneKind::Human, "ann"}};
        const Json line =
            Json::parse(exported(options, [&](TraceExporter& e) { e.add(trace, &*said); }).toStdString());
        QCOMPARE(line["labeler"].get<std::string>(), std::string("ann"));
        QCOMPARE(line["timestamp"].get<std::string>(), std::string("1970-01-01T00:00:00"));
        const Json label = line["label"];
        QCOMPARE(label["total_time"].get<int>(), 3000);
        QCOMPARE(label["finish_reason"].get<std::string>(), std::string("found_error"));
        QCOMPARE(label["steps"].size(), 3u);
        QVERIFY(label["steps"][1]["completions"][0]["rating"].is_null());
        QCOMPARE(label["steps"][1]["completions"][0]["flagged"].get<bool>(), true);
        QCOMPARE(label["steps"][2]["human_completion"]["text"].get<std::string>(), std::string("CC"));
        QVERIFY(label["steps"][2]["chosen_completion"].is_null());

        AnnotatedSolution gaveUp = *said;
        gaveUp.outcome = "give_up";
        gaveUp.unsure.clear();
        const Json early =
            Json::parse(exported(options, [&](TraceExporter& e) { e.add(trace, &gaveUp); }).toStdString());
        QCOMPARE(early["label"]["finish_reason"].get<std::string>(), std::string("give_up"));
        QCOMPARE(early["label"]["steps"].size(), 1u);
        AnnotatedSolution open = gaveUp;
        open.outcome.clear();
        QVERIFY(exported(options, [&](TraceExporter& e) { e.add(trace, &open); }).isEmpty());
    }

    void correctionsArePairsOfSteps() {
        const auto said = annotatedSolution(
            "ann",
            {says(AnnotationKind::Correction, 3, "BB"), says(AnnotationKind::Correction, 0, "aa"),
             says(AnnotationKind::Correction, 99, "nowhere")},
            {});
        QCOMPARE(exported({.format = TraceExportFormat::TrlPreference},
                          [&](TraceExporter& e) { e.addCorrections(threeSteps(), *said); }),
                 QByteArray("{\"prompt\":\"qaa\\n\",\"chosen\":\"BB\",\"rejected\":\"bb\"}\n"));
    }

    void preferencesNeedNoVerdict() {
        Trace one = threeSteps(), two = threeSteps(), other = threeSteps();
        two.completion = "z";
        two.steps.clear();
        other.prompt = "another";
        other.completion = "y";
        QCOMPARE(exported({.format = TraceExportFormat::TrlPreference},
                          [&](TraceExporter& e) {
                              e.addPreference(one, two);
                              e.addPreference(one, one);
                              e.addPreference(one, other);
                          }),
                 QByteArray("{\"prompt\":\"q\",\"chosen\":\"aa\\nbb\\ncc\",\"rejected\":\"z\"}\n"));
    }
};

QTEST_GUILESS_MAIN(TestTraceLanes)
#include "tst_trace_lanes.moc"
