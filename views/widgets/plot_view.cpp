#include "views/widgets/plot_view.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>

#include "views/widgets/plot_canvas.h"
#include "views/widgets/theme.h"

namespace retort {

struct PlotView::Impl {
    enum class Drag { None, Zoom, Pan };

    PlotCanvas canvas;
    QPixmap picture;  ///< all but crosshair and rubber band, so that moving the mouse redraws no line
    bool stale = true;
    std::optional<double> crosshair;
    Drag drag = Drag::None;
    QPointF pressed, now;
    PlotCanvas::Range rangeAtPress{0, 1};
    QToolButton* follow = nullptr;
};

PlotView::PlotView(QWidget* parent) : QWidget(parent), m_impl(std::make_unique<Impl>()) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Chart"));
    m_impl->follow = new QToolButton(this);
    m_impl->follow->setText(tr("Follow"));
    m_impl->follow->setToolTip(tr("Show everything again and follow new values (0)"));
    m_impl->follow->setAccessibleName(m_impl->follow->toolTip());
    m_impl->follow->setIcon(lineIcon(QStringLiteral("follow")));
    m_impl->follow->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_impl->follow->setCursor(Qt::ArrowCursor);
    m_impl->follow->hide();
    connect(m_impl->follow, &QToolButton::clicked, this, &PlotView::resetZoom);
}

PlotView::~PlotView() = default;

void PlotView::setTitle(const QString& title, bool shown) {
    m_impl->canvas.title = title;
    m_impl->canvas.titleShown = shown;
    setAccessibleName(title.isEmpty() ? tr("Chart") : tr("Chart: %1").arg(title));
    m_impl->stale = true;
    update();
}

void PlotView::setAxisTitles(const QString& x, const QString& y) {
    m_impl->canvas.xTitle = x;
    m_impl->canvas.yTitle = y;
    m_impl->stale = true;
    update();
}

void PlotView::setXFormat(AxisFormat format) {
    m_impl->canvas.xFormat = format;
    m_impl->stale = true;
    update();
}

void PlotView::setLogY(bool on) {
    m_impl->canvas.logY = on;
    m_impl->stale = true;
    update();
}

bool PlotView::isLogY() const {
    return m_impl->canvas.logY;
}

void PlotView::setYCovers(std::optional<std::pair<double, double>> range) {
    m_impl->canvas.yCovers = range;
    m_impl->stale = true;
    update();
}

void PlotView::setSeries(std::vector<PlotSeries> series) {
    m_impl->canvas.series = std::move(series);
    // The range must be right at once, even if nothing is painted before the next question.
    m_impl->canvas.font = font();
    m_impl->canvas.arrange(size());
    setAccessibleDescription(m_impl->canvas.description());
    m_impl->stale = true;
    update();
}

const std::vector<PlotSeries>& PlotView::series() const {
    return m_impl->canvas.series;
}
std::optional<std::pair<double, double>> PlotView::userRange() const {
    return m_impl->canvas.userX;
}
std::pair<double, double> PlotView::xRange() const {
    return m_impl->canvas.xRange();
}
std::optional<double> PlotView::crosshair() const {
    return m_impl->crosshair;
}

int PlotView::pixelColumns() const {
    return std::max(16, static_cast<int>(m_impl->canvas.plotArea().width() * devicePixelRatioF()));
}

void PlotView::setXRange(double low, double high) {
    if (std::isfinite(low) && std::isfinite(high) && low < high) setUserRange(std::pair(low, high));
}

void PlotView::resetZoom() {
    setUserRange(std::nullopt);
}

void PlotView::setUserRange(std::optional<std::pair<double, double>> range) {
    if (range == m_impl->canvas.userX) return;
    m_impl->canvas.userX = range;
    m_impl->canvas.arrange(size());
    m_impl->follow->setVisible(range.has_value());
    placeFollowButton();
    m_impl->stale = true;
    update();
    Q_EMIT rangeChanged();
}

void PlotView::setCrosshair(std::optional<double> x) {
    if (x == m_impl->crosshair) return;
    m_impl->crosshair = x;
    update();
}

void PlotView::zoom(double factor, double aroundX) {
    const auto [low, high] = xRange();
    const PlotCanvas::Range wanted{aroundX - (aroundX - low) * factor, aroundX + (high - aroundX) * factor};
    const auto [from, to] = m_impl->canvas.extent();
    // Out over everything there is means: follow again. In stops where doubles would.
    if (wanted.first <= from && wanted.second >= to && factor > 1)
        resetZoom();
    else if (wanted.second - wanted.first > 1e-9 * std::max(1.0, std::abs(aroundX)))
        setUserRange(wanted);
}

void PlotView::pan(double byX) {
    const auto [low, high] = xRange();
    setUserRange(std::pair(low + byX, high + byX));
}

void PlotView::placeFollowButton() {
    QToolButton* button = m_impl->follow;
    button->adjustSize();
    const QRectF plot = m_impl->canvas.plotArea();
    button->move(QPoint(static_cast<int>(plot.right()) - button->width() - 4,
                        static_cast<int>(plot.bottom()) - button->height() - 6));
}

void PlotView::paintEvent(QPaintEvent*) {
    Impl& d = *m_impl;
    const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
    if (d.stale || d.picture.size() != pixels) {
        d.picture = QPixmap(pixels);
        d.picture.setDevicePixelRatio(devicePixelRatioF());
        d.picture.fill(tones().surface);
        d.canvas.font = font();
        d.canvas.palette = palette();
        d.canvas.arrange(size());
        QPainter painter(&d.picture);
        d.canvas.paint(painter);
        d.stale = false;
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, d.picture);
    if (d.drag == Impl::Drag::Zoom && std::abs(d.now.x() - d.pressed.x()) > 3) {
        QColor fill = tones().accent;
        fill.setAlphaF(0.18f);
        const QRectF plot = d.canvas.plotArea();
        painter.fillRect(QRectF(std::min(d.now.x(), d.pressed.x()), plot.top(),
                                std::abs(d.now.x() - d.pressed.x()), plot.height()),
                         fill);
    } else if (d.crosshair) {
        d.canvas.paintCrosshair(painter, *d.crosshair);
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tones().accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void PlotView::resizeEvent(QResizeEvent*) {
    m_impl->canvas.arrange(size());
    m_impl->stale = true;
    placeFollowButton();
    Q_EMIT rangeChanged();
}

void PlotView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) m_impl->stale = true;
    QWidget::changeEvent(event);
}

void PlotView::wheelEvent(QWheelEvent* event) {
    // Without the focus the wheel scrolls the page: a chart under the pointer must not swallow it.
    if (!hasFocus() && !(event->modifiers() & Qt::ControlModifier)) {
        event->ignore();
        return;
    }
    zoom(std::pow(0.85, event->angleDelta().y() / 120.0), m_impl->canvas.xAt(event->position().x()));
    event->accept();
}

void PlotView::mousePressEvent(QMouseEvent* event) {
    Impl& d = *m_impl;
    if (event->button() == Qt::LeftButton && (event->modifiers() & Qt::ControlModifier)) {
        Q_EMIT pointActivated(d.canvas.xAt(event->position().x()));
        return;
    }
    const bool pans = event->button() == Qt::MiddleButton ||
                      (event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier));
    if (!pans && event->button() != Qt::LeftButton) return;
    d.drag = pans ? Impl::Drag::Pan : Impl::Drag::Zoom;
    d.pressed = d.now = event->position();
    d.rangeAtPress = xRange();
}

void PlotView::mouseMoveEvent(QMouseEvent* event) {
    Impl& d = *m_impl;
    d.now = event->position();
    if (d.drag == Impl::Drag::Pan) {
        const auto [low, high] = d.rangeAtPress;
        const double by =
            (d.pressed.x() - d.now.x()) / std::max(1.0, d.canvas.plotArea().width()) * (high - low);
        setUserRange(std::pair(low + by, high + by));
    }
    const double x = d.canvas.xAt(d.now.x());
    const bool inside = d.canvas.plotArea().left() <= d.now.x() && d.now.x() <= d.canvas.plotArea().right();
    setCrosshair(inside ? std::optional(x) : std::nullopt);
    Q_EMIT crosshairMoved(m_impl->crosshair);
    if (d.drag == Impl::Drag::Zoom) update();
}

void PlotView::mouseReleaseEvent(QMouseEvent* event) {
    Impl& d = *m_impl;
    const bool zoomed = d.drag == Impl::Drag::Zoom && std::abs(event->position().x() - d.pressed.x()) > 3;
    d.drag = Impl::Drag::None;
    if (zoomed) {
        const double a = d.canvas.xAt(d.pressed.x()), b = d.canvas.xAt(event->position().x());
        setXRange(std::min(a, b), std::max(a, b));
    }
    update();
}

void PlotView::mouseDoubleClickEvent(QMouseEvent*) {
    resetZoom();
}

void PlotView::leaveEvent(QEvent*) {
    setCrosshair(std::nullopt);
    Q_EMIT crosshairMoved(std::nullopt);
}

// Shift+arrows move the crosshair, and Enter is a click at it.
void PlotView::keyPressEvent(QKeyEvent* event) {
    const auto [low, high] = xRange();
    const auto moveCrosshair = [this, low = low, high = high](double byX) {
        const double from = m_impl->crosshair ? *m_impl->crosshair + byX : byX > 0 ? low : high;
        setCrosshair(std::clamp(from, low, high));
        Q_EMIT crosshairMoved(m_impl->crosshair);
    };
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_impl->crosshair) Q_EMIT pointActivated(*m_impl->crosshair);
            break;
        case Qt::Key_Left:
            if (event->modifiers() & Qt::ShiftModifier) return moveCrosshair(-0.01 * (high - low));
            pan(-0.1 * (high - low));
            break;
        case Qt::Key_Right:
            if (event->modifiers() & Qt::ShiftModifier) return moveCrosshair(0.01 * (high - low));
            pan(0.1 * (high - low));
            break;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoom(0.8, (low + high) / 2);
            break;
        case Qt::Key_Minus:
            zoom(1.25, (low + high) / 2);
            break;
        case Qt::Key_0:
        case Qt::Key_Home:
            resetZoom();
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

PlotPicture PlotView::picture() const {
    PlotPicture picture = m_impl->canvas;
    picture.titleShown = true;
    picture.font = font();
    picture.palette = palette();
    picture.arrange(size());
    return picture;
}

}  // namespace retort
