#include "core/adoption/run_log_source.h"

#include <algorithm>

#include "core/runlog/checkpoint_folder.h"
#include "core/runlog/follower.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// As the run's own log names it. The command's folder of checkpoints is a link to the run's.
std::string checkpointPath(const CheckpointEvent& checkpoint, const fs::path& logFolder,
                           const fs::path& run) {
    const fs::path path = fs::path(checkpoint.path).lexically_normal();
    const bool isRuns = path.begin() != path.end() && *path.begin() == "checkpoints";
    return takeInCheckpoint(run, checkpoint.step, isRuns ? path : logFolder / path);
}

}  // namespace

// A position is where a piece of the file begins, and the number of the last event in it that was told.
RunLogSource::RunLogSource(fs::path file, fs::path run, const TrackerCursor& from)
    : m_file(std::move(file)),
      m_run(std::move(run)),
      m_offset(std::int64_t(from.at)),
      m_lastSeq(std::int64_t(from.check)) {}

bool RunLogSource::isThere() const {
    std::error_code code;
    return fs::file_size(m_file, code) > 0 && !code;
}

bool RunLogSource::read(AdoptedLog& log, int index, std::size_t maxBytes) {
    FollowerBatch batch = RunLogFollower(m_file).read(m_offset, m_lastSeq, maxBytes);
    // At first it begins in front of what was told before, and says so of each line.
    if (!m_isFirst)
        m_problems.insert(m_problems.end(), std::make_move_iterator(batch.problems.begin()),
                          std::make_move_iterator(batch.problems.end()));
    m_isFirst = false;
    for (Event& event : batch.events) tell(log, index, std::move(event), m_offset);
    m_offset = batch.offset;
    m_lastSeq = std::max(m_lastSeq, batch.lastSeq);
    return batch.atEnd;
}

void RunLogSource::tell(AdoptedLog& log, int index, Event event, std::int64_t batchBegin) {
    const TrackerCursor behind{std::uint64_t(batchBegin), std::uint64_t(event.seq)};
    if (const auto* start = std::get_if<StartEvent>(&event.payload)) {
        m_lastEnd.reset();
        if (start->totalSteps > 0 && start->totalSteps != log.state().totalSteps)
            log.append(event.t, StatusEvent{"training", log.state().step, start->totalSteps, {}}, index,
                       behind);
        return;
    }
    if (auto* end = std::get_if<EndEvent>(&event.payload)) {
        m_lastEnd.emplace(event.t, std::move(*end));
        return;
    }
    if (auto* checkpoint = std::get_if<CheckpointEvent>(&event.payload))
        checkpoint->path = checkpointPath(*checkpoint, m_file.parent_path(), m_run);
    log.append(event.t, std::move(event.payload), index, behind);
}

}  // namespace retort
