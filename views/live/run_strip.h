// The selected runs as a legend that also says how they are doing: colour, name, state, progress, buttons.
#pragma once

#include <QScrollArea>
#include <map>
#include <memory>
#include <vector>

#include "core/store/rows.h"
#include "views/models/priority_text.h"

class QVBoxLayout;

namespace retort {

enum class RunRequest { Stop, Pause, GoOn, Checkpoint, Resume };

class RunStripRow;

class RunStrip : public QScrollArea {
    Q_OBJECT
  public:
    explicit RunStrip(QWidget* parent = nullptr);
    /// `jobs`: of the runs that have one; `priorities`: shown where one was chosen.
    void setRuns(const std::vector<RunRow>& runs, const std::vector<QColor>& colors,
                 const std::map<RowId, JobRow>& jobs = {},
                 const std::map<RowId, RunPriority>& priorities = {});

    QSize sizeHint() const override;

  Q_SIGNALS:
    void requested(retort::RowId run, retort::RunRequest request);

  private:
    QVBoxLayout* m_layout;
    std::vector<RunStripRow*> m_rows;
};

}  // namespace retort
