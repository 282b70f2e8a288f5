#include "views/models/run_delegate.h"

#include <QPainter>

#include "views/models/format.h"
#include "views/models/run_table_model.h"
#include "views/widgets/theme.h"

namespace retort {

void RunNameDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    RowDelegate::initStyleOption(option, index);
    option->textElideMode = Qt::ElideMiddle;
}

void RunStateDelegate::paintContent(QPainter* painter, const QStyleOptionViewItem& option,
                                    const QModelIndex& index, const Pens& pens) const {
    const std::string state = index.data(RunTableModel::StateRole).toString().toStdString();
    const QColor tone = pens.toned(index.data(RunTableModel::StateColorRole).value<QColor>());
    const QVariant progress = index.data(RunTableModel::ProgressRole);
    const bool showsProgress = index.data(RunTableModel::ActiveRole).toBool() && progress.isValid();

    const QRect inner = option.rect.adjusted(6, 0, -6, 0);
    const QFontMetrics metrics(option.font);
    const int glyphWidth = metrics.horizontalAdvance(QStringLiteral("▶")) + 6;
    painter->setPen(tone);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, stateGlyph(state));
    QString text = index.data().toString();
    if (showsProgress) text += QStringLiteral("  %1 %").arg(qRound(progress.toDouble() * 100));
    painter->setPen(pens.strong);
    const QRect textRect = inner.adjusted(glyphWidth, 0, 0, 0);
    painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(text, Qt::ElideRight, textRect.width()));
    if (!showsProgress) return;
    const QRect track(inner.left(), option.rect.bottom() - 3, inner.width(), 2);
    painter->fillRect(track, blend(pens.under, pens.strong, 0.2));
    painter->fillRect(QRect(track.topLeft(), QSize(qRound(track.width() * progress.toDouble()), 2)), tone);
}

QSize RunStateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return PaintedRowDelegate::sizeHint(option, index) + QSize(60, 4);
}

void TagsDelegate::paintContent(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index, const Pens& pens) const {
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(option.rect);
    const QFontMetrics metrics(option.font);
    const int height = metrics.height() + 2;
    QRect chip(option.rect.left() + 4, option.rect.center().y() - height / 2, 0, height);
    for (const QString& tag : index.data(RunTableModel::TagsRole).toStringList()) {
        chip.setWidth(metrics.horizontalAdvance(tag) + 12);
        painter->setPen(Qt::NoPen);
        painter->setBrush(blend(pens.under, pens.strong, 0.12));
        painter->drawRoundedRect(chip, height / 2.0, height / 2.0);
        painter->setPen(pens.strong);
        painter->drawText(chip, Qt::AlignCenter, tag);
        chip.moveLeft(chip.right() + 5);
        if (chip.left() > option.rect.right()) break;
    }
}

void TrendDelegate::paintContent(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index, const Pens& pens) const {
    const auto points = index.data(RunTableModel::TrendRole).value<QList<QPointF>>();
    if (points.size() < 2) return;
    const QRectF area = QRectF(option.rect).adjusted(5, 4, -5, -5);
    QPolygonF line;
    for (const QPointF& p : points) {
        line << QPointF(area.left() + p.x() * area.width(), area.bottom() - p.y() * area.height());
    }
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(pens.toned(tones().accent), 1.3));
    painter->drawPolyline(line);
}

}  // namespace retort
