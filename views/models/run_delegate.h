// Paints the run table's state (sign, word and progress), tags (chips) and trend (a sparkline): one for a
// column each; what they show follows from the roles that the index answers.
#pragma once

#include "views/models/row_delegate.h"

namespace retort {

/// Names of a sweep begin alike: what tells them apart is at their end.
class RunNameDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

class RunStateDelegate : public PaintedRowDelegate {
    Q_OBJECT
  public:
    using PaintedRowDelegate::PaintedRowDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override;
};

class TagsDelegate : public PaintedRowDelegate {
    Q_OBJECT
  public:
    using PaintedRowDelegate::PaintedRowDelegate;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override;
};

class TrendDelegate : public PaintedRowDelegate {
    Q_OBJECT
  public:
    using PaintedRowDelegate::PaintedRowDelegate;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override;
};

}  // namespace retort
