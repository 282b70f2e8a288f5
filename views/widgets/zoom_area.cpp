#include "views/widgets/zoom_area.h"

#include <QApplication>
#include <QMouseEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

namespace retort {

namespace {

constexpr qreal smallestZoom = 0.004, largestZoom = 2.5;

}  // namespace

ZoomArea::ZoomArea(QWidget* parent) : QAbstractScrollArea(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setBackgroundRole(QPalette::Window);
    viewport()->setAutoFillBackground(true);
}

QPointF ZoomArea::origin() const {
    const auto along = [](int view, qreal picture, int scrolled) -> qreal {
        const qreal whole = picture + 2 * margin;
        return whole <= view ? std::floor((view - picture) / 2) : margin - scrolled;
    };
    const QSizeF size = pictureSize() * m_zoom;
    return {along(viewport()->width(), size.width(), horizontalScrollBar()->value()),
            along(viewport()->height(), size.height(), verticalScrollBar()->value())};
}

void ZoomArea::updateBars() {
    const QSize whole = (pictureSize() * m_zoom).toSize() + QSize(2 * margin, 2 * margin);
    const auto set = [](QScrollBar* bar, int all, int part) {
        bar->setRange(0, std::max(0, all - part));
        bar->setPageStep(part);
        bar->setSingleStep(40);
    };
    set(horizontalScrollBar(), whole.width(), viewport()->width());
    set(verticalScrollBar(), whole.height(), viewport()->height());
    viewport()->update();
}

void ZoomArea::zoomAbout(const QPointF& viewportPoint, qreal zoom) {
    const QPointF point = toPicture(viewportPoint);
    m_zoom = std::clamp(zoom, smallestZoom, largestZoom);
    m_fitted = false;
    updateBars();
    horizontalScrollBar()->setValue(qRound(point.x() * m_zoom + margin - viewportPoint.x()));
    verticalScrollBar()->setValue(qRound(point.y() * m_zoom + margin - viewportPoint.y()));
    Q_EMIT zoomChanged();
}

void ZoomArea::setZoom(qreal zoom) {
    zoomAbout(QRectF(viewport()->rect()).center(), zoom);
}

void ZoomArea::zoomBy(qreal factor) {
    QPointF about = QRectF(viewport()->rect()).center();
    if (const QRectF current = currentRect(); !current.isNull())
        if (const QPointF middle = toView(current).center(); QRectF(viewport()->rect()).contains(middle))
            about = middle;
    zoomAbout(about, m_zoom * factor);
}

void ZoomArea::fit() {
    const QSizeF size = pictureSize();
    // Without scroll bars, which go when everything fits.
    const QSizeF room = QSizeF(maximumViewportSize()) - QSizeF(2 * margin, 2 * margin);
    m_zoom = size.isEmpty() || room.isEmpty()
                 ? 1
                 : std::clamp(std::min({room.width() / size.width(), room.height() / size.height(), 1.0}),
                              smallestZoom, largestZoom);
    m_fitted = true;
    updateBars();
    Q_EMIT zoomChanged();
}

void ZoomArea::ensureVisible(const QRectF& picture) {
    const QRectF card = toView(picture).adjusted(-margin, -margin, margin, margin);
    const auto into = [](QScrollBar* bar, qreal low, qreal high, int view) {
        if (low < 0)
            bar->setValue(bar->value() + qRound(low));
        else if (high > view)
            bar->setValue(bar->value() + qRound(std::min(high - view, low)));
    };
    into(horizontalScrollBar(), card.left(), card.right(), viewport()->width());
    into(verticalScrollBar(), card.top(), card.bottom(), viewport()->height());
}

void ZoomArea::beginDrag(const QMouseEvent& event) {
    m_pressed = true;
    m_dragging = false;
    m_dragFrom = event.pos();
    m_scrollFrom = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
}

bool ZoomArea::endDrag() {
    const bool panned = m_dragging;
    m_pressed = m_dragging = false;
    viewport()->unsetCursor();
    return panned;
}

void ZoomArea::mouseMoveEvent(QMouseEvent* event) {
    if (!m_pressed) return;
    const QPoint moved = event->pos() - m_dragFrom;
    if (!m_dragging && moved.manhattanLength() < QApplication::startDragDistance()) return;
    if (!m_dragging) viewport()->setCursor(Qt::ClosedHandCursor);
    m_dragging = true;
    horizontalScrollBar()->setValue(m_scrollFrom.x() - moved.x());
    verticalScrollBar()->setValue(m_scrollFrom.y() - moved.y());
}

void ZoomArea::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    if (m_fitted)
        fit();
    else
        updateBars();
}

void ZoomArea::scrollContentsBy(int dx, int dy) {
    viewport()->scroll(dx, dy);
}

void ZoomArea::wheelEvent(QWheelEvent* event) {
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAbout(event->position(), m_zoom * std::pow(1.0015, event->angleDelta().y()));
        event->accept();
    } else {
        QAbstractScrollArea::wheelEvent(event);
    }
}

}  // namespace retort
