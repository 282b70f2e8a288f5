// How a value is spread over the traces of a list, right and wrong answers stacked. Clicking a bar or
// dragging over several asks for that range; arrows, Shift+arrows, Enter and Esc do the same from the
// keyboard.
#pragma once

#include <QWidget>
#include <optional>
#include <utility>

#include "core/store/rows.h"

namespace retort {

class ValueHistogram : public QWidget {
    Q_OBJECT
  public:
    using Range = std::pair<double, double>;

    /// `whole`: the value is a whole number (tokens), and so are the bounds of a range.
    ValueHistogram(const QString& name, bool whole, QWidget* parent = nullptr);

    void setHistogram(TraceHistogram histogram);
    const TraceHistogram& histogram() const { return m_histogram; }
    /// What the list is filtered by: drawn as chosen.
    void setSelected(std::optional<Range> range);
    int bins() const { return static_cast<int>(m_histogram.right.size()); }
    /// The bin under a point of the widget, -1 beside them.
    int binAt(const QPoint& point) const;
    QRect binRect(int bin) const;
    QString describe(int bin) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  Q_SIGNALS:
    /// Nothing: all values.
    void rangeChosen(std::optional<std::pair<double, double>> range);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

  private:
    QRect plotRect() const;
    std::int64_t countOf(int bin) const;
    Range rangeOf(int first, int last) const;
    bool isChosen(int bin) const;
    void choose(int first, int last);
    void moveCursor(int to, bool extend);

    QString m_name;
    bool m_whole;
    TraceHistogram m_histogram;
    std::optional<Range> m_selected;
    int m_cursor = -1, m_anchor = -1;  ///< bins
    bool m_dragging = false;
};

}  // namespace retort
