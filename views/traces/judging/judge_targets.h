// Which traces a dialog of the Traces page is about, and reading them.
#pragma once

#include <QString>
#include <vector>

#include "core/store/store.h"

namespace retort {

/// What the page shows when the dialog is opened.
struct TraceTargets {
    RowId trace = 0;            ///< the open one; 0: none
    std::vector<RowId> group;   ///< of the open one
    TraceFilter filter;         ///< of the list
    std::vector<RowId> picked;  ///< of the list, where a preset chose it
    std::int64_t listed = 0;    ///< traces in the list
};

enum class TargetScope { Trace, Group, List };

struct TargetTrace {
    RowId id = 0, run = 0;
    Trace trace;  ///< with all its lanes but the checker's
};

/// At most `most`, in the order of the list; traces that are gone meanwhile are left out.
std::vector<TargetTrace> readTargets(StoreReader& reader, const TraceTargets& targets, TargetScope scope,
                                     std::int64_t most);
/// The run of a trace, which only its row tells; 0: it is not there.
RowId runOfTrace(StoreReader& reader, RowId id, const Trace& trace);

}  // namespace retort
