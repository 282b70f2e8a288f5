// A store with runs that have checkpoints and say what these came from, made up.
#pragma once

#include "tests/core/comparison/comparison_store.h"

namespace retort {

/// A run with this configuration, a checkpoint (an empty folder) at step 10, and these evaluations.
inline RowId addWithCheckpoint(const StoreFolder& folder, StoreWriter& writer, const std::string& name,
                               const std::string& yaml, const std::vector<EvaluationEvent>& evaluations,
                               const std::vector<Trace>& traces = {}) {
    RunIdentity identity;
    identity.name = name;
    const RunDirectory run = RunDirectory::create(folder.path() / "runs", name, yaml, identity);
    std::filesystem::create_directories(run.path() / "checkpoints/step-00000010");
    {
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, 10, 1, "here", "test"});
        log.write(CheckpointEvent{10, "checkpoints/step-00000010"});
        for (const Trace& trace : traces) log.write(TraceEvent{trace});
        for (const EvaluationEvent& evaluation : evaluations) log.write(evaluation);
        log.write(EndEvent{"finished", ""});
        log.sync();
    }
    const RowId id = writer.addRun(run, "test").get();
    writer.ingest(id).get();
    return id;
}

/// The configuration of a TIES merge of runs.
inline std::string mergeOf(const std::vector<std::string>& parents, const std::string& base) {
    std::string yaml = "recipe: merge\nmerge:\n  recipe: |\n    merge_method: ties\n    base_model: run:";
    yaml.append(base).append("\n    models:\n");
    for (const std::string& parent : parents)
        yaml.append("      - model: run:").append(parent).append("\n        parameters: {weight: 0.5}\n");
    return yaml;
}

}  // namespace retort
