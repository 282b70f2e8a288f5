#include "training/recipes/alarm_watch.h"

#include <algorithm>
#include <vector>

#include "core/runlog/follower.h"

namespace retort {
namespace {

/// An evaluation's scalars have the step of the training metrics before them; the rules look at training.
bool isTraining(const ScalarsEvent& scalars) {
    return std::any_of(scalars.values.begin(), scalars.values.end(),
                       [](const auto& value) { return value.first == "loss"; });
}

}  // namespace

void AlarmWatch::replay(const std::filesystem::path& eventsFile, std::int64_t lastStep) {
    std::vector<ScalarsEvent> steps;
    const RunLogFollower follower(eventsFile);
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        for (Event& event : batch.events) {
            if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                std::erase_if(steps,
                              [&](const ScalarsEvent& scalars) { return scalars.step > rewind->toStep; });
            if (auto* scalars = std::get_if<ScalarsEvent>(&event.payload); scalars && isTraining(*scalars))
                steps.push_back(std::move(*scalars));
        }
    } while (!batch.atEnd);
    for (const ScalarsEvent& scalars : steps)
        if (scalars.step <= lastStep) m_monitor.observe(scalars.step, scalars.values);
}

void AlarmWatch::observe(std::int64_t step, const std::vector<std::pair<std::string, double>>& values) {
    for (AlarmEvent& alarm : m_monitor.observe(step, values)) m_log.write(std::move(alarm));
}

}  // namespace retort
