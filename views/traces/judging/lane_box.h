// Chooses one lane among those that some traces have.
#pragma once

#include <QComboBox>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

struct KnownLane {
    LaneKind kind = LaneKind::Human;
    std::string name;
    std::int64_t traces = 0;  ///< that have it
    bool operator==(const KnownLane&) const = default;
};

/// In order of kind and name.
std::vector<KnownLane> lanesIn(const std::vector<Trace>& traces);
/// "Process reward model prm@300"
QString laneTitle(LaneKind kind, const std::string& name);

class LaneBox : public QComboBox {
    Q_OBJECT
  public:
    explicit LaneBox(QWidget* parent = nullptr);

    void setLanes(std::vector<KnownLane> lanes);
    const KnownLane* lane() const;  ///< nullptr: there is none

  private:
    std::vector<KnownLane> m_lanes;
};

}  // namespace retort
