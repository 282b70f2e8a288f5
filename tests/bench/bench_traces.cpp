// A store with a million traces of about 300 tokens: opening the list, searching, filtering, opening a trace,
// its group, a problem's history, histograms (issue 5: 0.3 s, 0.2 s, 0.2 s, 50 ms).
//
// bench_traces [FILE [COUNT]]: FILE is kept and used again (or the variable RETORT_BENCH_STORE); without one
// the store is made in the temporary folder, which takes minutes and gigabytes, and removed.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "core/store/sqlite.h"
#include "core/store/store.h"
#include "core/store/store_file.h"
#include "core/store/text_index.h"
#include "core/store/trace_rows.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

constexpr std::int64_t batchRows = 20'000;
constexpr std::int64_t problems = 20'000;
constexpr std::int64_t groupSize = 8;

const char* word(Random& random) {
    static const char* const words[] = {
        "so",      "then",      "we",         "multiply", "both sides", "the sum", "by",       "equals",
        "factor",  "therefore", "substitute", "x =",      "+",          "-",       "because",  "modulo",
        "divides", "the root",  "wait",       "check",    "length",     "area",    "integral", "derivative"};
    return words[random.integer(0, 23)];
}

std::string reasoning(Random& random, std::int64_t id, std::vector<TraceStep>& steps) {
    std::string text = "<think>";
    for (int step = 0; step < 12; ++step) {
        const auto begin = std::int64_t(text.size());
        text += "Step " + std::to_string(step + 1) + ": ";
        for (int i = 0; i < 9; ++i) {
            text += word(random);
            text += ' ';
        }
        text += std::to_string(random.integer(10, 99'999)) + ".\n\n";
        steps.push_back({begin, std::int64_t(text.size()),
                         random.uniform() < 0.95 ? StepVerdict::Correct : StepVerdict::Wrong, ""});
    }
    if (id % 100 == 7) text += "An octagon has eight sides. ";
    if (id % 100'000 == 77) text += "Zeppelins are light. ";
    return text + "</think>\\boxed{" + std::to_string(random.integer(0, 999)) + "}";
}

Trace makeTrace(Random& random, std::int64_t id) {
    Trace trace;
    const std::int64_t group = id / groupSize;
    const std::int64_t problem = group * 7919 % problems;
    trace.step = group / 64;
    trace.task = problem % 3 == 0 ? "gsm8k" : "math";
    trace.problemId = trace.task + "/" + std::to_string(problem);
    trace.group = group;
    trace.sample = std::int32_t(id % groupSize);
    trace.prompt = "Problem " + std::to_string(problem) + ": a train leaves with " +
                   std::to_string(problem * 31 % 977) + " people. How many are there at the end?";
    trace.completion = reasoning(random, id, trace.steps);
    trace.gold = "42";
    trace.correct = random.uniform() < 0.4;
    trace.worked = true;
    trace.reward = (trace.correct ? 1.0 : 0.0) + 0.1 * random.uniform();
    trace.advantage = random.uniform() - 0.5;
    trace.rewards = {{"correctness", trace.correct}, {"format", 1}};
    trace.numTokens = std::int32_t(random.integer(150, 450));
    trace.finish = random.uniform() < 0.03 ? "length" : "stop";
    trace.stepAccuracy = 0.9;
    if (id % 8 == 0) {  // trainers keep the arrays of some
        const auto count = std::size_t(trace.numTokens);
        for (std::size_t i = 0; i < count; ++i)
            trace.tokens.ends.push_back(std::int32_t((i + 1) * trace.completion.size() / count));
        trace.tokens.ids.assign(count, 17);
        trace.tokens.logprobs.assign(count, -0.25f);
        trace.tokens.entropies.assign(count, 0.5f);
    }
    if (id % 50 == 0)
        trace.lanes = {{LaneKind::Prm,
                        "prm",
                        {{trace.steps[3].begin, trace.steps[3].end, {}, random.uniform(), 0, 0, ""}}}};
    return trace;
}

void makeStore(const fs::path& file, std::int64_t count) {
    fs::path partial = file;
    partial += ".partial";
    {
        const auto database = openStoreForWriting(partial);
        database->execute("PRAGMA synchronous = OFF");
        database->execute(
            "INSERT INTO runs (uuid, name, created) VALUES ('a', 'large', 0), ('b', 'small', 0)");
        Random random(1);
        for (std::int64_t id = 0; id < count;) {
            Transaction transaction(*database);
            for (const std::int64_t end = std::min(count, id + batchRows); id < end; ++id)
                insertTrace(*database, id / groupSize % 10 == 0 ? 2 : 1, makeTrace(random, id), 1, 1);
            transaction.commit();
            if (id % 100'000 == 0) std::fprintf(stderr, "%lld traces\n", static_cast<long long>(id));
        }
        database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    fs::rename(partial, file);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Median of seven, each with a connection of its own; the file is in the system's cache. The time of the
/// processor is told beside it: on a busy machine that is what can be compared.
template <class Work>
void measure(const fs::path& file, const char* name, double limit, Work work) {
    std::vector<double> times, processor;
    double total = 0;
    for (int i = 0; i < 7 && total < 10'000; ++i) {
        StoreReader reader(file);
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t clock = std::clock();
        work(reader);
        processor.push_back(1000.0 * double(std::clock() - clock) / CLOCKS_PER_SEC);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        total += times.back();
    }
    std::printf(
        "{\"case\": \"%s\", \"value\": %.2f, \"unit\": \"ms\", \"better\": \"lower\", \"at_most\": %.0f, "
        "\"note\": \"%.1f ms of the processor\"}\n",
        name, median(times), limit, median(processor));
    std::fflush(stdout);
}

/// What the list does: the first page, and how many there are.
void openList(StoreReader& reader, const TraceFilter& filter) {
    reader.traces(filter, 0, 128);
    reader.countTraces(filter, 10'000);
}

/// As after an import that the search index has not caught up with; then it does.
void completeIndex(const fs::path& file) {
    const auto database = openStoreForWriting(file);
    if (isTextIndexComplete(*database)) return;
    const auto list = [&](const char* name, const char* text) {
        TraceFilter filter;
        filter.text = text;
        measure(file, name, 10'000, [&](StoreReader& reader) { openList(reader, filter); });
    };
    list("no text indexed yet: in every trace", "multiply");
    list("no text indexed yet: in 1 of 100", "octagon has");
    list("no text indexed yet: absent", "hippopotamus");
    const auto start = std::chrono::steady_clock::now();
    while (indexTexts(*database, 16 << 20)) {
    }
    database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf(
        "{\"case\": \"texts into the search index\", \"value\": %.1f, \"unit\": \"s\", \"better\": "
        "\"lower\"}\n",
        seconds);
}

void measureLists(const fs::path& file) {
    using Order = TraceFilter::Order;
    const auto list = [&](const char* name, double limit, auto change) {
        TraceFilter filter;
        change(filter);
        measure(file, name, limit, [&](StoreReader& reader) { openList(reader, filter); });
    };
    using F = TraceFilter;
    list("list, all runs", 300, [](F&) {});
    list("list, one run", 300, [](F& f) { f.run = 1; });
    list("list, one run, by reward", 300, [](F& f) { f.run = 1, f.order = Order::RewardDown; });
    list("list, all runs, longest first", 300, [](F& f) { f.order = Order::LongestFirst; });
    measure(file, "page at row 500 000", 300, [](StoreReader& reader) { reader.traces({}, 500'000, 128); });

    list("text, in every trace", 200, [](F& f) { f.text = "multiply"; });
    list("text, in every trace, one run", 200, [](F& f) { f.run = 1, f.text = "multiply"; });
    list("text, in every trace, by reward", 200,
         [](F& f) { f.text = "multiply", f.order = Order::RewardDown; });
    list("text, in 1 of 100", 200, [](F& f) { f.text = "octagon has"; });
    list("text, in 1 of 100, one run, oldest", 200,
         [](F& f) { f.run = 2, f.text = "octagon", f.order = Order::Oldest; });
    list("text, in ten", 200, [](F& f) { f.text = "Zeppelin"; });
    list("text, a number", 200, [](F& f) { f.text = " 48721."; });
    list("text, absent", 200, [](F& f) { f.text = "hippopotamus"; });
    list("text, absent, of frequent pieces", 200, [](F& f) { f.text = "multiplymultiply"; });
    list("text, two characters", 200, [](F& f) { f.text = "x "; });

    list("reward range, correct", 200,
         [](F& f) { f.minReward = 1.02, f.maxReward = 1.08, f.correct = true; });
    list("reward range, correct, one run", 200,
         [](F& f) { f.run = 1, f.minReward = 1.02, f.maxReward = 1.08, f.correct = true; });
    list("narrow reward range, correct, one run", 200,
         [](F& f) { f.run = 1, f.minReward = 1.05, f.maxReward = 1.0501, f.correct = true; });
    list("reward range, wrong: none", 200, [](F& f) { f.minReward = 1.02, f.correct = false; });
    list("reward range, longest first", 200, [](F& f) { f.minReward = 1.09, f.order = Order::LongestFirst; });
    list("length range, cut off, one run", 200,
         [](F& f) { f.run = 1, f.minTokens = 300, f.maxTokens = 320, f.finish = "length"; });
    list("task and phase", 200, [](F& f) { f.run = 2, f.task = "gsm8k", f.phase = "train"; });
    list("evaluations: none", 200, [](F& f) { f.phase = "eval"; });
    list("lanes disagree", 200, [](F& f) { f.lanesDisagree = true; });
    list("annotated: none", 200, [](F& f) { f.annotated = true; });
}

void measureTraces(const fs::path& file, std::int64_t count) {
    Random random(5);
    const auto any = [&] { return random.integer(1, count); };
    measure(file, "open a trace, with lanes and arrays", 50, [&](StoreReader& reader) {
        const RowId id = any() / 8 * 8 + 1;
        reader.trace(id);
        reader.lanes(id);
    });
    measure(file, "open a group", 50, [&](StoreReader& reader) { reader.traceGroup(any()); });
    measure(file, "a problem through training", 50,
            [](StoreReader& reader) { reader.problemHistory("math/1234", 0); });
    measure(file, "histogram of rewards, all", 1000,
            [](StoreReader& reader) { reader.rewardHistogram({}, 40); });
    TraceFilter filter;
    filter.run = 1;
    measure(file, "histogram of lengths, one run", 1000,
            [&](StoreReader& reader) { reader.lengthHistogram(filter, 40); });
    filter.correct = true;
    measure(file, "histogram of rewards, one run, right", 1000,
            [&](StoreReader& reader) { reader.rewardHistogram(filter, 40); });
    for (const auto preset : {QueuePreset::LaneDisagreement, QueuePreset::ConvincingWrong,
                              QueuePreset::RewardFlipped, QueuePreset::LongestDecile})
        measure(file, ("queue preset " + std::string(name(preset))).c_str(), 10'000,
                [&](StoreReader& reader) { reader.selectForQueue({}, preset, 200); });
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const char* named = argc > 1 ? argv[1] : std::getenv("RETORT_BENCH_STORE");
        const std::int64_t count = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
        const fs::path folder =
            fs::temp_directory_path() / ("retort-bench-traces-" + std::to_string(::getpid()));
        const fs::path file = named ? fs::path(named) : folder / "lab.db";
        if (!fs::exists(file)) makeStore(file, count);
        completeIndex(file);
        measureLists(file);
        measureTraces(file, count);
        if (!named) fs::remove_all(folder);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_traces: %s\n", error.what());
        return 1;
    }
    return 0;
}
