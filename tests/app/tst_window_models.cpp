// The window with a model that was really trained: the module is loaded into this process, goes on from a
// step of a trace, and judges steps by rolling out from them; what it says is in the store and on the screen.
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "app/window/answer_service.h"
#include "app/window/judge_service.h"
#include "chain_policy.h"
#include "cli_process.h"
#include "core/util/files.h"
#include "views/lab.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/traces/branching/branch_dialog.h"
#include "views/traces/branching/checkpoint_box.h"
#include "views/traces/judging/judge_dialog.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;

namespace {

constexpr int slow = 120'000;  // ms: the module is loaded, with LibTorch

}  // namespace

class TestWindowModels : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        const std::string config = m_home.filePath("policy.yaml").toStdString();
        writeFileAtomically(config, chainPolicy);
        const CliResult trained = runCli(m_home.path(), {"train", QString::fromStdString(config)});
        QVERIFY2(trained.status == 0, trained.err.constData());
        m_lab = std::make_unique<Lab>(m_home.filePath("lab.db").toStdString());
        m_page = std::make_unique<TracesPage>(*m_lab);
        m_page->setAnswerService(makeAnswerService());
        m_page->setJudgeService(makeJudgeService());
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        StoreReader reader(m_lab->storeFile());
        m_run = reader.runs().at(0).id;
        m_lab->selection().setRuns({m_run});
        QTRY_VERIFY(m_page->listModel()->rowCount() > 0);
        for (const TraceRow& row : reader.traces({}, 0, 1000))
            if (const auto trace = reader.trace(row.id); trace && trace->steps.size() > 1) m_trace = row.id;
        QVERIFY(m_trace != 0);
        m_page->openTrace(m_trace);
        QTRY_COMPARE(m_page->currentTrace(), m_trace);
    }
    void cleanupTestCase() {
        m_page.reset();
        m_lab.reset();
    }

    void goesOnFromAStep() {
        QTest::keyClick(m_page->list(), Qt::Key_J);  // the first step
        QTest::keyClick(m_page->list(), Qt::Key_R);
        QTRY_VERIFY(m_page->findChild<BranchDialog*>());
        auto* dialog = m_page->findChild<BranchDialog*>();
        QTRY_VERIFY(dialog->checkpoints()->checkpoint() != nullptr);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        dialog->samples()->setValue(3);
        QSignalSpy kept(dialog, &BranchDialog::kept);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY2_WITH_TIMEOUT(kept.count() == 1, qPrintable(dialog->status()->text()), slow);
        const RowId branches = kept[0][0].value<RowId>();
        QTest::keyClick(dialog, Qt::Key_Escape);

        StoreReader reader(m_lab->storeFile());
        const auto from = reader.trace(m_trace);
        TraceFilter filter;
        filter.run = branches;
        QTRY_COMPARE(reader.countTraces(filter), std::int64_t(3));
        for (const TraceRow& row : reader.traces(filter, 0, 10)) {
            const auto trace = reader.trace(row.id);
            QVERIFY(trace->branch && trace->branch->run == reader.run(m_run)->uuid);
            const auto same = std::size_t(trace->branch->byte);
            QVERIFY(same > 0);
            QCOMPARE(trace->completion.substr(0, same), from->completion.substr(0, same));
            QCOMPARE(trace->gold, from->gold);
        }
    }

    void rollsOutFromEachStep() {
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->openTrace(m_trace);
        QTRY_COMPARE(m_page->currentTrace(), m_trace);
        QTest::keyClick(m_page->list(), Qt::Key_J, Qt::ControlModifier);
        QTRY_VERIFY(m_page->findChild<JudgeDialog*>());
        auto* dialog = m_page->findChild<JudgeDialog*>();
        dialog->method()->setCurrentIndex(dialog->method()->findData(int(JudgeDialog::Method::MonteCarlo)));
        dialog->rollouts()->setValue(4);
        QTRY_VERIFY(dialog->runButton()->isEnabled());
        QSignalSpy kept(dialog, &JudgeDialog::lanesKept);
        dialog->runButton()->click();
        QTRY_VERIFY2_WITH_TIMEOUT(kept.count() > 0, qPrintable(dialog->status()->text()), slow);
        QTRY_VERIFY_WITH_TIMEOUT(!dialog->isBusy(), slow);
        dialog->close();

        StoreReader reader(m_lab->storeFile());
        const auto trace = reader.trace(m_trace);
        int judged = 0;
        for (const StepLane& lane : reader.lanes(m_trace)) {
            if (lane.kind != LaneKind::MonteCarlo) continue;
            for (const StepJudgement& step : lane.steps) {
                if (step.rollouts == 0) continue;  // behind the first step from which nothing ended right
                const bool isAnswer = step.rollouts == 1;  // there is nothing to roll out behind it
                judged += !isAnswer;
                QVERIFY(isAnswer || step.rollouts == 4);
                QVERIFY(step.successes >= 0 && step.successes <= step.rollouts);
            }
        }
        QVERIFY(judged > 0 && judged <= int(trace->steps.size()));
    }

  private:
    QTemporaryDir m_home;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<TracesPage> m_page;
    RowId m_run = 0, m_trace = 0;
};

QTEST_MAIN(TestWindowModels)
#include "tst_window_models.moc"
