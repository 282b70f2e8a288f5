// The graph to look at: selects by mouse and by keys that follow the edges.
#pragma once

#include "views/lineage/lineage_picture.h"
#include "views/widgets/zoom_area.h"

namespace retort {

class LineageView : public ZoomArea {
    Q_OBJECT
  public:
    explicit LineageView(QWidget* parent = nullptr);

    const LineagePicture& picture() const { return m_picture; }
    /// Keeps selection, zoom and place.
    void setGraph(std::shared_ptr<const LineageGraph> graph, const LineageFolds& folds);

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
    void ensureVisible(std::size_t node) { ZoomArea::ensureVisible(m_picture.rectOf(node)); }
    /// Where a node is drawn in the viewport.
    QRectF viewRect(std::size_t node) const;

  Q_SIGNALS:
    void currentChanged();
    void otherChanged();
    void activated(std::size_t node);  ///< Enter, double click
    void foldToggled(std::size_t node);
    void menuRequested(std::size_t node, const QPoint& globalPos);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    QSizeF pictureSize() const override { return m_picture.size(); }
    QRectF currentRect() const override;
    void follow(int key);
    QString describe(std::size_t node) const;

    LineagePicture m_picture;
    LineagePicture::Marks m_marks;
    bool m_marked = false, m_onNode = false;
};

}  // namespace retort
