#include "views/widgets/plot_canvas.h"

#include <QGraphicsLayout>

namespace retort {

PlotCanvas::PlotCanvas() : m_chart(new QChart), m_xAxis(new QValueAxis), m_yAxis(new QValueAxis) {
    m_scene.addItem(m_chart);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->setBackgroundVisible(false);
    m_chart->legend()->hide();
    m_chart->setMargins(QMargins());
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    // Axes and grid are drawn here: Qt's own take their width from the labels, so that the plot jumps while
    // it grows.
    m_chart->addAxis(m_xAxis, Qt::AlignBottom);
    m_chart->addAxis(m_yAxis, Qt::AlignLeft);
    m_xAxis->setVisible(false);
    m_yAxis->setVisible(false);
}

PlotCanvas::~PlotCanvas() = default;

QLineSeries* PlotCanvas::line(std::size_t index) {
    while (m_lines.size() <= index) {
        auto* made = new QLineSeries;
        m_chart->addSeries(made);
        made->attachAxis(m_xAxis);
        made->attachAxis(m_yAxis);
        m_lines.push_back(made);
    }
    return m_lines[index];
}

// Raw lines come first, so that they lie behind. Each setRange and each replace recomputes a line's geometry;
// the lines hold at most two points a pixel column, so that this stays under a millisecond (style.md, c.1). A
// gap is a NaN, which is quicker than a series a piece.
void PlotCanvas::feedLines() {
    std::size_t used = 0;
    const auto add = [&](const std::vector<QPointF>& points, const PlotSeries& from, const QPen& pen) {
        for (const auto& piece : pieces(points, from.breaks, false)) {
            if (piece.empty()) continue;
            QLineSeries* target = line(used++);
            if (target->pen() != pen) target->setPen(pen);
            target->replace(QList<QPointF>(piece.begin(), piece.end()));
        }
    };
    m_chart->resize(size());
    m_chart->setPlotArea(plotArea());
    m_chart->layout()->activate();
    for (QLineSeries* each : m_lines) each->replace(QList<QPointF>());
    m_xAxis->setRange(xRange().first, xRange().second);
    m_yAxis->setRange(yRange().first, yRange().second);
    for (const PlotSeries& each : series)
        if (!each.raw.empty()) add(each.raw, each, rawPen(each));
    for (const PlotSeries& each : series) add(each.points, each, linePen(each));
}

void PlotCanvas::paint(QPainter& painter) {
    feedLines();
    paintBehind(painter);
    const QRectF all(QPointF(), size());
    m_scene.setSceneRect(all);
    painter.save();
    m_scene.render(&painter, all, all, Qt::IgnoreAspectRatio);
    painter.restore();
    paintBefore(painter);
}

}  // namespace retort
