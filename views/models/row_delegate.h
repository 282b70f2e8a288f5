// A row of a list or table whose cells are painted on top of the style's own background and selection. What
// the run table, the trace list and the open trace have in common.
#pragma once

#include <QColor>
#include <QStyledItemDelegate>

namespace retort {

/// By itself: the plain cell of such a row.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    /// Fusion lays a veil over the item that has the focus; on a selected row, where the highlight says it
    /// already, it only dims one cell. The focus frame stays where nothing is selected.
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;
};

/// A cell that paints its own content.
class PaintedRowDelegate : public RowDelegate {
    Q_OBJECT
  public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const final;

  protected:
    struct Pens {
        QColor strong, faint, under;  ///< text, secondary text, and what they stand on
        bool selected;
        /// A tone tells something only where it is read against the plain background.
        QColor toned(const QColor& tone) const { return selected ? strong : tone; }
    };
    /// The background is there; the painter's state is restored afterwards.
    virtual void paintContent(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                              const Pens& pens) const = 0;
};

}  // namespace retort
