// Annotating a trace of 300 steps by keys: from the key event to the painted frame, while every keystroke is
// also written to the store. 16 ms at most are wanted (60 frames a second).
#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <algorithm>
#include <cstdio>
#include <vector>

#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "views/annotation/annotation_bar.h"
#include "views/annotation/annotation_desk.h"
#include "views/lab.h"
#include "views/traces/traces_page.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

constexpr int kSteps = 300;

Trace longTrace() {
    Trace trace;
    trace.task = "bench";
    trace.problemId = "bench:1";
    trace.prompt = "A long chain of sums";
    trace.completion = "<";
    for (int i = 0; i < kSteps; ++i) {
        const auto begin = static_cast<std::int64_t>(trace.completion.size());
        trace.completion += "Adding " + std::to_string(i) + " to the sum so far gives " +
                            std::to_string(i * (i + 1) / 2) + ", which is what the next step goes on with";
        trace.steps.push_back(
            {begin, static_cast<std::int64_t>(trace.completion.size()), StepVerdict::Correct, ""});
        trace.completion += ";";
    }
    trace.completion += ">done";
    trace.numTokens = 9000;
    return trace;
}

/// Notices when the bar, with what the key has changed, is painted.
class PaintWatch : public QObject {
  public:
    explicit PaintWatch(QWidget* bar) : m_bar(bar) { qApp->installEventFilter(this); }
    bool painted = false;

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint && (watched == m_bar || watched->parent() == m_bar))
            painted = true;
        return false;
    }

  private:
    QWidget* m_bar;
};

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    initTheme();
    QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    RunIdentity identity;
    identity.id = "11111111-2222-3333-4444-555555555555";
    identity.name = "bench";
    identity.recipe = "grpo";
    const RunDirectory directory = RunDirectory::create(root / "runs", "bench", "recipe: grpo\n", identity);
    RunLogWriter log(directory.eventsFile());
    log.write(StartEvent{1, 0, 3, 1, "here", "bench"});
    log.write(TraceEvent{longTrace()});
    log.sync();
    Lab lab(root / "lab.db");
    const RowId run = lab.writer().addRun(directory, "bench").get();
    lab.writer().ingest(run).get();
    lab.selection().setRuns({run});
    TracesPage page(lab);
    page.resize(1600, 1000);
    page.show();
    AnnotationSession& session = page.desk()->session();
    session.setAnnotator(QStringLiteral("bench"));
    QElapsedTimer patience;
    patience.start();
    while ((!session.isReady() || lab.pendingReads() > 0) && patience.elapsed() < 20'000) app.processEvents();
    if (!session.isReady()) return std::fprintf(stderr, "the trace was not opened\n"), 1;
    page.activateWindow();
    page.list()->setFocus();
    session.setStep(0);
    app.processEvents();

    PaintWatch watch(page.desk()->bar());
    const Qt::Key ratings[] = {Qt::Key_3, Qt::Key_2, Qt::Key_3};
    std::vector<double> times;
    for (int i = 0; i < kSteps; ++i) {
        QElapsedTimer timer;
        watch.painted = false;
        timer.start();
        QTest::keyClick(page.list(), ratings[i % 3]);
        while (!watch.painted) app.processEvents();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
        // As fast as nobody rates: 20 keys a second.
        QElapsedTimer pause;
        for (pause.start(); pause.elapsed() < 50;) app.processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
    std::sort(times.begin(), times.end());
    const auto say = [&](const char* name, double value) {
        std::printf(
            "{\"case\": \"key to painted frame, 300 steps, %s\", \"value\": %.2f, \"unit\": \"ms\", "
            "\"better\": "
            "\"lower\", \"at_most\": 16}\n",
            name, value);
    };
    say("p50", times[times.size() / 2]);
    say("p99", times[times.size() * 99 / 100]);
    say("slowest", times.back());
    patience.restart();
    while (session.writes().pending() > 0 && patience.elapsed() < 20'000) app.processEvents();
    StoreReader reader(lab.storeFile());
    const auto said = reader.annotations(session.trace(), "bench").size();
    std::printf(
        "{\"case\": \"ratings in the store\", \"value\": %zu, \"unit\": \"\", \"better\": \"higher\"}\n",
        said);
    return said == kSteps ? 0 : 1;
}
