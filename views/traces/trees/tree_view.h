// A tree to look at: walks by keys along the edges. Only what is in view is painted; small zooms leave out
// what could not be read.
#pragma once

#include "views/traces/trees/tree_cards.h"
#include "views/traces/trees/tree_layout.h"
#include "views/widgets/zoom_area.h"

namespace retort {

class TreeView : public ZoomArea {
    Q_OBJECT
  public:
    explicit TreeView(QWidget* parent = nullptr);

    /// Fits it, and makes the root (or the last node of the marked path) the current one.
    void setCards(std::vector<TreeCard> cards);
    const std::vector<TreeCard>& cards() const { return m_cards; }
    const TreeLayout& layoutOfTree() const { return m_layout; }

    int current() const { return m_current; }  ///< -1: none
    void setCurrent(int node);
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
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    QSizeF pictureSize() const override;
    QRectF currentRect() const override;
    QRectF rectOf(int node) const;
    int neighbour(int key) const;
    void paintEdges(QPainter& painter, const QRectF& area) const;
    void paintCard(QPainter& painter, int node) const;

    std::vector<TreeCard> m_cards;
    TreeLayout m_layout;
    int m_current = -1;
};

}  // namespace retort
