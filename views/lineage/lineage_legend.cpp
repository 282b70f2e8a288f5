#include "views/lineage/lineage_legend.h"

#include <QPainter>
#include <algorithm>

#include "views/lineage/lineage_texts.h"

namespace retort {

namespace {

constexpr int lineWidth = 34, gap = 6, between = 18;

int entryWidth(const QFontMetrics& metrics, LineageKind kind) {
    return lineWidth + gap + metrics.horizontalAdvance(lineageKindText(kind)) + between;
}

}  // namespace

LineageLegend::LineageLegend(QWidget* parent) : QWidget(parent) {}

void LineageLegend::showKindsOf(const LineageGraph& graph) {
    m_kinds.clear();
    QStringList texts;
    for (const LineageKind kind : lineageKinds) {
        const auto has = [kind](const LineageEdge& edge) { return edge.kind == kind; };
        if (std::none_of(graph.edges().begin(), graph.edges().end(), has)) continue;
        m_kinds.push_back(kind);
        texts << lineageKindText(kind);
    }
    setAccessibleName(tr("Kinds of edges: %1").arg(texts.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

QSize LineageLegend::sizeHint() const {
    int width = 0;
    for (const LineageKind kind : m_kinds) width += entryWidth(fontMetrics(), kind);
    return {width, fontMetrics().height() + 6};
}

void LineageLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int x = 0;
    for (const LineageKind kind : m_kinds) {
        painter.setPen(lineagePen(kind, 2.2, true));
        const qreal y = height() / 2.0;
        painter.drawLine(QPointF(x, y), QPointF(x + lineWidth, y));
        painter.setPen(palette().color(QPalette::WindowText));
        const int width = entryWidth(fontMetrics(), kind);
        painter.drawText(QRect(x + lineWidth + gap, 0, width, height()), Qt::AlignLeft | Qt::AlignVCenter,
                         lineageKindText(kind));
        x += width;
    }
}

}  // namespace retort
