#include "views/traces/time/moment_strip.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QSignalBlocker>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr int kDot = 3;

double passRate(const ProblemMoment& moment) {
    return moment.samples > 0 ? double(moment.correct) / double(moment.samples) : 0;
}
}  // namespace

MomentStrip::MomentStrip(QWidget* parent) : QAbstractSlider(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setOrientation(Qt::Horizontal);
    setPageStep(1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setAccessibleName(tr("The same problem at other training steps"));
}

QSize MomentStrip::sizeHint() const {
    return {300, 2 * fontMetrics().height() + 24};
}

void MomentStrip::setMoments(std::vector<ProblemMoment> moments, int at) {
    const QSignalBlocker quiet(this);
    m_moments = std::move(moments);
    m_pinned = -1;
    setRange(0, std::max(0, static_cast<int>(m_moments.size()) - 1));
    setValue(at);
    setAccessibleDescription(describe(value()));
    update();
}

void MomentStrip::setPinned(int moment) {
    m_pinned = moment;
    update();
}

QRect MomentStrip::plotRect() const {
    return rect().adjusted(kDot + 4, kDot + 3, -kDot - 4, -fontMetrics().height() - kDot - 2);
}

/// By step, so that gaps in what was kept are seen as such.
double MomentStrip::shareAlong(int moment) const {
    const std::int64_t low = m_moments.front().step, high = m_moments.back().step;
    const auto at = static_cast<std::size_t>(moment);
    if (high > low) {
        // Two moments of one step (rollouts and an evaluation) stand a little apart.
        const bool second = at > 0 && m_moments[at - 1].step == m_moments[at].step;
        const double share = double(m_moments[at].step - low) / double(high - low);
        return second ? std::min(1.0, share + 6.0 / std::max(1, plotRect().width())) : share;
    }
    return m_moments.size() < 2 ? 0.5 : double(at) / double(m_moments.size() - 1);
}

QPoint MomentStrip::placeOf(int moment) const {
    const QRect plot = plotRect();
    const double rate = passRate(m_moments[static_cast<std::size_t>(moment)]);
    return {plot.left() + qRound(shareAlong(moment) * plot.width()),
            plot.bottom() - qRound(rate * plot.height())};
}

int MomentStrip::momentNear(const QPoint& point) const {
    int best = -1;
    for (int i = 0; i < static_cast<int>(m_moments.size()); ++i)
        if (best < 0 || std::abs(placeOf(i).x() - point.x()) < std::abs(placeOf(best).x() - point.x()))
            best = i;
    return best;
}

QString MomentStrip::describe(int moment) const {
    if (moment < 0 || moment >= static_cast<int>(m_moments.size())) return {};
    const ProblemMoment& is = m_moments[static_cast<std::size_t>(moment)];
    QString text = is.phase == "eval" ? tr("step %1, evaluation").arg(is.step) : tr("step %1").arg(is.step);
    text += tr(": %1 of %2 right, %3 tokens on average")
                .arg(is.correct)
                .arg(is.samples)
                .arg(formatNumber(is.meanTokens));
    if (is.meanReward) text += tr(", mean reward %1").arg(formatNumber(*is.meanReward));
    return text;
}

void MomentStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect plot = plotRect();
    painter.fillRect(rect(), tones().surface);
    if (m_moments.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tones().grid);
    painter.drawLine(plot.topLeft(), plot.topRight());
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    double longest = 1;
    for (const ProblemMoment& moment : m_moments)
        if (std::isfinite(moment.meanTokens)) longest = std::max(longest, moment.meanTokens);
    QPolygonF rates, lengths;
    for (int i = 0; i < static_cast<int>(m_moments.size()); ++i) {
        const QPoint at = placeOf(i);
        const double length = m_moments[static_cast<std::size_t>(i)].meanTokens / longest;
        rates << at;
        if (std::isfinite(length)) lengths << QPointF(at.x(), plot.bottom() - length * plot.height());
    }
    painter.setPen(QPen(seriesColor(1), 1));
    painter.drawPolyline(lengths);
    painter.setPen(QPen(seriesColor(0), 2));
    painter.drawPolyline(rates);
    // Dots as long as they do not run into each other.
    if (plot.width() > 3 * static_cast<int>(m_moments.size())) {
        painter.setBrush(seriesColor(0));
        painter.setPen(Qt::NoPen);
        for (const QPointF& at : rates) painter.drawEllipse(at, kDot - 0.5, kDot - 0.5);
    }
    const auto mark = [&](int moment, const QColor& color) {
        if (moment < 0 || moment >= rates.size()) return;
        const QPointF at = rates[moment];
        painter.setPen(QPen(color, 1.5));
        painter.drawLine(QPointF(at.x(), plot.top() - 3), QPointF(at.x(), plot.bottom() + 3));
        painter.setBrush(tones().surface);
        painter.drawEllipse(at, kDot + 1.5, kDot + 1.5);
    };
    mark(m_pinned, tones().warning);
    mark(value(), palette().color(QPalette::Text));
    const QRect below(plot.left(), plot.bottom() + kDot + 2, plot.width(), fontMetrics().height());
    painter.setPen(tones().muted);
    painter.drawText(below, Qt::AlignLeft, QString::number(m_moments.front().step));
    painter.drawText(below, Qt::AlignRight, QString::number(m_moments.back().step));
    const QString legend = tr("pass rate"), second = tr("mean length, at most %1").arg(formatNumber(longest));
    const int width = fontMetrics().horizontalAdvance(legend + QStringLiteral("   ") + second);
    if (width < below.width() - 160) {
        QRect at(below.center().x() - width / 2, below.top(), width, below.height());
        painter.setPen(seriesColor(0));
        painter.drawText(at, Qt::AlignLeft, legend);
        painter.setPen(seriesColor(1));
        painter.drawText(at, Qt::AlignRight, second);
    }
    if (hasFocus()) {
        painter.setPen(tones().accent);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void MomentStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_moments.empty()) return;
    setSliderDown(true);
    setValue(momentNear(event->position().toPoint()));
}

void MomentStrip::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown()) setValue(momentNear(event->position().toPoint()));
}

void MomentStrip::mouseReleaseEvent(QMouseEvent*) {
    setSliderDown(false);
}

void MomentStrip::sliderChange(SliderChange change) {
    QAbstractSlider::sliderChange(change);
    setAccessibleDescription(describe(value()));
    update();
}

bool MomentStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(momentNear(help->pos())), this);
        return true;
    }
    return QAbstractSlider::event(event);
}

}  // namespace retort
