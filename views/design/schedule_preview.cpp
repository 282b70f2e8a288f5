#include "views/design/schedule_preview.h"

#include <QPainter>
#include <algorithm>

#include "core/config/schedule.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

SchedulePreview::SchedulePreview(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Learning rate over the steps"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize SchedulePreview::sizeHint() const {
    return {240, fontMetrics().height() * 5};
}

void SchedulePreview::setTraining(const TrainingSettings& training) {
    m_training = training;
    const double last = scheduledLearningRate(training, training.max_steps);
    setAccessibleDescription(tr("%1, peak %2, %3 at step %4")
                                 .arg(toQString(training.lr_scheduler_type),
                                      formatNumber(training.learning_rate), formatNumber(last))
                                 .arg(training.max_steps));
    setToolTip(accessibleDescription());
    update();
}

void SchedulePreview::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int line = fontMetrics().height();
    const QRect plot = rect().adjusted(4, line + 2, -4, -line - 3);
    painter.setPen(tones().muted);
    painter.drawText(rect(), Qt::AlignTop | Qt::AlignLeft,
                     tr("learning rate, peak %1").arg(formatNumber(m_training.learning_rate)));
    painter.drawText(rect(), Qt::AlignBottom | Qt::AlignRight, tr("step %1").arg(m_training.max_steps));
    painter.setPen(tones().border);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    if (m_training.max_steps < 1 || m_training.learning_rate <= 0 || plot.width() < 2) return;
    QPolygonF curve;
    const int columns = static_cast<int>(
        std::min<std::int64_t>(plot.width(), std::max<std::int64_t>(m_training.max_steps, 2)));
    for (int i = 0; i < columns; ++i) {
        const double share = static_cast<double>(i) / (columns - 1);
        const auto step =
            1 + static_cast<std::int64_t>(share * static_cast<double>(m_training.max_steps - 1));
        const double height = scheduledLearningRate(m_training, step) / m_training.learning_rate;
        curve << QPointF(plot.left() + share * plot.width(), plot.bottom() - height * plot.height());
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tones().accent, 1.8));
    painter.drawPolyline(curve);
}

}  // namespace retort
