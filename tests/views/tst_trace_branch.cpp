// Going on from a step: what is asked of a checkpoint, how the answers are judged, kept, and shown beside the
// group and in the tree.
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLabel>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTreeView>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "core/tasks/task.h"
#include "tests/views/support/trace_lab.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/models/value_table_model.h"
#include "views/traces/branching/branch_dialog.h"
#include "views/traces/branching/branch_traces.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"
#include "views/traces/trees/tree_tab.h"
#include "views/traces/trees/tree_view.h"

using namespace retort;
using testing::TraceLab;

namespace {

constexpr const char* kConfig =
    "recipe: grpo\nname: walk\ndata:\n  tasks:\n    - task: addition\n      max_digits: 2\n"
    "      format: reversed_scratchpad\n"
    "evaluation:\n  max_completion_length: 77\n";

/// A rollout of a real problem of the task, right or with its last step left out.
struct RealProblem {
    std::unique_ptr<Task> task =
        makeTask("addition", Json{{"max_digits", 2}, {"format", "reversed_scratchpad"}});
    Problem problem = task->problem(Split::Train, 1, 3);

    Trace trace(std::int64_t step, std::int32_t sample, bool right) const {
        Trace made;
        made.step = step;
        made.task = "addition";
        made.problemId = problem.id;
        made.group = step;
        made.sample = sample;
        made.prompt = problem.prompt;
        made.gold = problem.answer;
        made.completion =
            right ? problem.worked : problem.worked.substr(0, problem.worked.find(';') + 1) + ">0";
        const Verdict verdict = task->verify(problem, made.completion);
        made.correct = verdict.correct;
        made.extracted = verdict.extracted;
        made.steps = verdict.steps;
        made.reward = made.correct ? 1 : 0;
        made.numTokens = static_cast<std::int32_t>(made.completion.size());
        return made;
    }
    std::string firstStep() const { return problem.worked.substr(0, problem.worked.find(';') + 1); }
};

/// A checkpoint that goes on as it is told, and remembers what it was asked.
struct FakeModel {
    std::mutex mutex;
    std::condition_variable wake;
    std::vector<AnswerRequest> asked;
    std::string right, wrong = "8+8+0=99;>0";
    bool blocks = false;

    AnswerService service() {
        return [this](const AnswerRequest& request, const std::stop_token& stop) {
            std::unique_lock lock(mutex);
            asked.push_back(request);
            wake.notify_all();
            while (blocks && asked.size() > 1 && !stop.stop_requested())
                wake.wait_for(lock, std::chrono::milliseconds(5));
            std::vector<GeneratedAnswer> answers;
            if (stop.stop_requested()) return answers;
            for (std::int64_t i = 0; i < request.settings.samples; ++i)
                answers.push_back({i % 2 == 0 ? right : wrong, "stop", 9});
            return answers;
        };
    }
    std::size_t count() {
        const std::lock_guard lock(mutex);
        return asked.size();
    }
};

}  // namespace

class TestTraceBranch : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_lab = std::make_unique<TraceLab>(0, 0, kConfig);
        for (int sample = 0; sample < 3; ++sample)
            m_lab->log().write(TraceEvent{m_real.trace(20, sample, sample == 0)});
        // Checkpoints: those of steps 10 and 30 are as near as each other to 20; the earlier comes second.
        for (const std::int64_t step : {std::int64_t(10), std::int64_t(30)}) {
            const auto folder = m_lab->directory().checkpointFolder(step);
            std::filesystem::create_directories(folder);
            m_lab->log().write(
                CheckpointEvent{step, std::filesystem::relative(folder, m_lab->directory().path()).string()});
        }
        m_lab->ingest();
        m_model = std::make_unique<FakeModel>();
        m_model->right = m_real.problem.worked.substr(m_real.firstStep().size());
    }
    void cleanup() {
        m_lab.reset();
        m_model.reset();
    }

    void aBranchIsJudgedByTheTask() {
        BranchPoint from = point(1, std::int64_t(m_real.firstStep().size()));
        from.reference =
            referenceAmong({{1, m_real.trace(20, 1, false)}, {2, m_real.trace(20, 0, true)}}, from.trace);
        QCOMPARE(from.reference, m_real.problem.worked);
        QVERIFY(referenceAmong({{1, m_real.trace(20, 1, false)}}, from.trace).empty());
        const BranchJudge judge = judgeOf(from);
        QVERIFY(judge.task != nullptr);
        QCOMPARE(judge.maxTokens, std::int64_t(77));
        QCOMPARE(ownPrefix(from), m_real.firstStep());
        const Trace right = branchTrace(from, judge, ownPrefix(from), "/c", 30, {m_model->right, "stop", 5});
        QVERIFY(right.correct);
        QCOMPARE(right.completion, m_real.problem.worked);
        QCOMPARE(right.step, std::int64_t(30));
        QCOMPARE(right.branch->byte, std::int64_t(m_real.firstStep().size()));
        QCOMPARE(right.branch->sample, 1);
        QVERIFY(!right.branch->edited);
        QVERIFY(!right.steps.empty() && right.stepAccuracy == std::optional(1.0));
        const Trace edited = branchTrace(from, judge, "<9+9+9=27;", "/c", 30, {">1", "length", 2});
        QVERIFY(edited.branch->edited && !edited.correct);
        QCOMPARE(edited.finish, std::string("length"));
        QCOMPARE(edited.steps.front().verdict, StepVerdict::Wrong);
        // Without a right solution only what was checked before is known.
        from.reference.clear();
        const Trace unknown =
            branchTrace(from, judge, ownPrefix(from), "/c", 30, {m_model->right, "stop", 5});
        QVERIFY(unknown.correct && !unknown.stepAccuracy);
        QCOMPARE(unknown.steps.front().verdict, from.trace.steps.front().verdict);
        if (unknown.steps.size() > 1) QCOMPARE(unknown.steps.back().verdict, StepVerdict::Unchecked);
    }

    void anImportIsJudgedByItsReference() {
        BranchPoint from;
        from.runConfig = "# Traces imported from:\n";
        from.trace.gold = "1/2";
        from.trace.prompt = "Half of one?";
        const BranchJudge judge = judgeOf(from);
        QVERIFY(!judge.task);
        const Trace branch = branchTrace(from, judge, "So ", "/c", 1, {"the answer is 0.5.", "stop", 4});
        QVERIFY(branch.correct);
        QCOMPARE(branch.completion, std::string("So the answer is 0.5."));
        from.trace.gold.clear();
        QVERIFY(!branchTrace(from, judgeOf(from), "", "/c", 1, {"7", "stop", 1}).correct);
    }

    void branchesAreARunOfTheirOwn() {
        StoreReader reader(m_lab->lab().storeFile());
        const BranchPoint from = point(1, std::int64_t(m_real.firstStep().size()));
        const auto branch = [&] {
            return branchTrace(from, judgeOf(from), ownPrefix(from), "/c", 30, {m_model->right, "stop", 5});
        };
        const auto folder = m_lab->lab().runsFolder();
        const RowId run = keepBranches(m_lab->lab().writer(), reader, folder, from, {branch(), branch()});
        const auto row = reader.run(run);
        QVERIFY(row.has_value());
        QCOMPARE(row->name, std::string("branches of walk"));
        QCOMPARE(row->backend, std::string("trace lab"));
        QCOMPARE(row->state, std::string("finished"));
        // The second time it is the same run, and another group.
        QCOMPARE(keepBranches(m_lab->lab().writer(), reader, folder, from, {branch()}), run);
        TraceFilter filter;
        filter.run = run;
        filter.order = TraceFilter::Order::Oldest;
        const auto rows = reader.traces(filter, 0, 10);
        QCOMPARE(rows.size(), std::size_t(3));
        QCOMPARE(rows[0].group, rows[1].group);
        QVERIFY(rows[2].group != rows[0].group);
        QCOMPARE(reader.run(run)->state, std::string("finished"));
        // Found again from the group, those that were branched off a branch as well.
        BranchPoint again;
        again.run = run;
        again.runUuid = row->uuid;
        again.runName = row->name;
        again.runConfig = row->config;
        again.trace = *reader.trace(rows[0].id);
        again.byte = std::int64_t(m_real.firstStep().size());
        QVERIFY(judgeOf(again).task != nullptr);
        keepBranches(m_lab->lab().writer(), reader, folder, again,
                     {branchTrace(again, judgeOf(again), ownPrefix(again), "/c", 30, {">0", "stop", 1})});
        const auto runs = branchRuns(reader);
        QCOMPARE(runs.size(), std::size_t(2));
        QCOMPARE(branchesOf(reader, runs, m_lab->run(), reader.traceGroup(idOf(1))).size(), std::size_t(4));
        // Nothing of it is lost when the store is built anew.
        m_lab->lab().writer().reindex(folder).get();
        QCOMPARE(branchRuns(reader).size(), std::size_t(2));
    }

    void checkpointsNearby() {
        StoreReader reader(m_lab->lab().storeFile());
        const auto all = readCheckpoints(reader);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].step, std::int64_t(30));
        QCOMPARE(checkpointNear(all, m_lab->run(), 12), 1);
        QCOMPARE(checkpointNear(all, m_lab->run(), 900), 0);
        QCOMPARE(checkpointNear(all, 77, 12), 0);
        QCOMPARE(checkpointNear({}, 1, 1), -1);
        CheckpointBox box;
        box.setCheckpoints(all, 1);
        QCOMPARE(box.checkpoint()->step, std::int64_t(10));
        box.setEditText(QStringLiteral("walk · step 30"));
        QCOMPARE(box.checkpoint()->step, std::int64_t(30));
        box.setEditText(QStringLiteral("nothing"));
        QVERIFY(!box.checkpoint());
    }

    void fromTheStepThatIsChosen() {
        TracesPage page(m_lab->lab());
        page.setAnswerService(m_model->service());
        open(page, 1);
        QTest::keyClick(page.list(), Qt::Key_J);  // the first step
        QTest::keyClick(page.list(), Qt::Key_R);
        BranchDialog* dialog = dialogOf(page);
        QVERIFY(dialog);
        QCOMPARE(dialog->text()->toPlainText().toStdString(), m_real.firstStep());
        QTRY_VERIFY(dialog->checkpoints()->checkpoint() != nullptr);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        dialog->samples()->setValue(6);
        QSignalSpy kept(dialog, &BranchDialog::kept);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(kept.count(), 1);
        QCOMPARE(dialog->results()->rowCount(), 6);
        QCOMPARE(m_model->asked.size(), std::size_t(2));  // four, then two
        QCOMPARE(m_model->asked[0].prompt, m_real.problem.prompt + m_real.firstStep());
        QCOMPARE(m_model->asked[0].settings.maxTokens, std::int64_t(77));
        QVERIFY(m_model->asked[0].settings.seed != m_model->asked[1].settings.seed);
        QVERIFY(dialog->status()->text().contains(QStringLiteral("branches of walk")));
        // At once beside the group, and in the tree.
        QTRY_COMPARE(page.groupModel()->rowCount(), 9);
        QCOMPARE(page.groupModel()->branches(), 6);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialogOf(page));
        page.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTest::keyClick(page.list(), Qt::Key_Y);
        QTRY_VERIFY(!page.trees()->tree()->cards().empty());
        const auto& cards = page.trees()->tree()->cards();
        QCOMPARE(cards[0].value, QStringLiteral("1/3"));  // whole rollouts only
        QCOMPARE(cards[1].value, QStringLiteral("4/9"));  // and three of the six that went on from here
        QVERIFY(cards[1].branched);
        // A branch is read like any trace, and stays beside its group.
        const int row = page.groupModel()->rowCount() - 1;
        page.openTrace(page.groupModel()->idAt(row));
        QTRY_VERIFY(page.view()->trace().branch.has_value());
        QCOMPARE(page.groupModel()->rowCount(), 9);
    }

    void editedText() {
        TracesPage page(m_lab->lab());
        page.setAnswerService(m_model->service());
        open(page, 0);
        QTest::keyClick(page.list(), Qt::Key_J);
        QTest::keyClick(page.list(), Qt::Key_R);
        BranchDialog* dialog = dialogOf(page);
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        dialog->text()->setFocus();
        QTest::keyClick(dialog->text(), Qt::Key_End, Qt::ControlModifier);
        QTest::keyClicks(dialog->text(), QStringLiteral("forced;"));
        dialog->samples()->setValue(1);
        QSignalSpy kept(dialog, &BranchDialog::kept);
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_COMPARE(kept.count(), 1);
        QVERIFY(QString::fromStdString(m_model->asked[0].prompt).endsWith(QStringLiteral("forced;")));
        QTRY_COMPARE(page.groupModel()->branches(), 1);
        const Trace& branch = page.groupModel()->at(page.groupModel()->rowCount() - 1);
        QVERIFY(branch.branch->edited);
        QVERIFY(branch.completion.find("forced;") != std::string::npos);
        // The answer may come out right all the same; the forced step does not.
        QCOMPARE(branch.steps.at(1).verdict, StepVerdict::Wrong);
        dialog->close();
    }

    void whatIsDoneStaysWhenTheRestIsCancelled() {
        m_model->blocks = true;  // after the first batch
        TracesPage page(m_lab->lab());
        page.setAnswerService(m_model->service());
        open(page, 0);
        QTest::keyClick(page.list(), Qt::Key_R);
        BranchDialog* dialog = dialogOf(page);
        QVERIFY(dialog);
        QVERIFY(dialog->text()->toPlainText().isEmpty());  // no step is chosen: from the start
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        dialog->samples()->setValue(40);
        QSignalSpy kept(dialog, &BranchDialog::kept);
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_COMPARE(m_model->count(), std::size_t(2));
        QTRY_COMPARE(dialog->results()->rowCount(), 4);
        QVERIFY(dialog->isGenerating());
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QVERIFY(!dialog->isGenerating());
        QTRY_COMPARE(kept.count(), 1);
        QTRY_COMPARE(page.groupModel()->branches(), 4);
        dialog->close();
    }

    void closingKeepsToo() {
        m_model->blocks = true;
        TracesPage page(m_lab->lab());
        page.setAnswerService(m_model->service());
        open(page, 0);
        QTest::keyClick(page.list(), Qt::Key_R);
        BranchDialog* dialog = dialogOf(page);
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        dialog->samples()->setValue(40);
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_COMPARE(dialog->results()->rowCount(), 4);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialogOf(page));
        QTRY_COMPARE(page.groupModel()->branches(), 4);
    }

    void errorsAreShown() {
        TracesPage page(m_lab->lab());
        page.setAnswerService(
            [](const AnswerRequest&, const std::stop_token&) -> std::vector<GeneratedAnswer> {
                throw Error("no such tensor", "model.safetensors", "make it anew");
            });
        open(page, 0);
        QTest::keyClick(page.list(), Qt::Key_R);
        BranchDialog* dialog = dialogOf(page);
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        QTest::mouseClick(dialog->runButton(), Qt::LeftButton);
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("no such tensor")));
        QTRY_VERIFY(!dialog->isGenerating());
        QCOMPARE(dialog->results()->rowCount(), 0);
        dialog->close();
        TracesPage bare(m_lab->lab());
        open(bare, 0);
        QTest::keyClick(bare.list(), Qt::Key_R);
        BranchDialog* none = dialogOf(bare);
        QVERIFY(none);
        QVERIFY(!none->runButton()->isEnabled());
        QVERIFY(none->status()->text().contains(QStringLiteral("training module")));
        none->close();
    }

  private:
    BranchPoint point(std::int32_t sample, std::int64_t byte) {
        StoreReader reader(m_lab->lab().storeFile());
        const auto row = reader.run(m_lab->run());
        return {m_lab->run(), row->uuid, row->name, row->config, m_real.trace(20, sample, sample == 0),
                byte,         {}};
    }
    RowId idOf(std::int32_t sample) {
        StoreReader reader(m_lab->lab().storeFile());
        TraceFilter filter;
        filter.run = m_lab->run();
        for (const TraceRow& row : reader.traces(filter, 0, 10))
            if (row.sample == sample) return row.id;
        return 0;
    }
    void open(TracesPage& page, std::int32_t sample) {
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
        QTRY_VERIFY(page.currentTrace() != 0);
        page.openTrace(idOf(sample));
        QTRY_COMPARE(page.currentTrace(), idOf(sample));
        QTRY_COMPARE(m_lab->lab().pendingReads(), 0);
    }
    static BranchDialog* dialogOf(TracesPage& page) {
        // It opens once the run was read.
        BranchDialog* found = page.findChild<BranchDialog*>();
        for (int i = 0; i < 60 && !found; ++i) {
            QTest::qWait(5);
            found = page.findChild<BranchDialog*>();
        }
        return found && found->isVisible() ? found : nullptr;
    }

    RealProblem m_real;
    std::unique_ptr<TraceLab> m_lab;
    std::unique_ptr<FakeModel> m_model;
};

QTEST_MAIN(TestTraceBranch)
#include "tst_trace_branch.moc"
