// Messages that the user should read, in the window instead of in a modal box: copyable, dismissed one by
// one.
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace retort {

class MessageBar : public QWidget {
    Q_OBJECT
  public:
    explicit MessageBar(QWidget* parent = nullptr);

    /// A message that is already shown is not shown twice; the oldest go when there are more than three.
    void show(const QString& message);
    QStringList messages() const;

  private:
    QVBoxLayout* m_layout;
};

}  // namespace retort
