// Opening the comparison of 20 checkpoints that each answered 10 000 problems: until the table is shown (at
// most 0.3 s wanted), until the bootstrapped intervals are in it, too, and what the parts cost. CPU time
// (user and system, all threads) beside the clock, for machines that do something else as well.
#include <sys/resource.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <cstdio>
#include <functional>

#include "core/comparison/comparison_groups.h"
#include "core/comparison/comparison_scores.h"
#include "core/util/random.h"
#include "tests/core/comparison/comparison_store.h"
#include "views/compare/compare_page.h"
#include "views/lab.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

constexpr int kCheckpoints = 20, kProblems = 10'000;

double cpuMs() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& t) { return 1e3 * double(t.tv_sec) + 1e-3 * double(t.tv_usec); };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

void say(const std::string& name, double value, const char* limit = "") {
    std::printf("{\"case\": \"%s\", \"value\": %.1f, \"unit\": \"ms\", \"better\": \"lower\"%s}\n",
                name.c_str(), value, limit);
    std::fflush(stdout);
}

void part(const char* name, const std::function<void()>& work) {
    const double before = cpuMs();
    work();
    say(std::string(name) + ", CPU", cpuMs() - before);
}

std::vector<CheckpointRef> fill(const StoreFolder& folder) {
    StoreWriter writer(folder.file());
    Random random(1);
    std::vector<CheckpointRef> refs;
    for (int checkpoint = 0; checkpoint < kCheckpoints; ++checkpoint) {
        std::vector<int> correct;
        for (int i = 0; i < kProblems; ++i) correct.push_back(random.uniform() < 0.5 + 0.01 * checkpoint);
        refs.push_back({addEvaluated(folder, writer, "run " + std::to_string(checkpoint),
                                     {evaluationOf("addition", "h", correct)}),
                        10});
    }
    return refs;
}

void measureParts(const StoreFolder& folder, const std::vector<CheckpointRef>& refs) {
    StoreReader reader(folder.file());
    Comparison comparison;
    part("read", [&] { comparison = loadComparison(reader, refs, 0); });
    part("scores and tests", [&] { scoreCheckpoints(comparison, {0, 1, 1}); });
    part("bootstrap, 2000 draws", [&] { scoreCheckpoints(comparison); });
    part("tables by task and difficulty", [&] {
        groupTable(comparison, groupsByTask(comparison));
        groupTable(comparison, groupsByDifficulty(comparison));
    });
}

void measurePage(const StoreFolder& folder, const std::vector<CheckpointRef>& refs) {
    Lab lab(folder.file());
    ComparePage page(lab);
    page.resize(1280, 800);
    page.show();
    QElapsedTimer settled;
    settled.start();
    while (lab.pendingReads() > 0 || settled.elapsed() < 300) QCoreApplication::processEvents({}, 10);
    QElapsedTimer timer;
    timer.start();
    const double before = cpuMs();
    page.setCheckpoints(refs);
    const auto until = [&](auto done) {
        while (!done()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    };
    until([&] { return page.isUpToDate(); });
    page.repaint();
    say("opened and painted", double(timer.elapsed()), ", \"at_most\": 300");
    say("opened and painted, CPU", cpuMs() - before);
    until([&] { return lab.pendingReads() == 0; });
    page.repaint();
    say("with everything that comes later", double(timer.elapsed()));
    say("with everything that comes later, CPU", cpuMs() - before);
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication app(argc, argv);
    initTheme();
    const StoreFolder folder;
    const std::vector<CheckpointRef> refs = fill(folder);
    measureParts(folder, refs);
    measurePage(folder, refs);
}
