#include "core/store/reward_flips.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "core/store/trace_conditions.h"

namespace retort {
namespace {

struct Flip {
    double fall;
    RowId trace;
};

/// One problem of one run, step after step.
class Course {
  public:
    void add(std::int64_t step, bool right, RowId trace, std::vector<Flip>& flips) {
        if (step != m_step) close(flips);
        m_step = step;
        m_samples += 1;
        m_right += right;
        if (!right) m_wrong.push_back(trace);
    }
    void close(std::vector<Flip>& flips) {
        if (m_samples == 0) return;
        const double share = m_right / m_samples;
        if (m_before > 0.5 && share < 0.5)
            for (const RowId trace : m_wrong) flips.push_back({m_before - share, trace});
        m_before = share;
        m_samples = m_right = 0;
        m_wrong.clear();
    }

  private:
    std::int64_t m_step = -1;
    double m_samples = 0, m_right = 0, m_before = 0;
    std::vector<RowId> m_wrong;
};

using Courses = std::map<std::tuple<RowId, std::string, std::string>, Course>;

void closeAll(Courses& courses, std::vector<Flip>& flips) {
    for (auto& [key, course] : courses) course.close(flips);
    courses.clear();
}

}  // namespace

std::vector<RowId> tracesOfRewardFlips(Database& database, const TraceFilter& filter, std::int64_t most) {
    const TraceConditions conditions(filter);
    Statement rows(database, "SELECT problem, step, run_id, phase, task, correct, id FROM traces WHERE " +
                                 conditions.sql + " ORDER BY problem, step");
    conditions.bind(rows);
    std::vector<Flip> flips;
    Courses courses;
    std::string problem;
    while (rows.step()) {
        if (std::string now = rows.text(0); now != problem) {
            closeAll(courses, flips);
            problem = std::move(now);
        }
        courses[{rows.integer(2), rows.text(3), rows.text(4)}].add(rows.integer(1), rows.integer(5) != 0,
                                                                   rows.integer(6), flips);
    }
    closeAll(courses, flips);
    std::sort(flips.begin(), flips.end(), [](const Flip& a, const Flip& b) {
        return std::tuple(a.fall, a.trace) > std::tuple(b.fall, b.trace);
    });
    std::vector<RowId> traces;
    for (const Flip& flip : flips)
        if (std::int64_t(traces.size()) < most) traces.push_back(flip.trace);
    return traces;
}

}  // namespace retort
