// The last step of a design: its name, where it runs, how many seeds (and how many of them at once), and the
// button.
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
    int atOnce() const;  ///< how many of several runs go at the same time; 0: all, as Slurm's array does
    void setSeeds(int count);
    void setAtOnce(int runs);
    /// Empty: it can be launched.
    void setObstacle(const QString& reason);
    void setBusy(bool busy);
    QPushButton* launchButton() const { return m_launch; }

  Q_SIGNALS:
    void nameEdited(const QString& name);
    void launchRequested();
    /// Where, how many seeds, or how many at once.
    void choiceChanged();

  private:
    void showState();
    void offerAtOnce();

    QLineEdit* m_name;
    QComboBox* m_backend;
    QSpinBox *m_seeds, *m_atOnce;
    QLabel* m_reason;
    QPushButton* m_launch;
    QString m_obstacle;
    bool m_busy = false;
};

}  // namespace retort
