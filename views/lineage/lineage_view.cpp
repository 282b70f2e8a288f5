#include "views/lineage/lineage_view.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "views/lineage/lineage_texts.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr qreal smallestZoom = 0.01, largestZoom = 2.5;
constexpr int margin = 24;  // about the picture, in pixels of the view

}  // namespace

LineageView::LineageView(QWidget* parent) : QAbstractScrollArea(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Lineage of the checkpoints"));
    setFrameShape(QFrame::NoFrame);
    viewport()->setBackgroundRole(QPalette::Window);
    viewport()->setAutoFillBackground(true);
    viewport()->setMouseTracking(true);
}

void LineageView::setGraph(std::shared_ptr<const LineageGraph> graph, const LineageFolds& folds) {
    const auto keyOf = [this](std::optional<std::size_t> node) {
        return node ? m_picture.graph().nodes()[*node].key : std::string();
    };
    const std::string current = keyOf(m_marks.current), other = keyOf(m_marks.other);
    const QRectF before = m_marks.current ? viewRect(*m_marks.current) : QRectF();
    m_picture.set(std::move(graph), folds);
    const auto nodeOf = [this](const std::string& key) -> std::optional<std::size_t> {
        const auto node = key.empty() ? std::nullopt : m_picture.graph().find(key);
        return node ? std::optional(m_picture.folded().shownAs[*node]) : std::nullopt;
    };
    m_marks.current = nodeOf(current);
    m_marks.other = nodeOf(other);
    m_marks.hits.clear();
    if (m_fitted) {
        fit();
    } else {
        updateBars();
        // What the user looks at stays where it is on the screen.
        if (m_marks.current && before.isValid()) {
            const QRectF now = viewRect(*m_marks.current);
            horizontalScrollBar()->setValue(horizontalScrollBar()->value() + qRound(now.x() - before.x()));
            verticalScrollBar()->setValue(verticalScrollBar()->value() + qRound(now.y() - before.y()));
        }
    }
    viewport()->update();
    if (keyOf(m_marks.current) != current) Q_EMIT currentChanged();
    if (keyOf(m_marks.other) != other) Q_EMIT otherChanged();
}

// --- zoom and place ---

// The picture's (0, 0) in the viewport. A picture smaller than the view stands in its middle.
QPointF LineageView::origin() const {
    const auto along = [](int view, qreal picture, int scrolled) -> qreal {
        const qreal whole = picture + 2 * margin;
        return whole <= view ? std::floor((view - picture) / 2) : margin - scrolled;
    };
    const QSizeF size = m_picture.size() * m_zoom;
    return {along(viewport()->width(), size.width(), horizontalScrollBar()->value()),
            along(viewport()->height(), size.height(), verticalScrollBar()->value())};
}

QPointF LineageView::toPicture(const QPointF& viewportPoint) const {
    return (viewportPoint - origin()) / m_zoom;
}

QRectF LineageView::viewRect(std::size_t node) const {
    const QRectF card = m_picture.rectOf(node);
    return {origin() + card.topLeft() * m_zoom, card.size() * m_zoom};
}

void LineageView::updateBars() {
    const QSize whole = (m_picture.size() * m_zoom).toSize() + QSize(2 * margin, 2 * margin);
    const QSize view = viewport()->size();
    horizontalScrollBar()->setRange(0, std::max(0, whole.width() - view.width()));
    horizontalScrollBar()->setPageStep(view.width());
    horizontalScrollBar()->setSingleStep(40);
    verticalScrollBar()->setRange(0, std::max(0, whole.height() - view.height()));
    verticalScrollBar()->setPageStep(view.height());
    verticalScrollBar()->setSingleStep(40);
}

void LineageView::zoomAbout(const QPointF& viewportPoint, qreal zoom) {
    const QPointF point = toPicture(viewportPoint);
    m_zoom = std::clamp(zoom, smallestZoom, largestZoom);
    m_fitted = false;
    updateBars();
    horizontalScrollBar()->setValue(qRound(point.x() * m_zoom + margin - viewportPoint.x()));
    verticalScrollBar()->setValue(qRound(point.y() * m_zoom + margin - viewportPoint.y()));
    viewport()->update();
    Q_EMIT zoomChanged();
}

void LineageView::setZoom(qreal zoom) {
    zoomAbout(QRectF(viewport()->rect()).center(), zoom);
}

void LineageView::zoomBy(qreal factor) {
    // About the current node while it is in view, so that it does not slip away.
    QPointF about = QRectF(viewport()->rect()).center();
    if (m_marks.current && QRectF(viewport()->rect()).contains(viewRect(*m_marks.current).center()))
        about = viewRect(*m_marks.current).center();
    zoomAbout(about, m_zoom * factor);
}

void LineageView::fit() {
    const QSizeF size = m_picture.size();
    // Without scroll bars, which go when everything fits.
    const QSizeF room = QSizeF(maximumViewportSize()) - QSizeF(2 * margin, 2 * margin);
    m_zoom = size.isEmpty() || room.isEmpty()
                 ? 1
                 : std::clamp(std::min({room.width() / size.width(), room.height() / size.height(), 1.0}),
                              smallestZoom, largestZoom);
    m_fitted = true;
    updateBars();
    viewport()->update();
    Q_EMIT zoomChanged();
}

void LineageView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    if (m_fitted)
        fit();
    else
        updateBars();
}

void LineageView::scrollContentsBy(int dx, int dy) {
    viewport()->scroll(dx, dy);
}

void LineageView::wheelEvent(QWheelEvent* event) {
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAbout(event->position(), m_zoom * std::pow(1.0015, event->angleDelta().y()));
        event->accept();
    } else {
        QAbstractScrollArea::wheelEvent(event);
    }
}

void LineageView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.translate(origin());
    painter.scale(m_zoom, m_zoom);
    const QRectF dirty(event->rect());
    m_marks.hasFocus = hasFocus();
    m_picture.paint(painter, QRectF(toPicture(dirty.topLeft()), dirty.size() / m_zoom), m_zoom, m_marks);
}

// --- selection ---

void LineageView::setCurrent(std::optional<std::size_t> node, bool intoView) {
    if (node) node = m_picture.folded().shownAs[*node];
    if (m_marks.current == node) return;
    m_marks.current = node;
    if (node) {
        if (intoView) ensureVisible(*node);
        setAccessibleDescription(describe(*node));
    }
    viewport()->update();
    Q_EMIT currentChanged();
}

void LineageView::setOther(std::optional<std::size_t> node) {
    if (node) node = m_picture.folded().shownAs[*node];
    if (node == m_marks.current) node.reset();
    m_marked = false;
    if (m_marks.other == node) return;
    m_marks.other = node;
    viewport()->update();
    Q_EMIT otherChanged();
}

void LineageView::markForComparison() {
    m_marked = m_marks.current && m_marks.other != m_marks.current;
    m_marks.other = m_marked ? m_marks.current : std::nullopt;
    viewport()->update();
    Q_EMIT otherChanged();
}

void LineageView::setHits(const std::vector<std::size_t>& nodes) {
    m_marks.hits.clear();
    for (const std::size_t node : nodes) m_marks.hits.insert(m_picture.folded().shownAs[node]);
    viewport()->update();
}

void LineageView::ensureVisible(std::size_t node) {
    const QRectF card = viewRect(node).adjusted(-margin, -margin, margin, margin);
    const auto into = [](QScrollBar* bar, qreal low, qreal high, int view) {
        if (low < 0)
            bar->setValue(bar->value() + qRound(low));
        else if (high > view)
            bar->setValue(bar->value() + qRound(std::min(high - view, low)));
    };
    into(horizontalScrollBar(), card.left(), card.right(), viewport()->width());
    into(verticalScrollBar(), card.top(), card.bottom(), viewport()->height());
}

QString LineageView::describe(std::size_t node) const {
    const LineageNode& is = m_picture.graph().nodes()[node];
    QString text = toQString(is.name) + QStringLiteral(", ") + lineageSubtitle(is);
    if (const QString metric = lineageMetric(is); !metric.isEmpty()) text += tr(", accuracy %1").arg(metric);
    return text;
}

void LineageView::mousePressEvent(QMouseEvent* event) {
    const auto node = m_picture.nodeAt(toPicture(event->position()));
    if (event->button() == Qt::LeftButton && node) {
        if (event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier) && m_marks.current) {
            setOther(node);
        } else {
            if (!m_marked) setOther(std::nullopt);
            setCurrent(node, false);  // it is below the pointer: a drag begins where it is
        }
    }
    if (event->button() == Qt::RightButton) return;
    m_pressed = true;
    m_onNode = node.has_value();
    m_dragging = false;
    m_dragFrom = event->pos();
    m_scrollFrom = {horizontalScrollBar()->value(), verticalScrollBar()->value()};
}

void LineageView::mouseMoveEvent(QMouseEvent* event) {
    if (!m_pressed) return;
    const QPoint moved = event->pos() - m_dragFrom;
    if (!m_dragging && moved.manhattanLength() < QApplication::startDragDistance()) return;
    if (!m_dragging) viewport()->setCursor(Qt::ClosedHandCursor);
    m_dragging = true;
    horizontalScrollBar()->setValue(m_scrollFrom.x() - moved.x());
    verticalScrollBar()->setValue(m_scrollFrom.y() - moved.y());
}

void LineageView::mouseReleaseEvent(QMouseEvent* event) {
    // What was pressed may have moved away: the panel beside it can change the width.
    if (m_pressed && !m_dragging && !m_onNode && event->button() == Qt::LeftButton) {
        setOther(std::nullopt);
        setCurrent(std::nullopt);
    }
    m_pressed = m_dragging = false;
    viewport()->unsetCursor();
}

void LineageView::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto node = m_picture.nodeAt(toPicture(event->position()));
    if (!node) return;
    if (m_picture.folded().hidden[*node] > 0)
        Q_EMIT foldToggled(*node);
    else
        Q_EMIT activated(*node);
}

void LineageView::contextMenuEvent(QContextMenuEvent* event) {
    auto node = m_marks.current;
    QPoint at = event->globalPos();
    if (event->reason() == QContextMenuEvent::Mouse) {
        node = m_picture.nodeAt(toPicture(viewport()->mapFromGlobal(at)));
    } else if (node) {
        at = viewport()->mapToGlobal(viewRect(*node).center().toPoint());
    }
    if (!node) return;
    setCurrent(node);
    Q_EMIT menuRequested(*node, at);
}

bool LineageView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto node = m_picture.nodeAt(toPicture(help->pos()));
        if (node)
            QToolTip::showText(
                help->globalPos(),
                describe(*node) + QLatin1Char('\n') + toQString(m_picture.graph().nodes()[*node].path),
                viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

// --- keys ---

void LineageView::follow(int key) {
    if (!m_marks.current) {
        if (!m_picture.folded().shown.empty()) setCurrent(m_picture.folded().shown.front());
        return;
    }
    const std::size_t here = *m_marks.current;
    std::optional<std::size_t> next;
    if (key == Qt::Key_Up || key == Qt::Key_Down) {
        next = m_picture.beside(here, key == Qt::Key_Up ? -1 : 1);
    } else {
        // The nearest of the parents or children.
        const qreal y = m_picture.rectOf(here).y();
        for (const std::size_t each : m_picture.neighbours(here, key == Qt::Key_Left))
            if (!next || std::abs(m_picture.rectOf(each).y() - y) < std::abs(m_picture.rectOf(*next).y() - y))
                next = each;
    }
    if (next) setCurrent(next);
}

void LineageView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
            return follow(event->key());
        case Qt::Key_Home:
            if (!m_picture.folded().shown.empty()) setCurrent(m_picture.folded().shown.front());
            return;
        case Qt::Key_End:
            if (!m_picture.folded().shown.empty()) setCurrent(m_picture.folded().shown.back());
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_marks.current) Q_EMIT activated(*m_marks.current);
            return;
        case Qt::Key_Space:
            if (m_marks.current) Q_EMIT foldToggled(*m_marks.current);
            return;
        case Qt::Key_Escape:
            if (m_marks.other) return setOther(std::nullopt);
            return setCurrent(std::nullopt);
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

void LineageView::focusInEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LineageView::focusOutEvent(QFocusEvent* event) {
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

}  // namespace retort
