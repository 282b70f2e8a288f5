// What the last measurement says, a card a task: accuracy with its interval, loss, length, and the change
// since the one before.
#pragma once

#include <QWidget>
#include <vector>

#include "training/api/merge_bench.h"

class QHBoxLayout;
class QLabel;

namespace retort {

class ResultCards : public QWidget {
    Q_OBJECT
  public:
    explicit ResultCards(QWidget* parent = nullptr);

    void show(const std::vector<MergeBenchTask>& tasks, MergeBenchEffort effort);
    void clear();
    /// Greys the numbers: the sliders have moved on.
    void setStale(bool stale);
    /// All that the cards say, a line a task.
    QString text() const;

  private:
    struct Card;
    Card* card(std::size_t index);

    QHBoxLayout* m_layout;
    QLabel* m_hint;
    std::vector<Card*> m_cards;
};

}  // namespace retort
