#include "views/widgets/plot_picture.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QImage>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostEndLabels = 8;
constexpr std::size_t kMostDots = 48;  // more points than this are a line, not a scatter of results
constexpr double kEndLabelAtMost = 150;

QString text(const char* source) {
    return QCoreApplication::translate("retort::PlotView", source);
}

QColor faded(QColor color, double alpha) {
    color.setAlphaF(static_cast<float>(alpha));
    return color;
}

/// Marker by the series' place in the list: colour is never the only carrier.
void drawDot(QPainter& painter, std::size_t shape, const QPointF& at, double r) {
    switch (shape % 4) {
        case 0:
            painter.drawEllipse(at, r, r);
            break;
        case 1:
            painter.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r));
            break;
        case 2:
            painter.drawPolygon(
                QPolygonF{at + QPointF(0, -1.3 * r), at + QPointF(1.2 * r, r), at + QPointF(-1.2 * r, r)});
            break;
        default:
            painter.drawPolygon(QPolygonF{at + QPointF(0, -1.4 * r), at + QPointF(1.4 * r, 0),
                                          at + QPointF(0, 1.4 * r), at + QPointF(-1.4 * r, 0)});
    }
}

struct Extremes {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    void take(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool any() const { return low <= high; }
};

/// Nearest point in x; none in an empty list.
const QPointF* nearest(const std::vector<QPointF>& points, double x) {
    if (points.empty()) return nullptr;
    auto after = std::lower_bound(points.begin(), points.end(), x,
                                  [](const QPointF& point, double wanted) { return point.x() < wanted; });
    if (after == points.end()) return &points.back();
    if (after == points.begin()) return &*after;
    const auto before = std::prev(after);
    return x - before->x() <= after->x() - x ? &*before : &*after;
}

}  // namespace

double PlotPicture::plotted(double value) const {
    if (!std::isfinite(value)) return kNaN;
    if (!logY) return value;
    return value > 0 ? std::log10(value) : kNaN;
}

double PlotPicture::xAt(double pixel) const {
    return m_x.first + (pixel - m_plot.left()) / std::max(1.0, m_plot.width()) * (m_x.second - m_x.first);
}

double PlotPicture::pixelOf(double x) const {
    return m_plot.left() + (x - m_x.first) / (m_x.second - m_x.first) * m_plot.width();
}

double PlotPicture::pixelOfValue(double value) const {
    return m_plot.bottom() - (plotted(value) - m_y.first) / (m_y.second - m_y.first) * m_plot.height();
}

void PlotPicture::arrange(const QSize& size) {
    m_size = size;
    m_tones = tones();
    const QFontMetricsF metrics(font);
    const double line = metrics.height();
    const double top = (titleShown && !title.isEmpty() ? line + 8 : 0) + (yTitle.isEmpty() ? 6 : line + 4);
    const double left = metrics.horizontalAdvance(QStringLiteral("0.0000")) + 12;
    const double bottom = line + 8 + (xTitle.isEmpty() ? 0 : line);
    m_endLabel = 0;
    if (series.size() > 1 && series.size() <= kMostEndLabels && size.width() > 320)
        for (const PlotSeries& each : series)
            m_endLabel = std::max(m_endLabel, std::min({metrics.horizontalAdvance(each.name) + 2,
                                                        kEndLabelAtMost, 0.3 * size.width()}));
    const double right = m_endLabel > 0 ? m_endLabel + 10 : 14;
    m_plot = QRectF(left, top, std::max(20.0, size.width() - left - right),
                    std::max(20.0, size.height() - top - bottom));
    arrangeScales();
}

void PlotPicture::arrangeScales() {
    Extremes xs, ys;
    m_hidden = 0;
    for (const PlotSeries& each : series)
        for (const auto* points : {&each.points, &each.raw})
            if (!points->empty()) {
                xs.take(points->front().x());
                xs.take(points->back().x());
            }
    if (xs.any() && !userX) m_extent = {xs.low, xs.high > xs.low ? xs.high : xs.low + 1};
    m_x = userX.value_or(m_extent);
    for (const PlotSeries& each : series)
        for (const auto* points : {&each.points, &each.raw})
            for (const QPointF& point : *points) {
                if (point.x() < m_x.first || point.x() > m_x.second || !std::isfinite(point.y())) continue;
                const double y = plotted(point.y());
                if (std::isnan(y))
                    ++m_hidden;
                else
                    ys.take(y);
            }
    m_empty = !ys.any();
    if (m_empty) ys = {logY ? -2.0 : 0.0, logY ? 0.0 : 1.0};
    if (yCovers && !logY) {
        ys.take(yCovers->first);
        ys.take(yCovers->second);
    }
    double pad = 0.05 * (ys.high - ys.low);
    if (pad == 0) pad = ys.high == 0 || logY ? 0.5 : std::abs(ys.high) * 0.1;
    m_y = {ys.low - pad, ys.high + pad};
}

std::vector<std::vector<QPointF>> PlotPicture::pieces(const std::vector<QPointF>& points,
                                                      const std::vector<double>& breaks, bool exact) const {
    std::vector<std::vector<QPointF>> all(1);
    all.back().reserve(points.size() + breaks.size());
    auto nextBreak = breaks.begin();
    const auto gap = [&](double x) {
        if (exact) {
            if (!all.back().empty()) all.emplace_back();
        } else {
            all.back().emplace_back(x, kNaN);
        }
    };
    for (const QPointF& point : points) {
        bool broken = false;
        while (nextBreak != breaks.end() && *nextBreak <= point.x()) {
            broken = true;
            ++nextBreak;
        }
        if (broken) gap(point.x());
        const double y = plotted(point.y());
        if (std::isnan(y))
            gap(point.x());
        else
            all.back().emplace_back(point.x(), y);
    }
    return all;
}

void PlotPicture::paintBehind(QPainter& painter) const {
    painter.setFont(font);
    painter.setRenderHint(QPainter::Antialiasing);
    paintGrid(painter);
}

void PlotPicture::paintBefore(QPainter& painter) const {
    paintDots(painter);
    paintMarks(painter);
    paintSpans(painter);
    paintEndLabels(painter);
    paintTitles(painter);
    paintNotes(painter);
}

QPen PlotPicture::rawPen(const PlotSeries& of) const {
    return QPen(faded(of.color, m_tones.dark ? 0.38 : 0.3), 1);
}

QPen PlotPicture::linePen(const PlotSeries& of) const {
    return QPen(of.color, 1.8);
}

// Every unbroken piece is a line of its own, as vector formats need it.
void PlotPicture::paintLines(QPainter& painter) const {
    const auto draw = [&](const std::vector<QPointF>& points, const PlotSeries& from, const QPen& pen) {
        painter.setPen(pen);
        for (const auto& piece : pieces(points, from.breaks, true)) {
            QPolygonF line;
            for (const QPointF& point : piece)
                line << QPointF(
                    pixelOf(point.x()),
                    m_plot.bottom() - (point.y() - m_y.first) / (m_y.second - m_y.first) * m_plot.height());
            painter.drawPolyline(line);
        }
    };
    painter.save();
    painter.setClipRect(m_plot);
    painter.setBrush(Qt::NoBrush);
    for (const PlotSeries& each : series) draw(each.raw, each, rawPen(each));
    for (const PlotSeries& each : series) draw(each.points, each, linePen(each));
    painter.restore();
}

void PlotPicture::paintAll(QPainter& painter) const {
    painter.fillRect(QRectF(QPointF(), m_size), m_tones.surface);
    paintBehind(painter);
    paintLines(painter);
    paintBefore(painter);
}

void PlotPicture::paintGrid(QPainter& painter) const {
    const Tones& t = m_tones;
    const QFontMetricsF metrics(font);
    const auto columns = std::max(2, static_cast<int>(m_plot.width() / (metrics.averageCharWidth() * 8)));
    const auto rows = std::max(2, static_cast<int>(m_plot.height() / (metrics.height() * 1.7)));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const Tick& tick :
         logY ? logTicks(m_y.first, m_y.second, rows) : linearTicks(m_y.first, m_y.second, rows)) {
        const double y =
            m_plot.bottom() - (tick.position - m_y.first) / (m_y.second - m_y.first) * m_plot.height();
        painter.setPen(t.grid);
        painter.drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
        painter.setPen(t.muted);
        painter.drawText(QRectF(0, y - metrics.height() / 2, m_plot.left() - 6, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    for (const Tick& tick : linearTicks(m_x.first, m_x.second, columns, xFormat)) {
        const double x = pixelOf(tick.position);
        painter.setPen(t.grid);
        painter.drawLine(QPointF(x, m_plot.top()), QPointF(x, m_plot.bottom()));
        painter.setPen(t.muted);
        painter.drawText(QRectF(x - 60, m_plot.bottom() + 4, 120, metrics.height()), Qt::AlignCenter,
                         tick.label);
    }
    painter.setPen(t.border);
    painter.drawLine(m_plot.bottomLeft(), m_plot.bottomRight());
    painter.restore();
}

void PlotPicture::paintTitles(QPainter& painter) const {
    const QFontMetricsF metrics(font);
    double y = 2;
    if (titleShown && !title.isEmpty()) {
        QFont bold = font;
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(palette.color(QPalette::Text));
        painter.drawText(QRectF(8, y, m_size.width() - 16, metrics.height() + 4),
                         Qt::AlignLeft | Qt::AlignVCenter, title);
        painter.setFont(font);
        y += metrics.height() + 6;
    }
    painter.setPen(m_tones.muted);
    if (!yTitle.isEmpty())
        painter.drawText(QRectF(8, y, m_plot.right() - 8, metrics.height()), Qt::AlignLeft, yTitle);
    if (!xTitle.isEmpty())
        painter.drawText(
            QRectF(m_plot.left(), m_size.height() - metrics.height() - 2, m_plot.width(), metrics.height()),
            Qt::AlignRight, xTitle);
}

void PlotPicture::paintDots(QPainter& painter) const {
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (series[i].points.size() > kMostDots) continue;
        painter.setPen(QPen(m_tones.surface, 1));
        painter.setBrush(series[i].color);
        for (const QPointF& point : series[i].points) {
            const QPointF at(pixelOf(point.x()), pixelOfValue(point.y()));
            if (!std::isnan(at.y()) && m_plot.adjusted(-2, -2, 2, 2).contains(at))
                drawDot(painter, i, at, 3.2);
        }
    }
    painter.setBrush(Qt::NoBrush);
}

/// Checkpoints are triangles on the x axis, broken values crosses at the upper edge.
void PlotPicture::paintMarks(QPainter& painter) const {
    for (const PlotSeries& each : series) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(each.color);
        for (const double x : each.marks) {
            if (x < m_x.first || x > m_x.second) continue;
            const QPointF foot(pixelOf(x), m_plot.bottom());
            painter.drawPolygon(QPolygonF{foot, foot + QPointF(-4, -7), foot + QPointF(4, -7)});
        }
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_tones.bad, 1.8));
        for (const double x : each.breaks) {
            if (x < m_x.first || x > m_x.second) continue;
            const QPointF at(pixelOf(x), m_plot.top() + 6);
            painter.drawLine(at + QPointF(-4, -4), at + QPointF(4, 4));
            painter.drawLine(at + QPointF(-4, 4), at + QPointF(4, -4));
        }
    }
}

void PlotPicture::paintSpans(QPainter& painter) const {
    const QFontMetricsF metrics(font);
    for (const PlotSeries& each : series)
        for (const PlotSpan& span : each.spans) {
            const double x = pixelOf(span.x), low = pixelOfValue(span.low), high = pixelOfValue(span.high);
            if (span.x < m_x.first || span.x > m_x.second || std::isnan(low) || std::isnan(high)) continue;
            painter.setPen(QPen(palette.color(QPalette::Text), 1.5));
            painter.drawLine(QPointF(x, low), QPointF(x, high));
            for (const double end : {low, high}) painter.drawLine(QPointF(x - 5, end), QPointF(x + 5, end));
            // Beside the middle, on the side where there is room.
            QRectF box(0, 0, metrics.horizontalAdvance(span.text) + 10, metrics.height() + 2);
            const bool right = x + 10 + box.width() < m_plot.right();
            const double middle = std::clamp((low + high) / 2, m_plot.top() + box.height() / 2,
                                             m_plot.bottom() - box.height() / 2);
            box.moveTopLeft({right ? x + 8 : x - 8 - box.width(), middle - box.height() / 2});
            painter.setPen(Qt::NoPen);
            painter.setBrush(faded(m_tones.surface, 0.85));
            painter.drawRoundedRect(box, 3, 3);
            painter.setBrush(Qt::NoBrush);
            painter.setPen(palette.color(QPalette::Text));
            painter.drawText(box, Qt::AlignCenter, span.text);
        }
}

void PlotPicture::paintEndLabels(QPainter& painter) const {
    if (m_endLabel <= 0) return;
    const QFontMetricsF metrics(font);
    struct Label {
        double y;
        const PlotSeries* series;
    };
    std::vector<Label> labels;
    for (const PlotSeries& each : series) {
        const auto shown = [&](const QPointF& p) {
            return p.x() <= m_x.second && !std::isnan(plotted(p.y()));
        };
        const auto last = std::find_if(each.points.rbegin(), each.points.rend(), shown);
        if (last != each.points.rend())
            labels.push_back({std::clamp(pixelOfValue(last->y()), m_plot.top(), m_plot.bottom()), &each});
    }
    std::sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
    // Pushed down where they would overlap, then all up again if the last one left the plot.
    for (std::size_t i = 1; i < labels.size(); ++i)
        labels[i].y = std::max(labels[i].y, labels[i - 1].y + metrics.height());
    double limit = m_plot.bottom();
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        label->y = std::min(label->y, limit);
        limit = label->y - metrics.height();
    }
    for (const Label& label : labels) {
        painter.setPen(label.series->color);
        painter.drawText(
            QRectF(m_plot.right() + 6, label.y - metrics.height() / 2, m_endLabel, metrics.height()),
            Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(label.series->name, Qt::ElideMiddle, m_endLabel));
    }
}

void PlotPicture::paintNotes(QPainter& painter) const {
    painter.setPen(m_tones.muted);
    if (m_empty) {
        const QString note = m_hidden ? text(QT_TRANSLATE_NOOP("retort::PlotView", "No value above 0 here"))
                                      : text(QT_TRANSLATE_NOOP("retort::PlotView", "No values yet"));
        painter.drawText(m_plot, Qt::AlignCenter, note);
        return;
    }
    if (m_hidden == 0) return;
    const auto hidden = static_cast<int>(m_hidden);
    const QString note = QCoreApplication::translate("retort::PlotView",
                                                     "%n value(s) at or below 0 not shown", nullptr, hidden);
    painter.drawText(m_plot.adjusted(6, 2, -6, -4), Qt::AlignLeft | Qt::AlignTop, note);
}

void PlotPicture::paintCrosshair(QPainter& painter, double x) const {
    if (x < m_x.first || x > m_x.second || m_empty) return;
    const QFontMetricsF metrics(font);
    painter.setFont(font);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_tones.muted, 1));
    painter.drawLine(QPointF(pixelOf(x), m_plot.top()), QPointF(pixelOf(x), m_plot.bottom()));
    struct Line {
        QColor color;
        QString text;
    };
    std::vector<Line> lines;
    double at = x;
    for (const PlotSeries& each : series) {
        const QPointF* point = nearest(each.points, x);
        if (!point) continue;
        at = point->x();
        QString value = numberText(point->y());
        if (const QPointF* raw = nearest(each.raw, x))
            value += QStringLiteral(" (%1)").arg(numberText(raw->y()));
        lines.push_back({each.color, series.size() > 1 ? metrics.elidedText(each.name, Qt::ElideMiddle, 150) +
                                                             QStringLiteral("  ") + value
                                                       : value});
        painter.setPen(QPen(m_tones.surface, 1));
        painter.setBrush(each.color);
        const QPointF dot(pixelOf(point->x()), pixelOfValue(point->y()));
        if (!std::isnan(dot.y()) && m_plot.contains(dot)) painter.drawEllipse(dot, 3.5, 3.5);
    }
    if (lines.empty()) return;
    const QString head = xFormat == AxisFormat::Duration ? durationText(at) : numberText(at);
    double width = metrics.horizontalAdvance(head);
    for (const Line& line : lines) width = std::max(width, metrics.horizontalAdvance(line.text) + 14);
    QRectF box(0, 0, width + 16, metrics.height() * static_cast<double>(lines.size() + 1) + 8);
    const double px = pixelOf(x);
    box.moveTopLeft(
        {px + 10 + box.width() < m_plot.right() + 40 ? px + 10 : px - 10 - box.width(), m_plot.top() + 4});
    painter.setPen(m_tones.border);
    painter.setBrush(faded(m_tones.surface, 0.94));
    painter.drawRoundedRect(box, 4, 4);
    QRectF row(box.left() + 8, box.top() + 4, box.width() - 16, metrics.height());
    painter.setPen(m_tones.muted);
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, head);
    for (const Line& line : lines) {
        row.translate(0, metrics.height());
        painter.setPen(Qt::NoPen);
        painter.setBrush(line.color);
        painter.drawRect(QRectF(row.left(), row.center().y() - 1.5, 9, 3));
        painter.setPen(palette.color(QPalette::Text));
        painter.drawText(row.adjusted(14, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, line.text);
    }
}

QString PlotPicture::description() const {
    QStringList parts;
    for (const PlotSeries& each : series) {
        Extremes values;
        double last = kNaN;
        for (const QPointF& point : each.points) {
            if (!std::isfinite(point.y())) continue;
            values.take(point.y());
            last = point.y();
        }
        if (values.any())
            parts << text(QT_TRANSLATE_NOOP("retort::PlotView", "%1: last %2, between %3 and %4"))
                         .arg(each.name, numberText(last), numberText(values.low), numberText(values.high));
        for (const PlotSpan& span : each.spans) parts << span.text;
    }
    return parts.join(QStringLiteral("; "));
}

QImage drawPicture(const PlotPicture& plot, qreal scale) {
    QImage image((QSizeF(plot.size()) * scale).toSize(), QImage::Format_ARGB32);
    image.setDevicePixelRatio(scale);
    QPainter painter(&image);
    plot.paintAll(painter);
    return image;
}

void writePicture(const PlotPicture& plot, const QString& file) {
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly))
        throw Error(target.errorString().toStdString(), file.toStdString(),
                    "Choose a folder that you may write to.");
    if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator generator;
        generator.setOutputDevice(&target);
        generator.setSize(plot.size());
        generator.setViewBox(QRect(QPoint(), plot.size()));
        generator.setTitle(plot.title);
        QPainter painter(&generator);
        plot.paintAll(painter);
    } else if (!drawPicture(plot).save(&target, "PNG")) {
        throw Error("the picture could not be written", file.toStdString());
    }
    if (!target.commit()) throw Error(target.errorString().toStdString(), file.toStdString());
}

}  // namespace retort
