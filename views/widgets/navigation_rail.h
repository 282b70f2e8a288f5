// The column of places at the window's left edge.
#pragma once

#include <QWidget>
#include <vector>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace retort {

class NavigationRail : public QWidget {
    Q_OBJECT
  public:
    explicit NavigationRail(QWidget* parent = nullptr);

    void addPlace(const QString& iconName, const QString& text, const QString& shortcut);
    void setCurrent(int index);

  Q_SIGNALS:
    void chosen(int index);

  protected:
    void paintEvent(QPaintEvent*) override;

  private:
    QVBoxLayout* m_layout;
    QButtonGroup* m_group;
};

}  // namespace retort
