// What a plot shows and where: scales, grid, lines, marks and labels, on any painter and in any thread. A
// value: a copy is a snapshot that can be drawn elsewhere. Knows no widget and no Qt Charts.
#pragma once

#include <QFont>
#include <QImage>
#include <QPainter>
#include <QPalette>
#include <optional>
#include <utility>
#include <vector>

#include "views/widgets/plot_view.h"
#include "views/widgets/theme.h"

namespace retort {

class PlotPicture {
  public:
    using Range = std::pair<double, double>;

    QString title, xTitle, yTitle;
    bool titleShown = true;
    AxisFormat xFormat = AxisFormat::Number;
    bool logY = false;
    std::optional<Range> userX, yCovers;
    std::vector<PlotSeries> series;
    QFont font;
    QPalette palette;

    /// Ranges and places for a drawing of this size, in the theme's colours of now. To be called, in the GUI
    /// thread, after anything above has changed.
    void arrange(const QSize& size);

    void paintAll(QPainter& painter) const;
    /// The same in parts, for whoever draws the lines between them by other means.
    void paintBehind(QPainter& painter) const;
    void paintBefore(QPainter& painter) const;
    void paintCrosshair(QPainter& painter, double x) const;

    const QSize& size() const { return m_size; }
    const QRectF& plotArea() const { return m_plot; }
    const Range& xRange() const { return m_x; }
    double xAt(double pixel) const;
    double pixelOf(double x) const;
    double pixelOfValue(double value) const;
    /// The whole of the data's x range as last seen without a user range.
    const Range& extent() const { return m_extent; }
    QString description() const;

  protected:
    /// The unbroken pieces of a line in plotted values. Without `exact` they stay one, with a NaN at each
    /// gap.
    std::vector<std::vector<QPointF>> pieces(const std::vector<QPointF>& points,
                                             const std::vector<double>& breaks, bool exact) const;
    QPen rawPen(const PlotSeries& of) const;
    QPen linePen(const PlotSeries& of) const;
    const Range& yRange() const { return m_y; }

  private:
    void arrangeScales();
    double plotted(double value) const;
    void paintLines(QPainter& painter) const;
    void paintGrid(QPainter& painter) const;
    void paintTitles(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintSpans(QPainter& painter) const;
    void paintDots(QPainter& painter) const;
    void paintEndLabels(QPainter& painter) const;
    void paintNotes(QPainter& painter) const;

    Tones m_tones;
    QSize m_size;
    QRectF m_plot;
    Range m_x{0, 1}, m_y{0, 1}, m_extent{0, 1};
    double m_endLabel = 0;     ///< width kept for the names at the lines' ends
    std::size_t m_hidden = 0;  ///< values ≤ 0 left out of a logarithmic axis
    bool m_empty = true;
};

QImage drawPicture(const PlotPicture& plot, qreal scale = 2);
/// .svg, else PNG; throws Error.
void writePicture(const PlotPicture& plot, const QString& file);

}  // namespace retort
