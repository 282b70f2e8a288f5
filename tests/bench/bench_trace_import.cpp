// How fast dumps of verl's rollouts are read, written as a run, and taken into the store: what `retort-cli
// traces import` does, one part after the other.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "core/store/store.h"
#include "core/store/store_file.h"
#include "core/store/text_index.h"
#include "core/trace_formats/import_run.h"
#include "core/util/json.h"
#include "core/util/json_text.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

using Clock = std::chrono::steady_clock;

struct Folder {
    fs::path path = fs::temp_directory_path();
    Folder() {
        std::string name = "retort-bench-";
        name += std::to_string(::getpid());
        path /= name;
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
};

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Wall-clock and processor time of a part.
class Stopwatch {
  public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - m_start).count(); }
    double cpu() const { return cpuSeconds() - m_cpu; }

  private:
    Clock::time_point m_start = Clock::now();
    double m_cpu = cpuSeconds();
};

void print(const char* name, double megabytes, const Stopwatch& watch, Json more = Json::object()) {
    const double seconds = watch.seconds(), cpu = watch.cpu();
    char note[96];
    std::snprintf(note, sizeof note, "%.0f MB; %.0f MB a second of processor time", megabytes,
                  megabytes / cpu);
    Json line{{"case", name}, {"value", megabytes / seconds}, {"unit", "MB/s"}, {"note", note}};
    line.update(more);
    std::puts(line.dump().c_str());
}

/// Rows as verl writes them: a question of 8 samples, about 300 tokens each, some of the text escaped.
double writeDump(const fs::path& file, int rows) {
    constexpr const char* words[] = {"so ",    "the ",   "sum ",          "of ",   "12 ",      "and ",
                                     "x^2 ",   "is ",    "therefore ",    "we ",   "get\n",    "that\n\n",
                                     "= ",     "42 ",    "\\frac{1}{2} ", "then ", "because ", "but ",
                                     "wait, ", "check ", "it ",           "π ",    "\"a\" "};
    std::mt19937 random(1);
    std::ofstream stream(file, std::ios::binary);
    std::string prompt, line;
    const auto text = [&](int count) {
        std::string result;
        for (int i = 0; i < count; ++i) result += words[random() % std::size(words)];
        return result;
    };
    for (int i = 0; i < rows; ++i) {
        if (i % 8 == 0) prompt = "user\n" + text(40) + "\nassistant\n";
        line.assign(1, '{');
        JsonMembers members(line);
        members.add("input", prompt).add("output", "<think>" + text(240) + "</think>\\boxed{42}");
        members.add("gts", "42")
            .add("score", double(random() % 2))
            .add("step", 7)
            .add("acc", random() % 2 == 0);
        members.add("pred", "42");
        line += "}\n";
        stream << line;
    }
    stream.close();
    return double(fs::file_size(file)) / 1e6;
}

}  // namespace

int main() {
    const Folder folder;
    const fs::path dump = folder.path / "7.jsonl";
    const double megabytes = writeDump(dump, 40'000);
    const Json wanted{{"at_least", 50}};
    {
        const Stopwatch watch;
        std::int64_t traces = 0;
        TraceImporter importer({}, [&](Trace&&) { ++traces; });
        importer.read(dump);
        print("verl dump, read", megabytes, watch, wanted);
    }
    const Stopwatch whole;
    TraceRunSettings settings;
    settings.files = {dump};
    settings.runsFolder = folder.path / "runs";
    const TraceRun run = [&] {
        const Stopwatch watch;
        TraceRun result = importTraceRun(settings);
        print("verl dump, written as a run", megabytes, watch, wanted);
        return result;
    }();
    StoreWriter store(folder.path / "lab.db");
    {
        const Stopwatch watch;
        store.ingest(store.addRun(*run.run, "import").get()).get();
        print("verl dump, from the run into the store", megabytes, watch);
    }
    print("verl dump, traces import as a whole", megabytes, whole, wanted);
    const Stopwatch indexed;
    const auto reader = openStoreForReading(folder.path / "lab.db");
    while (!isTextIndexComplete(*reader)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    print("and its texts into the search index, in the background", megabytes, indexed);
}
