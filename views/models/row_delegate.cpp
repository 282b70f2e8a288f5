#include "views/models/row_delegate.h"

#include <QApplication>
#include <QPainter>

#include "views/models/format.h"

namespace retort {

void RowDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    if (option->state & QStyle::State_Selected) option->state &= ~QStyle::State_HasFocus;
}

void PaintedRowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle* style = item.widget ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const bool selected = item.state & QStyle::State_Selected;
    Pens pens;
    pens.selected = selected;
    pens.strong = item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    pens.under = item.palette.color(selected ? QPalette::Highlight : QPalette::Base);
    pens.faint = blend(pens.under, pens.strong, selected ? 0.85 : 0.7);
    painter->save();
    paintContent(painter, item, index, pens);
    painter->restore();
}

}  // namespace retort
