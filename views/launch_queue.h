// Runs that were launched together and wait for their turn, so that sixteen seeds do not share two cores.
#pragma once

#include <QString>
#include <deque>
#include <filesystem>
#include <optional>

#include "core/store/rows.h"
#include "core/util/json.h"

namespace retort {

/// Half of the cores, and at least one.
int usualRunsAtOnce();

class LaunchQueue {
  public:
    struct Waiting {
        RowId run = 0;
        std::filesystem::path directory;
        QString backend;
        int atOnce = 1;  ///< it starts when fewer runs than this are going
    };

    void add(Waiting run) { m_waiting.push_back(std::move(run)); }
    /// False: it does not wait here.
    bool remove(RowId run);
    /// The next to start while `going` runs are under way; they start in the order in which they were
    /// launched.
    std::optional<Waiting> take(int going);
    bool isEmpty() const { return m_waiting.empty(); }

    /// What a later window needs to go on with: by directory, since rows are numbered anew by a reindex, and
    /// with the process that holds the queue, so that two windows on one store do not both start it.
    Json toJson() const;
    /// What another window left; empty while that window lives. The row numbers are still to be found.
    static std::deque<Waiting> leftBehind(const Json& saved);

  private:
    std::deque<Waiting> m_waiting;
};

}  // namespace retort
