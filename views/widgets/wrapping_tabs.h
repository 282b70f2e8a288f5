// Pages under a row of tabs that goes on in a second row where the first is full: all of them, and what they
// count ("Alarms (3)"), are in view in a narrow pane, too. QTabBar would hide them behind arrows.
#pragma once

#include <QList>
#include <QWidget>

class QButtonGroup;
class QStackedWidget;
class QToolButton;

namespace retort {

class WrappingTabs : public QWidget {
    Q_OBJECT
  public:
    explicit WrappingTabs(QWidget* parent = nullptr);

    /// Becomes the page's parent; its index.
    int addTab(QWidget* page, const QString& text);
    int count() const { return static_cast<int>(m_tabs.size()); }
    int currentIndex() const;
    QWidget* widget(int index) const;
    QString tabText(int index) const;
    void setTabText(int index, const QString& text);
    /// Where the tab is, for tests and pictures.
    QRect tabGeometry(int index) const;

  public Q_SLOTS:
    void setCurrentIndex(int index);

  Q_SIGNALS:
    void currentChanged(int index);

  private:
    void step(int by);

    QWidget* m_bar;
    QButtonGroup* m_group;
    QStackedWidget* m_pages;
    QList<QToolButton*> m_tabs;
};

}  // namespace retort
