#include "views/models/run_delegate.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

#include "views/models/format.h"
#include "views/models/run_table_model.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

/// The item's background, selection and focus, without its text; returns the pen for what goes on top.
QColor paintEmptyItem(QPainter* painter, QStyleOptionViewItem& option) {
    option.text.clear();
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
    const bool selected = option.state & QStyle::State_Selected;
    return option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
}

}  // namespace

void RunStateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString state = index.data(RunTableModel::StateRole).toString();
    const QColor plain = paintEmptyItem(painter, item);
    const bool selected = option.state & QStyle::State_Selected;
    const QColor tone = selected ? plain : stateColor(state.toStdString());
    const QVariant progress = index.data(RunTableModel::ProgressRole);
    const bool active = index.data(RunTableModel::ActiveRole).toBool();

    painter->save();
    const QRect inner = option.rect.adjusted(6, 0, -6, 0);
    const QFontMetrics metrics(option.font);
    const int glyphWidth = metrics.horizontalAdvance(QStringLiteral("▶")) + 6;
    painter->setPen(tone);
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, stateGlyph(state.toStdString()));
    QString text = index.data().toString();
    if (active && progress.isValid()) text += QStringLiteral("  %1 %").arg(qRound(progress.toDouble() * 100));
    painter->setPen(plain);
    const QRect textRect = inner.adjusted(glyphWidth, 0, 0, 0);
    painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft,
                      metrics.elidedText(text, Qt::ElideRight, textRect.width()));
    if (active && progress.isValid()) {
        const QRect track(inner.left(), option.rect.bottom() - 3, inner.width(), 2);
        painter->fillRect(track, blend(option.palette.color(QPalette::Base), plain, 0.2));
        painter->fillRect(QRect(track.topLeft(), QSize(qRound(track.width() * progress.toDouble()), 2)),
                          tone);
    }
    painter->restore();
}

QSize RunStateDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return QStyledItemDelegate::sizeHint(option, index) + QSize(60, 4);
}

void TagsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QStringList tags = index.data(RunTableModel::TagsRole).toStringList();
    const QColor pen = paintEmptyItem(painter, item);
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setClipRect(option.rect);
    const QFontMetrics metrics(option.font);
    const QColor under = option.palette.color(selected ? QPalette::Highlight : QPalette::Base);
    const int height = metrics.height() + 2;
    QRect chip(option.rect.left() + 4, option.rect.center().y() - height / 2, 0, height);
    for (const QString& tag : tags) {
        chip.setWidth(metrics.horizontalAdvance(tag) + 12);
        painter->setPen(Qt::NoPen);
        painter->setBrush(blend(under, pen, 0.12));
        painter->drawRoundedRect(chip, height / 2.0, height / 2.0);
        painter->setPen(pen);
        painter->drawText(chip, Qt::AlignCenter, tag);
        chip.moveLeft(chip.right() + 5);
        if (chip.left() > option.rect.right()) break;
    }
    painter->restore();
}

void TrendDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const auto points = index.data(RunTableModel::TrendRole).value<QList<QPointF>>();
    const QColor plain = paintEmptyItem(painter, item);
    if (points.size() < 2) return;
    const bool selected = option.state & QStyle::State_Selected;
    const QRectF area = QRectF(option.rect).adjusted(5, 4, -5, -5);
    QPolygonF line;
    for (const QPointF& p : points) {
        line << QPointF(area.left() + p.x() * area.width(), area.bottom() - p.y() * area.height());
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(selected ? plain : tones().accent, 1.3));
    painter->drawPolyline(line);
    painter->restore();
}

}  // namespace retort
