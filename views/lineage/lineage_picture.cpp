#include "views/lineage/lineage_picture.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <map>

#include "views/lineage/lineage_texts.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr double cardWidth = 216, cardHeight = 54;
constexpr qreal zoomForAll = 0.62;     // smaller: the name alone, and larger
constexpr qreal zoomForText = 0.24;    // smaller: not even that could be read
constexpr qreal zoomForDashes = 0.24;  // smaller: dashes cost much and say nothing
constexpr qreal smallestLetters = 10;  // pixels of the view
constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

struct Picture {
    Q_DECLARE_TR_FUNCTIONS(LineagePicture)
};

}  // namespace

void LineagePicture::set(std::shared_ptr<const LineageGraph> graph, const LineageFolds& folds) {
    std::map<std::string, double> before;
    std::map<std::pair<std::string, std::string>, std::vector<LayoutPoint>> bends;
    for (const std::size_t node : m_folded.shown) before[m_graph->nodes()[node].key] = rectOf(node).y();
    for (std::size_t i = 0; i < m_folded.edges.size(); ++i) {
        const auto& edge = m_folded.edges[i];
        bends[{m_graph->nodes()[edge.parent].key, m_graph->nodes()[edge.child].key}] = m_layout.bends[i];
    }
    m_graph = std::move(graph);
    m_folds = folds;
    m_folded = foldLineage(*m_graph, folds);
    m_place.assign(m_graph->nodes().size(), nowhere);
    std::vector<LayoutNode> boxes;
    for (const std::size_t node : m_folded.shown) {
        m_place[node] = boxes.size();
        const auto y = before.find(m_graph->nodes()[node].key);
        boxes.push_back({cardWidth, cardHeight, y == before.end() ? std::nullopt : std::optional(y->second)});
    }
    std::vector<std::pair<std::size_t, std::size_t>> edges;
    std::vector<std::vector<LayoutPoint>> previousBends;
    for (const auto& edge : m_folded.edges) {
        edges.emplace_back(m_place[edge.parent], m_place[edge.child]);
        previousBends.push_back(bends[{m_graph->nodes()[edge.parent].key, m_graph->nodes()[edge.child].key}]);
    }
    m_layout = layOut(boxes, edges, {}, previousBends);
    makePaths();
}

// By edge: where it ends at its child's left side. Several come in beside each other, in the order of where
// they come from.
std::vector<double> LineagePicture::arrivals() const {
    std::map<std::size_t, std::vector<std::pair<double, std::size_t>>> incoming;
    for (std::size_t i = 0; i < m_folded.edges.size(); ++i) {
        const auto& bends = m_layout.bends[i];
        const double y = bends.empty() ? rectOf(m_folded.edges[i].parent).center().y() : bends.back().y;
        incoming[m_folded.edges[i].child].emplace_back(y, i);
    }
    std::vector<double> ends(m_folded.edges.size(), 0);
    for (auto& [child, edges] : incoming) {
        std::sort(edges.begin(), edges.end());
        const auto gaps = static_cast<double>(edges.size() - 1);
        const double apart = gaps > 0 ? std::min(11.0, (cardHeight - 16) / gaps) : 0;
        for (std::size_t i = 0; i < edges.size(); ++i)
            ends[edges[i].second] = rectOf(child).center().y() + (static_cast<double>(i) - gaps / 2) * apart;
    }
    return ends;
}

void LineagePicture::makePaths() {
    m_paths.clear();
    m_bounds.clear();
    const std::vector<double> ends = arrivals();
    for (std::size_t i = 0; i < m_folded.edges.size(); ++i) {
        const auto& edge = m_folded.edges[i];
        const QRectF from = rectOf(edge.parent), to = rectOf(edge.child);
        QPainterPath path(QPointF(from.right(), from.center().y()));
        const auto curveTo = [&path](const QPointF& end) {
            const QPointF start = path.currentPosition();
            const double middle = (start.x() + end.x()) / 2;
            path.cubicTo(QPointF(middle, start.y()), QPointF(middle, end.y()), end);
        };
        const auto& bends = m_layout.bends[i];
        for (std::size_t k = 0; k + 1 < bends.size(); k += 2) {
            curveTo({bends[k].x, bends[k].y});
            path.lineTo(bends[k + 1].x, bends[k + 1].y);
        }
        curveTo(QPointF(to.left(), ends[i]));
        m_bounds.push_back(path.controlPointRect().adjusted(-4, -4, 4, 4));
        m_paths.push_back(std::move(path));
    }
}

QRectF LineagePicture::rectOf(std::size_t node) const {
    if (node >= m_place.size() || m_place[node] == nowhere) return {};
    const LayoutBox& box = m_layout.boxes[m_place[node]];
    return {box.x, box.y, box.width, box.height};
}

std::optional<std::size_t> LineagePicture::nodeAt(const QPointF& point) const {
    for (const std::size_t node : m_folded.shown)
        if (rectOf(node).contains(point)) return node;
    return std::nullopt;
}

std::vector<std::size_t> LineagePicture::neighbours(std::size_t node, bool parents) const {
    std::vector<std::size_t> found;
    for (const auto& edge : m_folded.edges) {
        if ((parents ? edge.child : edge.parent) != node) continue;
        const std::size_t other = parents ? edge.parent : edge.child;
        if (std::find(found.begin(), found.end(), other) == found.end()) found.push_back(other);
    }
    return found;
}

std::optional<std::size_t> LineagePicture::beside(std::size_t node, int by) const {
    const QRectF here = rectOf(node);
    std::optional<std::size_t> nearest;
    for (const std::size_t other : m_folded.shown) {
        const QRectF there = rectOf(other);
        const double away = (there.y() - here.y()) * by;
        if (std::abs(there.x() - here.x()) > cardWidth / 2 || away <= 0) continue;
        if (!nearest || away < (rectOf(*nearest).y() - here.y()) * by) nearest = other;
    }
    return nearest;
}

void LineagePicture::paint(QPainter& painter, const QRectF& area, qreal zoom, const Marks& marks) const {
    paintEdges(painter, area, zoom, marks);
    if (zoom >= 0.7) paintWeights(painter, area);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const std::size_t node : m_folded.shown)
        if (rectOf(node).adjusted(-6, -6, 6, 6).intersects(area)) paintCard(painter, node, zoom, marks);
}

void LineagePicture::paintEdges(QPainter& painter, const QRectF& area, qreal zoom, const Marks& marks) const {
    painter.setBrush(Qt::NoBrush);
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (std::size_t i = 0; i < m_paths.size(); ++i) {
        if (!m_bounds[i].intersects(area)) continue;
        const auto& edge = m_folded.edges[i];
        const LineageKind kind = m_graph->edges()[edge.edge].kind;
        const bool touched = marks.current && (edge.parent == *marks.current || edge.child == *marks.current);
        QPen pen = lineagePen(kind, (touched ? 3.0 : 1.6) / std::min<qreal>(1, std::max<qreal>(zoom, 0.3)),
                              zoom >= zoomForDashes);
        if (marks.current && !touched) {
            QColor faint = pen.color();
            faint.setAlphaF(0.45f);
            pen.setColor(faint);
        }
        painter.setPen(pen);
        painter.drawPath(m_paths[i]);
        if (zoom < zoomForText) continue;
        const QPointF tip(rectOf(edge.child).left(), m_paths[i].currentPosition().y());
        const QPointF arrow[] = {tip, tip + QPointF(-8, -4), tip + QPointF(-8, 4)};
        painter.setPen(Qt::NoPen);
        painter.setBrush(pen.color());
        painter.drawPolygon(arrow, 3);
        painter.setBrush(Qt::NoBrush);
    }
}

/// How much of a parent is in a merge, on the edge's end.
void LineagePicture::paintWeights(QPainter& painter, const QRectF& area) const {
    QFont small = painter.font();
    small.setBold(false);
    small.setPixelSize(10);
    painter.setFont(small);
    for (std::size_t i = 0; i < m_paths.size(); ++i) {
        const auto& weight = m_graph->edges()[m_folded.edges[i].edge].weight;
        if (!weight || !m_bounds[i].intersects(area)) continue;
        const QString text = QLocale().toString(*weight, 'g', 3);
        const QPointF tip = m_paths[i].currentPosition();
        const double width = painter.fontMetrics().horizontalAdvance(text) + 4;
        const QRectF place(tip.x() - 12 - width, tip.y() - 5.5, width, 11);
        painter.fillRect(place, QApplication::palette().color(QPalette::Window));
        painter.setPen(tones().muted);
        painter.drawText(place, Qt::AlignCenter, text);
    }
}

void LineagePicture::paintCard(QPainter& painter, std::size_t node, qreal zoom, const Marks& marks) const {
    const Tones& t = tones();
    const LineageNode& is = m_graph->nodes()[node];
    const QRectF card = rectOf(node);
    const bool isCurrent = marks.current == node, isOther = marks.other == node,
               isHit = marks.hits.contains(node);
    const bool isAway = is.kind == LineageNode::Kind::Missing || is.kind == LineageNode::Kind::Hub;
    QColor fill = isAway ? t.sunken : t.surface;
    if (isHit) fill = blend(fill, t.warning, 0.22);
    if (isCurrent || isOther) fill = blend(fill, t.accent, 0.16);
    QPen frame(isCurrent || isOther ? t.accent
               : isHit              ? t.warning
                                    : t.border,
               isCurrent || isOther || isHit ? 2.2 : 1.1);
    if (isAway && zoom >= zoomForDashes) frame.setStyle(Qt::DashLine);
    if (zoom < zoomForText) frame.setWidthF(frame.widthF() * 1.6);
    if (m_folded.hidden[node] > 0) {
        // A pile: something lies behind it.
        painter.setPen(QPen(t.border, 1.1));
        painter.setBrush(t.sunken);
        painter.drawRoundedRect(card.translated(4, 4), 7, 7);
    }
    painter.setPen(frame);
    painter.setBrush(fill);
    painter.drawRoundedRect(card, 7, 7);
    painter.setPen(Qt::NoPen);
    painter.setBrush(lineageColor(is));
    if (zoom < zoomForText) {
        painter.drawRoundedRect(card.adjusted(8, 10, -card.width() * 0.35, -card.height() * 0.55), 3, 3);
        return;
    }
    painter.drawRoundedRect(QRectF(card.left() + 4, card.top() + 8, 4, card.height() - 16), 2, 2);
    QFont font = painter.font();
    font.setBold(true);
    painter.setPen(QApplication::palette().color(QPalette::Text));
    if (zoom < zoomForAll) {
        font.setPixelSize(std::min(36, qRound(smallestLetters / zoom)));
        painter.setFont(font);
        const QRectF room = card.adjusted(13, 2, -5, -2);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF(font).elidedText(toQString(is.name), Qt::ElideMiddle, room.width()));
        return;
    }
    font.setPixelSize(13);
    painter.setFont(font);
    const QString metric = lineageMetric(is);
    const QFontMetricsF metrics(font);
    const qreal metricWidth = metric.isEmpty() ? 0 : metrics.horizontalAdvance(metric) + 10;
    const QRectF text = card.adjusted(15, 6, -10, -6);
    const QRectF upper(text.left(), text.top(), text.width(), text.height() / 2);
    painter.drawText(upper.adjusted(0, 0, -metricWidth, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(toQString(is.name), Qt::ElideMiddle, upper.width() - metricWidth));
    if (!metric.isEmpty()) {
        painter.setPen(t.accent);
        painter.drawText(upper, Qt::AlignRight | Qt::AlignVCenter, metric);
    }
    font.setPixelSize(11);
    font.setBold(false);
    painter.setFont(font);
    painter.setPen(t.muted);
    const QRectF lower(text.left(), upper.bottom(), text.width(), text.height() / 2);
    QString right;
    if (m_folded.hidden[node] > 0)
        right = Picture::tr("+%1 ▸").arg(m_folded.hidden[node]);
    else if (is.state == "running" || is.state == "failed" || is.state == "lost")
        right = stateGlyph(is.state) + QLatin1Char(' ') + stateText(is.state);
    const QFontMetricsF smaller(font);
    const qreal rightWidth = right.isEmpty() ? 0 : smaller.horizontalAdvance(right) + 8;
    painter.drawText(lower.adjusted(0, 0, -rightWidth, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     smaller.elidedText(lineageSubtitle(is), Qt::ElideRight, lower.width() - rightWidth));
    if (!right.isEmpty()) {
        painter.setPen(m_folded.hidden[node] > 0 ? t.accent : stateColor(is.state));
        painter.drawText(lower, Qt::AlignRight | Qt::AlignVCenter, right);
    }
}

}  // namespace retort
