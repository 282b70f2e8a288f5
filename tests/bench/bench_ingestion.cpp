// How fast points reach the store, what a log call costs the trainer, and how long ten million points take to
// open.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "core/runlog/writer.h"
#include "core/store/store.h"
#include "core/util/json.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int seriesCount = 20;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Folder {
    fs::path path = fs::temp_directory_path() / ("retort-bench-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

void print(const char* name, double value, const char* unit, Json more = Json::object()) {
    Json line{{"case", name}, {"value", value}, {"unit", unit}};
    line.update(more);
    std::puts(line.dump().c_str());
}

ScalarsEvent scalarsAt(std::int64_t step) {
    ScalarsEvent event{step, step * 4096, {}};
    for (int i = 0; i < seriesCount; ++i)
        event.values.emplace_back("rewards/component_" + std::to_string(i),
                                  std::sin(double(step * (i + 1)) * 1e-3));
    return event;
}

std::vector<SeriesPoint> pointsFrom(std::int64_t first, std::int64_t count) {
    std::vector<SeriesPoint> points;
    for (std::int64_t i = first; i < first + count; ++i)
        points.push_back({i, i * 4096, 1.7e9 + double(i) * 0.1, std::sin(double(i) * 1e-3), false, 1});
    return points;
}

// 20 series, 1000 points of each in a batch.
void benchBatches(const fs::path& folder) {
    constexpr std::int64_t total = 4'000'000, perSeries = 1000;
    StoreWriter writer(folder / "batches.db");
    const RowId run = writer.addRun(RunDirectory::create(folder, "batches", "", {}), "").get();
    std::vector<StoreWriter::PointBatch> batches;
    for (std::int64_t first = 0; first < total / seriesCount; first += perSeries) {
        StoreWriter::PointBatch batch{run, {}, {}};
        for (int i = 0; i < seriesCount; ++i) {
            batch.names.push_back("series " + std::to_string(i));
            batch.points.push_back(pointsFrom(first, perSeries));
        }
        batches.push_back(std::move(batch));
    }
    const auto start = Clock::now();
    std::future<void> last;
    for (auto& batch : batches) last = writer.addPoints(std::move(batch));
    last.get();
    print("points into the store, batches of 20 000", double(total) / secondsSince(start), "points/s",
          {{"at_least", 500000},
           {"peer_ratio", 10},
           {"note", "peer: one Event a scalar, as add_scalar writes"}});
}

// What a trainer pays: the call alone, paced like a fast trainer's steps.
void benchLogCall(const fs::path& folder) {
    RunLogWriter log(folder / "calls.jsonl");
    std::vector<double> costs;
    for (std::int64_t step = 0; step < 20000; ++step) {
        ScalarsEvent event = scalarsAt(step);
        const auto start = Clock::now();
        log.write(std::move(event));
        costs.push_back(secondsSince(start) * 1e6);
        if (step % 16 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::sort(costs.begin(), costs.end());
    double sum = 0;
    for (const double cost : costs) sum += cost;
    print("a log call of 20 scalars, mean", sum / double(costs.size()), "µs",
          {{"better", "lower"}, {"at_most", 5}});
    print("a log call of 20 scalars, p99", costs[costs.size() * 99 / 100], "µs",
          {{"better", "lower"}, {"at_most", 5}});
}

void benchLog(const fs::path& folder) {
    constexpr std::int64_t steps = 100'000;
    const RunDirectory directory = RunDirectory::create(folder, "log", "", {});
    std::vector<ScalarsEvent> events;
    for (std::int64_t step = 1; step <= steps; ++step) events.push_back(scalarsAt(step));
    auto start = Clock::now();
    {
        RunLogWriter log(directory.eventsFile());
        for (auto& event : events) log.write(std::move(event));
        log.sync();
    }
    print("points into the log, 20 a line", double(steps * seriesCount) / secondsSince(start), "points/s",
          {{"note", "peer: 20 values in one Event"}});
    StoreWriter writer(folder / "log.db");
    const RowId run = writer.addRun(directory, "").get();
    start = Clock::now();
    writer.ingest(run).get();
    print("points from the log into the store, 20 a line", double(steps * seriesCount) / secondsSince(start),
          "points/s");
}

void benchOpen(const fs::path& folder) {
    constexpr std::int64_t total = 10'000'000, piece = 500'000;
    {
        StoreWriter writer(folder / "long.db");
        const RowId run = writer.addRun(RunDirectory::create(folder, "long", "", {}), "").get();
        for (std::int64_t first = 0; first < total; first += piece)
            writer.addPoints({run, {"loss"}, {pointsFrom(first, piece)}}).get();
    }
    const auto start = Clock::now();
    StoreReader reader(folder / "long.db");
    const auto buckets = reader.buckets(reader.series(1).at(0).id, XAxis::Step, 1, 0, 2000);
    print("10 M points opened as 2000 buckets", secondsSince(start) * 1e3, "ms", {{"better", "lower"}});
    if (buckets.size() != 2000) std::puts("not 2000 buckets");
}

}  // namespace

int main() {
    const Folder folder;
    benchLogCall(folder.path);
    benchBatches(folder.path);
    benchLog(folder.path);
    benchOpen(folder.path);
}
