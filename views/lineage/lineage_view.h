// The graph to look at: pans by wheel, drag and scroll bars (what stays in view is moved, only the rest is
// painted), zooms about the pointer, selects by mouse and by keys that follow the edges.
#pragma once

#include <QAbstractScrollArea>

#include "views/lineage/lineage_picture.h"

namespace retort {

class LineageView : public QAbstractScrollArea {
    Q_OBJECT
  public:
    explicit LineageView(QWidget* parent = nullptr);

    const LineagePicture& picture() const { return m_picture; }
    /// Keeps selection, zoom and place.
    void setGraph(std::shared_ptr<const LineageGraph> graph, const LineageFolds& folds);

    qreal zoom() const { return m_zoom; }
    /// About the middle of the view.
    void setZoom(qreal zoom);
    void zoomBy(qreal factor);
    /// The whole graph; never larger than it is.
    void fit();
    /// Whether the user never zoomed: then a graph that grows is fitted again.
    bool isFitted() const { return m_fitted; }

    std::optional<std::size_t> current() const { return m_marks.current; }
    std::optional<std::size_t> other() const { return m_marks.other; }
    /// Brings it into view, too; one that is folded away stands for the node that holds it.
    void setCurrent(std::optional<std::size_t> node, bool intoView = true);
    /// The node that the current one is compared with.
    void setOther(std::optional<std::size_t> node);
    /// The current one stays marked while others are selected, each compared with it; again: no longer.
    void markForComparison();
    bool isMarked() const { return m_marked; }
    void setHits(const std::vector<std::size_t>& nodes);
    void ensureVisible(std::size_t node);
    /// Where a node is drawn in the viewport.
    QRectF viewRect(std::size_t node) const;

  Q_SIGNALS:
    void currentChanged();
    void otherChanged();
    void activated(std::size_t node);  ///< Enter, double click
    void foldToggled(std::size_t node);
    void menuRequested(std::size_t node, const QPoint& globalPos);
    void zoomChanged();

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
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    QPointF toPicture(const QPointF& viewportPoint) const;
    QPointF origin() const;
    void zoomAbout(const QPointF& viewportPoint, qreal zoom);
    void updateBars();
    void follow(int key);
    QString describe(std::size_t node) const;

    LineagePicture m_picture;
    LineagePicture::Marks m_marks;
    qreal m_zoom = 1;
    bool m_fitted = true;
    bool m_marked = false;
    QPoint m_dragFrom, m_scrollFrom;
    bool m_pressed = false, m_onNode = false, m_dragging = false;
};

}  // namespace retort
