// A grid of values as colours that all kinds of colour vision tell apart, with the number of the cell under
// the pointer or the keyboard's cursor, a legend, and its content as text and picture.
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>
#include <cmath>
#include <limits>
#include <vector>

namespace retort {

struct HeatMap {
    QString title, rowTitle, columnTitle, valueTitle;
    QStringList rows, columns;
    std::vector<double> values;  ///< row by row; NaN: nothing there
    double low = 0, high = 1;    ///< of the colours; values beyond take the ends'
    bool diverging = false;      ///< the middle of the range is neutral

    double at(int row, int column) const {
        const auto index = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns.size()) +
                           static_cast<std::size_t>(column);
        return index < values.size() ? values[index] : std::numeric_limits<double>::quiet_NaN();
    }
    bool isEmpty() const { return rows.isEmpty() || columns.isEmpty(); }
    /// One line a row, with the columns' names on top; all digits.
    QString text(bool csv) const;
};

/// The colour of `share` (0 to 1) of a range, in the theme of now.
QColor heatColor(double share, bool diverging);

/// Arrows, Home and End move the cursor; Ctrl+C copies the grid.
class HeatMapView : public QWidget {
    Q_OBJECT
  public:
    explicit HeatMapView(QWidget* parent = nullptr);

    void setMap(HeatMap map);
    const HeatMap& map() const { return m_map; }

    /// The cell that keyboard or pointer chose last; -1: none.
    int currentRow() const { return m_row; }
    int currentColumn() const { return m_column; }
    void setCurrent(int row, int column);
    /// What is said of a cell: where it is and its value.
    QString cellText(int row, int column) const;
    QRectF cellRect(int row, int column) const;

    void copyText() const;
    void copyPicture();
    /// .csv, .svg, else PNG; throws Error.
    void write(const QString& file);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  Q_SIGNALS:
    void currentChanged(int row, int column);

  protected:
    void paintEvent(QPaintEvent*) override;
    void mouseMoveEvent(QMouseEvent*) override;
    void mousePressEvent(QMouseEvent*) override;
    void leaveEvent(QEvent*) override;
    void keyPressEvent(QKeyEvent*) override;
    bool event(QEvent*) override;
    void contextMenuEvent(QContextMenuEvent*) override;

  private:
    struct Places {
        QRectF grid, legend;
        double width = 0, cellWidth = 0, cellHeight = 0;
        int head = 0;  ///< of the columns' names
    };
    Places places(const QSize& size) const;
    std::pair<int, int> cellAt(const QPointF& point) const;
    void paintOn(QPainter& painter, const QSize& size, bool withCursor) const;
    void paintCells(QPainter& painter, const Places& at, bool withCursor) const;
    void paintNames(QPainter& painter, const Places& at) const;
    void paintLegend(QPainter& painter, const Places& at, bool withCursor) const;
    void saveAs();

    HeatMap m_map;
    int m_row = -1, m_column = -1;
    int m_hoverRow = -1, m_hoverColumn = -1;
};

}  // namespace retort
