// A row of values for one coefficient, measured one after the other, and the curve that results.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "views/merge/bench_point.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace retort {

class PlotView;

class SweepPanel : public QWidget {
    Q_OBJECT
  public:
    explicit SweepPanel(QWidget* parent = nullptr);

    /// What can be swept; the choice is kept where it is still there.
    void setTargets(const QStringList& targets);
    int target() const;
    /// Empty: it can start.
    void setObstacle(const QString& reason);
    void start();
    void begin(int count, const QString& axis);
    void add(double x, std::vector<MergeBenchTask> tasks);
    void end();

    PlotView* plot() const { return m_plot; }
    QLineEdit* valuesField() const { return m_values; }
    QPushButton* startButton() const { return m_start; }
    QPushButton* cancelButton() const { return m_cancel; }
    QComboBox* targetChooser() const { return m_target; }
    QComboBox* measureChooser() const { return m_measure; }
    QLabel* note() const { return m_note; }

  Q_SIGNALS:
    void sweepRequested(int target, const std::vector<double>& values);
    void cancelRequested();

  private:
    struct Point {
        double x = 0;
        std::vector<MergeBenchTask> tasks;
    };
    void showCurve();
    void showBarrier();
    void showState();

    QString m_obstacle, m_axis;
    bool m_going = false;
    std::vector<Point> m_points;
    QComboBox *m_target, *m_measure;
    QLineEdit* m_values;
    QPushButton *m_start, *m_cancel;
    QProgressBar* m_progress;
    QLabel* m_note;
    PlotView* m_plot;
};

}  // namespace retort
