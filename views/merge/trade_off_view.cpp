#include "views/merge/trade_off_view.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "views/merge/bench_point.h"
#include "views/models/format.h"
#include "views/widgets/axis_ticks.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr double kPointReach = 10;  ///< pixels from a point that still mean it
constexpr double kLineReach = 12;

bool isShown(const TradeOffPoint& point) {
    return std::isfinite(point.at.x()) && std::isfinite(point.at.y());
}

void widen(double& low, double& high) {
    const double margin = high > low ? 0.08 * (high - low) : std::max(0.02, 0.05 * std::abs(low));
    low -= margin;
    high += margin;
}

}  // namespace

TradeOffView::TradeOffView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Trade-off of the measured points"));
}

void TradeOffView::setAxes(Axis x, Axis y) {
    m_xAxis = std::move(x);
    m_yAxis = std::move(y);
    arrange();
}

void TradeOffView::setPoints(std::vector<TradeOffPoint> points) {
    m_points = std::move(points);
    if (m_current >= static_cast<int>(m_points.size())) m_current = -1;
    arrange();
}

void TradeOffView::setCurrent(int index) {
    if (index < -1 || index >= static_cast<int>(m_points.size()) || index == m_current) return;
    m_current = index;
    if (!m_dragging) m_handle.reset();
    if (index >= 0) setAccessibleDescription(m_points[static_cast<std::size_t>(index)].label);
    update();
    Q_EMIT currentChanged(index);
}

void TradeOffView::arrange() {
    std::vector<QPointF> places;
    for (const TradeOffPoint& point : m_points) places.push_back(point.at);
    const std::vector<std::size_t> before = m_front;
    m_front = tradeOffFront(places, m_xAxis.isBetterHigh, m_yAxis.isBetterHigh);
    if (m_front != before && !m_dragging) m_handle.reset();
    if (m_handle && m_handle->segment >= m_front.size()) m_handle.reset();
    m_xLow = m_yLow = std::numeric_limits<double>::infinity();
    m_xHigh = m_yHigh = -std::numeric_limits<double>::infinity();
    for (const TradeOffPoint& point : m_points) {
        if (!isShown(point)) continue;
        m_xLow = std::min(m_xLow, point.at.x());
        m_xHigh = std::max(m_xHigh, point.at.x());
        m_yLow = std::min(m_yLow, point.at.y());
        m_yHigh = std::max(m_yHigh, point.at.y());
    }
    if (!std::isfinite(m_xLow)) m_xLow = m_yLow = 0, m_xHigh = m_yHigh = 1;
    widen(m_xLow, m_xHigh);
    widen(m_yLow, m_yHigh);
    setAccessibleDescription(accessibleSummary());
    update();
}

QString TradeOffView::accessibleSummary() const {
    const auto shown = std::count_if(m_points.begin(), m_points.end(), isShown);
    return tr("%1 points, %2 of them on the front; %3 against %4")
        .arg(shown)
        .arg(m_front.size())
        .arg(m_yAxis.title, m_xAxis.title);
}

// --- where things are ---

QRectF TradeOffView::plotArea(const QSize& size) const {
    const QFontMetricsF metrics(font());
    const double left = metrics.horizontalAdvance(QStringLiteral("0.0000")) + metrics.height() + 14;
    return QRectF(QPointF(left, 10), QPointF(size.width() - 14, size.height() - 2 * metrics.height() - 16));
}

QPointF TradeOffView::pixelOf(const QPointF& at, const QRectF& plot) const {
    return {plot.left() + (at.x() - m_xLow) / (m_xHigh - m_xLow) * plot.width(),
            plot.bottom() - (at.y() - m_yLow) / (m_yHigh - m_yLow) * plot.height()};
}

QPointF TradeOffView::pixelOf(const QPointF& at) const {
    return pixelOf(at, plotArea(size()));
}

int TradeOffView::pointAt(const QPointF& pixel) const {
    int nearest = -1;
    double least = kPointReach;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        if (!isShown(m_points[i])) continue;
        const QPointF away = pixelOf(m_points[i].at) - pixel;
        const double distance = std::hypot(away.x(), away.y());
        if (distance > least) continue;
        least = distance;
        nearest = static_cast<int>(i);
    }
    return nearest;
}

QPointF TradeOffView::frontPixel(const OnFront& at) const {
    const QPointF a = pixelOf(m_points[m_front[at.segment]].at);
    if (at.segment + 1 >= m_front.size()) return a;
    return a + (pixelOf(m_points[m_front[at.segment + 1]].at) - a) * at.t;
}

std::optional<TradeOffView::OnFront> TradeOffView::frontAt(const QPointF& pixel, double within) const {
    std::optional<OnFront> found;
    double least = within;
    for (std::size_t i = 0; i < m_front.size(); ++i) {
        OnFront at{i, 0};
        if (i + 1 < m_front.size()) {
            const QPointF a = pixelOf(m_points[m_front[i]].at);
            const QPointF along = pixelOf(m_points[m_front[i + 1]].at) - a;
            const double length = QPointF::dotProduct(along, along);
            if (length > 0) at.t = std::clamp(QPointF::dotProduct(pixel - a, along) / length, 0.0, 1.0);
        }
        const QPointF away = frontPixel(at) - pixel;
        const double distance = std::hypot(away.x(), away.y());
        if (distance > least) continue;
        least = distance;
        found = at;
    }
    return found;
}

void TradeOffView::moveTo(const OnFront& at) {
    m_handle = at;
    update();
    const auto a = static_cast<int>(m_front[at.segment]);
    const auto b = static_cast<int>(m_front[std::min(at.segment + 1, m_front.size() - 1)]);
    Q_EMIT frontMoved(a, b, a == b ? 0 : at.t);
}

void TradeOffView::moveAlong(double by) {
    if (m_front.empty()) return;
    double at = 0;  // segments and parts of one, from the front's left end
    if (m_handle) {
        at = static_cast<double>(m_handle->segment) + m_handle->t;
    } else {
        const auto current = std::find(m_front.begin(), m_front.end(), static_cast<std::size_t>(m_current));
        if (current != m_front.end()) at = static_cast<double>(current - m_front.begin());
    }
    const double last = static_cast<double>(m_front.size() - 1);
    at = std::clamp(std::round((at + by) * 100) / 100, 0.0, last);
    const double segment = std::min(std::floor(at), std::max(0.0, last - 1));
    moveTo({static_cast<std::size_t>(segment), at - segment});
}

void TradeOffView::step(int by) {
    std::vector<int> order;
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if (isShown(m_points[i])) order.push_back(static_cast<int>(i));
    if (order.empty()) return;
    std::stable_sort(order.begin(), order.end(), [this](int a, int b) {
        return m_points[static_cast<std::size_t>(a)].at.x() < m_points[static_cast<std::size_t>(b)].at.x();
    });
    const auto at = std::find(order.begin(), order.end(), m_current);
    if (at == order.end()) return setCurrent(by > 0 ? order.front() : order.back());
    const auto next =
        std::clamp<std::ptrdiff_t>(at - order.begin() + by, 0, static_cast<std::ptrdiff_t>(order.size()) - 1);
    setCurrent(order[static_cast<std::size_t>(next)]);
}

// --- painting ---

void TradeOffView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), tones().surface);
    painter.setRenderHint(QPainter::Antialiasing);
    paintOn(painter, size(), true);
    if (hasFocus()) {
        painter.setPen(QPen(tones().accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void TradeOffView::paintAxes(QPainter& painter, const QRectF& plot, const QSize& size) const {
    const QFontMetricsF metrics(font());
    painter.setFont(font());
    const auto label = [&](const QRectF& place, int flags, const QString& text, const QColor& color) {
        painter.setPen(color);
        painter.drawText(place, flags, text);
    };
    for (const Tick& tick : linearTicks(m_xLow, m_xHigh, std::max(2, static_cast<int>(plot.width() / 90)))) {
        const double x = pixelOf({tick.position, m_yLow}, plot).x();
        painter.setPen(QPen(tones().grid, 1));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        label(QRectF(x - 45, plot.bottom() + 3, 90, metrics.height()), Qt::AlignHCenter, tick.label,
              tones().muted);
    }
    for (const Tick& tick : linearTicks(m_yLow, m_yHigh, std::max(2, static_cast<int>(plot.height() / 45)))) {
        const double y = pixelOf({m_xLow, tick.position}, plot).y();
        painter.setPen(QPen(tones().grid, 1));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        label(QRectF(metrics.height() + 4, y - metrics.height() / 2, plot.left() - metrics.height() - 10,
                     metrics.height()),
              Qt::AlignRight, tick.label, tones().muted);
    }
    const auto titled = [](const Axis& axis) {
        return axis.title + (axis.isBetterHigh ? QStringLiteral(" →") : QStringLiteral(" (less is better)"));
    };
    const QColor ink = palette().color(QPalette::WindowText);
    label(QRectF(plot.left(), size.height() - metrics.height() - 4, plot.width(), metrics.height()),
          Qt::AlignRight, titled(m_xAxis), ink);
    painter.save();
    painter.translate(4, plot.top());
    painter.rotate(-90);
    label(QRectF(-plot.height(), 0, plot.height(), metrics.height()), Qt::AlignRight, titled(m_yAxis), ink);
    painter.restore();
}

void TradeOffView::paintOn(QPainter& painter, const QSize& size, bool interactive) const {
    const QRectF plot = plotArea(size);
    paintAxes(painter, plot, size);
    QPolygonF line;
    for (const std::size_t i : m_front) line << pixelOf(m_points[i].at, plot);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tones().accent, 2));
    painter.drawPolyline(line);
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        if (!isShown(m_points[i])) continue;
        const QPointF at = pixelOf(m_points[i].at, plot);
        const bool onFront = std::find(m_front.begin(), m_front.end(), i) != m_front.end();
        // Filled on the front, hollow behind it; a sweep's points are squares: shapes, not colours alone.
        const double r = static_cast<int>(i) == m_hover && interactive ? 6.5 : 5;
        painter.setPen(QPen(onFront ? tones().accent : tones().muted, 1.5));
        painter.setBrush(onFront ? tones().accent : tones().surface);
        if (m_points[i].isSweep)
            painter.drawRect(QRectF(at.x() - r + 1, at.y() - r + 1, 2 * r - 2, 2 * r - 2));
        else
            painter.drawEllipse(at, r, r);
        if (static_cast<int>(i) != m_current || !interactive) continue;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
        painter.drawEllipse(at, r + 4, r + 4);
    }
    if (!m_handle || !interactive) return;
    painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
    painter.setBrush(seriesColor(1));
    painter.drawEllipse(frontPixel(*m_handle), 7, 7);
}

// --- pointer and keys ---

void TradeOffView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    if (const int point = pointAt(event->position()); point >= 0) {
        setCurrent(point);
        m_dragging =
            std::find(m_front.begin(), m_front.end(), static_cast<std::size_t>(point)) != m_front.end();
        Q_EMIT chosen(point);
    } else if (const auto at = frontAt(event->position(), kLineReach)) {
        m_dragging = true;
        moveTo(*at);
    }
}

void TradeOffView::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragging) {
        // Wherever the pointer is: the nearest place on the front goes along.
        if (const auto at = frontAt(event->position(), std::numeric_limits<double>::infinity())) moveTo(*at);
        return;
    }
    const int over = pointAt(event->position());
    setCursor(over >= 0                                ? Qt::PointingHandCursor
              : frontAt(event->position(), kLineReach) ? Qt::OpenHandCursor
                                                       : Qt::ArrowCursor);
    if (over == m_hover) return;
    m_hover = over;
    update();
}

void TradeOffView::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
}

void TradeOffView::leaveEvent(QEvent*) {
    m_hover = -1;
    update();
}

void TradeOffView::keyPressEvent(QKeyEvent* event) {
    const bool along = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
        case Qt::Key_Left:
            return along ? moveAlong(-0.1) : step(-1);
        case Qt::Key_Right:
            return along ? moveAlong(0.1) : step(1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            if (m_current >= 0) Q_EMIT chosen(m_current);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool TradeOffView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int point = pointAt(help->pos());
        QToolTip::showText(help->globalPos(),
                           point < 0 ? QString() : m_points[static_cast<std::size_t>(point)].label, this);
        return true;
    }
    return QWidget::event(event);
}

// --- out ---

void TradeOffView::copyPicture() {
    QImage image(size() * 2, QImage::Format_ARGB32);
    image.setDevicePixelRatio(2);
    image.fill(tones().surface);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    paintOn(painter, size(), false);
    painter.end();
    QGuiApplication::clipboard()->setImage(image);
}

void TradeOffView::write(const QString& file) {
    QSaveFile out(file);
    bool ok = out.open(QIODevice::WriteOnly);
    if (ok && QFileInfo(file).suffix().toLower() == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&out);
        svg.setSize(size());
        svg.setViewBox(QRect(QPoint(), size()));
        QPainter painter(&svg);
        painter.fillRect(rect(), tones().surface);
        paintOn(painter, size(), false);
    } else if (ok) {
        QImage image(size() * 2, QImage::Format_ARGB32);
        image.setDevicePixelRatio(2);
        image.fill(tones().surface);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        paintOn(painter, size(), false);
        painter.end();
        ok = image.save(&out, "PNG");
    }
    if (!ok || !out.commit())
        throw Error("could not write: " + out.errorString().toStdString(), file.toStdString());
}

void TradeOffView::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy the picture"), this, [this] { copyPicture(); });
    menu->addAction(tr("Save as PNG or SVG…"), this, [this] { saveAs(); });
    menu->popup(event->globalPos());
}

void TradeOffView::saveAs() {
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the chart"), QStringLiteral("trade-off.png"), tr("PNG (*.png);;SVG (*.svg)"));
    if (file.isEmpty()) return;
    try {
        write(file);
    } catch (const Error& error) {
        QToolTip::showText(mapToGlobal(QPoint(8, 8)), toQString(error.what()), this);
    }
}

}  // namespace retort
