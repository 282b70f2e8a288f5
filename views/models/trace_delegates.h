// Paints a line of the trace list, a step of the open trace, and a sample's card.
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

/// Gutter with number and verdict sign, the text in the fixed font, and the checker's reason under it.
/// Editing a step opens its text for reading and selecting, in its place.
class TraceStepDelegate : public PaintedRowDelegate {
    Q_OBJECT
  public:
    using PaintedRowDelegate::PaintedRowDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void setSearch(const QString& text) { m_search = text; }

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void setEditorData(QWidget*, const QModelIndex&) const override {}
    void setModelData(QWidget*, QAbstractItemModel*, const QModelIndex&) const override {}
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const override;

  protected:
    void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                      const Pens& pens) const override;

  private:
    QString m_search;
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
