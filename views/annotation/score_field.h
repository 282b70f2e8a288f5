// A score from 0 to 6 as a row of buttons (CheckMate's scales, methods.md #216); the chosen one again takes
// it back.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

class QToolButton;

namespace retort {

class ScoreField : public QWidget {
    Q_OBJECT
  public:
    /// `low` and `high`: what 0 and 6 mean.
    ScoreField(const QString& name, const QString& low, const QString& high, QWidget* parent = nullptr);

    void setScore(std::optional<int> score);
    std::optional<int> score() const { return m_score; }

  Q_SIGNALS:
    void chosen(std::optional<int> score);

  private:
    std::vector<QToolButton*> m_buttons;
    std::optional<int> m_score;
};

}  // namespace retort
