// Loss on the straight line between two checkpoints: the curve over the line between its ends, the barrier of
// each task, and the points.
#pragma once

#include <QSet>
#include <QWidget>
#include <vector>

#include "views/compare/interpolation_points.h"

class QComboBox;
class QLabel;
class QMenu;
class QToolButton;

namespace retort {

class Lab;
class PlotView;
class TablePanel;

class CurvePanel : public QWidget {
    Q_OBJECT
  public:
    explicit CurvePanel(Lab& lab, QWidget* parent = nullptr);

    /// `first` and `second`: the checkpoints' names. `isPart`: more points are to come.
    void show(std::vector<InterpolationPoint> points, const QString& first, const QString& second,
              bool isPart);

    PlotView* plot() const { return m_plot; }
    TablePanel* barriers() const { return m_barriers; }
    TablePanel* table() const { return m_table; }
    QLabel* summary() const { return m_summary; }
    QComboBox* measure() const { return m_measure; }
    QMenu* lines() const { return m_lines; }

  Q_SIGNALS:
    void recipeWanted(double t);  ///< the user wants the recipe of this point

  private:
    void offerLines();
    void showChart();
    void showSummary();
    bool isShown(const std::string& task) const { return !m_hidden.contains(QString::fromStdString(task)); }
    QString letterNote() const;

    std::vector<InterpolationPoint> m_points;
    std::vector<std::string> m_tasks;
    QSet<QString> m_hidden;  ///< tasks whose line is not drawn; the mean's name is empty
    QString m_first, m_second;
    bool m_isPart = false;

    QLabel* m_summary;
    QComboBox* m_measure;
    QToolButton* m_linesButton;
    QMenu* m_lines;
    PlotView* m_plot;
    TablePanel *m_barriers, *m_table;
};

}  // namespace retort
