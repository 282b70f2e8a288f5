// The groups of the traces that a list shows, read a batch at a time: what a row's strip draws.
#pragma once

#include <QObject>
#include <QRect>
#include <QTimer>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/store/rows.h"

class QPainter;
class QPalette;

namespace retort {

class Lab;

/// One rollout of a group.
struct GroupTick {
    RowId id = 0;
    std::int32_t tokens = 0;
    bool correct = false;
    std::optional<double> reward;
};

/// Whether all rewards are equal: such a group teaches a group-relative method nothing.
bool hasNoSpread(const std::vector<GroupTick>& group);

/// A bar a rollout: as high as it is long, wrong ones hollow, `current` framed. Long groups are cut.
void paintGroupStrip(QPainter& painter, const QRect& rect, const std::vector<GroupTick>& group, RowId current,
                     const QColor& good, const QColor& bad, const QColor& frame);
/// How wide the strip of so many rollouts is.
int groupStripWidth(std::size_t rollouts);

class GroupTickCache : public QObject {
    Q_OBJECT
  public:
    explicit GroupTickCache(Lab& lab, QObject* parent = nullptr);

    /// nullptr while they are not read; arrived() follows then.
    const std::vector<GroupTick>* ticks(const TraceRow& row);
    /// What is known may have grown: it is read again when it is asked for, and shown until then.
    void setStale() { ++m_generation; }

  Q_SIGNALS:
    void arrived();

  private:
    using Key = std::tuple<RowId, std::string, std::int64_t, std::int64_t>;  // run, phase, step, group
    void readWanted();

    Lab& m_lab;
    QTimer m_soon;
    struct Known {
        std::optional<std::vector<GroupTick>> ticks;
        quint64 generation = 0;  ///< in which it was asked for
    };
    std::map<Key, Known> m_groups;
    std::vector<Key> m_wanted;
    quint64 m_generation = 1;
};

}  // namespace retort
