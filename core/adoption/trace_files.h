// Files of traces that a trainer writes beside its curves, each whole: TRL's completions, verl's rollouts.
#pragma once

#include "core/adoption/adopted_log.h"
#include "core/adoption/adoption_record.h"

namespace retort {

struct TraceFileResult {
    bool isRead = false;  ///< false: it is still written (too young, or half there)
    std::int64_t traces = 0;
    std::vector<std::string> problems;
};

/// Tells the traces of a file that are not in the log yet. Which are is told by the log's lines: their number
/// and a hash of their content; a file with other content under the same name (a requeued job wrote it anew)
/// is told as a whole. With `settled` false a file that changed within the last two seconds is left for
/// later.
TraceFileResult readTraceFile(AdoptedLog& log, AdoptedFile& file, int index, bool settled);

}  // namespace retort
