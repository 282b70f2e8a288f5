#include "tests/views/support/sample_lineage.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/lineage/lineage_record.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/store/store.h"
#include "core/util/files.h"
#include "core/util/random.h"
#include "core/util/uuid.h"

namespace fs = std::filesystem;

namespace retort::sample {

namespace {

struct Maker {
    fs::path store;
    LineageOptions options;
    StoreWriter writer;
    Random random{1};
    std::vector<fs::path> made;  ///< all checkpoints so far

    explicit Maker(const fs::path& file, const LineageOptions& wanted)
        : store(file), options(wanted), writer(file) {}

    // Mostly one that was made lately, as experiments go.
    const fs::path& pick() {
        const auto count = std::int64_t(made.size());
        const std::int64_t back = random.integer(0, 9) == 0 ? count : std::min<std::int64_t>(count, 120);
        return made[std::size_t(count - random.integer(1, back))];
    }

    void run(int index) {
        const char* recipes[] = {"sft", "grpo", "distill", "dpo"};
        const std::string recipe = made.empty() ? "pretrain" : recipes[std::size_t(index) % 4];
        RunIdentity identity;
        identity.id = newUuid();
        identity.name = recipe + "-" + std::to_string(index);
        identity.recipe = recipe;
        identity.created = 1.7e9 + 3600.0 * index;
        identity.study = "family";
        std::string config =
            "recipe: " + recipe + "\nname: " + identity.name + "\nseed: " + std::to_string(index) + "\n";
        config += "training: {learning_rate: " + std::to_string(1e-4 * (1 + index % 5)) + "}\n";
        if (!made.empty()) config += "model: {from: " + pick().string() + "}\n";
        if (recipe == "distill") config += "distillation: {teacher: " + pick().string() + "}\n";
        if (recipe == "grpo" && index % 8 == 1)
            config += "grpo: {rewards: [{reward: reward_model, path: " + pick().string() + "}]}\n";
        if (recipe == "dpo") config += "lora: {r: 8}\n";
        const RunDirectory directory =
            RunDirectory::create(store.parent_path() / "runs", identity.name, config, identity);
        RunLogWriter log(directory.eventsFile());
        log.write(StartEvent{1, 0, 100 * options.checkpoints, 1, "here", "sample"});
        for (int i = 1; i <= options.checkpoints; ++i) {
            const fs::path folder = directory.checkpointFolder(100 * i);
            log.write(CheckpointEvent{100 * i, fs::relative(folder, directory.path()).string()});
            made.push_back(folder);
        }
        log.write(EvaluationEvent{
            100 * options.checkpoints, "addition", "x", {{"accuracy", random.uniform()}}, {}});
        log.write(EndEvent{index % 11 == 7 ? "failed" : "finished", ""});
        log.sync();
        writer.ingest(writer.addRun(directory, "sample").get()).get();
    }

    void merge(int index) {
        const fs::path folder = store.parent_path() / "merged" / ("soup-" + std::to_string(index));
        fs::create_directories(folder);
        writeFileAtomically(folder / "config.json", "{}");
        LineageRecord record;
        record.method = index % 2 ? "ties" : "linear";
        const int parents = 2 + index % 3;
        for (int i = 0; i < parents; ++i)
            record.parents.push_back({LineageKind::Merged, pick(), {}, 1.0 / parents, index % 2 && i == 0});
        writeLineageRecord(folder, record);
        writer.addLineageFolder(folder).get();
        made.push_back(folder);
    }
};

}  // namespace

void fillLineage(const fs::path& store, const LineageOptions& options) {
    Maker maker(store, options);
    const int most = std::max(options.runs, options.merges);
    for (int i = 0; i < most; ++i) {
        if (i < options.runs) maker.run(i);
        if (i < options.merges) maker.merge(i);
    }
}

}  // namespace retort::sample
