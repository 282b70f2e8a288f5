// Rollouts from places in traces, each place once: what several traces begin with is shared, and places of
// many traces are one call of the sampler.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/tokenizers/tokenizer.h"
#include "core/traces/trace.h"
#include "training/recipes/sample_function.h"

namespace retort {

/// Whether a whole completion of the trace's problem has the right answer. Called from several threads.
using AnswerCheckFunction = std::function<bool(const Trace&, std::string_view completion)>;

struct RolloutPoolSettings {
    std::int64_t rollouts = 8;  ///< from each place
    double temperature = 1.0, topP = 1.0;
    std::int64_t maxTokens = 128;   ///< of a completion, what stands before the place included
    std::int64_t maxPositions = 0;  ///< of the model, for prompt and completion; 0: no bound
    std::uint64_t seed = 1;
    std::int64_t rowsAtOnce = 512;  ///< rollouts a call of the sampler
    bool keepTexts = false;
};

struct Rollout {
    std::string text;  ///< behind the place
    std::int64_t tokens = 0;
    bool correct = false, finished = false;
};

/// A place: a problem, and what was written so far.
struct RolloutPlace {
    std::int64_t successes = 0;
    std::int64_t rollouts = 0;  ///< 0: nothing can follow, as long as a completion may be
    std::int64_t tokens = 0;    ///< generated
    std::vector<Rollout> texts;

    double value() const { return rollouts == 0 ? 0 : double(successes) / double(rollouts); }
};

class RolloutPool {
  public:
    /// All of these must outlive the pool.
    RolloutPool(const std::vector<Trace>& traces, const Tokenizer& tokenizer,
                const AnswerCheckFunction& isRight, const RolloutPoolSettings& settings,
                const SampleFunction& sample);

    struct Asked {
        std::size_t place = 0;
        bool isNew = false;  ///< nobody asked for it before
    };
    /// The place behind `prefix`, text of a completion of the trace's problem. A new one waits for rollOut().
    Asked ask(std::size_t trace, std::string_view prefix);
    /// Rollouts that wait.
    std::int64_t waiting() const { return std::int64_t(m_waiting.size()) * m_settings.rollouts; }
    /// Makes them, rowsAtOnce at a time. False when a stop came first: what was made by then stays.
    bool rollOut();
    const RolloutPlace& place(std::size_t index) const { return m_places[index]; }

  private:
    struct Waiting {
        std::size_t place = 0, trace = 0;
        std::string prefix;
        std::vector<std::int32_t> ids;  ///< prompt and prefix
        std::int64_t room = 0;          ///< tokens that may follow
    };
    struct Key {
        std::uint64_t first = 0, second = 0;
        bool operator==(const Key&) const = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const { return std::size_t(key.first); }
    };
    Key keyOf(const Trace& trace, std::string_view prefix) const;
    bool rollOut(std::size_t first, std::size_t last);
    void take(const Waiting& from, Completion* completions);

    const std::vector<Trace>& m_traces;
    const Tokenizer& m_tokenizer;
    const AnswerCheckFunction& m_isRight;
    RolloutPoolSettings m_settings;
    const SampleFunction& m_sample;
    std::unordered_map<Key, std::size_t, KeyHash> m_index;
    std::vector<RolloutPlace> m_places;
    std::vector<Waiting> m_waiting;
};

}  // namespace retort
