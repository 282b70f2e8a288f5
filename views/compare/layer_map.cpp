#include "views/compare/layer_map.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/weights/layer_place.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr int kHead = 22, kFoot = 24, kGap = 1;
}

LayerMap::LayerMap(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::TabFocus);
    describe();
}

void LayerMap::setDifference(const CheckpointDifference& difference) {
    std::set<int> blocks;
    m_modules.clear();
    m_cells.clear();
    for (const TensorDifference& tensor : difference.tensors) blocks.insert(layerPlace(tensor.name).block);
    const std::vector<int> columns(blocks.begin(), blocks.end());
    m_blocks.clear();
    for (const int block : columns) m_blocks << (block < 0 ? QStringLiteral("–") : QString::number(block));
    for (const TensorDifference& tensor : difference.tensors) {
        const LayerPlace place = layerPlace(tensor.name);
        const QString module = toQString(place.module);
        int row = static_cast<int>(m_modules.indexOf(module));
        if (row < 0) {
            row = static_cast<int>(m_modules.size());
            m_modules << module;
        }
        const auto column = std::find(columns.begin(), columns.end(), place.block) - columns.begin();
        const double conflict =
            tensor.taskVectors ? tensor.taskVectors->signConflict : std::numeric_limits<double>::quiet_NaN();
        m_cells.push_back({row,
                           static_cast<int>(column),
                           toQString(tensor.name),
                           {tensor.relativeL2, tensor.cosine, tensor.changed, conflict}});
    }
    describe();
    updateGeometry();
    update();
}

void LayerMap::setMeasure(Measure measure) {
    m_measure = measure;
    describe();
    update();
}

void LayerMap::describe() {
    const QString names[] = {tr("relative L2"), tr("cosine"), tr("share changed"), tr("sign conflicts")};
    setAccessibleName(tr("Layer map: %1").arg(names[static_cast<int>(m_measure)]));
    const auto [low, high] = scale();
    setAccessibleDescription(tr("%n tensor(s)", nullptr, static_cast<int>(m_cells.size())) +
                             QStringLiteral(", %1 … %2").arg(formatNumber(low), formatNumber(high)));
}

std::pair<double, double> LayerMap::scale() const {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Cell& cell : m_cells)
        if (const double value = valueOf(cell); std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    if (!(low <= high)) return {0, 1};
    // Everything but a cosine is measured from nothing.
    if (m_measure != Measure::Cosine) low = 0;
    return {low, high > low ? high : low + 1e-12};
}

QSize LayerMap::sizeHint() const {
    return {600, kHead + kFoot + 18 * static_cast<int>(std::max<qsizetype>(m_modules.size(), 4))};
}

QSize LayerMap::minimumSizeHint() const {
    return {300, kHead + kFoot + 13 * static_cast<int>(std::max<qsizetype>(m_modules.size(), 4))};
}

QRectF LayerMap::rectOf(const Cell& cell) const {
    int names = 0;
    for (const QString& module : m_modules) names = std::max(names, fontMetrics().horizontalAdvance(module));
    const double left = std::min(names + 12, width() / 3);
    const double w = std::min((width() - left - 4) / double(std::max<qsizetype>(m_blocks.size(), 1)), 90.0);
    const double h = (height() - kHead - kFoot) / double(std::max<qsizetype>(m_modules.size(), 1));
    return QRectF(left + cell.column * w, kHead + cell.row * h, w - kGap, h - kGap);
}

void LayerMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Tones& t = tones();
    painter.fillRect(rect(), t.surface);
    if (m_cells.empty()) return;
    const auto [low, high] = scale();
    const QColor text = palette().color(QPalette::Text);
    for (int row = 0; row < m_modules.size(); ++row) {
        const QRectF at = rectOf({row, 0, {}, {}});
        painter.setPen(text);
        painter.drawText(
            QRectF(4, at.top(), at.left() - 8, at.height()), Qt::AlignRight | Qt::AlignVCenter,
            fontMetrics().elidedText(m_modules[row], Qt::ElideLeft, static_cast<int>(at.left()) - 8));
    }
    const int every =
        std::max(1, static_cast<int>(std::ceil(26.0 / std::max(rectOf({0, 0, {}, {}}).width(), 1.0))));
    for (int column = 0; column < m_blocks.size(); column += every) {
        const QRectF at = rectOf({0, column, {}, {}});
        painter.setPen(t.muted);
        painter.drawText(QRectF(at.left() - 20, 0, at.width() + 40, kHead), Qt::AlignCenter,
                         m_blocks[column]);
    }
    for (const Cell& cell : m_cells) {
        const QRectF at = rectOf(cell);
        const double value = valueOf(cell);
        if (!std::isfinite(value)) {
            painter.setPen(t.muted);
            painter.drawText(at, Qt::AlignCenter, QStringLiteral("–"));
            continue;
        }
        const double share = (value - low) / (high - low);
        const QColor fill = blend(t.surface, t.accent, 0.06 + 0.94 * share);
        painter.fillRect(at, fill);
        const QString number = QString::number(value, 'g', 2);
        if (at.width() < fontMetrics().horizontalAdvance(number) + 4 || at.height() < fontMetrics().height())
            continue;
        painter.setPen(share > 0.55 ? t.onAccent : text);
        painter.drawText(at, Qt::AlignCenter, number);
    }
    painter.setPen(t.muted);
    painter.drawText(
        QRectF(4, height() - kFoot, width() - 8, kFoot), Qt::AlignRight | Qt::AlignVCenter,
        tr("lightest %1, darkest %2; columns are blocks").arg(formatNumber(low), formatNumber(high)));
    if (hasFocus()) {
        painter.setPen(QPen(t.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

bool LayerMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    for (const Cell& cell : m_cells)
        if (rectOf(cell).contains(help->pos())) {
            QToolTip::showText(help->globalPos(),
                               cell.tensor + QLatin1Char('\n') + formatNumber(valueOf(cell)), this);
            return true;
        }
    QToolTip::hideText();
    return true;
}

QString LayerMap::asText(QChar separator) const {
    QString text = QStringList{tr("block"), tr("module"), tr("value")}.join(separator) + QLatin1Char('\n');
    for (const Cell& cell : m_cells)
        text +=
            QStringList{m_blocks[cell.column], m_modules[cell.row], QString::number(valueOf(cell), 'g', 12)}
                .join(separator) +
            QLatin1Char('\n');
    return text;
}

QImage LayerMap::image(qreal scale) {
    QImage image((QSizeF(size()) * scale).toSize(), QImage::Format_ARGB32);
    image.setDevicePixelRatio(scale);
    image.fill(tones().surface);
    render(&image);
    return image;
}

}  // namespace retort
