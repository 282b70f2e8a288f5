// A line chart: our types in, pixels out. Qt Charts stands behind this class and nowhere else.
#pragma once

#include <QColor>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/store/rows.h"
#include "views/widgets/axis_ticks.h"

namespace retort {

class PlotPicture;

/// An upright distance to point out, with its size in words beside it.
struct PlotSpan {
    double x = 0, low = 0, high = 0;
    QString text;
};

/// One line. The data stay with the caller's model; the view asks for what its pixels need.
struct PlotSeries {
    QString name;
    QColor color;
    /// Exact or downsampled points over the visible range, x ascending: at most two a pixel column.
    std::vector<QPointF> points;
    std::vector<QPointF> raw;   ///< drawn thin behind when smoothing is on
    std::vector<double> marks;  ///< x of checkpoints
    std::vector<double>
        breaks;  ///< x of NaN or infinite values: the line is broken there, and a cross says so
    std::vector<PlotSpan> spans = {};
};

/// Wheel zooms at the pointer, dragging zooms to a range, middle or Shift+drag pans, a double click shows
/// everything again; arrows, +, − and 0 do the same from the keyboard. Once the user has zoomed, new data
/// never move the range.
class PlotView : public QWidget {
    Q_OBJECT
  public:
    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    /// Also the accessible name. Drawn above the plot unless `shown` is false (a card with its own heading);
    /// images always carry it.
    void setTitle(const QString& title, bool shown = true);
    void setAxisTitles(const QString& x, const QString& y);
    void setXFormat(AxisFormat format);
    /// Values ≤ 0 are not shown on a logarithmic axis, and the chart says how many.
    void setLogY(bool on);
    bool isLogY() const;
    /// The y axis covers at least this range (accuracies: 0 to 1).
    void setYCovers(std::optional<std::pair<double, double>> range);
    void setSeries(
        std::vector<PlotSeries> series);  ///< replaces all; at most 30 times a second from live data
    const std::vector<PlotSeries>& series() const;

    /// The x range that the user chose by zooming or panning; none: follow the data. Live updates don't
    /// change it.
    std::optional<std::pair<double, double>> userRange() const;
    void setXRange(double low, double high);
    void resetZoom();
    /// What the x axis shows now.
    std::pair<double, double> xRange() const;
    /// Physical pixels across the plot area.
    int pixelColumns() const;

    /// Draws a crosshair at x (from another chart of the group); none: hides it.
    void setCrosshair(std::optional<double> x);
    std::optional<double> crosshair() const;

    /// What it shows now, with its title: to be drawn or written (plot_picture.h) in any thread.
    PlotPicture picture() const;

    QSize sizeHint() const override { return {420, 240}; }
    QSize minimumSizeHint() const override { return {160, 100}; }

  Q_SIGNALS:
    void rangeChanged();  ///< the user's range or the number of pixel columns is another
    void crosshairMoved(std::optional<double> x);
    void pointActivated(double x);  ///< Ctrl+click

  protected:
    void paintEvent(QPaintEvent*) override;
    void resizeEvent(QResizeEvent*) override;
    void changeEvent(QEvent*) override;
    void wheelEvent(QWheelEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

  private:
    void zoom(double factor, double aroundX);
    void pan(double byX);
    void setUserRange(std::optional<std::pair<double, double>> range);
    void placeFollowButton();

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
