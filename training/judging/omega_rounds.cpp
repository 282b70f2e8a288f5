// OmegaPRM on many traces: their searches go on side by side, a place of each a round.
#include <algorithm>
#include <memory>
#include <set>

#include "training/judging/omega_prm.h"

namespace retort {
namespace {

/// Traces that are searched side by side: each round asks for a place of every one.
class Rounds {
  public:
    Rounds(const std::vector<Trace>& traces, RolloutPool& pool, const OmegaPrmSettings& settings)
        : m_traces(traces), m_pool(pool), m_settings(settings) {
        for (const Trace& trace : traces)
            if (trace.correct) m_solved.insert(problemOf(trace));
    }

    bool run(const std::string& lane, const std::function<std::string(const Trace&)>& whyNot,
             const JudgedFunction& done) {
        std::size_t next = 0;
        while (next < m_traces.size() || !m_active.empty()) {
            while (next < m_traces.size() && std::int64_t(m_active.size()) < m_settings.atOnce) {
                begin(next, whyNot(m_traces[next]));
                ++next;
            }
            for (Active& one : m_active) ask(one);
            if (!m_pool.rollOut()) return false;
            for (Active& one : m_active) take(one);
            std::erase_if(m_active, [&](Active& one) {
                if (one.search && one.search->wanted()) return false;
                finish(one, lane, done);
                return true;
            });
        }
        return true;
    }

  private:
    struct Active {
        JudgedTrace judged;
        std::unique_ptr<OmegaPrmSearch> search;  ///< none: nothing can be said
        RolloutPool::Asked asked;
    };

    static std::string problemOf(const Trace& trace) { return trace.problemId + '\x1f' + trace.prompt; }

    void begin(std::size_t index, std::string why) {
        const Trace& trace = m_traces[index];
        Active one;
        one.judged.trace = index;
        one.judged.note = std::move(why);
        if (one.judged.note.empty())
            one.search =
                std::make_unique<OmegaPrmSearch>(trace, m_settings, m_solved.contains(problemOf(trace)));
        m_active.push_back(std::move(one));
    }

    void ask(Active& one) {
        if (one.search && one.search->wanted())
            one.asked = m_pool.ask(one.judged.trace, *one.search->wanted());
    }

    void take(Active& one) {
        if (!one.search || !one.search->wanted()) return;
        const RolloutPlace& place = m_pool.place(one.asked.place);
        if (one.asked.isNew) {
            one.judged.rollouts += place.rollouts;
            one.judged.tokens += place.tokens;
        }
        one.search->take(place);
    }

    void finish(Active& one, const std::string& lane, const JudgedFunction& done) {
        one.judged.lane = {LaneKind::MonteCarlo, lane, {}};
        if (one.search) {
            one.judged.lane = one.search->lane(lane);
            one.judged.note = one.search->note();
            one.judged.stepsFrom = one.search->stepsFrom();
            if (m_settings.searches > 1) one.judged.tree = one.search->tree();
        }
        done(std::move(one.judged));
    }

    const std::vector<Trace>& m_traces;
    RolloutPool& m_pool;
    const OmegaPrmSettings& m_settings;
    std::set<std::string> m_solved;
    std::vector<Active> m_active;
};

}  // namespace

bool judgeByOmegaPrm(const std::vector<Trace>& traces, RolloutPool& pool, const OmegaPrmSettings& settings,
                     const std::string& lane, const std::function<std::string(const Trace&)>& whyNot,
                     const JudgedFunction& done) {
    return Rounds(traces, pool, settings).run(lane, whyNot, done);
}

}  // namespace retort
