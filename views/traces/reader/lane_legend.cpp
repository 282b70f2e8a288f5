#include "views/traces/reader/lane_legend.h"

#include <QPainter>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr int barWidth = 72, gap = 5;
}

void LaneLegend::setScale(TokenLane lane, const LaneScale& scale) {
    m_scale = scale;
    m_low = formatNumber(scale.low);
    m_high = (scale.diverging ? QStringLiteral("+") : QString()) + formatNumber(scale.high);
    if (const QString unit = laneUnit(lane); !unit.isEmpty()) m_high += QLatin1Char(' ') + unit;
    const QString title = laneTitle(lane);
    setToolTip(laneToolTip(lane) + QLatin1Char('\n') +
               tr("The scale goes from the 1st to the 99th percentile of this trace's tokens; values beyond "
                  "it have the colour of its end. The thin bar on each token says the same without colour."));
    setAccessibleName(tr("Scale of %1: %2 to %3").arg(title, m_low, m_high));
    updateGeometry();
    update();
}

QSize LaneLegend::sizeHint() const {
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_low) + metrics.horizontalAdvance(m_high) + barWidth + 2 * gap + 2,
            metrics.height() + 6};
}

void LaneLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const QFontMetrics metrics(font());
    const int low = metrics.horizontalAdvance(m_low);
    painter.drawText(QRect(0, 0, low + 1, height()), Qt::AlignVCenter, m_low);
    const QRect bar(low + gap, (height() - metrics.height()) / 2 + 1, barWidth, metrics.height() - 2);
    const LanePalette shades(palette().color(QPalette::Base), m_scale.diverging);
    for (int x = 0; x < barWidth; ++x) {
        const double value = m_scale.low + (m_scale.high - m_scale.low) * x / (barWidth - 1);
        painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(), shades.color(m_scale.share(value)));
    }
    painter.setPen(tones().border);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));
    if (m_scale.diverging) {
        painter.setPen(tones().muted);
        painter.drawLine(bar.center().x(), bar.top(), bar.center().x(), bar.bottom());
    }
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(bar.right() + gap, 0, width() - bar.right() - gap, height()), Qt::AlignVCenter,
                     m_high);
}

}  // namespace retort
