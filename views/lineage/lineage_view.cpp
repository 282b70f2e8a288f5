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

LineageView::LineageView(QWidget* parent) : ZoomArea(parent) {
    setAccessibleName(tr("Lineage of the checkpoints"));
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
    if (isFitted()) {
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

// --- place ---

QRectF LineageView::viewRect(std::size_t node) const {
    return toView(m_picture.rectOf(node));
}

QRectF LineageView::currentRect() const {
    return m_marks.current ? m_picture.rectOf(*m_marks.current) : QRectF();
}

void LineageView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.translate(origin());
    painter.scale(zoom(), zoom());
    const QRectF dirty(event->rect());
    m_marks.hasFocus = hasFocus();
    m_picture.paint(painter, QRectF(toPicture(dirty.topLeft()), dirty.size() / zoom()), zoom(), m_marks);
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
    m_onNode = node.has_value();
    beginDrag(*event);
}

void LineageView::mouseReleaseEvent(QMouseEvent* event) {
    const bool wasPressed = isPressed();
    // What was pressed may have moved away: the panel beside it can change the width.
    if (!endDrag() && wasPressed && !m_onNode && event->button() == Qt::LeftButton) {
        setOther(std::nullopt);
        setCurrent(std::nullopt);
    }
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
    return ZoomArea::viewportEvent(event);
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
            ZoomArea::keyPressEvent(event);
    }
}

void LineageView::focusInEvent(QFocusEvent* event) {
    ZoomArea::focusInEvent(event);
    viewport()->update();
}

void LineageView::focusOutEvent(QFocusEvent* event) {
    ZoomArea::focusOutEvent(event);
    viewport()->update();
}

}  // namespace retort
