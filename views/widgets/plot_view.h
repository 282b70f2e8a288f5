// A line chart: our types in, pixels out. Qt Charts stands behind this class and nowhere else.
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/store/rows.h"

namespace retort {

/// One line. The data stay with the caller's model; the view asks for what its pixels need.
struct PlotSeries {
    QString name;
    QColor color;
    /// Exact or downsampled points over the visible range: at most two a pixel column.
    std::vector<QPointF> points;
    std::vector<QPointF> raw;    ///< drawn thin behind when smoothing is on
    std::vector<double> marks;   ///< x of checkpoints
    std::vector<double> breaks;  ///< x of NaN or infinite values
};

class PlotView : public QWidget {
    Q_OBJECT
  public:
    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    void setTitle(const QString& title);
    void setAxisTitles(const QString& x, const QString& y);
    void setLogY(bool on);
    void setSeries(std::vector<PlotSeries> series);  ///< replaces all; at most 30 times a second from live data

    /// The x range that the user chose by zooming or panning; none: follow the data. Live updates don't change it.
    std::optional<std::pair<double, double>> userRange() const;
    void setXRange(double low, double high);
    void resetZoom();
    int pixelColumns() const;

    /// Draws a crosshair at x (from another chart of the group); none: hides it.
    void setCrosshair(std::optional<double> x);

    void exportImage(const QString& file);  ///< .png or .svg; throws Error

  Q_SIGNALS:
    void rangeChanged();
    void crosshairMoved(std::optional<double> x);
    void pointActivated(double x);  ///< double click

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
