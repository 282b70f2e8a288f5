// A plot's picture on the screen: the lines are Qt Charts', which keeps their geometry between two paintings.
#pragma once

#include <QChart>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QValueAxis>
#include <vector>

#include "views/widgets/plot_picture.h"

namespace retort {

class PlotCanvas : public PlotPicture {
  public:
    PlotCanvas();
    ~PlotCanvas();

    /// Draws all but the crosshair.
    void paint(QPainter& painter);

  private:
    void feedLines();
    QLineSeries* line(std::size_t index);

    QGraphicsScene m_scene;
    QChart* m_chart;
    QValueAxis *m_xAxis, *m_yAxis;
    std::vector<QLineSeries*> m_lines;
};

}  // namespace retort
