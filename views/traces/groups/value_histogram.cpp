#include "views/traces/groups/value_histogram.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

ValueHistogram::ValueHistogram(const QString& name, bool whole, QWidget* parent)
    : QWidget(parent), m_name(name), m_whole(whole) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Histogram: %1").arg(name));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize ValueHistogram::sizeHint() const {
    return {150, 2 * fontMetrics().height() + 40};
}

QSize ValueHistogram::minimumSizeHint() const {
    return {80, sizeHint().height()};
}

void ValueHistogram::setHistogram(TraceHistogram histogram) {
    m_histogram = std::move(histogram);
    m_histogram.wrong.resize(m_histogram.right.size());
    // Who walks along it with the keys stays where they are.
    const int least = hasFocus() && bins() > 0 ? 0 : -1;
    if (!m_dragging && !hasFocus()) m_cursor = m_anchor = -1;
    m_cursor = std::clamp(m_cursor, least, std::max(least, bins() - 1));
    m_anchor = std::clamp(m_anchor, least, std::max(least, bins() - 1));
    setAccessibleDescription(
        bins() == 0 ? tr("no values")
                    : tr("from %1 to %2").arg(formatNumber(m_histogram.low), formatNumber(m_histogram.high)));
    update();
}

void ValueHistogram::setSelected(std::optional<Range> range) {
    m_selected = range;
    update();
}

QRect ValueHistogram::plotRect() const {
    const int line = fontMetrics().height();
    return rect().adjusted(3, line + 1, -4, -line - 1);
}

QRect ValueHistogram::binRect(int bin) const {
    const QRect plot = plotRect();
    const int left = plot.left() + plot.width() * bin / std::max(1, bins());
    const int right = plot.left() + plot.width() * (bin + 1) / std::max(1, bins());
    return QRect(left, plot.top(), std::max(1, right - left), plot.height());
}

int ValueHistogram::binAt(const QPoint& point) const {
    const QRect plot = plotRect();
    if (bins() == 0 || plot.width() <= 0 || !rect().contains(point)) return -1;
    return std::clamp((point.x() - plot.left()) * bins() / plot.width(), 0, bins() - 1);
}

std::int64_t ValueHistogram::countOf(int bin) const {
    const auto at = static_cast<std::size_t>(bin);
    return m_histogram.right[at] + m_histogram.wrong[at];
}

ValueHistogram::Range ValueHistogram::rangeOf(int first, int last) const {
    const double width = (m_histogram.high - m_histogram.low) / std::max(1, bins());
    double low = m_histogram.low + width * first, high = m_histogram.low + width * (last + 1);
    if (last + 1 >= bins()) {
        high = m_histogram.high;
    } else {
        // The upper edge of a bin belongs to the next one; a number that can be read in a field, too.
        high = m_whole ? std::ceil(high) - 1 : high - 1e-6 * width;
    }
    if (m_whole) low = std::ceil(low);
    return {low, std::max(low, high)};
}

bool ValueHistogram::isChosen(int bin) const {
    if (m_dragging) return std::min(m_anchor, m_cursor) <= bin && bin <= std::max(m_anchor, m_cursor);
    if (!m_selected) return true;
    const Range range = rangeOf(bin, bin);
    return range.second >= m_selected->first && range.first <= m_selected->second;
}

QString ValueHistogram::describe(int bin) const {
    if (bin < 0 || bin >= bins()) return {};
    const auto at = static_cast<std::size_t>(bin);
    const Range range = rangeOf(bin, bin);
    return tr("%1 from %2 to %3: %4 right, %5 wrong")
        .arg(m_name, formatNumber(range.first), formatNumber(range.second))
        .arg(m_histogram.right[at])
        .arg(m_histogram.wrong[at]);
}

void ValueHistogram::choose(int first, int last) {
    if (first < 0 || last < 0) return;
    Q_EMIT rangeChosen(rangeOf(std::min(first, last), std::max(first, last)));
}

void ValueHistogram::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QColor base = palette().color(QPalette::Window), ink = palette().color(QPalette::WindowText);
    const QRect plot = plotRect();
    painter.setPen(tones().muted);
    QString head = m_name;
    if (m_selected)
        head +=
            QStringLiteral(": %1–%2").arg(formatNumber(m_selected->first), formatNumber(m_selected->second));
    const QRect top(plot.left(), 0, plot.width(), plot.top());
    painter.drawText(top, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(head, Qt::ElideRight, top.width()));
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    const QRect bottom(plot.left(), plot.bottom() + 1, plot.width(), rect().bottom() - plot.bottom());
    if (bins() == 0) {
        painter.drawText(plot, Qt::AlignCenter, tr("no values"));
    } else {
        painter.drawText(bottom, Qt::AlignLeft | Qt::AlignVCenter, formatNumber(m_histogram.low));
        painter.drawText(bottom, Qt::AlignRight | Qt::AlignVCenter, formatNumber(m_histogram.high));
    }
    std::int64_t most = 1;
    for (int bin = 0; bin < bins(); ++bin) most = std::max(most, countOf(bin));
    for (int bin = 0; bin < bins(); ++bin) {
        const auto at = static_cast<std::size_t>(bin);
        const QRect cell = binRect(bin).adjusted(0, 0, -1, -1);
        const auto height = [&](std::int64_t count) {
            return count == 0 ? 0
                              : std::max(1, static_cast<int>(std::lround(double(cell.height()) *
                                                                         double(count) / double(most))));
        };
        const int right = height(m_histogram.right[at]), wrong = height(m_histogram.wrong[at]);
        const double strength = isChosen(bin) ? 1 : 0.3;
        painter.fillRect(QRect(cell.left(), cell.bottom() - right + 1, cell.width(), right),
                         blend(base, tones().good, strength));
        // Wrong ones above are hatched: told apart without colour.
        const QRect above(cell.left(), cell.bottom() - right - wrong + 1, cell.width(), wrong);
        painter.fillRect(above, blend(base, tones().bad, 0.35 * strength));
        painter.fillRect(above, QBrush(blend(base, tones().bad, strength), Qt::BDiagPattern));
        if (bin == m_cursor && (hasFocus() || m_dragging)) {
            painter.setPen(ink);
            painter.drawRect(binRect(bin).adjusted(0, 0, -1, -1));
        }
    }
    if (hasFocus()) {
        painter.setPen(tones().accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void ValueHistogram::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || bins() == 0) return;
    m_anchor = m_cursor = binAt(event->position().toPoint());
    m_dragging = m_anchor >= 0;
    update();
}

void ValueHistogram::mouseMoveEvent(QMouseEvent* event) {
    if (!m_dragging) return;
    const QPoint at(std::clamp(event->position().toPoint().x(), 0, width() - 1), height() / 2);
    m_cursor = binAt(at);
    update();
}

void ValueHistogram::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_dragging) return;
    m_dragging = false;
    choose(m_anchor, m_cursor);
    update();
}

void ValueHistogram::moveCursor(int to, bool extend) {
    m_cursor = std::clamp(to, 0, bins() - 1);
    if (!extend || m_anchor < 0) m_anchor = m_cursor;
    setAccessibleDescription(describe(m_cursor));
    QToolTip::showText(mapToGlobal(binRect(m_cursor).topLeft()), describe(m_cursor), this);
    update();
}

void ValueHistogram::keyPressEvent(QKeyEvent* event) {
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    if (bins() == 0 && event->key() != Qt::Key_Escape) return QWidget::keyPressEvent(event);
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(m_cursor - 1, extend);
        case Qt::Key_Right:
            return moveCursor(m_cursor + 1, extend);
        case Qt::Key_Home:
            return moveCursor(0, extend);
        case Qt::Key_End:
            return moveCursor(bins() - 1, extend);
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            return choose(m_anchor, m_cursor);
        case Qt::Key_Escape:
            if (!m_selected && !m_dragging) return QWidget::keyPressEvent(event);
            m_dragging = false;
            m_cursor = m_anchor = -1;
            update();
            Q_EMIT rangeChosen(std::nullopt);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void ValueHistogram::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (m_cursor < 0 && bins() > 0 && event->reason() != Qt::MouseFocusReason) m_cursor = m_anchor = 0;
    update();
}

void ValueHistogram::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    QToolTip::hideText();
}

bool ValueHistogram::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = describe(binAt(help->pos()));
        QToolTip::showText(
            help->globalPos(),
            text.isEmpty() ? text : text + QLatin1Char('\n') + tr("Click or drag: only these. Esc: all."),
            this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace retort
