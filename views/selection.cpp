#include "views/selection.h"

namespace retort {

void Selection::setRuns(std::vector<RowId> runs) {
    if (runs == m_runs) return;
    m_runs = std::move(runs);
    Q_EMIT runsChanged();
}

void Selection::setTrace(RowId trace) {
    if (trace == m_trace) return;
    m_trace = trace;
    Q_EMIT traceChanged();
}

}  // namespace retort
