// A heat map of the model's blocks (columns) by modules (rows).
#pragma once

#include <QImage>
#include <QWidget>
#include <vector>

#include "core/weights/checkpoint_difference.h"

namespace retort {

class LayerMap : public QWidget {
    Q_OBJECT
  public:
    enum class Measure { RelativeL2, Cosine, Changed, SignConflict };

    explicit LayerMap(QWidget* parent = nullptr);

    void setDifference(const CheckpointDifference& difference);
    void setMeasure(Measure measure);
    /// "block\tmodule\tvalue" lines.
    QString asText(QChar separator) const;
    QImage image(qreal scale = 2);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent*) override;
    bool event(QEvent* event) override;

  private:
    struct Cell {
        int row, column;
        QString tensor;
        double values[4];
    };
    QRectF rectOf(const Cell& cell) const;
    double valueOf(const Cell& cell) const { return cell.values[static_cast<int>(m_measure)]; }
    std::pair<double, double> scale() const;
    void describe();

    Measure m_measure = Measure::RelativeL2;
    QStringList m_modules, m_blocks;
    std::vector<Cell> m_cells;
};

}  // namespace retort
