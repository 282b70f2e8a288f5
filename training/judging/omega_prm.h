// OmegaPRM (#34; Luo et al., "Improve Mathematical Reasoning in Language Models by Automated Process
// Supervision", arXiv 2406.06592): the first error of a wrong solution by binary search over its steps, and
// the tree of partial solutions that grows when such searches are repeated on the rollouts that came up
// wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "training/judging/monte_carlo.h"

namespace retort {

/// The paper's (and OpenR's) numbers.
struct OmegaPrmSettings {
    double alpha = 0.5, beta = 0.9;  ///< Q(s, r) = alpha^(1 - MC(s)) · beta^(words of r / L)
    double lengthScale = 500;        ///< L, words
    double cPuct = 0.125;            ///< U(s) = c_puct · sqrt(sum of N) / (1 + N(s))
    std::int64_t searches = 1;       ///< binary searches a trace
    std::int64_t atOnce = 64;        ///< traces that are searched side by side
};

/// One trace's search. It asks for the rollouts from one place after the other; who drives it makes those of
/// many traces together.
class OmegaPrmSearch {
  public:
    /// `trace` and `settings` must outlive it. `solvable`: it is known that the problem can be solved from
    /// its prompt, so that a single search need not ask.
    OmegaPrmSearch(const Trace& trace, const OmegaPrmSettings& settings, bool solvable);

    /// The text from whose end rollouts are wanted; absent: the search is over.
    const std::optional<std::string>& wanted() const { return m_wanted; }
    /// The rollouts from there, with their texts where `settings.searches` is above 1.
    void take(const RolloutPlace& place);

    /// Steps up to the last place from which a rollout was right are rated 1, the next one -1, and what
    /// follows it nothing; steps whose ends were rolled out have those values. With an error behind the last
    /// step the answer is judged, too.
    StepLane lane(std::string name) const;
    /// Why nothing can be said; empty: it can.
    const std::string& note() const { return m_note; }
    std::string_view stepsFrom() const { return m_stepsFrom; }
    /// States with their rollouts below them; absent when nothing was rolled out.
    std::optional<SearchTree> tree() const;

  private:
    struct State {
        std::string prefix;
        std::size_t parent = 0;  ///< the state that it was searched from; its own index: the root
        RolloutPlace place;
        std::int64_t visits = 0, search = 0;
    };
    /// A wrong solution that was not searched yet.
    struct Candidate {
        std::size_t state = 0;
        std::string text;  ///< behind the state
        bool used = false;
    };

    void beginOwnSearch();
    /// A search for the error of a text, from a state of it on; nothing is asked for yet.
    void setUp(std::size_t state, const std::string& text, const std::vector<std::int64_t>& ends);
    /// Sets up the search of the best candidate; false: there is none, or enough was searched.
    bool beginNextSearch();
    /// Asks for what the search needs next, and begins the next search where one is over.
    void goOn();
    std::size_t addState(const RolloutPlace& place);

    const Trace& m_trace;
    const OmegaPrmSettings& m_settings;
    std::vector<TraceStep> m_steps;
    std::string m_stepsFrom, m_note;
    std::optional<std::string> m_wanted;
    std::vector<State> m_states;
    std::vector<Candidate> m_candidates;
    std::int64_t m_searches = 0;  ///< begun
    // The binary search under way: the error lies between the boundaries `low` (a rollout from there was
    // right) and `high`.
    std::string m_text;
    std::vector<std::int64_t> m_boundaries;
    std::size_t m_low = 0, m_high = 0, m_lowState = 0;
    bool m_asksRoot = false;
    // Of the trace's own search, by boundary.
    std::vector<std::optional<RolloutPlace>> m_measured;
    std::optional<std::size_t> m_firstError;  ///< of the segments between boundaries
};

/// As judgeByMonteCarlo(); the pool keeps texts where there is more than one search.
bool judgeByOmegaPrm(const std::vector<Trace>& traces, RolloutPool& pool, const OmegaPrmSettings& settings,
                     const std::string& lane, const std::function<std::string(const Trace&)>& whyNot,
                     const JudgedFunction& done);

}  // namespace retort
