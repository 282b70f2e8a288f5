#include "views/traces/judging/lane_box.h"

#include <map>

#include "views/models/format.h"

namespace retort {

std::vector<KnownLane> lanesIn(const std::vector<Trace>& traces) {
    std::map<std::pair<LaneKind, std::string>, std::int64_t> counts;
    for (const Trace& trace : traces)
        for (const StepLane& lane : trace.lanes) ++counts[{lane.kind, lane.name}];
    std::vector<KnownLane> lanes;
    for (const auto& [lane, count] : counts) lanes.push_back({lane.first, lane.second, count});
    return lanes;
}

QString laneTitle(LaneKind kind, const std::string& name) {
    const auto with = [&name](const QString& title) {
        return name.empty() ? title : title + QLatin1Char(' ') + toQString(name);
    };
    switch (kind) {
        case LaneKind::Checker:
            return with(LaneBox::tr("Checker"));
        case LaneKind::Human:
            return with(LaneBox::tr("Human"));
        case LaneKind::MonteCarlo:
            return with(LaneBox::tr("Monte Carlo"));
        case LaneKind::Prm:
            return with(LaneBox::tr("Process reward model"));
        case LaneKind::Critic:
            return with(LaneBox::tr("Critic"));
        case LaneKind::Detector:
            return with(LaneBox::tr("Detector"));
    }
    return toQString(name);
}

LaneBox::LaneBox(QWidget* parent) : QComboBox(parent) {
    setAccessibleName(tr("Lane"));
    setPlaceholderText(tr("no lanes"));
}

void LaneBox::setLanes(std::vector<KnownLane> lanes) {
    m_lanes = std::move(lanes);
    clear();
    for (const KnownLane& lane : m_lanes)
        addItem(tr("%1 (%n trace(s))", nullptr, static_cast<int>(lane.traces))
                    .arg(laneTitle(lane.kind, lane.name)));
    setCurrentIndex(m_lanes.empty() ? -1 : 0);  // beside a placeholder nothing is chosen by itself
}

const KnownLane* LaneBox::lane() const {
    return currentIndex() < 0 ? nullptr : &m_lanes[static_cast<std::size_t>(currentIndex())];
}

}  // namespace retort
