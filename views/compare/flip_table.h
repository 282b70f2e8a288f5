// The 2x2 table of two checkpoints: how many problems both, only one or neither solves. Choosing a cell
// filters.
#pragma once

#include <QWidget>
#include <optional>

#include "core/comparison/comparison_scores.h"

class QLabel;
class QPushButton;

namespace retort {

class FlipTable : public QWidget {
    Q_OBJECT
  public:
    explicit FlipTable(QWidget* parent = nullptr);

    void setCounts(const PairedCounts& counts, const QString& first, const QString& second);
    std::optional<FlipCell> chosen() const { return m_chosen; }
    void choose(std::optional<FlipCell> cell);
    QPushButton* button(FlipCell cell) const { return m_buttons[static_cast<int>(cell)]; }

  Q_SIGNALS:
    void chosenChanged();

  private:
    QPushButton* m_buttons[4];
    QLabel* m_heads[4];
    std::optional<FlipCell> m_chosen;
};

}  // namespace retort
