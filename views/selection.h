// What the pages share about where the user is: the selected runs, the open trace, and requests to go
// elsewhere. Reached through Lab::selection(), so that no page knows another.
#pragma once

#include <QObject>
#include <vector>

#include "core/store/rows.h"

namespace retort {

enum class Place { Runs, Design, Live, Traces, Lineage, Compare, Merge, Machines, Queue };

class Selection : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    const std::vector<RowId>& runs() const { return m_runs; }
    /// The first of the selected runs; 0 when there is none.
    RowId currentRun() const { return m_runs.empty() ? 0 : m_runs.front(); }
    RowId trace() const { return m_trace; }

    void setRuns(std::vector<RowId> runs);
    void setTrace(RowId trace);

    /// Brings a page to the front.
    void open(Place place) { Q_EMIT placeRequested(place); }
    /// Opens Design with a copy of the run's configuration.
    void designCopyOf(RowId run) { Q_EMIT copyRequested(run); }
    /// Starts the quickstart study (the way out of every empty page).
    void startQuickstart() { Q_EMIT quickstartRequested(); }

  Q_SIGNALS:
    void runsChanged();
    void traceChanged();
    void placeRequested(retort::Place place);
    void copyRequested(retort::RowId run);
    void quickstartRequested();

  private:
    std::vector<RowId> m_runs;
    RowId m_trace = 0;
};

}  // namespace retort
