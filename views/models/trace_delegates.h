// Paints a line of the trace list and a sample's card.
#pragma once

#include "views/models/row_delegate.h"

namespace retort {

class TraceRowDelegate : public PaintedRowDelegate {
    Q_OBJECT
  public:
    using PaintedRowDelegate::PaintedRowDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override;
};

/// A card with a frame of its own instead of the style's item.
class SampleCardDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace retort
