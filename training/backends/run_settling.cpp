#include "training/backends/run_settling.h"

#include "core/runlog/control.h"

namespace retort {

void settleRun(StoreWriter& store, StoreReader& reader, RowId run, const std::string& error) {
    store.ingest(run).get();
    const auto row = reader.run(run);
    if (!row || (row->state != "created" && row->state != "running" && row->state != "paused")) return;
    // Stopped before there was a trainer, while what it needs was brought or a job of it waited.
    if (row->state == "created" && ControlReader(row->directory).isAsked(Request::Stop)) {
        store.setState(run, "stopped", {}).get();
        return;
    }
    // The trainer went without an end event: say so, or the run would look alive for ever.
    store
        .setState(run, error.empty() ? "lost" : "failed",
                  error.empty() ? "The trainer ended without saying how." : error)
        .get();
}

}  // namespace retort
