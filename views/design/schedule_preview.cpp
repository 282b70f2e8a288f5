#include "views/design/schedule_preview.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "core/config/schedule.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr int gap = 5;              // between labels and curves
constexpr double kDoubtful = 0.05;  // mean error of a fit that should not be relied on
}  // namespace

SchedulePreview::SchedulePreview(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Learning rate over the steps"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SchedulePreview::sizeHint() const {
    return {240, fontMetrics().height() * 7};
}

QRect SchedulePreview::plotArea() const {
    const int line = fontMetrics().height();
    return rect().adjusted(4, line + gap, -4, -line - gap);
}

void SchedulePreview::setTraining(const TrainingSettings& training) {
    m_training = training;
    describe();
}

void SchedulePreview::setForecast(LossForecast forecast) {
    m_forecast = std::move(forecast);
    describe();
}

void SchedulePreview::describe() {
    const double last = scheduledLearningRate(m_training, m_training.max_steps);
    QString text = tr("%1, peak %2, %3 at step %4")
                       .arg(toQString(m_training.lr_scheduler_type), formatNumber(m_training.learning_rate),
                            formatNumber(last))
                       .arg(m_training.max_steps);
    if (const QString forecast = forecastText(); !forecast.isEmpty()) text += QLatin1Char('\n') + forecast;
    setAccessibleDescription(text);
    setToolTip(text);
    update();
}

QString SchedulePreview::forecastText() const {
    switch (m_forecast.state) {
        case LossForecast::State::None:
            return {};
        case LossForecast::State::NotSupervised:
            return tr("The loss of this recipe follows no law that predicts it.");
        case LossForecast::State::NoHistory:
            return tr("A loss forecast takes two runs of this model and task (%n so far).", nullptr,
                      m_forecast.runs);
        case LossForecast::State::NoFit:
            return tr("No loss forecast: the runs of this model and task say too little.");
        case LossForecast::State::Known:
            break;
    }
    QString text = tr("Loss predicted from %n earlier run(s), %1 % off on them", nullptr, m_forecast.runs)
                       .arg(formatNumber(std::round(m_forecast.error * 1000) / 10));
    if (m_forecast.error > kDoubtful) text += tr(": take it as a hint");
    if (!m_forecast.sawAnnealing) text += tr("; none of them lowered its rate");
    return text + QLatin1Char('.');
}

QPolygonF SchedulePreview::rateCurve() const {
    const QRectF plot = plotArea();
    QPolygonF curve;
    if (m_training.max_steps < 1 || m_training.learning_rate <= 0 || plot.width() < 2) return curve;
    const int columns = static_cast<int>(std::min<std::int64_t>(
        static_cast<std::int64_t>(plot.width()), std::max<std::int64_t>(m_training.max_steps, 2)));
    for (int i = 0; i < columns; ++i) {
        const double share = static_cast<double>(i) / (columns - 1);
        const auto step =
            1 + static_cast<std::int64_t>(share * static_cast<double>(m_training.max_steps - 1));
        const double height = scheduledLearningRate(m_training, step) / m_training.learning_rate;
        curve << QPointF(plot.left() + share * plot.width(), plot.bottom() - height * plot.height());
    }
    return curve;
}

/// From its lowest value at the bottom to its highest at the top.
QPolygonF SchedulePreview::lossCurve() const {
    const QRectF plot = plotArea();
    const std::vector<double>& losses = m_forecast.losses;
    double low = INFINITY, high = -INFINITY;
    for (const double loss : losses) {
        if (std::isnan(loss)) continue;
        low = std::min(low, loss);
        high = std::max(high, loss);
    }
    QPolygonF curve;
    if (!(low < high) || plot.width() < 2) return curve;
    const double steps = std::max(1.0, static_cast<double>(losses.size()) - 1);
    const std::size_t stride =
        std::max<std::size_t>(1, losses.size() / static_cast<std::size_t>(plot.width()));
    for (std::size_t i = 0; i < losses.size(); i += stride)
        if (!std::isnan(losses[i]))
            curve << QPointF(plot.left() + static_cast<double>(i) / steps * plot.width(),
                             plot.bottom() - (losses[i] - low) / (high - low) * plot.height());
    return curve;
}

void SchedulePreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRect plot = plotArea();
    const QColor rateInk = tones().accent, lossInk = seriesColor(1);
    const QString steps = tr("step %1").arg(m_training.max_steps);
    painter.setPen(rateInk);
    painter.drawText(rect(), Qt::AlignTop | Qt::AlignLeft,
                     tr("learning rate, peak %1").arg(formatNumber(m_training.learning_rate)));
    const QPolygonF losses = lossCurve();
    if (!losses.isEmpty()) {
        painter.setPen(lossInk);
        painter.drawText(rect(), Qt::AlignTop | Qt::AlignRight,
                         tr("predicted loss, %1 at the end").arg(formatNumber(m_forecast.losses.back())));
    }
    painter.setPen(tones().muted);
    painter.drawText(rect(), Qt::AlignBottom | Qt::AlignRight, steps);
    const int room = width() - fontMetrics().horizontalAdvance(steps) - 12;
    painter.drawText(rect(), Qt::AlignBottom | Qt::AlignLeft,
                     fontMetrics().elidedText(forecastText(), Qt::ElideRight, room));
    painter.setPen(tones().border);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(rateInk, 1.8));
    painter.drawPolyline(rateCurve());
    painter.setPen(QPen(lossInk, 1.8));
    painter.drawPolyline(losses);
}

}  // namespace retort
