// Everything that was measured: as a trade-off between two measures of the user's choice, and as a table.
#pragma once

#include <QWidget>
#include <functional>
#include <string>

#include "views/merge/bench_point.h"

class QComboBox;
class QSortFilterProxyModel;
class QTableView;

namespace retort {

class PointModel;
class TradeOffView;

class ResultsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit ResultsPanel(std::function<QString(const std::string&)> shortName, QWidget* parent = nullptr);

    void add(BenchPoint point);
    void clear();
    /// The chart shows what was measured under this setting.
    void setSetting(const std::string& setting);
    /// The point that was measured for this recipe, if there is one.
    const BenchPoint* find(const std::string& recipe, const std::string& setting) const;

    PointModel* model() const { return m_model; }
    TradeOffView* chart() const { return m_chart; }
    QTableView* table() const { return m_table; }
    QComboBox* xChooser() const { return m_x; }
    QComboBox* yChooser() const { return m_y; }

  Q_SIGNALS:
    /// The user went to a point, or to a place between two: `going` while it is dragged.
    void recipeWanted(const QString& recipe, bool going);

  private:
    void offerMeasures();
    BenchMeasure measure(const QComboBox* chooser) const;
    void showChart();
    void choose(int point);

    std::string m_setting;
    PointModel* m_model;
    QSortFilterProxyModel* m_sorted;
    TradeOffView* m_chart;
    QComboBox *m_x, *m_y;
    QTableView* m_table;
};

}  // namespace retort
