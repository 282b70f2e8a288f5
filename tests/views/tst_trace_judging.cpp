// Judging from the window: what a service says becomes lanes in the store, trace by trace; lanes become a
// dataset, a design for a process reward model and for a run that it rewards; and scores rerank answers.
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTreeView>
#include <cmath>
#include <condition_variable>
#include <mutex>

#include "core/analysis/estimators.h"
#include "core/config/load.h"
#include "core/util/json.h"
#include "tests/views/support/trace_lab.h"
#include "views/compare/table_panel.h"
#include "views/models/trace_list_model.h"
#include "views/traces/judging/closed_loop.h"
#include "views/traces/judging/judge_dialog.h"
#include "views/traces/judging/lane_box.h"
#include "views/traces/judging/prm_dataset_dialog.h"
#include "views/traces/judging/rerank.h"
#include "views/traces/judging/rerank_dialog.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;
using testing::rollout;
using testing::TraceLab;

namespace {

constexpr const char* kConfig =
    "recipe: grpo\nname: walk\nmodel:\n  from: /models/start\ndata:\n  tasks:\n    - task: addition\n"
    "      max_digits: 2\n";

StepLane laneOf(const Trace& trace, LaneKind kind, const std::string& name, std::vector<double> values) {
    StepLane lane{kind, name, {}};
    for (std::size_t i = 0; i < trace.steps.size() && i < values.size(); ++i) {
        StepJudgement step;
        step.begin = trace.steps[i].begin;
        step.end = trace.steps[i].end;
        step.value = values[i];
        lane.steps.push_back(step);
    }
    return lane;
}

/// Says 0.9 of right steps and 0.2 of others; stops after `most` traces until it is told to go on.
struct FakeJudge {
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<JudgeRequest> asked;
    std::size_t most = 1000;

    JudgeService service() {
        return [this](const JudgeRequest& request, const std::function<void(JudgedTrace)>& done,
                      const std::stop_token& stop) {
            {
                const std::lock_guard lock(mutex);
                asked.push_back(request);
            }
            for (std::size_t i = 0; i < request.traces.size(); ++i) {
                std::unique_lock lock(mutex);
                while (i >= most && !stop.stop_requested()) wake.wait_for(lock, std::chrono::milliseconds(5));
                if (stop.stop_requested()) return;
                const Trace& trace = request.traces[i];
                JudgedTrace judged;
                judged.trace = i;
                judged.rollouts = 3;
                judged.stepsFrom = trace.steps.empty() ? "empty" : "trace";
                std::vector<double> values;
                for (const TraceStep& step : trace.steps)
                    values.push_back(step.verdict == StepVerdict::Correct ? 0.9 : 0.2);
                judged.lane = laneOf(trace, LaneKind::Prm, "prm@3", values);
                done(std::move(judged));
            }
        };
    }
};

ScoredProblem problemOf(const std::vector<std::string>& answers, const std::string& right,
                        const std::vector<double>& scores) {
    ScoredProblem problem{"p", answers, {}, scores};
    for (const std::string& answer : answers) problem.correct.push_back(answer == right);
    return problem;
}

}  // namespace

class TestTraceJudging : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void scores() {
        const Trace trace = rollout(1, 0, 0, true);
        const StepLane lane = laneOf(trace, LaneKind::Prm, "p", {0.5, 0.8});
        QCOMPARE(answerScore(lane, StepScore::Min), 0.5);
        QCOMPARE(answerScore(lane, StepScore::Last), 0.8);
        QCOMPARE(answerScore(lane, StepScore::Mean), 0.65);
        QCOMPARE(answerScore(lane, StepScore::Product), 0.4);
        StepLane rated{LaneKind::Human, "ann", {{0, 1, 1, {}, 0, 0, {}}, {1, 2, -1, {}, 0, 0, {}}}};
        QCOMPARE(answerScore(rated, StepScore::Mean), 0.5);
        QVERIFY(std::isnan(answerScore({}, StepScore::Min)));
        StepLane odd = lane;
        odd.steps[0].value = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(answerScore(odd, StepScore::Min), 0.8);
    }

    void weightedVoteAgainstEnumeration() {
        const ScoredProblem problem =
            problemOf({"7", "7", "9", "9", "9", ""}, "7", {0.9, 0.6, 0.4, 0.4, 0.4, 0.9});
        QCOMPARE(weightedVoteAtK(problem, 6, 1), 1.0);  // 1.5 against 1.2
        QCOMPARE(majorityAtK(problem.answers, problem.correct, 6, 1), 0.0);
        // Every choice of three, counted by hand in a loop.
        double sum = 0;
        int choices = 0;
        for (unsigned a = 0; a < 6; ++a)
            for (unsigned b = a + 1; b < 6; ++b)
                for (unsigned c = b + 1; c < 6; ++c) {
                    double seven = 0, nine = 0;
                    for (const unsigned i : {a, b, c}) {
                        if (problem.answers[i] == "7") seven += problem.scores[i];
                        if (problem.answers[i] == "9") nine += problem.scores[i];
                    }
                    if (seven > 0 || nine > 0) sum += std::abs(seven - nine) < 1e-12 ? 0.5 : seven > nine;
                    ++choices;
                }
        QVERIFY(std::abs(weightedVoteAtK(problem, 3, 5, 20000) - sum / choices) < 0.02);
        QCOMPARE(weightedVoteAtK(problem, 1, 5, 1), weightedVoteAtK(problem, 1, 5, 1));
        QVERIFY(std::isnan(weightedVoteAtK(problem, 7, 1)));
        QCOMPARE(weightedVoteAtK(problemOf({"7"}, "7", {0}), 1, 1), 0.0);  // a score of nothing is no vote
    }

    void rerankRows() {
        const std::vector<ScoredProblem> problems = {
            problemOf({"1", "2", "2", "2"}, "1", {0.9, 0.1, 0.2, 0.3}),
            problemOf({"5", "5", "6", "6"}, "5", {0.2, 0.3, 0.1, 0.1}),
            problemOf({"3", "4"}, "3", {0.6, 0.7})};
        const auto rows = rerank(problems);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[0].n, std::int64_t(1));
        QCOMPARE(rows[0].problems, std::int64_t(3));
        QVERIFY(std::abs(rows[0].bestOf - (0.25 + 0.5 + 0.5) / 3) < 1e-12);
        QCOMPARE(rows[1].problems, std::int64_t(3));
        const RerankRow& four = rows[2];
        QCOMPARE(four.problems, std::int64_t(2));
        QCOMPARE(four.bestOf, 1.0);
        QCOMPARE(four.majority, 0.25);  // none, and half of a tie
        QCOMPARE(four.weighted, 1.0);
        QCOMPARE(four.pass, 1.0);
        QVERIFY(four.low <= 0.75 && four.high >= 0.75);
        QVERIFY(rerank({}).empty());
    }

    void onlySamplesOfOnePolicyAreCandidates() {
        std::vector<std::pair<std::int64_t, Trace>> traces;
        for (int i = 0; i < 4; ++i) {
            Trace trace = rollout(i < 2 ? 1 : 2, 0, i, i % 2 == 0);
            trace.lanes = {laneOf(trace, LaneKind::Prm, "p", {0.5, 0.5})};
            traces.emplace_back(i == 3 ? 8 : 7, trace);
        }
        traces.push_back(traces.front());
        traces.back().second.lanes.clear();
        QCOMPARE(scoredProblems(traces, LaneKind::Prm, "p", StepScore::Min).size(), std::size_t(3));
        QVERIFY(scoredProblems(traces, LaneKind::Critic, "p", StepScore::Min).empty());
    }

    void labels() {
        Trace trace = rollout(1, 0, 0, false);
        trace.lanes = {laneOf(trace, LaneKind::Prm, "p", {0.9, 0.3})};
        const StepLabels labels{LaneKind::Prm, "p", 0.5, NeutralMeaning::Correct};
        const Trace labelled = labelledBy(trace, labels);
        QCOMPARE(labelled.steps.size(), std::size_t(2));
        QCOMPARE(labelled.steps[0].verdict, StepVerdict::Correct);
        QCOMPARE(labelled.steps[0].begin, std::int64_t(0));  // with the mark that opens the thinking
        QCOMPARE(labelled.steps[1].verdict, StepVerdict::Wrong);
        QVERIFY(labelled.lanes.empty());
        QCOMPARE(stepSeparatorOf({trace}, labels), std::string(";"));
        QCOMPARE(stepSeparatorOf({}, labels), std::string("\n"));
        QVERIFY(labelledBy(trace, {LaneKind::Human, "x", 0.5, {}}).steps.empty());
        trace.lanes[0].steps[0].value.reset();
        trace.lanes[0].steps[0].rating = 0;
        LabelCounts counts = countLabels({trace}, labels);
        QCOMPARE(std::make_tuple(counts.traces, counts.right, counts.wrong), std::make_tuple(1, 1, 1));
        counts = countLabels({trace}, {LaneKind::Prm, "p", 0.5, NeutralMeaning::Wrong});
        QCOMPARE(counts.wrong, std::int64_t(2));
        counts = countLabels({trace}, {LaneKind::Prm, "p", 0.5, NeutralMeaning::Unlabelled});
        QCOMPARE(counts.traces, std::int64_t(0));
    }

    void configurations() {
        const std::string yaml = prmRunYaml(kConfig, "/data/steps.jsonl", "/models/policy", ";");
        ParsedConfig prm = parseConfig(yaml, "prm.yaml");
        QVERIFY2(prm.problems.empty(), prm.problems.empty() ? "" : prm.problems[0].text().c_str());
        QCOMPARE(prm.config.recipe, std::string("prm"));
        QCOMPARE(prm.config.prm.source, std::string("file"));
        QCOMPARE(prm.config.prm.file, std::string("/data/steps.jsonl"));
        QCOMPARE(prm.config.prm.step_separator, std::string(";"));
        QCOMPARE(prm.config.model.from, std::string("/models/policy"));
        QCOMPARE(prm.config.data.tasks.size(), std::size_t(1));
        const ParsedConfig grpo =
            parseConfig(grpoWithPrmYaml(yaml, "/runs/prm/step-9", "/models/policy"), "grpo.yaml");
        QVERIFY2(grpo.problems.empty(), grpo.problems.empty() ? "" : grpo.problems[0].text().c_str());
        QCOMPARE(grpo.config.grpo.rewards.size(), std::size_t(2));
        QCOMPARE(grpo.config.grpo.rewards[1].reward, std::string("process_reward"));
        QCOMPARE(grpo.config.grpo.rewards[1].parameters.at("path").get<std::string>(),
                 std::string("/runs/prm/step-9"));
        QCOMPARE(grpo.config.model.from, std::string("/models/policy"));
        // An import has no configuration to go by.
        QCOMPARE(
            parseConfig(prmRunYaml("# Traces imported from:\n", "/x.jsonl", "", "\n"), "y").config.recipe,
            std::string("prm"));
    }

    void judgesTheGroup() {
        TraceLab lab(2, 4, kConfig);
        addCheckpoint(lab);
        FakeJudge judge;
        TracesPage page(lab.lab());
        page.setJudgeService(judge.service());
        show(page);
        QTest::keyClick(page.list(), Qt::Key_J, Qt::ControlModifier);
        auto* dialog = page.findChild<JudgeDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QTRY_VERIFY(dialog->checkpoints()->checkpoint() != nullptr);
        dialog->scope()->setCurrentIndex(1);
        dialog->rollouts()->setValue(16);
        QSignalSpy kept(dialog, &JudgeDialog::lanesKept);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("4 trace")));
        QTRY_VERIFY(!dialog->isBusy());
        QTRY_VERIFY(kept.count() > 0);
        QCOMPARE(judge.asked.size(), std::size_t(1));
        QCOMPARE(judge.asked[0].traces.size(), std::size_t(4));
        QCOMPARE(judge.asked[0].rollouts, std::int64_t(16));
        QCOMPARE(judge.asked[0].runConfig, std::string(kConfig));
        QCOMPARE(lanesOf(lab, LaneKind::Prm), 4);
        // The open trace shows it at once.
        const auto isShown = [&] {
            for (const StepLane& lane : page.view()->canvas()->lanes())
                if (lane.kind == LaneKind::Prm && lane.name == "prm@3") return true;
            return false;
        };
        QTRY_VERIFY(isShown());
        QVERIFY(dialog->status()->text().contains(QStringLiteral("12 rollout")));
        dialog->close();
    }

    void whatIsSaidStaysWhenCancelled() {
        TraceLab lab(2, 4, kConfig);
        addCheckpoint(lab);
        FakeJudge judge;
        judge.most = 5;
        TracesPage page(lab.lab());
        page.setJudgeService(judge.service());
        show(page);
        QTest::keyClick(page.list(), Qt::Key_J, Qt::ControlModifier);
        auto* dialog = page.findChild<JudgeDialog*>();
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->checkpoints()->checkpoint() != nullptr);
        dialog->scope()->setCurrentIndex(2);
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        auto* progress = dialog->findChild<QProgressBar*>();
        QTRY_COMPARE(progress->value(), 5);
        QCOMPARE(progress->maximum(), 16);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_COMPARE(lanesOf(lab, LaneKind::Prm), 5);
    }

    void detectorsNeedNoModel() {
        TraceLab lab(1, 2, kConfig);
        Trace doubting = rollout(1, 50, 0, false);
        doubting.completion = "It is 3.\n\nWait, let me check that again. It is 4.\n\n4";
        doubting.steps.clear();
        lab.log().write(TraceEvent{doubting});
        lab.ingest();
        TracesPage page(lab.lab());
        show(page);
        QTest::keyClick(page.list(), Qt::Key_J, Qt::ControlModifier);
        auto* dialog = page.findChild<JudgeDialog*>();
        QVERIFY(dialog && !dialog->runButton()->isEnabled());
        dialog->method()->setCurrentIndex(dialog->method()->findData(int(JudgeDialog::Method::Detectors)));
        QVERIFY(dialog->runButton()->isEnabled());
        QVERIFY(!dialog->checkpoints()->isVisible());
        dialog->scope()->setCurrentIndex(dialog->scope()->count() - 1);
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("5 trace")));
        QTRY_VERIFY(lanesOf(lab, LaneKind::Detector) > 0);
        dialog->close();
    }

    void errorsAreShown() {
        TraceLab lab(1, 2, kConfig);
        addCheckpoint(lab);
        TracesPage page(lab.lab());
        page.setJudgeService([](const JudgeRequest&, const std::function<void(JudgedTrace)>&,
                                std::stop_token) { throw Error("out of memory", "cuda:0"); });
        show(page);
        QTest::keyClick(page.list(), Qt::Key_J, Qt::ControlModifier);
        auto* dialog = page.findChild<JudgeDialog*>();
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("out of memory")));
        QTRY_VERIFY(!dialog->isBusy());
        dialog->close();
    }

    void fromJudgedTracesToADesign() {
        TraceLab lab(3, 4, kConfig);
        keepLanes(lab);
        TraceTargets targets;
        targets.filter.run = lab.run();
        PrmDatasetDialog dialog(lab.lab(), targets);
        QSignalSpy designs(&dialog, &PrmDatasetDialog::designRequested);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        QVERIFY(!dialog.saveButton()->isEnabled());
        QTRY_COMPARE(dialog.lane()->count(), 1);
        QTRY_VERIFY(dialog.saveButton()->isEnabled());
        QVERIFY(dialog.summary()->text().contains(QStringLiteral("24 trace")));
        QVERIFY(dialog.summary()->text().contains(QStringLiteral("42 steps right, 6 wrong")));
        const QString file = lab.file(QStringLiteral("new/steps.jsonl"));
        dialog.file()->setText(file);
        QTest::mouseClick(dialog.saveButton(), Qt::LeftButton);
        QTRY_COMPARE(designs.count(), 1);
        const ParsedConfig parsed = parseConfig(designs[0][0].toString().toStdString(), "design");
        QVERIFY(parsed.problems.empty());
        QCOMPARE(parsed.config.prm.file, file.toStdString());
        QCOMPARE(parsed.config.prm.step_separator, std::string(";"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = written.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 24);
        int wrong = 0;
        for (const QByteArray& line : lines) {
            const Json row = Json::parse(line.toStdString());
            QCOMPARE(row["completions"].size(), row["labels"].size());
            QVERIFY(row["completions"][0].get<std::string>().starts_with("<"));
            for (const Json& label : row["labels"]) wrong += !label.get<bool>();
        }
        QCOMPARE(wrong, 6);
    }

    void reranksTheList() {
        TraceLab lab(3, 4, kConfig);
        keepLanes(lab);
        TraceTargets targets;
        targets.filter.run = lab.run();
        RerankDialog dialog(lab.lab(), targets);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        QTRY_COMPARE(dialog.rows().size(), std::size_t(3));
        // Six groups of four; the judge knows the right answer, the majority does not where one of four is
        // right.
        const RerankRow& four = dialog.rows().back();
        QCOMPARE(four.problems, std::int64_t(6));
        QCOMPARE(four.bestOf, 1.0);
        QVERIFY(four.majority < 1);
        QCOMPARE(dialog.table()->model()->rowCount(), 3);
        dialog.rule()->setCurrentIndex(3);
        QTRY_COMPARE(lab.lab().pendingReads(), 0);
        QCOMPARE(dialog.rows().back().bestOf, 1.0);
        QVERIFY(!dialog.grab().isNull());
    }

    void withoutLanes() {
        TraceLab lab(1, 2, kConfig);
        TraceTargets targets;
        targets.filter.run = lab.run();
        RerankDialog rerank(lab.lab(), targets);
        PrmDatasetDialog dataset(lab.lab(), targets);
        for (QDialog* dialog : std::initializer_list<QDialog*>{&rerank, &dataset}) {
            dialog->setAttribute(Qt::WA_DeleteOnClose, false);
            dialog->show();
        }
        QTRY_VERIFY(rerank.summary()->text().contains(QStringLiteral("judge them first")));
        QTRY_VERIFY(dataset.summary()->text().contains(QStringLiteral("annotate")));
        QVERIFY(!dataset.saveButton()->isEnabled());
    }

  private:
    static void addCheckpoint(TraceLab& lab) {
        const auto folder = lab.directory().checkpointFolder(1);
        std::filesystem::create_directories(folder);
        lab.log().write(
            CheckpointEvent{1, std::filesystem::relative(folder, lab.directory().path()).string()});
        lab.ingest();
    }
    static int lanesOf(TraceLab& lab, LaneKind kind) {
        StoreReader reader(lab.lab().storeFile());
        TraceFilter filter;
        int count = 0;
        for (const TraceRow& row : reader.traces(filter, 0, 100))
            for (const StepLane& lane : reader.lanes(row.id)) count += lane.kind == kind;
        return count;
    }
    /// What FakeJudge says, in the store.
    static void keepLanes(TraceLab& lab) {
        StoreReader reader(lab.lab().storeFile());
        std::vector<std::pair<RowId, std::vector<StepLane>>> lanes;
        for (const TraceRow& row : reader.traces({}, 0, 100)) {
            const Trace trace = *reader.trace(row.id);
            lanes.push_back(
                {row.id, {laneOf(trace, LaneKind::Prm, "prm@3", {0.9, trace.correct ? 0.9 : 0.2})}});
        }
        lab.lab().writer().setLanes(lanes).get();
    }
    static void show(TracesPage& page) {
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTRY_VERIFY(page.currentTrace() != 0);
    }
};

QTEST_MAIN(TestTraceJudging)
#include "tst_trace_judging.moc"
