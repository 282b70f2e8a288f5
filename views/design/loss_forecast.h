// The loss curve of a run before it runs, from the curves of earlier runs of the same model and task
// (core/analysis/annealing_law.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/analysis/annealing_law.h"
#include "core/config/load.h"
#include "core/store/store.h"

namespace retort {

struct LossForecast {
    enum class State { None, NotSupervised, NoHistory, NoFit, Known } state = State::None;
    int runs = 0;                ///< earlier runs that are alike
    std::vector<double> losses;  ///< of steps 1, 2 …; NaN in the warm-up
    double error = 0;            ///< on the runs it was fitted to
    bool sawAnnealing = false;   ///< none of them lowered its rate: an annealing's gain is not known
};

/// Reads the store; may be used by several threads. Configurations and curves of runs that have ended are
/// kept.
class LossHistory {
  public:
    LossForecast forecast(StoreReader& reader, const ParsedConfig& design);

  private:
    struct Known {
        std::string likeness;  ///< equal for runs whose curves can be compared
        LossCurve curve;
    };
    std::shared_ptr<const Known> knownOf(StoreReader& reader, const RunRow& run);

    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<const Known>> m_known;  ///< by uuid and step
};

}  // namespace retort
