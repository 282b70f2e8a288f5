#include "views/traces/trees/tree_view.h"

#include <QApplication>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr qreal kCardWidth = 176, kCardHeight = 44, kColumn = 216, kRow = 52;
constexpr qreal kReadable = 0.42;

QColor shareColor(const TreeCard& card) {
    return blend(tones().bad, tones().good, std::clamp(card.share.value_or(0.5), 0.0, 1.0));
}

}  // namespace

TreeView::TreeView(QWidget* parent) : ZoomArea(parent) {
    setAccessibleName(tr("Tree of solutions"));
}

void TreeView::setCards(std::vector<TreeCard> cards) {
    m_cards = std::move(cards);
    std::vector<std::int32_t> parents;
    for (const TreeCard& card : m_cards) parents.push_back(card.parent);
    m_layout = layOutTree(parents);
    int end = m_cards.empty() ? -1 : 0;
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        if (m_cards[i].onPath && m_layout.column[i] >= m_layout.column[std::size_t(end)])
            end = static_cast<int>(i);
    m_current = -1;
    fit();
    // A tree too large to be read whole begins where its path ends.
    if (zoom() < kReadable && end >= 0) setZoom(0.8);
    setCurrent(end);
}

// --- place ---

QSizeF TreeView::pictureSize() const {
    if (m_cards.empty()) return {};
    return {kColumn * double(m_layout.columns.size()) - (kColumn - kCardWidth),
            kRow * m_layout.rows - (kRow - kCardHeight)};
}

QRectF TreeView::rectOf(int node) const {
    const auto at = static_cast<std::size_t>(node);
    return {m_layout.column[at] * kColumn, m_layout.row[at] * kRow, kCardWidth, kCardHeight};
}

QRectF TreeView::viewRect(int node) const {
    return toView(rectOf(node));
}

QRectF TreeView::currentRect() const {
    return m_current >= 0 ? rectOf(m_current) : QRectF();
}

int TreeView::nodeAt(const QPointF& viewportPoint) const {
    if (m_cards.empty()) return -1;
    const QPointF at = toPicture(viewportPoint);
    const int column = static_cast<int>(std::floor(at.x() / kColumn));
    if (column < 0 || column >= static_cast<int>(m_layout.columns.size())) return -1;
    const auto [from, to] = nodesBetween(static_cast<std::size_t>(column), at.y() / kRow - 1, at.y() / kRow);
    for (std::size_t i = from; i < to; ++i)
        if (rectOf(m_layout.columns[std::size_t(column)][i]).contains(at))
            return m_layout.columns[std::size_t(column)][i];
    return -1;
}

std::pair<std::size_t, std::size_t> TreeView::nodesBetween(std::size_t column, double top,
                                                           double bottom) const {
    const auto& nodes = m_layout.columns[column];
    const auto from = std::partition_point(
        nodes.begin(), nodes.end(), [&](std::int32_t node) { return m_layout.row[std::size_t(node)] < top; });
    const auto to = std::partition_point(
        from, nodes.end(), [&](std::int32_t node) { return m_layout.row[std::size_t(node)] <= bottom; });
    return {std::size_t(from - nodes.begin()), std::size_t(to - nodes.begin())};
}

// --- painting ---

void TreeView::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    if (m_cards.empty()) {
        painter.setPen(tones().muted);
        painter.drawText(viewport()->rect(), Qt::AlignCenter, tr("There is no tree to show."));
        return;
    }
    painter.translate(origin());
    painter.scale(zoom(), zoom());
    const QRectF area(toPicture(event->rect().topLeft()), QSizeF(event->rect().size()) / zoom());
    paintEdges(painter, area);
    const double top = area.top() / kRow - 1, bottom = area.bottom() / kRow;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(area.left() / kColumn)));
    for (std::size_t column = first;
         column < m_layout.columns.size() && double(column) * kColumn <= area.right(); ++column) {
        const auto [from, to] = nodesBetween(column, top, bottom);
        for (std::size_t i = from; i < to; ++i) paintCard(painter, m_layout.columns[column][i]);
    }
}

void TreeView::paintEdges(QPainter& painter, const QRectF& area) const {
    const double top = area.top() / kRow - 1, bottom = area.bottom() / kRow + 1;
    const QColor plain =
        blend(palette().color(QPalette::Window), palette().color(QPalette::WindowText), 0.35);
    QList<QLineF> lines, path;
    for (std::size_t column = 1; column < m_layout.columns.size(); ++column) {
        if (double(column) * kColumn < area.left() || double(column - 1) * kColumn > area.right()) continue;
        const auto& nodes = m_layout.columns[column];
        const auto rowOf = [&](std::int32_t node) { return m_layout.row[std::size_t(node)]; };
        const auto parentRow = [&](std::int32_t node) { return rowOf(m_cards[std::size_t(node)].parent); };
        // Both ends of a column's edges are in the same order, so those that cross the view lie together.
        const auto from = std::partition_point(nodes.begin(), nodes.end(), [&](std::int32_t node) {
            return std::max(rowOf(node), parentRow(node)) < top;
        });
        for (auto it = from; it != nodes.end() && std::min(rowOf(*it), parentRow(*it)) <= bottom; ++it) {
            const QRectF to = rectOf(*it), start = rectOf(m_cards[std::size_t(*it)].parent);
            auto& into = m_cards[std::size_t(*it)].onPath ? path : lines;
            const qreal middle = to.left() - (kColumn - kCardWidth) / 2;
            const QPointF a(start.right(), start.center().y()), b(to.left(), to.center().y());
            into << QLineF(a, {middle, a.y()}) << QLineF({middle, a.y()}, {middle, b.y()})
                 << QLineF({middle, b.y()}, b);
        }
    }
    painter.setPen(QPen(plain, 0));
    painter.drawLines(lines);
    painter.setPen(QPen(tones().accent, 2));
    painter.drawLines(path);
}

void TreeView::paintCard(QPainter& painter, int node) const {
    const TreeCard& card = m_cards[static_cast<std::size_t>(node)];
    const QRectF rect = rectOf(node);
    const QColor base = card.kept ? tones().surface : palette().color(QPalette::Window);
    const QColor ink = card.kept ? palette().color(QPalette::Text) : tones().muted;
    const bool current = node == m_current;
    painter.fillRect(rect, card.share ? blend(base, shareColor(card), card.kept ? 0.22 : 0.1) : base);
    const QColor frame = current || card.onPath ? tones().accent : tones().border;
    painter.setPen(QPen(frame, current ? 3 : card.onPath ? 2 : 1, card.kept ? Qt::SolidLine : Qt::DotLine));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect);
    if (zoom() < kReadable) {
        if (card.share)
            painter.fillRect(rect.adjusted(0, kCardHeight - 8, kCardWidth * (*card.share - 1), 0),
                             shareColor(card));
        return;
    }
    const QRectF inner = rect.adjusted(7, 3, -7, -3);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    painter.setFont(fixed);
    painter.setPen(ink);
    const qreal half = inner.height() / 2;
    const QRectF top(inner.topLeft(), QSizeF(inner.width(), half));
    QString text = card.text;
    if (card.correct) text.prepend(*card.correct ? QStringLiteral("✓ ") : QStringLiteral("✗ "));
    painter.drawText(top, Qt::AlignVCenter,
                     QFontMetricsF(fixed).elidedText(text, Qt::ElideRight, top.width()));
    painter.setFont(font());
    painter.setPen(card.kept ? blend(base, ink, 0.8) : ink);
    const QRectF below = top.translated(0, half);
    QString value = card.value;
    if (card.branched) value += QStringLiteral("  ⑂");
    if (!card.kept) value += QStringLiteral("  ") + tr("dropped");
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, value);
    if (!card.weight.isEmpty())
        painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, tr("w %1").arg(card.weight));
    if (!card.share || !card.interval || !card.weight.isEmpty()) return;
    // The rate with its interval, as a mark on a line.
    const QRectF track(below.right() - 76, below.center().y() - 2, 76, 4);
    painter.fillRect(track, blend(base, ink, 0.14));
    painter.fillRect(QRectF(track.left() + card.interval->low * track.width(), track.top(),
                            (card.interval->high - card.interval->low) * track.width(), track.height()),
                     blend(base, shareColor(card), 0.6));
    painter.fillRect(QRectF(track.left() + *card.share * track.width() - 1, track.top() - 3, 2.5, 10), ink);
}

// --- choosing ---

void TreeView::setCurrent(int node) {
    if (node == m_current || node >= static_cast<int>(m_cards.size())) return;
    m_current = node;
    if (node >= 0) {
        ensureVisible(rectOf(node));
        setAccessibleDescription(m_cards[static_cast<std::size_t>(node)].toolTip);
    }
    viewport()->update();
    Q_EMIT currentChanged(node);
}

void TreeView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::RightButton) return;
    const int node = nodeAt(event->position());
    if (event->button() == Qt::LeftButton && node >= 0) setCurrent(node);
    beginDrag(*event);
}

void TreeView::mouseReleaseEvent(QMouseEvent*) {
    endDrag();
}

void TreeView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const int node = nodeAt(event->position()); node >= 0) Q_EMIT activated(node);
}

int TreeView::neighbour(int key) const {
    if (m_current < 0) return m_cards.empty() ? -1 : 0;
    const auto at = static_cast<std::size_t>(m_current);
    if (key == Qt::Key_Left) return m_cards[at].parent;
    if (key == Qt::Key_Right) {
        // Along the marked path if it goes on, else the first child.
        const auto& children = m_layout.children[at];
        for (const std::int32_t child : children)
            if (m_cards[std::size_t(child)].onPath) return child;
        return children.empty() ? -1 : children.front();
    }
    const auto& column = m_layout.columns[std::size_t(m_layout.column[at])];
    auto place = std::find(column.begin(), column.end(), m_current);
    if (key == Qt::Key_Up) return place == column.begin() ? -1 : *(place - 1);
    return place + 1 == column.end() ? -1 : *(place + 1);
}

void TreeView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
        case Qt::Key_Up:
        case Qt::Key_Down:
            if (const int next = neighbour(event->key()); next >= 0) setCurrent(next);
            return;
        case Qt::Key_Home:
            return setCurrent(m_cards.empty() ? -1 : 0);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomBy(1.25);
        case Qt::Key_Minus:
            return zoomBy(0.8);
        case Qt::Key_0:
            return fit();
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_current >= 0) Q_EMIT activated(m_current);
            return;
        default:
            ZoomArea::keyPressEvent(event);
    }
}

/// What is a command of the page elsewhere (a rating, a tie) zooms here.
bool TreeView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const bool plain =
            !(static_cast<QKeyEvent*>(event)->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain &&
            (key == Qt::Key_0 || key == Qt::Key_Equal || key == Qt::Key_Plus || key == Qt::Key_Minus)) {
            event->accept();
            return true;
        }
    }
    return ZoomArea::event(event);
}

bool TreeView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int node = nodeAt(help->pos());
        if (node >= 0)
            QToolTip::showText(help->globalPos(), m_cards[static_cast<std::size_t>(node)].toolTip,
                               viewport());
        else
            QToolTip::hideText();
        return true;
    }
    return ZoomArea::viewportEvent(event);
}

}  // namespace retort
