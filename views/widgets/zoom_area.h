// A picture larger than its view: pans by wheel, drag and scroll bars (what stays in view is moved, only the
// rest is painted) and zooms about the pointer.
#pragma once

#include <QAbstractScrollArea>

namespace retort {

class ZoomArea : public QAbstractScrollArea {
    Q_OBJECT
  public:
    explicit ZoomArea(QWidget* parent = nullptr);

    qreal zoom() const { return m_zoom; }
    /// About the middle of the view.
    void setZoom(qreal zoom);
    /// About what is current while it is in view, so that it does not slip away.
    void zoomBy(qreal factor);
    /// The whole picture; never larger than it is.
    void fit();
    /// Whether the user never zoomed: then a picture or a view of another size is fitted again.
    bool isFitted() const { return m_fitted; }

  Q_SIGNALS:
    void zoomChanged();

  protected:
    static constexpr int margin = 24;  ///< about the picture, in pixels of the view

    /// At zoom 1, as are all rectangles of the picture; empty: there is none.
    virtual QSizeF pictureSize() const = 0;
    /// What the keyboard walks from, in the picture; null: nothing.
    virtual QRectF currentRect() const = 0;

    /// The picture's (0, 0) in the viewport. A picture smaller than the view stands in its middle.
    QPointF origin() const;
    QPointF toPicture(const QPointF& viewportPoint) const { return (viewportPoint - origin()) / m_zoom; }
    QRectF toView(const QRectF& picture) const {
        return {origin() + picture.topLeft() * m_zoom, picture.size() * m_zoom};
    }
    void zoomAbout(const QPointF& viewportPoint, qreal zoom);
    void updateBars();
    void ensureVisible(const QRectF& picture);

    /// From a press to the release, a move pans.
    void beginDrag(const QMouseEvent& event);
    /// Whether it panned.
    bool endDrag();
    bool isPressed() const { return m_pressed; }

    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

  private:
    qreal m_zoom = 1;
    bool m_fitted = true, m_pressed = false, m_dragging = false;
    QPoint m_dragFrom, m_scrollFrom;
};

}  // namespace retort
