// The plane through three checkpoints as a heat map in its true geometry: colours on a grid, the three
// marked, a scale, and what is at the place under the pointer or the keyboard's cursor.
#pragma once

#include <QImage>
#include <QStringList>
#include <QWidget>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "core/analysis/checkpoint_plane.h"

namespace retort {

struct PlaneMapContent {
    CheckpointPlane plane;
    PlaneGrid grid;
    QStringList names;           ///< of the three
    std::vector<double> values;  ///< of the grid's points; NaN: nothing there yet
    std::vector<bool> measured;  ///< whether the value is the point's own, or stands in for it
    QString title, valueTitle;
    bool isLog = false;  ///< colours by the values' logarithms, where all are above 0

    bool isEmpty() const { return values.size() != grid.side * grid.side; }
};

/// Arrows, Home, End, Page up and down move the cursor; 1, 2 and 3 take it to the checkpoints; Ctrl+C copies
/// the picture.
class PlaneMap : public QWidget {
    Q_OBJECT
  public:
    explicit PlaneMap(QWidget* parent = nullptr);

    void setContent(PlaneMapContent content);
    const PlaneMapContent& content() const { return m_content; }

    /// The grid's point that keyboard or pointer chose last.
    std::optional<std::size_t> current() const { return m_current; }
    void setCurrent(std::size_t index);
    /// Where a point of the grid is drawn.
    QRectF cellRect(std::size_t index) const;
    /// What is said of a point: its value and of what it is the sum.
    QString pointText(std::size_t index) const;

    QImage image(qreal scale = 2);
    void copyPicture();
    /// .svg, else PNG; throws Error.
    void write(const QString& file);

    QSize sizeHint() const override { return {460, 380}; }
    QSize minimumSizeHint() const override { return {260, 220}; }

  Q_SIGNALS:
    void currentChanged(std::size_t index);
    void activated(std::size_t index);  ///< Enter or a double click

  protected:
    void paintEvent(QPaintEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void mouseDoubleClickEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;

  private:
    struct Places {
        QRectF map, scale;
        double cellWidth = 0, cellHeight = 0;
        bool isTrue = true;  ///< x and y have one scale
        QPointF at(const PlaneGrid& grid, const CheckpointPlane::Place& place) const;
    };
    Places places() const;
    QRectF cellRect(const Places& at, std::size_t index) const;
    std::optional<std::size_t> cellAt(const QPointF& point) const;
    std::pair<double, double> range() const;
    double shareOf(double value, const std::pair<double, double>& range) const;
    void paintOn(QPainter& painter, bool withCursor) const;
    void paintCells(QPainter& painter, const Places& at) const;
    void paintAxes(QPainter& painter, const Places& at) const;
    void paintCheckpoints(QPainter& painter, const Places& at) const;
    void paintScale(QPainter& painter, const Places& at) const;
    void describe();

    PlaneMapContent m_content;
    std::optional<std::size_t> m_current, m_hovered;
};

}  // namespace retort
