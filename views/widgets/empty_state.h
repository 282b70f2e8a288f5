// What a page shows while it has nothing to show: one sentence, and the way on.
#pragma once

#include <QWidget>
#include <functional>

class QBoxLayout;

namespace retort {

class EmptyState : public QWidget {
    Q_OBJECT
  public:
    EmptyState(const QString& iconName, const QString& title, const QString& text, QWidget* parent = nullptr);

    /// The first button is the default one.
    void addButton(const QString& text, std::function<void()> act);

  private:
    QBoxLayout* m_buttons;
};

}  // namespace retort
