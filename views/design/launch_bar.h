// The last step of a design: its name, where it runs, how many seeds (and how many of them at once), and the
// buttons: at once, or into the queue.
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
    /// That train each run together; 1 where they cannot be chosen.
    int processes() const;
    /// Why this design can be trained by one process only; empty: it can by several.
    void setOneProcessReason(const QString& reason);
    /// How many tasks of a job array go at the same time, where Slurm runs several seeds; 0: all.
    int arrayAtOnce() const;
    void setArrayAtOnce(int runs);
    void setSeeds(int count);
    void setProcesses(int count);
    /// How many runs of the queue go at the same time on this computer.
    void setAtOnce(int runs);
    /// Empty: it can be launched.
    void setObstacle(const QString& reason);
    void setBusy(bool busy);
    QPushButton* launchButton() const { return m_launch; }

  Q_SIGNALS:
    void nameEdited(const QString& name);
    void launchRequested();
    /// Where, how many seeds or processes, or how many of an array at once.
    void choiceChanged();
    void queueRequested();

  private:
    void showState();
    void showCount();

    QLineEdit* m_name;
    QComboBox* m_backend;
    QSpinBox *m_processes, *m_seeds, *m_atOnce, *m_arrayAtOnce;
    QLabel *m_processesLabel, *m_atOnceLabel, *m_reason;
    QPushButton *m_queue, *m_launch;
    QString m_obstacle, m_oneProcessReason;
    bool m_busy = false;
};

}  // namespace retort
