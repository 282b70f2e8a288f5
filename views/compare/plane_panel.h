// Loss in the plane through three checkpoints: the map, what is said of it, and its points as a table.
#pragma once

#include <QWidget>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "views/compare/interpolation_points.h"

class QCheckBox;
class QComboBox;
class QLabel;

namespace retort {

class Lab;
class PlaneMap;
class TablePanel;

/// What was measured in a plane. Points of the grid are kept by their place on the finest one, so that a
/// finer look goes on from a coarse one.
struct PlaneMeasurements {
    static constexpr std::size_t kFinest = 33;  ///< points a side
    static constexpr double kMargin = 0.3;      ///< around the triangle

    CheckpointPlane plane;
    std::array<std::optional<InterpolationPoint>, 3> corners;
    std::map<std::size_t, InterpolationPoint> points;

    /// The finest grid's place of a point of a grid with `side` points a side.
    static std::size_t fineIndex(std::size_t side, std::size_t index);
};

class PlanePanel : public QWidget {
    Q_OBJECT
  public:
    explicit PlanePanel(Lab& lab, QWidget* parent = nullptr);

    /// `side`: points a side of the grid that is shown. `isPart`: more are to come.
    void show(PlaneMeasurements measured, std::size_t side, const QStringList& names, bool isPart);
    void showNothing();

    PlaneMap* map() const { return m_map; }
    TablePanel* table() const { return m_table; }
    QLabel* summary() const { return m_summary; }
    QComboBox* measure() const { return m_measure; }
    QComboBox* task() const { return m_task; }
    QCheckBox* log() const { return m_log; }

  Q_SIGNALS:
    void recipeWanted(const std::vector<double>& weights);

  private:
    QWidget* makeBar(Lab& lab);
    void fill();
    void showMap();
    void showSummary();
    BenchMeasure chosen() const;
    const InterpolationPoint* pointAt(std::size_t index) const;
    void goToRow(int row);
    void goToCell(std::size_t index);

    PlaneMeasurements m_measured;
    std::size_t m_side = 0;  ///< 0: nothing is shown
    QStringList m_names;
    bool m_isPart = false, m_following = false;
    std::vector<PlanePoint> m_rows;
    std::vector<std::size_t> m_cells;  ///< of m_rows

    QLabel* m_summary;
    QComboBox *m_measure, *m_task;
    QCheckBox* m_log;
    PlaneMap* m_map;
    TablePanel* m_table;
};

}  // namespace retort
