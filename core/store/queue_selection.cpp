#include "core/store/queue_selection.h"

#include "core/store/reward_flips.h"
#include "core/store/trace_conditions.h"
#include "core/store/trace_query.h"
#include "core/util/error.h"

namespace retort {
namespace {

// The lowest score that a process reward model gave a step, and the distance of the nearest one to one half;
// of several models, of any. Scores that were computed here stand beside those of the log.
constexpr const char* scored =
    "(SELECT trace_id, min(value) AS lowest, min(abs(value - 0.5)) AS distance FROM ("
    "SELECT trace_id, value FROM trace_judgements JOIN lanes ON lanes.id = lane_id WHERE kind = 'prm' "
    "UNION ALL SELECT marks.trace_id, value FROM judgements JOIN marks ON marks.id = mark_id JOIN lanes ON "
    "lanes.id = lane_id WHERE kind = 'prm' AND marks.trace_id IS NOT NULL) "
    "WHERE value IS NOT NULL GROUP BY trace_id)";

class Selection {
  public:
    Selection(Database& database, const TraceFilter& filter, std::int64_t most)
        : m_database(database), m_filter(filter), m_conditions(filter), m_most(most) {}

    std::vector<RowId> listed() { return run("", "", orderOf(m_filter)); }

    std::vector<RowId> laneDisagreement() {
        return run("JOIN disputed_traces ON disputed_traces.trace_id = traces.id", "",
                   "disputed_traces.steps DESC, traces.id DESC");
    }
    std::vector<RowId> nearThreshold() { return byScore("", "distance, traces.id DESC"); }
    std::vector<RowId> rightWithLowStep() {
        return byScore(" AND traces.correct = 1 AND lowest < 0.5", "lowest, traces.id DESC");
    }
    std::vector<RowId> convincingWrong() {
        return byScore(" AND traces.correct = 0", "lowest DESC, traces.id DESC");
    }

    std::vector<RowId> zeroVariance() {
        TraceFilter filter = m_filter;
        filter.zeroVariance = true;
        m_conditions = TraceConditions(filter);
        return run("", "",
                   "traces.run_id DESC, traces.step DESC, traces.phase, traces.task, traces.group_number, "
                   "traces.sample, traces.id");
    }

    std::vector<RowId> longestDecile() {
        const std::int64_t all = countTraces(m_database, m_filter);
        m_most = std::min(m_most, (all + 9) / 10);
        return run("", "", "traces.num_tokens DESC, traces.id DESC");
    }

    // Rewards have any scale: a run's reward speaks for the answer when it is in the upper half of what the
    // run gives in that task, by how far it is from the middle.
    std::vector<RowId> graderDisagreement() {
        return run(
            "JOIN (SELECT run_id, task, (min(reward) + max(reward)) / 2 AS middle, max(reward) - "
            "min(reward) AS width FROM traces WHERE superseded = 0 GROUP BY run_id, task HAVING width "
            "> 0) AS scale ON scale.run_id = traces.run_id AND scale.task = traces.task",
            " AND ((traces.correct = 1 AND traces.reward < middle) OR (traces.correct = 0 AND "
            "traces.reward > middle))",
            "abs(traces.reward - middle) / width DESC, traces.id DESC");
    }

  private:
    std::vector<RowId> byScore(const char* condition, const char* order) {
        return run(std::string("JOIN ") + scored + " AS scored ON scored.trace_id = traces.id", condition,
                   order);
    }

    std::vector<RowId> run(const std::string& join, const std::string& condition, const std::string& order) {
        Statement rows(m_database, "SELECT traces.id FROM traces " + join + " WHERE " + m_conditions.sql +
                                       condition + " ORDER BY " + order + " LIMIT " + std::to_string(m_most));
        m_conditions.bind(rows);
        std::vector<RowId> ids;
        while (rows.step()) ids.push_back(rows.integer(0));
        return ids;
    }

    Database& m_database;
    const TraceFilter& m_filter;
    TraceConditions m_conditions;
    std::int64_t m_most;
};

}  // namespace

std::vector<RowId> selectForQueue(Database& database, const TraceFilter& filter, QueuePreset preset,
                                  std::int64_t most) {
    if (most < 0) throw Error("how many traces a queue gets is a count, not " + std::to_string(most));
    Selection selection(database, filter, most);
    switch (preset) {
        case QueuePreset::Listed:
            return selection.listed();
        case QueuePreset::LaneDisagreement:
            return selection.laneDisagreement();
        case QueuePreset::PrmNearThreshold:
            return selection.nearThreshold();
        case QueuePreset::RightWithLowStep:
            return selection.rightWithLowStep();
        case QueuePreset::ConvincingWrong:
            return selection.convincingWrong();
        case QueuePreset::RewardFlipped:
            return tracesOfRewardFlips(database, filter, most);
        case QueuePreset::ZeroVariance:
            return selection.zeroVariance();
        case QueuePreset::LongestDecile:
            return selection.longestDecile();
        case QueuePreset::GraderDisagreement:
            return selection.graderDisagreement();
    }
    return {};
}

}  // namespace retort
