// How long after an event was written is it painted in a live chart, and how long is the GUI thread ever
// blocked, while a training run is busy on all cores? One process writes an event log at 50 steps a second,
// another trains (a local process, as the window starts it), and this one shows both in the window's Live
// page.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <thread>

#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "core/util/uuid.h"
#include "training/backends/process.h"
#include "views/lab.h"
#include "views/main_window.h"
#include "views/widgets/event_loop_watchdog.h"
#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

constexpr int skipped = 77;  // tests/bench/run: something needed is missing
constexpr double seconds = 20, settleSeconds = 3;
constexpr std::chrono::milliseconds stepInterval(20);
// The written run's steps lie far beyond those of the training run, so that a point on a chart tells whose it
// is.
constexpr std::int64_t firstStep = 10'000'000;

const char* const trainingConfig = R"(
recipe: sft
name: busy
model: {hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 4, num_key_value_heads: 4, intermediate_size: 352}
data: {tasks: [{task: addition, max_digits: 3}]}
training: {max_steps: 30000, batch_size: 64, max_length: 96, save_steps: 0}
evaluation: {eval_steps: 0}
)";

/// bench_live_latency --write DIRECTORY: the trainer that is watched.
int writeLog(const char* directory) {
    const RunDirectory run = RunDirectory::open(directory);
    const RunLock lock(run);
    RunLogWriter log(run.eventsFile());
    log.write(StartEvent{1, 0, 0, ::getpid(), "bench", "bench"});
    auto next = std::chrono::steady_clock::now();
    const auto end = next + std::chrono::duration<double>(settleSeconds + seconds + 10);
    for (std::int64_t step = firstStep; next < end; ++step, next += stepInterval) {
        std::this_thread::sleep_until(next);
        const double x = double(step - firstStep);
        log.write(ScalarsEvent{step,
                               step * 64,
                               {{"loss", 3 / (1 + x / 100)},
                                {"reward", std::tanh(x / 500)},
                                {"entropy", 1 + std::sin(x / 50)},
                                {"completions/mean_length", 14 + x / 50},
                                {"learning_rate", 1e-3},
                                {"grad_norm", 0.5 + 0.1 * std::cos(x)}}});
    }
    log.write(EndEvent{"finished", ""});
    log.sync();
    return 0;
}

/// Notes when each step was first on a painted chart.
class PaintTimes : public QObject {
  public:
    void watch(QWidget& window) {
        for (PlotView* plot : window.findChildren<PlotView*>())
            if (!plot->property("watched").toBool()) {
                plot->setProperty("watched", true);
                plot->installEventFilter(this);
            }
    }

    bool eventFilter(QObject* watched, QEvent* event) override {
        // The event comes before the painting; the next turn of the event loop is behind it.
        if (event->type() == QEvent::Paint)
            QTimer::singleShot(0, this, [this, plot = QPointer<PlotView>(static_cast<PlotView*>(watched))] {
                if (plot) note(*plot);
            });
        return false;
    }

    const std::map<std::int64_t, double>& times() const { return m_times; }

  private:
    void note(const PlotView& plot) {
        const double now = unixTime();
        for (const PlotSeries& series : plot.series()) {
            if (series.points.empty() || series.points.back().x() < firstStep) continue;
            const std::int64_t last = std::llround(series.points.back().x());
            for (std::int64_t step = m_times.empty() ? last : m_times.rbegin()->first + 1; step <= last;
                 ++step)
                m_times.emplace(step, now);
        }
    }

    std::map<std::int64_t, double> m_times;
};

/// Lets the event loop run until `done`, or for so many seconds; false when the time is up.
template <class Done>
bool waitFor(Done done, double limit) {
    QElapsedTimer timer;
    timer.start();
    while (!done()) {
        if (double(timer.elapsed()) > limit * 1000) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    }
    return true;
}

/// The run that is watched and the process that writes it.
class WrittenRun {
  public:
    explicit WrittenRun(Lab& lab)
        : m_directory(RunDirectory::create(lab.runsFolder(), "written", trainingConfig, identity())),
          m_id(lab.writer().addRun(m_directory, "bench").get()) {
        lab.writer().follow(m_id);
        m_process = spawnDetached(QCoreApplication::applicationFilePath().toStdString(),
                                  {"--write", m_directory.path().string()}, m_directory.stdoutFile(),
                                  m_directory.stderrFile(), 0);
    }
    ~WrittenRun() {
        ::kill(m_process.pid, SIGKILL);
        ::waitpid(m_process.pid, nullptr, 0);
    }
    WrittenRun(const WrittenRun&) = delete;
    WrittenRun& operator=(const WrittenRun&) = delete;

    RowId id() const { return m_id; }
    const RunDirectory& directory() const { return m_directory; }

  private:
    static RunIdentity identity() {
        RunIdentity identity;
        identity.id = newUuid();
        identity.name = "written";
        identity.recipe = "sft";
        return identity;
    }

    RunDirectory m_directory;
    RowId m_id;
    ProcessIdentity m_process;
};

/// A training run that keeps the cores busy, and ends with this object.
class BusyRun {
  public:
    explicit BusyRun(Lab& lab) : m_lab(lab), m_backend(*lab.backend(QStringLiteral("local-process"))) {
        QObject context;
        bool hasPoints = false;
        QObject::connect(&lab, &Lab::seriesChanged, &context,
                         [&](RowId id) { hasPoints |= id == m_id && m_id != 0; });
        QObject::connect(&m_backend, &Backend::ended, &m_context,
                         [&](const QString&, const QString& error) { m_problem = error; });
        lab.launch(
            {trainingConfig, m_backend.id()}, &context, [&](RowId id) { m_id = id; },
            [&](const Error& error) { m_problem = QString::fromUtf8(error.what()); });
        if (!waitFor([&] { return hasPoints || !m_problem.isEmpty(); }, 120))
            m_problem = QStringLiteral("no step within two minutes");
    }
    ~BusyRun() {
        if (m_id == 0) return;
        const auto row = StoreReader(m_lab.storeFile()).run(m_id);
        if (!row) return;
        const QString directory = QString::fromStdString(row->directory);
        m_backend.kill(directory);
        waitFor([&] { return !m_backend.isRunning(directory); }, 10);
    }
    BusyRun(const BusyRun&) = delete;
    BusyRun& operator=(const BusyRun&) = delete;

    RowId id() const { return m_id; }
    const QString& problem() const { return m_problem; }  ///< why it does not train; empty: it does

  private:
    Lab& m_lab;
    Backend& m_backend;
    QObject m_context;
    RowId m_id = 0;
    QString m_problem;
};

double percentile(std::vector<double> values, double p) {
    std::sort(values.begin(), values.end());
    return values.at(std::size_t(std::ceil(p * double(values.size()))) - 1);
}

void report(const char* name, double ms, std::optional<double> atMost, const std::string& note = {}) {
    Json line = {{"case", name}, {"value", ms}, {"unit", "ms"}, {"better", "lower"}};
    if (atMost) line["at_most"] = *atMost;
    if (!note.empty()) line["note"] = note;
    std::puts(line.dump().c_str());
}

int measure(const QString& folder) {
    Session session{QString()};
    Lab lab(folder.toStdString() + "/lab.db");
    MainWindow window(lab, session);
    window.resize(1280, 800);
    window.openPlace(Place::Live);
    window.show();
    const BusyRun training(lab);
    if (!training.problem().isEmpty()) {
        std::fprintf(stderr, "no training run beside it: %s\n", qPrintable(training.problem()));
        return skipped;
    }
    const WrittenRun written(lab);
    lab.selection().setRuns({written.id(), training.id()});

    PaintTimes painted;
    waitFor([] { return false; }, settleSeconds);
    painted.watch(window);
    const double begin = unixTime();
    EventLoopWatchdog watchdog;
    // Charts come as metrics do.
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] { painted.watch(window); });
    look.start(500);
    waitFor([] { return false; }, seconds);
    if (!training.problem().isEmpty())
        throw Error("the training run ended while it was to keep the cores busy: " +
                    training.problem().toStdString());
    const double worstBlock = watchdog.worstMs(), usualBlock = watchdog.percentileMs(0.99);

    std::vector<double> latencies;
    for (const Event& event : RunLogFollower(written.directory().eventsFile()).read(0, 0).events) {
        const auto* scalars = std::get_if<ScalarsEvent>(&event.payload);
        if (!scalars || event.t < begin || event.t > begin + seconds - 1) continue;
        const auto time = painted.times().find(scalars->step);
        // A step that was never painted counts as late, not as absent.
        latencies.push_back(time == painted.times().end() ? 1000 * seconds : 1000 * (time->second - event.t));
    }
    if (latencies.empty()) {
        std::fputs("the written run has no events in the measured time\n", stderr);
        return 1;
    }
    const std::string note = std::to_string(latencies.size()) + " steps, a local-process SFT run beside it";
    report("event written to chart painted, p50", percentile(latencies, 0.50), std::nullopt, note);
    report("event written to chart painted, p99", percentile(latencies, 0.99), 100);
    report("GUI thread away from its event loop, p99", usualBlock, std::nullopt);
    report("GUI thread away from its event loop, longest", worstBlock, 16);
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc == 3 && std::string(argv[1]) == "--write") return writeLog(argv[2]);
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    initTheme();
    const QTemporaryDir folder;
    return measure(folder.path());
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_live_latency: %s\n", error.what());
    return 1;
}
