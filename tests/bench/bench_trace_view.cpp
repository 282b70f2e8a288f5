// The reading view: opening traces of 1 000 and 100 000 tokens and of 200 MB, painting at random places and
// while scrolling (60 frames a second: 16.6 ms), with and without a token lane, on the raster engine. Times
// are processor time of the window's thread, so that what else the machine does is not measured.
#include <QApplication>
#include <QScrollBar>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "core/util/random.h"
#include "views/traces/reader/reader_bar.h"
#include "views/traces/reader/trace_canvas.h"
#include "views/traces/trace_view.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

/// Words of four letters in sentences and paragraphs, some of them formulas, with every per-token array.
Trace makeTrace(int tokens) {
    Random random(1);
    Trace trace;
    trace.prompt = "Prove it.";
    trace.completion = "<think>\n";
    TokenArrays& t = trace.tokens;
    for (int i = 0; i < tokens; ++i) {
        if (i == tokens - 20) trace.completion += "</think>\n";
        if (random.integer(0, 39) == 0)
            trace.completion += std::string(" $\\frac{") + char('a' + random.integer(0, 25)) + "_{" +
                                std::to_string(random.integer(0, 99)) + "}^2+\\alpha}{\\sqrt{y}}$";
        else
            for (int k = 0; k < 4; ++k) trace.completion += k == 0 ? ' ' : char('a' + random.integer(0, 25));
        if (random.integer(0, 14) == 0) trace.completion += ".";
        if (random.integer(0, 99) == 0) trace.completion += "\n\n";
        t.ids.push_back(i);
        t.ends.push_back(static_cast<std::int32_t>(trace.completion.size()));
        t.logprobs.push_back(-float(-std::log(random.uniform() + 1e-6)));
        t.entropies.push_back(float(random.uniform()));
        t.refLogprobs.push_back(-float(random.uniform()));
        t.advantages.push_back(float(random.uniform() - 0.5));
    }
    trace.numTokens = tokens;
    return trace;
}

class Stopwatch {
  public:
    double ms() const { return now() - m_start; }

  private:
    static double now() {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    }
    double m_start = now();
};

void say(const std::string& name, double value, double limit = 0) {
    std::printf("{\"case\": \"%s\", \"value\": %.2f, \"unit\": \"ms\", \"better\": \"lower\"", name.c_str(),
                value);
    if (limit > 0) std::printf(", \"at_most\": %.1f", limit);
    std::printf("}\n");
    std::fflush(stdout);
}

/// The median and the 99th percentile of `work` over `rounds`.
template <class Work>
void measure(const std::string& name, int rounds, Work work) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const Stopwatch watch;
        work(i);
        times.push_back(watch.ms());
    }
    std::sort(times.begin(), times.end());
    say(name + ", median", times[times.size() / 2]);
    say(name + ", p99", times[times.size() * 99 / 100], 16.6);
}

void scroll(TraceView& view, const std::string& what) {
    QScrollBar* bar = view.canvas()->verticalScrollBar();
    Random random(2);
    measure("random place, " + what, 200, [&](int) {
        bar->setValue(static_cast<int>(random.integer(0, bar->maximum())));
        QCoreApplication::processEvents();
    });
    bar->setValue(bar->maximum() / 3);
    QCoreApplication::processEvents();
    measure("scroll by 60 px, " + what, 300, [&](int) {
        bar->setValue(bar->value() + 60);
        QCoreApplication::processEvents();
    });
    measure("scroll up by 60 px, " + what, 300, [&](int) {
        bar->setValue(bar->value() - 60);
        QCoreApplication::processEvents();
    });
    bar->setValue(bar->maximum() / 3);
    measure("page down, " + what, 25, [&](int) {
        bar->setValue(bar->value() + bar->pageStep());
        QCoreApplication::processEvents();
    });
}

double open(TraceView& view, Trace trace) {
    const Stopwatch watch;
    view.setTrace(std::move(trace), QStringLiteral("bench"));
    QCoreApplication::processEvents();
    return watch.ms();
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    initTheme();
    TraceView view;
    view.resize(1920, 1080);
    view.show();
    QCoreApplication::processEvents();
    open(view, makeTrace(200));  // fonts
    say("open 1 000 tokens", open(view, makeTrace(1000)), 50);
    say("open 100 000 tokens", open(view, makeTrace(100'000)));
    scroll(view, "100 000 tokens");
    view.bar()->cycleLane(1);
    const Stopwatch lane;
    view.bar()->cycleLane(1);
    QCoreApplication::processEvents();
    say("another lane, 100 000 tokens", lane.ms());
    scroll(view, "100 000 tokens with a lane");
    const Stopwatch font;
    view.canvas()->setProportional(true);
    QCoreApplication::processEvents();
    say("another font, 100 000 tokens", font.ms());
    measure("next step, 100 000 tokens", 200, [&](int) {
        view.moveStep(1);
        QCoreApplication::processEvents();
    });

    Trace large;
    large.completion.reserve(200'000'000);
    const std::string piece = makeTrace(5000).completion;
    while (large.completion.size() < 200'000'000) large.completion += piece;
    say("open 200 MB", open(view, std::move(large)), 300);
    scroll(view, "200 MB");
    return 0;
}
