// Lineage of 500 nodes: the layout (at most 0.2 s wanted), a whole paint of the view, and what a pan of 16
// pixels costs (60 frames a second: at most 16 ms), on the raster engine.
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <algorithm>
#include <cstdio>
#include <set>

#include "core/util/random.h"
#include "views/lineage/lineage_view.h"
#include "views/widgets/theme.h"

using namespace retort;

namespace {

std::shared_ptr<const LineageGraph> makeGraph(int count) {
    Random random(1);
    std::vector<LineageNode> nodes;
    std::vector<LineageEdge> edges;
    for (int i = 0; i < count; ++i) {
        LineageNode node;
        node.key = node.path = "/lab/runs/checkpoint-" + std::to_string(i);
        node.name = "grpo-long-traces-" + std::to_string(i);
        node.run = i + 1;
        node.recipe = i % 3 ? "grpo" : "sft";
        node.step = 100 * i;
        node.accuracies = {{"addition", random.uniform()}};
        nodes.push_back(node);
        const int parents = i % 4 == 0 ? 3 : 1;
        for (int k = 0; k < parents && i > 0; ++k)
            edges.push_back({std::size_t(i - random.integer(1, std::min(i, random.integer(0, 9) ? 14 : i))),
                             std::size_t(i),
                             parents > 1 ? LineageKind::Merged : LineageKind(random.integer(0, 6)),
                             {},
                             false,
                             {}});
    }
    return std::make_shared<LineageGraph>(std::move(nodes), edges);
}

template <class Work>
double medianMs(int rounds, Work work) {
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void say(const char* name, double value, const char* limit) {
    std::printf("{\"case\": \"%s\", \"value\": %.2f, \"unit\": \"ms\", \"better\": \"lower\"%s}\n", name,
                value, limit);
}

void pan(LineageView& view, const char* name) {
    int at = 0;
    const double ms = medianMs(60, [&] {
        at = (at + 16) % std::max(1, view.horizontalScrollBar()->maximum());
        view.horizontalScrollBar()->setValue(at);
        QCoreApplication::processEvents();
    });
    say(name, ms, ", \"at_most\": 16.6");
}

}  // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    initTheme();
    const auto graph = makeGraph(500);
    LineagePicture picture;
    say("layout, 500 nodes", medianMs(9, [&] { picture.set(graph, {}); }), ", \"at_most\": 200");
    LineageView view;
    view.resize(1920, 1080);
    view.setGraph(graph, {});
    view.show();
    QCoreApplication::processEvents();
    say("whole paint, all 500 in view", medianMs(9, [&] { view.viewport()->repaint(); }), "");
    view.setZoom(0.45);
    say("whole paint, zoom 0.45", medianMs(9, [&] { view.viewport()->repaint(); }), "");
    pan(view, "pan by 16 px, zoom 0.45");
    view.setZoom(1);
    say("whole paint, zoom 1", medianMs(9, [&] { view.viewport()->repaint(); }), "");
    pan(view, "pan by 16 px, zoom 1");
    return 0;
}
