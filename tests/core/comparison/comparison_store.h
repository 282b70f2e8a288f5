// A store with evaluated checkpoints, made up.
#pragma once

#include "core/runlog/writer.h"
#include "tests/core/store/store_fixture.h"

namespace retort {

/// A run whose only step has these evaluations.
inline RowId addEvaluated(const StoreFolder& folder, StoreWriter& writer, const std::string& name,
                          const std::vector<EvaluationEvent>& evaluations,
                          const std::vector<Trace>& traces = {}) {
    RunIdentity identity;
    identity.name = name;
    const RunDirectory run = folder.makeRun(name, identity);
    {
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, 10, 1, "here", "test"});
        for (const Trace& trace : traces) log.write(TraceEvent{trace});
        for (const EvaluationEvent& evaluation : evaluations) log.write(evaluation);
        log.write(EndEvent{"finished", ""});
        log.sync();
    }
    const RowId id = writer.addRun(run, "test").get();
    writer.ingest(id).get();
    return id;
}

/// An evaluation at step 10 whose problem i has `correct[i]` of `samples` right.
inline EvaluationEvent evaluationOf(const std::string& name, const std::string& hash,
                                    const std::vector<int>& correct, int samples = 1, double tokens = 10) {
    EvaluationEvent event{10, name, hash, {{"accuracy", 0}}, {}};
    for (std::size_t i = 0; i < correct.size(); ++i)
        event.items.push_back({std::string(name).append(":").append(std::to_string(i)), samples, correct[i], tokens + double(i % 3)});
    return event;
}

}  // namespace retort
