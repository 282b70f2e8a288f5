// From a point of a curve to the rollouts of its step, and back.
#include <QComboBox>
#include <QMenu>
#include <cmath>

#include "views/live/chart_card.h"
#include "views/live/live_page.h"
#include "views/models/format.h"

namespace retort {

namespace {

/// The step of the point that is nearest on an axis other than the steps'.
std::int64_t stepNear(StoreReader& reader, RowId run, const std::string& metric, XAxis axis, double x) {
    std::int64_t step = 0;
    double nearest = std::numeric_limits<double>::infinity();
    const auto row = reader.run(run);
    for (const SeriesRow& series : reader.series(run)) {
        if (series.name != metric) continue;
        for (const SeriesPoint& point : reader.points(series.id)) {
            const double at =
                axis == XAxis::Tokens ? double(point.tokens) : point.t - (row ? row->started.value_or(0) : 0);
            if (std::abs(at - x) >= nearest) continue;
            nearest = std::abs(at - x);
            step = point.step;
        }
    }
    return step;
}

}  // namespace

void LivePage::openTracesAt(RowId run, const std::string& metric, double x) {
    if (axis() == XAxis::Step) return Q_EMIT tracesRequested(run, std::max<std::int64_t>(0, std::llround(x)));
    m_lab.read(
        this,
        [run, metric, x, axis = axis()](StoreReader& reader) {
            return stepNear(reader, run, metric, axis, x);
        },
        [this, run](std::int64_t step) { Q_EMIT tracesRequested(run, step); });
}

void LivePage::showPointMenu(const std::string& metric, double x, const QPoint& at) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool several = m_runs.size() > 1;
    for (const LiveRun& run : m_runs) {
        QString text =
            axis() == XAxis::Step ? tr("Traces at step %1").arg(std::llround(x)) : tr("Traces here");
        if (several)
            text += QStringLiteral(" · ") +
                    QString(toQString(run.row.name)).replace(QLatin1Char('&'), QStringLiteral("&&"));
        menu->addAction(text, this, [this, id = run.row.id, metric, x] { openTracesAt(id, metric, x); });
    }
    menu->popup(at);
}

void LivePage::markStep(RowId run, std::int64_t step) {
    if (!isShown(run)) m_lab.selection().setRuns({run});
    m_axis->setCurrentIndex(0);
    m_marked = double(step);
    for (ChartCard* card : seenCards())
        if (card->hasPlot()) card->plot().setCrosshair(m_marked);
    refreshSoon();
}

}  // namespace retort
