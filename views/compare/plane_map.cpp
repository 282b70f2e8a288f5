#include "views/compare/plane_map.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "views/compare/interpolation_points.h"
#include "views/models/format.h"
#include "views/widgets/axis_ticks.h"
#include "views/widgets/heat_map_view.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr double kScaleWidth = 14;
constexpr double kFlattest = 4;  // a plane that is longer than this times its height is stretched

}  // namespace

PlaneMap::PlaneMap(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    describe();
}

void PlaneMap::setContent(PlaneMapContent content) {
    if (content.grid.side != m_content.grid.side || content.isEmpty()) {
        m_current.reset();
        m_hovered.reset();
    }
    m_content = std::move(content);
    describe();
    update();
}

void PlaneMap::describe() {
    setAccessibleName(m_content.title.isEmpty() ? tr("Map of the plane")
                                                : tr("Map of the plane: %1").arg(m_content.title));
    const auto [low, high] = range();
    setAccessibleDescription(
        m_content.isEmpty() ? tr("Nothing is measured yet")
        : m_current
            ? pointText(*m_current)
            : tr("%1 between %2 and %3").arg(m_content.valueTitle, formatNumber(low), formatNumber(high)));
}

void PlaneMap::setCurrent(std::size_t index) {
    if (m_content.isEmpty() || index >= m_content.values.size() || m_current == index) return;
    m_current = index;
    describe();
    update();
    Q_EMIT currentChanged(index);
}

QString PlaneMap::pointText(std::size_t index) const {
    if (m_content.isEmpty() || index >= m_content.values.size()) return {};
    const std::size_t side = m_content.grid.side;
    const auto weights = m_content.plane.weights(m_content.grid.place(index % side, index / side));
    const QString sum =
        tr("%1·A + %2·B + %3·C").arg(shareText(weights[0]), shareText(weights[1]), shareText(weights[2]));
    const double value = m_content.values[index];
    if (!std::isfinite(value)) return tr("%1: not measured yet").arg(sum);
    if (index < m_content.measured.size() && !m_content.measured[index])
        return tr("%1: about %2, not measured itself yet").arg(sum, formatNumber(value));
    return tr("%1: %2 %3").arg(sum, m_content.valueTitle, formatNumber(value));
}

// --- where things are ---

PlaneMap::Places PlaneMap::places() const {
    const QFontMetricsF metrics(font());
    const double left = metrics.horizontalAdvance(QStringLiteral("−00.00")) + 12;
    const double top = metrics.height() + 12, bottom = 2 * metrics.height() + 14;
    const double right = kScaleWidth + metrics.horizontalAdvance(QStringLiteral("0.0000")) + 30;
    const double roomX = std::max(40.0, width() - left - right),
                 roomY = std::max(40.0, height() - top - bottom);
    const PlaneGrid& grid = m_content.grid;
    const double spanX = grid.right - grid.left, spanY = grid.top - grid.bottom;
    Places at;
    at.isTrue = spanX < kFlattest * spanY && spanY < kFlattest * spanX;
    double w = roomX, h = roomY;
    if (at.isTrue) {
        const double unit = std::min(roomX / spanX, roomY / spanY);
        w = unit * spanX;
        h = unit * spanY;
    }
    // Half a cell beyond the outermost points belongs to them.
    at.cellWidth = w / double(grid.side);
    at.cellHeight = h / double(grid.side);
    at.map = QRectF(left + (roomX - w) / 2, top, w, h);
    at.scale = QRectF(at.map.right() + 16, top, kScaleWidth, h);
    return at;
}

QPointF PlaneMap::Places::at(const PlaneGrid& grid, const CheckpointPlane::Place& place) const {
    const double x = (place.x - grid.left) / (grid.right - grid.left);
    const double y = (place.y - grid.bottom) / (grid.top - grid.bottom);
    return {map.left() + cellWidth / 2 + x * (map.width() - cellWidth),
            map.bottom() - cellHeight / 2 - y * (map.height() - cellHeight)};
}

QRectF PlaneMap::cellRect(const Places& at, std::size_t index) const {
    const std::size_t column = index % m_content.grid.side, row = index / m_content.grid.side;
    return {at.map.left() + double(column) * at.cellWidth, at.map.bottom() - double(row + 1) * at.cellHeight,
            at.cellWidth, at.cellHeight};
}

QRectF PlaneMap::cellRect(std::size_t index) const {
    return cellRect(places(), index);
}

std::optional<std::size_t> PlaneMap::cellAt(const QPointF& point) const {
    const Places at = places();
    if (m_content.isEmpty() || !at.map.contains(point)) return std::nullopt;
    const double most = double(m_content.grid.side - 1);
    const double column = std::clamp(std::floor((point.x() - at.map.left()) / at.cellWidth), 0.0, most);
    const double row = std::clamp(std::floor((at.map.bottom() - point.y()) / at.cellHeight), 0.0, most);
    return std::size_t(row) * m_content.grid.side + std::size_t(column);
}

std::pair<double, double> PlaneMap::range() const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double value : m_content.values)
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (!(low <= high)) return {0, 1};
    return {low, high > low ? high : low + std::max(1e-9, std::abs(low) * 1e-6)};
}

double PlaneMap::shareOf(double value, const std::pair<double, double>& range) const {
    if (m_content.isLog && range.first > 0)
        return std::log(value / range.first) / std::log(range.second / range.first);
    return (value - range.first) / (range.second - range.first);
}

// --- painting ---

void PlaneMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), tones().surface);
    paintOn(painter, true);
    if (!hasFocus()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tones().accent, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
}

void PlaneMap::paintOn(QPainter& painter, bool withCursor) const {
    painter.setFont(font());
    const QFontMetricsF metrics(font());
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRectF(8, 4, width() - 16, metrics.height() + 2), Qt::AlignLeft | Qt::AlignVCenter,
                     m_content.title);
    painter.setFont(font());
    if (m_content.isEmpty()) {
        painter.setPen(tones().muted);
        painter.drawText(QRectF(rect()), Qt::AlignCenter, tr("No values yet"));
        return;
    }
    const Places at = places();
    paintCells(painter, at);
    paintAxes(painter, at);
    paintScale(painter, at);
    painter.setRenderHint(QPainter::Antialiasing);
    paintCheckpoints(painter, at);
    const auto told = withCursor ? (m_hovered ? m_hovered : m_current) : std::nullopt;
    if (withCursor && m_current) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tones().surface, 4));
        painter.drawRect(cellRect(at, *m_current));
        painter.setPen(QPen(palette().color(QPalette::Text), 2));
        painter.drawRect(cellRect(at, *m_current));
    }
    painter.setPen(told ? palette().color(QPalette::Text) : tones().muted);
    const QString said = told        ? pointText(*told)
                         : at.isTrue ? tr("Distances and angles as between the weights (L2)")
                                     : tr("x and y in L2 of the weights, not to one scale");
    const QRectF line(8, height() - metrics.height() - 4, width() - 16, metrics.height());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(said, Qt::ElideRight, line.width()));
}

void PlaneMap::paintCells(QPainter& painter, const Places& at) const {
    const auto limits = range();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < m_content.values.size(); ++i) {
        const double value = m_content.values[i];
        // A hair larger than the cell: no seams at any scale.
        const QRectF cell = cellRect(at, i).adjusted(0, 0, 0.6, 0.6).intersected(at.map);
        if (std::isfinite(value))
            painter.fillRect(cell, heatColor(shareOf(value, limits), false));
        else
            painter.fillRect(cell, blend(tones().surface, tones().muted, 0.12));
    }
    painter.setPen(tones().border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(at.map);
    painter.restore();
}

void PlaneMap::paintAxes(QPainter& painter, const Places& at) const {
    const QFontMetricsF metrics(font());
    const PlaneGrid& grid = m_content.grid;
    painter.setPen(tones().muted);
    const int columns = std::max(2, int(at.map.width() / (metrics.averageCharWidth() * 9)));
    for (const Tick& tick : linearTicks(grid.left, grid.right, columns)) {
        const double x = at.at(grid, {tick.position, grid.bottom}).x();
        painter.drawLine(QPointF(x, at.map.bottom()), QPointF(x, at.map.bottom() + 4));
        painter.drawText(QRectF(x - 50, at.map.bottom() + 5, 100, metrics.height()), Qt::AlignCenter,
                         tick.label);
    }
    const int rows = std::max(2, int(at.map.height() / (metrics.height() * 2.2)));
    for (const Tick& tick : linearTicks(grid.bottom, grid.top, rows)) {
        const double y = at.at(grid, {grid.left, tick.position}).y();
        painter.drawLine(QPointF(at.map.left() - 4, y), QPointF(at.map.left(), y));
        painter.drawText(QRectF(at.map.left() - 70, y - metrics.height() / 2, 62, metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
}

void PlaneMap::paintCheckpoints(QPainter& painter, const Places& at) const {
    const QFontMetricsF metrics(font());
    QPolygonF triangle;
    for (const CheckpointPlane::Place& corner : m_content.plane.corners())
        triangle << at.at(m_content.grid, corner);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(QColor(255, 255, 255, 150), 1));
    painter.drawPolygon(triangle);
    for (int i = 0; i < triangle.size(); ++i) {
        const QPointF place = triangle[i];
        painter.setPen(QPen(Qt::white, 2));
        painter.setBrush(QColor(30, 30, 30));
        painter.drawEllipse(place, 5.5, 5.5);
        const QString letter(QChar(static_cast<char16_t>(u'A' + i)));
        const QString name =
            i < m_content.names.size() ? letter + QStringLiteral("  ") + m_content.names[i] : letter;
        const QString shown = metrics.elidedText(name, Qt::ElideMiddle, at.map.width() * 0.6);
        QRectF box(0, 0, metrics.horizontalAdvance(shown) + 10, metrics.height() + 2);
        // Over or under it, towards the edge of the map, and within it.
        const bool above = place.y() < triangle.boundingRect().center().y();
        box.moveCenter(place + QPointF(0, above ? -box.height() / 2 - 9 : box.height() / 2 + 9));
        if (box.top() < at.map.top()) box.moveTop(place.y() + 9);
        if (box.bottom() > at.map.bottom()) box.moveBottom(place.y() - 9);
        box.moveLeft(std::clamp(box.left(), at.map.left() + 2,
                                std::max(at.map.left() + 2, at.map.right() - box.width() - 2)));
        painter.setPen(Qt::NoPen);
        painter.setBrush(QColor(30, 30, 30, 205));
        painter.drawRoundedRect(box, 3, 3);
        painter.setPen(Qt::white);
        painter.drawText(box, Qt::AlignCenter, shown);
    }
}

void PlaneMap::paintScale(QPainter& painter, const Places& at) const {
    const QFontMetricsF metrics(font());
    const auto limits = range();
    const int steps = std::max(2, int(at.scale.height()));
    for (int i = 0; i < steps; ++i)
        painter.fillRect(QRectF(at.scale.left(), at.scale.bottom() - (i + 1) * at.scale.height() / steps,
                                at.scale.width(), at.scale.height() / steps + 0.6),
                         heatColor(i / double(steps - 1), false));
    painter.setPen(tones().border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(at.scale);
    painter.setPen(tones().muted);
    const bool isLog = m_content.isLog && limits.first > 0;
    const int count = std::max(2, int(at.scale.height() / (metrics.height() * 2)));
    std::vector<Tick> ticks;
    if (isLog && limits.second >= 10 * limits.first)
        ticks = logTicks(std::log10(limits.first), std::log10(limits.second), count);
    // Within less than a decade even steps say more.
    if (ticks.size() < 2) {
        ticks = linearTicks(limits.first, limits.second, count);
        if (isLog)
            for (Tick& tick : ticks) tick.position = std::log10(tick.position);
    }
    for (const Tick& tick : ticks) {
        const double share = shareOf(isLog ? std::pow(10, tick.position) : tick.position, limits);
        if (!(share >= -1e-9 && share <= 1 + 1e-9)) continue;
        const double y = at.scale.bottom() - share * at.scale.height();
        painter.drawLine(QPointF(at.scale.right(), y), QPointF(at.scale.right() + 3, y));
        painter.drawText(QRectF(at.scale.right() + 6, y - metrics.height() / 2, 90, metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter, tick.label);
    }
}

// --- pointer and keyboard ---

void PlaneMap::mouseMoveEvent(QMouseEvent* event) {
    const auto hovered = cellAt(event->position());
    if (hovered == m_hovered) return;
    m_hovered = hovered;
    update();
}

void PlaneMap::mousePressEvent(QMouseEvent* event) {
    if (const auto cell = cellAt(event->position()); cell && event->button() == Qt::LeftButton)
        setCurrent(*cell);
}

void PlaneMap::mouseDoubleClickEvent(QMouseEvent* event) {
    if (const auto cell = cellAt(event->position())) Q_EMIT activated(*cell);
}

void PlaneMap::leaveEvent(QEvent*) {
    m_hovered.reset();
    update();
}

void PlaneMap::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copyPicture();
    if (m_content.isEmpty()) return QWidget::keyPressEvent(event);
    const auto side = static_cast<int>(m_content.grid.side);
    const auto now =
        static_cast<int>(m_current.value_or(static_cast<std::size_t>(side) * m_content.grid.side / 2));
    int column = now % side, row = now / side;
    switch (event->key()) {
        case Qt::Key_Left:
            --column;
            break;
        case Qt::Key_Right:
            ++column;
            break;
        case Qt::Key_Up:
            ++row;
            break;
        case Qt::Key_Down:
            --row;
            break;
        case Qt::Key_Home:
            column = 0;
            break;
        case Qt::Key_End:
            column = side - 1;
            break;
        case Qt::Key_PageUp:
            row = side - 1;
            break;
        case Qt::Key_PageDown:
            row = 0;
            break;
        case Qt::Key_1:
        case Qt::Key_2:
        case Qt::Key_3:
            m_hovered.reset();
            return setCurrent(m_content.grid.nearest(
                m_content.plane.corners()[static_cast<std::size_t>(event->key() - Qt::Key_1)]));
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_current) Q_EMIT activated(*m_current);
            return;
        default:
            return QWidget::keyPressEvent(event);
    }
    m_hovered.reset();
    setCurrent(
        static_cast<std::size_t>(std::clamp(row, 0, side - 1) * side + std::clamp(column, 0, side - 1)));
}

// --- given away ---

QImage PlaneMap::image(qreal scale) {
    QImage image((QSizeF(size()) * scale).toSize(), QImage::Format_ARGB32);
    image.setDevicePixelRatio(scale);
    image.fill(tones().surface);
    QPainter painter(&image);
    paintOn(painter, false);
    return image;
}

void PlaneMap::copyPicture() {
    QGuiApplication::clipboard()->setImage(image());
}

void PlaneMap::write(const QString& file) {
    QSaveFile target(file);
    if (!target.open(QIODevice::WriteOnly))
        throw Error(target.errorString().toStdString(), file.toStdString(),
                    "Choose a folder that you may write to.");
    if (file.endsWith(QLatin1String(".svg"), Qt::CaseInsensitive)) {
        QSvgGenerator generator;
        generator.setOutputDevice(&target);
        generator.setSize(size());
        generator.setViewBox(rect());
        generator.setTitle(m_content.title);
        QPainter painter(&generator);
        painter.fillRect(rect(), tones().surface);
        paintOn(painter, false);
    } else if (!image().save(&target, "PNG")) {
        throw Error("the picture could not be written", file.toStdString());
    }
    if (!target.commit()) throw Error(target.errorString().toStdString(), file.toStdString());
}

}  // namespace retort
