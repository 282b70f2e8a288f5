// The queue in the window: why each waits, order by hand, holding, removal and its undo. Nothing starts here:
// the test holds the queue's lock, as another program would.
#include <unistd.h>

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "core/queue/waiting_runs.h"
#include "tests/core/runlog/log_lines.h"
#include "training/backends/queue/queue_lock.h"
#include "training/backends/queue/queue_runner.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/queue/queue_page.h"
#include "views/widgets/empty_state.h"

using namespace retort;

namespace {

StudyStage stage(const std::string& name, const std::string& more = {}) {
    return {name, name + ".yaml",
            "recipe: sft\nname: " + name + "\ndata: {tasks: [{task: addition, max_digits: 2}]}\n" + more};
}

}  // namespace

class TestQueuePage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QueueLock> m_other;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<QueuePage> m_page;

    std::filesystem::path file() const { return m_folder->filePath(QStringLiteral("lab.db")).toStdString(); }
    std::vector<RowId> queue(std::vector<StudyStage> stages, const std::string& backend = "local-process") {
        QueueRequest request;
        request.stages = std::move(stages);
        request.base = m_folder->path().toStdString();
        request.backend = backend;
        StoreReader reader(file());
        const auto runs = queueRuns(m_lab->writer(), reader, request, m_lab->runsFolder());
        m_lab->queue().look();
        return runs;
    }
    QString cell(int row, int column) const {
        return m_page->table()->model()->index(row, column).data().toString();
    }
    /// The names in order, with their states: "a waiting, b held".
    QString shown() const {
        QStringList rows;
        for (int row = 0; row < m_page->table()->model()->rowCount(); ++row)
            rows << cell(row, 1) + QLatin1Char(' ') + cell(row, 4);
        return rows.join(QStringLiteral(", "));
    }
    QAction* action(const char* id) const {
        for (QAction* each : m_page->actions())
            if (each->objectName() == QLatin1String(id)) return each;
        return nullptr;
    }

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_other = std::make_unique<QueueLock>(file());
        QVERIFY(m_other->take());
        m_lab = std::make_unique<Lab>(file());
        m_page = std::make_unique<QueuePage>(*m_lab);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
        m_other.reset();
    }

    void emptyStateLeadsOn() {
        auto* empty = m_page->findChild<EmptyState*>();
        QVERIFY(empty && empty->isVisible());
        queue({stage("a")});
        QTRY_VERIFY(!empty->isVisible());
        QCOMPARE(shown(), QStringLiteral("a waiting"));
    }

    void eachSaysWhyItWaits() {
        queue({stage("first"), stage("second", "model: {from: \"@first\"}\n")});
        queue({stage("far")}, "ssh:gone");
        QTRY_COMPARE(shown(), QStringLiteral("first waiting, second waiting, far waiting"));
        QCOMPARE(cell(1, 7), QStringLiteral("until first has finished"));
        QVERIFY2(cell(2, 7).contains(QStringLiteral("ssh:gone")), qPrintable(cell(2, 7)));
        bool saysWho = false;
        for (const QLabel* label : m_page->table()->findChildren<QLabel*>())
            saysWho |= label->text().contains(QStringLiteral("Process %1 starts them").arg(::getpid()));
        QVERIFY(saysWho);
    }

    void orderIsMadeByHand() {
        const auto runs = queue({stage("a"), stage("b"), stage("c")});
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b waiting, c waiting"));
        m_page->select({runs[2]});
        action("runQueue.up")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, c waiting, b waiting"));
        QCOMPARE(m_page->selected(), std::vector<RowId>{runs[2]});  // the selection goes along
        m_page->select({runs[0], runs[2]});
        action("runQueue.down")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("b waiting, a waiting, c waiting"));
        action("runQueue.down")->trigger();  // there is no further
        action("runQueue.up")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, c waiting, b waiting"));
    }

    void holdingAndReleasing() {
        const auto runs = queue({stage("a"), stage("b")});
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b waiting"));
        QCOMPARE(m_page->selected(), std::vector<RowId>{runs[0]});  // for whoever comes by the keyboard
        m_page->select({runs[1]});
        QCOMPARE(action("runQueue.hold")->text(), QStringLiteral("Hold"));
        action("runQueue.hold")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b held"));
        QCOMPARE(action("runQueue.hold")->text(), QStringLiteral("Release"));
        action("runQueue.hold")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b waiting"));
    }

    void removalIsUndone() {
        const auto runs = queue({stage("a"), stage("b", "model: {from: \"@a\"}\n"), stage("c")});
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b waiting, c waiting"));
        m_page->select({runs[1]});
        action("runQueue.remove")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, c waiting"));
        QTRY_VERIFY(m_page->canUndo());
        QCOMPARE(m_page->selected(), std::vector<RowId>{runs[2]});  // the row stays
        QCOMPARE(StoreReader(file()).run(runs[1])->state, std::string("stopped"));
        action("runQueue.undo")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting, b waiting, c waiting"));
        QCOMPARE(cell(1, 7), QStringLiteral("until a has finished"));
        QVERIFY(!m_page->canUndo());
    }

    void aRemovalThatCannotBeTakenBackNowIsKept() {
        const auto runs = queue({stage("a")});
        QTRY_COMPARE(shown(), QStringLiteral("a waiting"));
        m_page->select(runs);
        action("runQueue.remove")->trigger();
        QTRY_VERIFY(m_page->canUndo());
        QueuedRun again;
        again.run = runs[0];
        again.backend = "local-process";
        m_lab->writer().queueRuns({again}).get();
        QSignalSpy failed(m_lab.get(), &Lab::failed);
        action("runQueue.undo")->trigger();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("in the queue already")));
        QVERIFY(m_page->canUndo());
    }

    void whatRunsSaysHowFarItIs() {
        const auto runs = queue({stage("a")});
        QCOMPARE(m_lab->writer().beginQueuedRun(runs[0], {1}).get(), std::optional<int>(1));
        QTRY_COMPARE(shown(), QStringLiteral("a running"));
        QTRY_COMPARE(cell(0, 7), QStringLiteral("on GPU 1"));
        const std::filesystem::path directory = StoreReader(file()).run(runs[0])->directory;
        StatusEvent status;
        status.state = "running";
        status.totalSteps = 40;
        appendTo(directory / "events.jsonl", lineOf(1, status) + scalarsLine(2, 3));
        m_lab->writer().ingest(runs[0]).get();
        QTRY_COMPARE(cell(0, 7), QStringLiteral("step 3 of 40, on GPU 1"));
    }

    void failedOnesAreRetried() {
        const auto runs = queue({stage("a")});
        QCOMPARE(m_lab->writer().beginQueuedRun(runs[0], {}).get(), std::optional<int>(1));
        m_lab->writer().endQueuedRun(runs[0], 1, QueuedEnd::Failed, "out of memory\nmore").get();
        QTRY_COMPARE(shown(), QStringLiteral("a failed"));
        QCOMPARE(cell(0, 7), QStringLiteral("out of memory"));
        m_page->select({runs[0]});
        QVERIFY(!action("runQueue.hold")->isEnabled());
        action("runQueue.retry")->trigger();
        QTRY_COMPARE(shown(), QStringLiteral("a waiting"));
        QVERIFY(!action("runQueue.retry")->isEnabled());
    }

    void aPauseBeforeARetryIsSkipped() {
        const auto runs = queue({stage("a")});
        std::vector<QueuedRun> again = m_lab->writer().unqueueRuns(runs).get();
        QCOMPARE(again.size(), std::size_t(1));
        again[0].retries = 1;
        m_lab->writer().queueRuns(again).get();
        QCOMPARE(m_lab->writer().beginQueuedRun(runs[0], {}).get(), std::optional<int>(1));
        m_lab->writer().endQueuedRun(runs[0], 1, QueuedEnd::Failed, "out of memory").get();
        QTRY_VERIFY2(cell(0, 7).startsWith(QStringLiteral("tries again at ")), qPrintable(cell(0, 7)));
        QVERIFY(cell(0, 7).endsWith(QStringLiteral("failed before: out of memory")));
        m_page->select({runs[0]});
        QCOMPARE(action("runQueue.retry")->text(), QStringLiteral("Retry now"));
        action("runQueue.retry")->trigger();
        QTRY_VERIFY2(!cell(0, 7).startsWith(QStringLiteral("tries again")), qPrintable(cell(0, 7)));
        QVERIFY(!action("runQueue.retry")->isEnabled());
    }
};

QTEST_MAIN(TestQueuePage)
#include "tst_queue_page.moc"
