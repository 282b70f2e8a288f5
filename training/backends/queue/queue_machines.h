// What the queue must know of the places where runs execute: which there are, what their limits are, and how
// many GPUs they have.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/machines/machine.h"
#include "core/queue/queue_plan.h"
#include "core/store/store.h"

namespace retort {

/// The last answer of a machine.
struct GpuCount {
    Machine machine;  ///< as it was asked
    int gpus = 0;
    std::string problem;  ///< it could not be reached; empty: it was
    double time = 0;      ///< Unix time, s; 0: it is being asked for the first time
    bool isBeingAsked = false;
};

/// Asks the machine; blocks for half a minute at most, or until `stop` says so. What goes wrong is in the
/// answer.
GpuCount askMachine(const Machine& machine, const std::function<bool()>& stop);

struct QueuePlaces {
    std::map<std::string, QueuePlace> places;
    std::map<std::string, Machine> toAsk;  ///< by backend: their answer is missing or old
};

/// The places of all backends that runs of the queue name; what was answered so far is in `known`.
QueuePlaces placesOf(StoreReader& reader, const std::vector<QueuedRun>& queue,
                     const std::map<std::string, GpuCount>& known, double now);

/// What runs without the queue; those on this computer only where their trainer lives.
std::vector<GoingRun> goingWithoutQueue(StoreReader& reader, const std::map<std::string, QueuePlace>& places);

/// Backends whose runs share this computer with those of "local-process".
const std::map<std::string, std::string>& sharedPlaces();

}  // namespace retort
