// A tree to look at: pans by wheel, drag and scroll bars, zooms about the pointer, walks by keys along the
// edges. Only what is in view is painted; small zooms leave out what could not be read.
#pragma once

#include <QAbstractScrollArea>

#include "views/traces/trees/tree_cards.h"
#include "views/traces/trees/tree_layout.h"

namespace retort {

class TreeView : public QAbstractScrollArea {
    Q_OBJECT
  public:
    explicit TreeView(QWidget* parent = nullptr);

    /// Fits it, and makes the root (or the last node of the marked path) the current one.
    void setCards(std::vector<TreeCard> cards);
    const std::vector<TreeCard>& cards() const { return m_cards; }
    const TreeLayout& layoutOfTree() const { return m_layout; }

    int current() const { return m_current; }  ///< -1: none
    void setCurrent(int node);
    qreal zoom() const { return m_zoom; }
    void setZoom(qreal zoom);
    void zoomBy(qreal factor);
    void fit();
    bool isFitted() const { return m_fitted; }
    QRectF viewRect(int node) const;
    /// -1: none there.
    int nodeAt(const QPointF& viewportPoint) const;
    /// The nodes of a column that lie between two rows of the layout: what painting looks at.
    std::pair<std::size_t, std::size_t> nodesBetween(std::size_t column, double top, double bottom) const;

  Q_SIGNALS:
    void currentChanged(int node);
    void activated(int node);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    QSizeF pictureSize() const;
    QRectF rectOf(int node) const;
    QPointF origin() const;
    void zoomAbout(const QPointF& viewportPoint, qreal zoom);
    void updateBars();
    void ensureVisible(int node);
    int neighbour(int key) const;
    void paintEdges(QPainter& painter, const QRectF& area) const;
    void paintCard(QPainter& painter, int node) const;

    std::vector<TreeCard> m_cards;
    TreeLayout m_layout;
    int m_current = -1;
    qreal m_zoom = 1;
    bool m_fitted = true, m_pressed = false, m_dragging = false;
    QPoint m_dragFrom, m_scrollFrom;
};

}  // namespace retort
