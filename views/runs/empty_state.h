// What a page shows while it has nothing: a heading, a sentence, and the ways to get something.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QPushButton;

namespace retort {

class EmptyState : public QWidget {
    Q_OBJECT
  public:
    EmptyState(const QString& heading, const QString& text, QWidget* parent = nullptr);
    /// The first button is the default one.
    QPushButton* addButton(const QString& text);

  private:
    QHBoxLayout* m_buttons;
};

}  // namespace retort
