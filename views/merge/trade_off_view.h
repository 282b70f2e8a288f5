// Measured points by two measures, with the front of those that none beats drawn through them. Points can be
// chosen, and the front dragged along.
#pragma once

#include <QPointF>
#include <QString>
#include <QWidget>
#include <optional>
#include <vector>

namespace retort {

struct TradeOffPoint {
    QPointF at;     ///< not finite: not shown
    QString label;  ///< what the tool tip says
    bool isSweep = false;
};

/// Left and Right go from point to point by x, Return chooses; Ctrl+Left and Ctrl+Right move along the front.
class TradeOffView : public QWidget {
    Q_OBJECT
  public:
    explicit TradeOffView(QWidget* parent = nullptr);

    struct Axis {
        QString title;
        bool isBetterHigh = true;
    };
    void setAxes(Axis x, Axis y);
    void setPoints(std::vector<TradeOffPoint> points);
    void setCurrent(int index);  ///< -1: none
    int current() const { return m_current; }
    const std::vector<std::size_t>& front() const { return m_front; }
    /// Where a point is in the widget.
    QPointF pixelOf(const QPointF& at) const;
    QString accessibleSummary() const;

    void copyPicture();
    /// .svg, else PNG; throws Error.
    void write(const QString& file);

    QSize sizeHint() const override { return {420, 300}; }
    QSize minimumSizeHint() const override { return {220, 150}; }

  Q_SIGNALS:
    void currentChanged(int index);
    void chosen(int index);
    /// Between two neighbours of the front, `t` from 0 (at `a`) to 1; both the same where it has one point.
    void frontMoved(int a, int b, double t);

  protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mouseReleaseEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    bool event(QEvent*) override;
    void contextMenuEvent(QContextMenuEvent*) override;

  private:
    /// A place on the front: between its points `segment` and `segment` + 1.
    struct OnFront {
        std::size_t segment = 0;
        double t = 0;
    };
    void arrange();
    QRectF plotArea(const QSize& size) const;
    QPointF pixelOf(const QPointF& at, const QRectF& plot) const;
    int pointAt(const QPointF& pixel) const;
    std::optional<OnFront> frontAt(const QPointF& pixel, double within) const;
    QPointF frontPixel(const OnFront& at) const;
    void moveTo(const OnFront& at);
    void moveAlong(double by);
    void step(int by);
    void paintOn(QPainter& painter, const QSize& size, bool interactive) const;
    void paintAxes(QPainter& painter, const QRectF& plot, const QSize& size) const;
    void saveAs();

    std::vector<TradeOffPoint> m_points;
    std::vector<std::size_t> m_front;
    Axis m_xAxis, m_yAxis;
    double m_xLow = 0, m_xHigh = 1, m_yLow = 0, m_yHigh = 1;
    int m_current = -1, m_hover = -1;
    bool m_dragging = false;
    std::optional<OnFront> m_handle;
};

}  // namespace retort
