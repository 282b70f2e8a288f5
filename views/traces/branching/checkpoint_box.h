// Chooses one checkpoint among those of all runs that are on the disk; typing finds by any part of the name.
#pragma once

#include <QComboBox>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class StoreReader;

struct CheckpointChoice {
    RowId run = 0;
    QString runName;
    std::string recipe, path;
    std::int64_t step = 0;

    QString name() const;  ///< "rl · step 300"
};

/// Of all runs, the newest run first and of each the last step first.
std::vector<CheckpointChoice> readCheckpoints(StoreReader& reader);
/// Of those of a run the one whose step is nearest; without one the first of the list; -1: there is none.
int checkpointNear(const std::vector<CheckpointChoice>& checkpoints, RowId run, std::int64_t step);

class CheckpointBox : public QComboBox {
    Q_OBJECT
  public:
    explicit CheckpointBox(QWidget* parent = nullptr);

    void setCheckpoints(std::vector<CheckpointChoice> checkpoints, int current);
    /// nullptr: what is typed is none.
    const CheckpointChoice* checkpoint() const;
    const std::vector<CheckpointChoice>& checkpoints() const { return m_checkpoints; }

  private:
    std::vector<CheckpointChoice> m_checkpoints;
};

}  // namespace retort
