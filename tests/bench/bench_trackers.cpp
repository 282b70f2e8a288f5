// How fast the logs of other trackers are read, and written as a run: one thread.
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/adoption/adopted_run.h"
#include "core/trackers/crc32c.h"
#include "core/util/json.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

using Clock = std::chrono::steady_clock;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("retort-bench-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

double processorSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void appendVarint(std::string& out, std::uint64_t value) {
    for (; value >= 128; value >>= 7) out += char(value | 128);
    out += char(value);
}
void appendBytes(std::string& out, int field, const std::string& bytes) {
    appendVarint(out, std::uint64_t(field) << 3 | 2);
    appendVarint(out, bytes.size());
    out += bytes;
}
template <class Number>
void appendRaw(std::string& out, Number number) {
    char raw[sizeof number];
    std::memcpy(raw, &number, sizeof number);
    out.append(raw, sizeof number);
}

/// One event a scalar, as torch's SummaryWriter writes them: 20 metrics a step.
double writeEvents(const fs::path& file, int points) {
    std::ofstream stream(file, std::ios::binary);
    std::string value, summary, event, record;
    for (int i = 0; i < points; ++i) {
        const int step = i / 20;
        value.clear();
        appendBytes(value, 1, "train/metric_" + std::to_string(i % 20));
        value += char(2 << 3 | 5);
        appendRaw(value, float(i) * 0.37f);
        summary.clear();
        appendBytes(summary, 1, value);
        event.assign(1, char(1 << 3 | 1));
        appendRaw(event, 1.7e9 + step);
        event += char(2 << 3);
        appendVarint(event, std::uint64_t(step));
        appendBytes(event, 5, summary);
        record.clear();
        appendRaw(record, std::uint64_t(event.size()));
        appendRaw(record, maskedCrc(crc32c(record.data(), 8)));
        record += event;
        appendRaw(record, maskedCrc(crc32c(event.data(), event.size())));
        stream << record;
    }
    stream.close();
    return double(fs::file_size(file)) / 1e6;
}

/// As W&B writes them: a record a step of 20 metrics, with _step, _timestamp and _runtime.
double writeWandb(const fs::path& file, int points) {
    std::string out(":W&B\xE1\xBE\0", 7), item, history, record;
    const auto add = [&](const std::string& key, const std::string& json) {
        item.clear();
        appendBytes(item, 2, key);
        appendVarint(item, 16 << 3 | 2);
        appendVarint(item, json.size());
        item += json;
        appendBytes(history, 1, item);
    };
    for (int step = 0; step < points / 20; ++step) {
        history.clear();
        for (int i = 0; i < 20; ++i)
            add("train/metric_" + std::to_string(i), std::to_string(0.37 * step + i));
        add("_step", std::to_string(step));
        add("_timestamp", "1700000000." + std::to_string(step));
        add("_runtime", std::to_string(step));
        record.clear();
        appendBytes(record, 2, history);
        for (std::size_t at = 0; at < record.size();) {
            std::size_t left = 32768 - out.size() % 32768;
            if (left < 7) {
                out.append(left, '\0');
                left = 32768;
            }
            const std::size_t count = std::min(left - 7, record.size() - at);
            const bool first = at == 0, last = at + count == record.size();
            std::string chunk(1, char(first && last ? 1 : first ? 2 : last ? 4 : 3));
            chunk.append(record, at, count);
            appendRaw(out, std::uint32_t(
                               crc32(0, reinterpret_cast<const Bytef*>(chunk.data()), uInt(chunk.size()))));
            appendRaw(out, std::uint16_t(count));
            out += chunk;
            at += count;
        }
    }
    std::ofstream(file, std::ios::binary) << out;
    return double(out.size()) / 1e6;
}

class Counter final : public TrackerSink {
  public:
    void row(const TrackedRow& row, const TrackerCursor&) override {
        points += std::int64_t(row.values.size());
    }
    void restart(std::optional<std::int64_t>) override {}
    void problem(std::string text) override { std::fprintf(stderr, "%s\n", text.c_str()); }
    std::int64_t points = 0;
};

void print(const char* name, double points, double megabytes, double seconds, double processor,
           double atLeast) {
    char note[96];
    std::snprintf(note, sizeof note, "%.0f MB, %.0f MB/s; %.2f million a second of processor time", megabytes,
                  megabytes / seconds, points / processor / 1e6);
    Json line{{"case", name}, {"value", points / seconds}, {"unit", "points/s"}, {"note", note}};
    if (atLeast > 0) line["at_least"] = atLeast;
    std::puts(line.dump().c_str());
}

void bench(const char* name, TrackerKind kind, const fs::path& file, double megabytes, const fs::path& runs,
           double atLeast) {
    {
        const double processor = processorSeconds();
        const auto start = Clock::now();
        Counter counter;
        const auto reader = openTracker(kind, file);
        while (!reader->read(counter, std::size_t(1) << 20)) {
        }
        print((std::string(name) + ", read").c_str(), double(counter.points), megabytes,
              std::chrono::duration<double>(Clock::now() - start).count(), processorSeconds() - processor,
              atLeast);
    }
    const double processor = processorSeconds();
    const auto start = Clock::now();
    AdoptSettings settings;
    settings.runsFolder = runs;
    AdoptedRun run(recognise(file.parent_path()).runs.at(0), settings);
    AdoptProgress progress;
    while (!(progress = run.poll(std::chrono::seconds(1))).atEnd) {
    }
    print((std::string(name) + ", adopted").c_str(), double(progress.points), megabytes,
          std::chrono::duration<double>(Clock::now() - start).count(), processorSeconds() - processor, 0);
}

}  // namespace

int main() {
    const Folder folder;
    constexpr int points = 4'000'000;
    fs::create_directories(folder.path / "tb");
    fs::create_directories(folder.path / "wandb/offline-run-1");
    const fs::path events = folder.path / "tb/events.out.tfevents.1.host",
                   wandb = folder.path / "wandb/offline-run-1/run-1.wandb";
    bench("TensorBoard", TrackerKind::TensorBoard, events, writeEvents(events, points), folder.path / "runs",
          2e6);
    bench("W&B", TrackerKind::Wandb, wandb, writeWandb(wandb, points), folder.path / "runs", 1e6);
}
