#include "views/widgets/heat_map_view.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QToolTip>
#include <algorithm>
#include <array>

#include "core/config/values.h"
#include "core/util/error.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kLegend = 34;     ///< height of the legend below the grid
constexpr int kTitle = 22;      ///< height of the title above it
constexpr int kMostHead = 130;  ///< longest column name, which stands upright

QString quoted(const QString& text, bool csv) {
    if (!csv || !text.contains(QLatin1Char(','))) return text;
    return QLatin1Char('"') + text + QLatin1Char('"');
}

}  // namespace

QColor heatColor(double share, bool diverging) {
    share = std::clamp(share, 0.0, 1.0);
    if (diverging) {
        // Okabe and Ito's blue and vermillion, through the surface.
        const QColor low = seriesColor(0), high = seriesColor(1);
        const double away = std::abs(share - 0.5) * 2;
        return blend(tones().surface, share < 0.5 ? low : high, away);
    }
    // Cividis (Nuñez, Anderton and Renslow 2018): its lightness rises evenly for every kind of colour vision.
    static constexpr std::array<QRgb, 6> stops = {0xff00224e, 0xff35456c, 0xff666970,
                                                  0xff948e77, 0xffc8b866, 0xfffee838};
    const double at = share * (stops.size() - 1);
    const auto index = std::min(static_cast<std::size_t>(at), stops.size() - 2);
    return blend(QColor::fromRgb(stops[index]), QColor::fromRgb(stops[index + 1]),
                 at - static_cast<double>(index));
}

QString HeatMap::text(bool csv) const {
    const QString separator = csv ? QStringLiteral(",") : QStringLiteral("\t");
    QStringList lines, cells{quoted(rowTitle, csv)};
    for (const QString& column : columns) cells << quoted(column, csv);
    lines << cells.join(separator);
    for (int row = 0; row < rows.size(); ++row) {
        cells = QStringList{quoted(rows[row], csv)};
        for (int column = 0; column < columns.size(); ++column) {
            const double value = at(row, column);
            cells << (std::isfinite(value) ? toQString(shortestNumber(value)) : QString());
        }
        lines << cells.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

HeatMapView::HeatMapView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Heat map"));
}

void HeatMapView::setMap(HeatMap map) {
    const bool sameGrid = map.rows == m_map.rows && map.columns == m_map.columns;
    m_map = std::move(map);
    if (!sameGrid) m_row = m_column = m_hoverRow = m_hoverColumn = -1;
    setAccessibleName(m_map.title.isEmpty() ? tr("Heat map") : tr("Heat map: %1").arg(m_map.title));
    updateGeometry();
    update();
}

void HeatMapView::setCurrent(int row, int column) {
    if (m_map.isEmpty()) return;
    row = std::clamp(row, 0, static_cast<int>(m_map.rows.size()) - 1);
    column = std::clamp(column, 0, static_cast<int>(m_map.columns.size()) - 1);
    if (row == m_row && column == m_column) return;
    m_row = row;
    m_column = column;
    setAccessibleDescription(cellText(row, column));
    update();
    Q_EMIT currentChanged(row, column);
}

QString HeatMapView::cellText(int row, int column) const {
    if (row < 0 || column < 0 || row >= m_map.rows.size() || column >= m_map.columns.size()) return {};
    const double value = m_map.at(row, column);
    const QString where = m_map.rows[row] + QStringLiteral(" · ") + m_map.columns[column];
    if (!std::isfinite(value)) return tr("%1: nothing there").arg(where);
    const QString what = m_map.valueTitle.isEmpty() ? QString() : m_map.valueTitle + QLatin1Char(' ');
    return QStringLiteral("%1: %2%3").arg(where, what, formatNumber(value));
}

// --- where things are ---

QSize HeatMapView::minimumSizeHint() const {
    const auto rows = static_cast<int>(std::max<qsizetype>(m_map.rows.size(), 4));
    const auto columns = static_cast<int>(std::max<qsizetype>(m_map.columns.size(), 4));
    return {160 + 14 * columns, 80 + kTitle + kLegend + 9 * rows};
}

QSize HeatMapView::sizeHint() const {
    const auto rows = static_cast<int>(std::max<qsizetype>(m_map.rows.size(), 6));
    const auto columns = static_cast<int>(std::max<qsizetype>(m_map.columns.size(), 6));
    return {160 + 48 * columns, 110 + kTitle + kLegend + 22 * rows};
}

HeatMapView::Places HeatMapView::places(const QSize& size) const {
    Places at;
    at.width = size.width();
    const QFontMetricsF metrics(font());
    double names = metrics.horizontalAdvance(m_map.rowTitle), head = 0;
    for (const QString& row : m_map.rows) names = std::max(names, metrics.horizontalAdvance(row));
    for (const QString& column : m_map.columns) head = std::max(head, metrics.horizontalAdvance(column));
    const double left = std::min(names + 14, size.width() * 0.35);
    at.head = static_cast<int>(std::min<double>(head + 10, kMostHead));
    const double rows = std::max<double>(1, static_cast<double>(m_map.rows.size()));
    const double columns = std::max<double>(1, static_cast<double>(m_map.columns.size()));
    const double top = kTitle + at.head;
    at.cellWidth = std::clamp((size.width() - left - 8) / columns, 4.0, 120.0);
    at.cellHeight = std::clamp((size.height() - top - kLegend - 6) / rows, 4.0, 36.0);
    at.grid = QRectF(left, top, at.cellWidth * columns, at.cellHeight * rows);
    at.legend = QRectF(left, at.grid.bottom() + 10, std::min(220.0, std::max(80.0, at.grid.width())), 10);
    return at;
}

QRectF HeatMapView::cellRect(int row, int column) const {
    const Places at = places(size());
    return {at.grid.left() + column * at.cellWidth, at.grid.top() + row * at.cellHeight, at.cellWidth,
            at.cellHeight};
}

std::pair<int, int> HeatMapView::cellAt(const QPointF& point) const {
    const Places at = places(size());
    if (m_map.isEmpty() || !at.grid.contains(point)) return {-1, -1};
    return {std::min(static_cast<int>((point.y() - at.grid.top()) / at.cellHeight),
                     static_cast<int>(m_map.rows.size()) - 1),
            std::min(static_cast<int>((point.x() - at.grid.left()) / at.cellWidth),
                     static_cast<int>(m_map.columns.size()) - 1)};
}

// --- painting ---

void HeatMapView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), tones().surface);
    paintOn(painter, size(), true);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tones().accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

void HeatMapView::paintOn(QPainter& painter, const QSize& size, bool withCursor) const {
    if (m_map.isEmpty()) return;
    const Places at = places(size);
    painter.setFont(font());
    paintCells(painter, at, withCursor);
    paintNames(painter, at);
    paintLegend(painter, at, withCursor);
}

void HeatMapView::paintCells(QPainter& painter, const Places& at, bool withCursor) const {
    const double range = m_map.high - m_map.low;
    const QFontMetricsF metrics(font());
    for (int row = 0; row < m_map.rows.size(); ++row) {
        for (int column = 0; column < m_map.columns.size(); ++column) {
            const double value = m_map.at(row, column);
            if (!std::isfinite(value)) continue;
            const QRectF cell(at.grid.left() + column * at.cellWidth, at.grid.top() + row * at.cellHeight,
                              at.cellWidth, at.cellHeight);
            const QColor fill = heatColor(range > 0 ? (value - m_map.low) / range : 0.5, m_map.diverging);
            painter.fillRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), fill);
            const QString text = QLocale().toString(value, 'f', 2);
            if (metrics.horizontalAdvance(text) + 6 > at.cellWidth || metrics.height() > at.cellHeight)
                continue;
            const double light = 0.299 * fill.redF() + 0.587 * fill.greenF() + 0.114 * fill.blueF();
            painter.setPen(light > 0.5 ? QColor(Qt::black) : QColor(Qt::white));
            painter.drawText(cell, Qt::AlignCenter, text);
        }
    }
    if (!withCursor || m_row < 0) return;
    const QRectF cell(at.grid.left() + m_column * at.cellWidth, at.grid.top() + m_row * at.cellHeight,
                      at.cellWidth, at.cellHeight);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tones().surface, 4));
    painter.drawRect(cell);
    painter.setPen(QPen(palette().color(QPalette::WindowText), 2));
    painter.drawRect(cell);
}

void HeatMapView::paintNames(QPainter& painter, const Places& at) const {
    const QFontMetricsF metrics(font());
    painter.setPen(palette().color(QPalette::WindowText));
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(QRectF(8, 2, at.width - 16, kTitle), Qt::AlignLeft | Qt::AlignVCenter, m_map.title);
    painter.setFont(font());
    painter.setPen(tones().muted);
    // Names that would lie over each other are left out.
    const int everyRow = std::max(1, static_cast<int>(std::ceil(metrics.height() / at.cellHeight)));
    for (int row = 0; row < m_map.rows.size(); row += everyRow) {
        const QRectF place(6, at.grid.top() + row * at.cellHeight, at.grid.left() - 12, at.cellHeight);
        painter.drawText(place.adjusted(0, -6, 0, 6), Qt::AlignRight | Qt::AlignVCenter,
                         metrics.elidedText(m_map.rows[row], Qt::ElideRight, place.width()));
    }
    const int everyColumn = std::max(1, static_cast<int>(std::ceil(metrics.height() / at.cellWidth)));
    for (int column = 0; column < m_map.columns.size(); column += everyColumn) {
        painter.save();
        painter.translate(at.grid.left() + (column + 0.5) * at.cellWidth, at.grid.top() - 4);
        painter.rotate(-90);
        painter.drawText(QRectF(0, -metrics.height() / 2, at.head, metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(m_map.columns[column], Qt::ElideMiddle, at.head - 6));
        painter.restore();
    }
}

void HeatMapView::paintLegend(QPainter& painter, const Places& at, bool withCursor) const {
    const auto width = static_cast<int>(at.legend.width());
    for (int i = 0; i < width; ++i)
        painter.fillRect(QRectF(at.legend.left() + i, at.legend.top(), 1.5, at.legend.height()),
                         heatColor(i / std::max(1.0, at.legend.width() - 1), m_map.diverging));
    painter.setPen(tones().border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(at.legend);
    painter.setPen(tones().muted);
    const QFontMetricsF metrics(font());
    const QRectF below(at.legend.left(), at.legend.bottom(), at.legend.width(), metrics.height() + 2);
    painter.drawText(below, Qt::AlignLeft | Qt::AlignBottom, formatNumber(m_map.low));
    painter.drawText(below, Qt::AlignRight | Qt::AlignBottom, formatNumber(m_map.high));
    QString said = m_map.valueTitle;
    if (withCursor) {
        const bool hovers = m_hoverRow >= 0;
        const QString cell = cellText(hovers ? m_hoverRow : m_row, hovers ? m_hoverColumn : m_column);
        if (!cell.isEmpty()) said = cell;
    }
    painter.setPen(palette().color(QPalette::WindowText));
    const QRectF beside(at.legend.right() + 12, at.legend.top() - 6, 2000, metrics.height() + 8);
    painter.drawText(beside, Qt::AlignLeft | Qt::AlignVCenter, said);
}

// --- pointer and keys ---

void HeatMapView::mouseMoveEvent(QMouseEvent* event) {
    const auto cell = cellAt(event->position());
    if (cell == std::pair(m_hoverRow, m_hoverColumn)) return;
    std::tie(m_hoverRow, m_hoverColumn) = cell;
    update();
}

void HeatMapView::mousePressEvent(QMouseEvent* event) {
    const auto [row, column] = cellAt(event->position());
    if (row >= 0 && event->button() == Qt::LeftButton) setCurrent(row, column);
}

void HeatMapView::leaveEvent(QEvent*) {
    m_hoverRow = m_hoverColumn = -1;
    update();
}

void HeatMapView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copyText();
    const auto last = static_cast<int>(m_map.columns.size()) - 1;
    switch (event->key()) {
        case Qt::Key_Left:
            return setCurrent(m_row, m_column - 1);
        case Qt::Key_Right:
            return setCurrent(m_row, m_column + 1);
        case Qt::Key_Up:
            return setCurrent(m_row - 1, m_column);
        case Qt::Key_Down:
            return setCurrent(m_row + 1, m_column);
        case Qt::Key_Home:
            return setCurrent(m_row, 0);
        case Qt::Key_End:
            return setCurrent(m_row, last);
        default:
            QWidget::keyPressEvent(event);
    }
}

bool HeatMapView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto [row, column] = cellAt(help->pos());
        QToolTip::showText(help->globalPos(), cellText(row, column), this);
        return true;
    }
    return QWidget::event(event);
}

// --- out ---

void HeatMapView::copyText() const {
    QGuiApplication::clipboard()->setText(m_map.text(false));
}

void HeatMapView::copyPicture() {
    QImage image(size() * 2, QImage::Format_ARGB32);
    image.setDevicePixelRatio(2);
    image.fill(tones().surface);
    QPainter painter(&image);
    paintOn(painter, size(), false);
    painter.end();
    QGuiApplication::clipboard()->setImage(image);
}

void HeatMapView::write(const QString& file) {
    const auto fail = [&](const QString& why) {
        throw Error("could not write: " + why.toStdString(), file.toStdString());
    };
    const QString kind = QFileInfo(file).suffix().toLower();
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly)) fail(out.errorString());
    if (kind == QLatin1String("csv")) {
        out.write(m_map.text(true).toUtf8());
    } else if (kind == QLatin1String("svg")) {
        QSvgGenerator svg;
        svg.setOutputDevice(&out);
        svg.setSize(size());
        svg.setViewBox(QRect(QPoint(), size()));
        svg.setTitle(m_map.title);
        QPainter painter(&svg);
        painter.fillRect(rect(), tones().surface);
        paintOn(painter, size(), false);
    } else {
        QImage image(size() * 2, QImage::Format_ARGB32);
        image.setDevicePixelRatio(2);
        image.fill(tones().surface);
        QPainter painter(&image);
        paintOn(painter, size(), false);
        painter.end();
        if (!image.save(&out, "PNG")) fail(tr("no picture could be made"));
    }
    if (!out.commit()) fail(out.errorString());
}

void HeatMapView::contextMenuEvent(QContextMenuEvent* event) {
    if (m_map.isEmpty()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy the values"), this, [this] { copyText(); });
    menu->addAction(tr("Copy the picture"), this, [this] { copyPicture(); });
    menu->addAction(tr("Save as CSV, PNG or SVG…"), this, [this] { saveAs(); });
    menu->popup(event->globalPos());
}

void HeatMapView::saveAs() {
    const QString file =
        QFileDialog::getSaveFileName(this, tr("Save the heat map"), QStringLiteral("heat-map.csv"),
                                     tr("CSV (*.csv);;PNG (*.png);;SVG (*.svg)"));
    if (file.isEmpty()) return;
    try {
        write(file);
    } catch (const Error& error) {
        QToolTip::showText(mapToGlobal(QPoint(8, 8)), toQString(error.what()), this);
    }
}

}  // namespace retort
