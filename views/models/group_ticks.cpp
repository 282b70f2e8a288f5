#include "views/models/group_ticks.h"

#include <QPainter>
#include <algorithm>

#include "views/lab.h"

namespace retort {

namespace {
constexpr std::int64_t kMostRollouts = 64;
constexpr std::size_t kMostGroups = 4096;  // remembered; some 10 MB
constexpr int kTick = 4, kGap = 2;
constexpr std::size_t kMostTicks = 24;
}  // namespace

bool hasNoSpread(const std::vector<GroupTick>& group) {
    if (group.size() < 2 || !group.front().reward) return false;
    return std::all_of(group.begin(), group.end(),
                       [&](const GroupTick& tick) { return tick.reward == group.front().reward; });
}

int groupStripWidth(std::size_t rollouts) {
    const int ticks = static_cast<int>(std::min(rollouts, kMostTicks));
    return ticks < 2 ? 0 : ticks * (kTick + kGap) + kGap;
}

void paintGroupStrip(QPainter& painter, const QRect& rect, const std::vector<GroupTick>& group, RowId current,
                     const QColor& good, const QColor& bad, const QColor& frame) {
    std::int32_t longest = 1;
    for (const GroupTick& tick : group) longest = std::max(longest, tick.tokens);
    // A long group shows the part that the current one is in.
    const auto here =
        std::find_if(group.begin(), group.end(), [&](const GroupTick& tick) { return tick.id == current; });
    const auto place = static_cast<std::size_t>(here - group.begin());
    const std::size_t shown = std::min(group.size(), kMostTicks);
    const std::size_t first = here == group.end() || place < shown ? 0 : place - shown + 1;
    painter.setRenderHint(QPainter::Antialiasing, false);
    const int room = rect.height() - 2;
    for (std::size_t i = 0; i < shown; ++i) {
        const GroupTick& tick = group[first + i];
        const int height = std::max(2, static_cast<int>(std::int64_t(room) * tick.tokens / longest));
        const QRect bar(rect.left() + kGap + static_cast<int>(i) * (kTick + kGap), rect.bottom() - height,
                        kTick, height);
        if (tick.correct) {
            painter.fillRect(bar, good);
        } else {
            painter.setPen(bad);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(bar.adjusted(0, 0, -1, -1));
        }
        if (tick.id == current && group.size() > 1) {
            painter.setPen(frame);
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRect(bar.left() - kGap, rect.top(), kTick + 2 * kGap - 1, rect.height() - 1));
        }
    }
}

GroupTickCache::GroupTickCache(Lab& lab, QObject* parent) : QObject(parent), m_lab(lab) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &GroupTickCache::readWanted);
}

const std::vector<GroupTick>* GroupTickCache::ticks(const TraceRow& row) {
    const Key key(row.run, row.phase, row.step, row.group);
    const auto found = m_groups.find(key);
    if (found == m_groups.end() || found->second.generation != m_generation) {
        m_wanted.push_back(key);
        if (!m_soon.isActive()) m_soon.start();
    }
    return found != m_groups.end() && found->second.ticks ? &*found->second.ticks : nullptr;
}

void GroupTickCache::readWanted() {
    if (m_groups.size() > kMostGroups) m_groups.clear();
    std::sort(m_wanted.begin(), m_wanted.end());
    m_wanted.erase(std::unique(m_wanted.begin(), m_wanted.end()), m_wanted.end());
    // Asked for once, even if no answer comes.
    for (const Key& key : m_wanted) m_groups[key].generation = m_generation;
    m_lab.read(
        this,
        [keys = std::exchange(m_wanted, {})](StoreReader& reader) {
            std::vector<std::pair<Key, std::vector<GroupTick>>> groups;
            for (const Key& key : keys) {
                TraceFilter filter;
                std::tie(filter.run, filter.phase, filter.fromStep, filter.ofGroup) = key;
                filter.toStep = filter.fromStep;
                filter.order = TraceFilter::Order::Oldest;
                std::vector<TraceRow> rows = reader.traces(filter, 0, kMostRollouts);
                std::stable_sort(rows.begin(), rows.end(),
                                 [](const TraceRow& a, const TraceRow& b) { return a.sample < b.sample; });
                auto& [unused, ticks] = groups.emplace_back(key, std::vector<GroupTick>());
                for (const TraceRow& row : rows)
                    ticks.push_back({row.id, row.numTokens, row.correct, row.reward});
            }
            return groups;
        },
        [this](std::vector<std::pair<Key, std::vector<GroupTick>>> groups) {
            for (auto& [key, ticks] : groups) m_groups[key].ticks = std::move(ticks);
            Q_EMIT arrived();
        });
}

}  // namespace retort
