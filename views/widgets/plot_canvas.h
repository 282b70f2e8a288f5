// What a PlotView draws: scales, grid, lines, marks and labels, on any painter. Knows Qt Charts; knows no widget.
#pragma once

#include <QChart>
#include <QGraphicsScene>
#include <QLineSeries>
#include <QPainter>
#include <QPalette>
#include <QValueAxis>
#include <optional>
#include <utility>
#include <vector>

#include "views/widgets/plot_view.h"

namespace retort {

class PlotCanvas {
  public:
    using Range = std::pair<double, double>;

    PlotCanvas();
    ~PlotCanvas();

    QString title, xTitle, yTitle;
    bool titleShown = true;
    AxisFormat xFormat = AxisFormat::Number;
    bool logY = false;
    std::optional<Range> userX, yCovers;
    std::vector<PlotSeries> series;
    QFont font;
    QPalette palette;

    /// Ranges and places for a drawing of this size. To be called after anything above has changed.
    void arrange(const QSize& size);
    /// Draws all but the crosshair. With `exact` every unbroken piece becomes a line of its own, as vector formats
    /// need it; the screen leaves gaps at NaN, which is quicker.
    void paint(QPainter& painter, bool exact);
    void paintCrosshair(QPainter& painter, double x) const;

    const QRectF& plotArea() const { return m_plot; }
    const Range& xRange() const { return m_x; }
    double xAt(double pixel) const;
    double pixelOf(double x) const;
    double pixelOfValue(double value) const;
    /// The whole of the data's x range as last seen without a user range.
    const Range& extent() const { return m_extent; }
    QString description() const;

  private:
    void arrangeScales();
    void feedLines(bool exact);
    QLineSeries* line(std::size_t index);
    double plotted(double value) const;
    std::vector<std::vector<QPointF>> pieces(const std::vector<QPointF>& points, const std::vector<double>& breaks,
                                             bool exact) const;
    void paintGrid(QPainter& painter) const;
    void paintTitles(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintDots(QPainter& painter) const;
    void paintEndLabels(QPainter& painter) const;
    void paintNotes(QPainter& painter) const;

    QGraphicsScene m_scene;
    QChart* m_chart;
    QValueAxis *m_xAxis, *m_yAxis;
    std::vector<QLineSeries*> m_lines;
    QSize m_size;
    QRectF m_plot;
    Range m_x{0, 1}, m_y{0, 1}, m_extent{0, 1};
    double m_endLabel = 0;  ///< width kept for the names at the lines' ends
    std::size_t m_hidden = 0;  ///< values ≤ 0 left out of a logarithmic axis
    bool m_empty = true;
};

}  // namespace retort
