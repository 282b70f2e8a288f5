// The Traces page over a filled store, by keyboard: through the list, the steps, the samples of a group, and
// the same problem at other steps; filters, copies, exports.
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "views/lab.h"
#include "views/models/trace_group_model.h"
#include "views/models/trace_list_model.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_filter_bar.h"
#include "views/traces/trace_text.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;

namespace {

Trace makeTrace(std::int64_t step, std::int32_t sample, bool correct) {
    Trace trace;
    trace.step = step;
    trace.task = "addition";
    trace.problemId = "addition:12+34";
    trace.group = step;
    trace.sample = sample;
    trace.prompt = "12+34=";
    trace.completion = correct ? "<2+4=6;1+3=4;>46" : "<2+4=6;1+3=5;>56";
    trace.gold = "46";
    trace.extracted = correct ? "46" : "56";
    trace.correct = correct;
    trace.worked = true;
    trace.reward = correct ? 1.0 : 0.0;
    trace.advantage = correct ? 0.7 : -0.7;
    trace.rewards = {{"correctness", *trace.reward}};
    trace.steps = {{1, 6, StepVerdict::Correct, ""},
                   {7, 12, correct ? StepVerdict::Correct : StepVerdict::Wrong, correct ? "" : "1+3 is 4"}};
    trace.numTokens = 17;
    for (int i = 0; i < 16; ++i) {
        trace.tokens.ids.push_back(i);
        trace.tokens.ends.push_back(i + 1);
        trace.tokens.logprobs.push_back(-0.1f * static_cast<float>(i));
        trace.tokens.entropies.push_back(0.05f * static_cast<float>(i));
    }
    return trace;
}

/// How many rows of the list can be seen and have something written on them.
int writtenRows(const QTreeView* list) {
    const QImage image = list->viewport()->grab().toImage();
    int written = 0;
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QRect place = list->visualRect(list->model()->index(row, 0)) & image.rect();
        if (place.height() < 8) continue;
        QSet<QRgb> colours;
        for (int x = place.left(); x <= place.right(); ++x)
            for (int y = place.top(); y <= place.bottom(); ++y) colours << image.pixel(x, y);
        written += colours.size() > 4;
    }
    return written;
}

}  // namespace

class TestTracesPage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const std::filesystem::path root = m_folder->path().toStdString();
        RunIdentity identity;
        identity.id = "11111111-2222-3333-4444-555555555555";
        identity.name = "walk";
        identity.recipe = "grpo";
        m_directory = std::make_unique<RunDirectory>(
            RunDirectory::create(root / "runs", "walk", "recipe: grpo\n", identity));
        m_log = std::make_unique<RunLogWriter>(m_directory->eventsFile());
        m_log->write(StartEvent{1, 0, 3, 1, "here", "test"});
        for (std::int64_t step = 1; step <= 3; ++step) writeStep(step);
        m_log->sync();
        m_lab = std::make_unique<Lab>(root / "lab.db");
        m_run = m_lab->writer().addRun(*m_directory, "test").get();
        m_lab->writer().ingest(m_run).get();
        m_lab->selection().setRuns({m_run});
        m_page = std::make_unique<TracesPage>(*m_lab);
        m_page->resize(1280, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_VERIFY(m_page->currentTrace() != 0);
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
        m_log.reset();
    }

    void opensTheNewest() {
        QCOMPARE(m_page->listModel()->rowCount(), 6);
        QCOMPARE(m_page->view()->trace().step, 3);
        QCOMPARE(m_page->groupModel()->rowCount(), 2);
        QVERIFY(m_page->list()->hasFocus());
    }

    // It once came up blank, with the right number of traces above it.
    void theListIsNeverBlank() {
        QTRY_COMPARE(writtenRows(m_page->list()), 6);
        for (std::int64_t step = 4; step <= 40; ++step) writeStep(step);
        m_log->sync();
        m_lab->writer().ingest(m_run).get();
        QTRY_COMPARE(m_page->listModel()->rowCount(), 80);
        const QRect row = m_page->list()->visualRect(m_page->listModel()->index(0));
        const int fitting = m_page->list()->viewport()->height() / row.height();
        QVERIFY(row.top() == 0 && fitting > 5);
        QTRY_VERIFY(writtenRows(m_page->list()) >= fitting);
        m_page->list()->scrollToBottom();
        QTRY_VERIFY(writtenRows(m_page->list()) >= fitting);
        m_page->filterBar()->findChild<QLineEdit*>()->setText(QStringLiteral("nothing has this"));
        QTRY_COMPARE(m_page->listModel()->rowCount(), 0);
        m_page->filterBar()->clear();
        QTRY_COMPARE(m_page->listModel()->rowCount(), 80);
        QTRY_VERIFY(writtenRows(m_page->list()) >= fitting);
    }

    void theListIsThereWhenTracesComeLater() {
        QTemporaryDir folder;
        Lab lab(folder.filePath(QStringLiteral("lab.db")).toStdString());
        TracesPage page(lab);
        page.resize(1280, 800);
        page.show();
        QTRY_COMPARE(lab.pendingReads(), 0);
        const RowId run = lab.writer().addRun(*m_directory, "test").get();
        lab.selection().setRuns({run});
        lab.writer().ingest(run).get();
        QTRY_COMPARE(page.listModel()->rowCount(), 6);
        QTRY_COMPARE(writtenRows(page.list()), 6);
    }

    void stepsAreCopied() {
        openSample(1);
        TraceCanvas* canvas = m_page->view()->canvas();
        canvas->setFocus();
        canvas->setCurrentStep(1);
        QTest::keyClick(canvas, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("1+3=5"));
        QTest::keyClick(canvas, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(canvas, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(canvas, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("1+"));
    }

    void keysWalkThroughSteps() {
        const TraceCanvas* canvas = m_page->view()->canvas();
        QTest::keyClick(m_page->list(), Qt::Key_J);
        QCOMPARE(canvas->currentStep(), 0);
        QTest::keyClick(m_page->list(), Qt::Key_J);
        QCOMPARE(canvas->currentStep(), 1);
        QTest::keyClick(m_page->list(), Qt::Key_K);
        QCOMPARE(canvas->currentStep(), 0);
    }

    void keysWalkThroughSamples() {
        openSample(0);
        QVERIFY(m_page->view()->trace().correct);
        QTest::keyClick(m_page->list(), Qt::Key_J, Qt::ShiftModifier);
        QTRY_COMPARE(m_page->view()->trace().sample, 1);
        QVERIFY(!m_page->view()->trace().correct);
        QTest::keyClick(m_page->list(), Qt::Key_F);
        QCOMPARE(m_page->view()->canvas()->currentStep(), 1);
        QTest::keyClick(m_page->view()->canvas(), Qt::Key_K, Qt::ShiftModifier);
        QTRY_COMPARE(m_page->view()->trace().sample, 0);
    }

    void keysWalkThroughTraining() {
        openSample(0);
        QTest::keyClick(m_page->list(), Qt::Key_BracketLeft);
        QTRY_COMPARE(m_page->view()->trace().step, 2);
        QCOMPARE(m_page->view()->trace().problemId, std::string("addition:12+34"));
        QTest::keyClick(m_page->list(), Qt::Key_BracketRight);
        QTRY_COMPARE(m_page->view()->trace().step, 3);
    }

    void lettersInTextFieldsAreLetters() {
        auto* search = m_page->filterBar()->findChild<QLineEdit*>();
        search->setFocus();
        const int before = m_page->view()->canvas()->currentStep();
        QTest::keyClicks(search, QStringLiteral("jfkzti/"));
        QCOMPARE(search->text(), QStringLiteral("jfkzti/"));
        QCOMPARE(m_page->view()->canvas()->currentStep(), before);
    }

    void filters() {
        for (QComboBox* box : m_page->filterBar()->findChildren<QComboBox*>()) {
            if (box->accessibleName() == QStringLiteral("Answer")) box->setCurrentIndex(2);  // wrong
        }
        QTRY_COMPARE(m_page->listModel()->rowCount(), 3);
        QTRY_VERIFY(!m_page->view()->trace().correct);
        m_page->filterBar()->clear();
        QTRY_COMPARE(m_page->listModel()->rowCount(), 6);
        m_page->filterBar()->findChild<QLineEdit*>()->setText(QStringLiteral("\" OR (no query"));
        QTRY_COMPARE(m_page->listModel()->rowCount(), 0);  // words, never syntax
    }

    void newTracesAppear() {
        writeStep(4);
        m_log->sync();
        m_lab->writer().ingest(m_run).get();
        QTRY_COMPARE(m_page->listModel()->rowCount(), 8);
        QTRY_VERIFY(m_page->listModel()->at(0) && m_page->listModel()->at(0)->step == 4);
    }

    void tokensTell() {
        TraceCanvas* canvas = m_page->view()->canvas();
        QVERIFY(!canvas->tokens().empty());
        QVERIFY(canvas->describeToken(3).contains(QStringLiteral("0.3")));
        QVERIFY(!canvas->tokenLane());
        QTest::keyClick(m_page->list(), Qt::Key_T);
        QCOMPARE(canvas->tokenLane(), std::optional(TokenLane::Surprise));
        const double surprise = canvas->laneScale().high;
        QTest::keyClick(m_page->list(), Qt::Key_T);
        QCOMPARE(canvas->tokenLane(), std::optional(TokenLane::Entropy));
        QVERIFY(canvas->laneScale().high < surprise);
        canvas->setFocus();
        QTest::keyClick(canvas, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(canvas->document().steps().back().kind, DocumentStep::Kind::Answer);
        QTest::keyClick(canvas, Qt::Key_Left);
        QCOMPARE(canvas->currentStep(), canvas->stepCount() - 1);
        QTest::keyClick(m_page->list(), Qt::Key_T);  // the trace has no other lane
        QVERIFY(!canvas->tokenLane());
    }

    void copies() {
        const Trace trace = makeTrace(7, 1, false);
        const QString text = traceAsText(trace);
        QVERIFY(text.contains(QStringLiteral("12+34=")));
        QVERIFY(text.contains(QStringLiteral("2 ✗  1+3=5   (1+3 is 4)")));
        const Json json = Json::parse(traceAsJson(trace, 2));
        QCOMPARE(json["completion"].get<std::string>(), trace.completion);
        QVERIFY(!json.contains("seq"));
    }

    void exportsTheList() {
        StoreReader reader(m_lab->storeFile());
        TraceFilter filter;
        filter.run = m_run;
        const QString jsonl = m_folder->filePath("out.jsonl"), csv = m_folder->filePath("out.csv");
        QCOMPARE(exportTraces(reader, filter, jsonl, TraceFileFormat::Jsonl), std::int64_t(6));
        QCOMPARE(exportTraces(reader, filter, csv, TraceFileFormat::Csv), std::int64_t(6));
        QFile lines(jsonl), table(csv);
        QVERIFY(lines.open(QIODevice::ReadOnly) && table.open(QIODevice::ReadOnly));
        QCOMPARE(lines.readAll().count('\n'), 6);
        QCOMPARE(table.readAll().count('\n'), 7);
        QVERIFY_EXCEPTION_THROWN(
            exportTraces(reader, filter, m_folder->filePath("no/such/folder.csv"), TraceFileFormat::Csv),
            Error);
    }

    void emptyStoreLeadsOn() {
        QTemporaryDir empty;
        Lab lab(empty.filePath("lab.db").toStdString());
        TracesPage page(lab);
        page.show();
        QTRY_COMPARE(lab.pendingReads(), 0);
        QCOMPARE(page.currentTrace(), RowId(0));
    }

  private:
    void writeStep(std::int64_t step) {
        m_log->write(ScalarsEvent{step, step * 100, {{"reward", 0.5}}});
        m_log->write(TraceEvent{makeTrace(step, 0, true)});
        m_log->write(TraceEvent{makeTrace(step, 1, false)});
    }
    void openSample(int sample) {
        m_page->openTrace(m_page->groupModel()->idAt(sample));
        QTRY_COMPARE(m_page->view()->trace().sample, sample);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<RunDirectory> m_directory;
    std::unique_ptr<RunLogWriter> m_log;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<TracesPage> m_page;
    RowId m_run = 0;
};

QTEST_MAIN(TestTracesPage)
#include "tst_traces_page.moc"
