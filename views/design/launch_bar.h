// The last step of a design: its name, where it runs, how many seeds, and the button.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace retort {

class Lab;

class LaunchBar : public QWidget {
    Q_OBJECT
  public:
    explicit LaunchBar(Lab& lab, QWidget* parent = nullptr);

    void setName(const QString& name);
    QString backend() const;
    void chooseBackend(const QString& id);
    int seeds() const;
    /// Empty: it can be launched.
    void setObstacle(const QString& reason);
    void setBusy(bool busy);
    QPushButton* launchButton() const { return m_launch; }

  Q_SIGNALS:
    void nameEdited(const QString& name);
    void launchRequested();

  private:
    void showState();

    QLineEdit* m_name;
    QComboBox* m_backend;
    QSpinBox* m_seeds;
    QLabel* m_reason;
    QPushButton* m_launch;
    QString m_obstacle;
    bool m_busy = false;
};

}  // namespace retort
