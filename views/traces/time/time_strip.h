// The strip below a trace: the same problem through training and in other runs, with playing.
#pragma once

#include <QTimer>
#include <QWidget>

#include "views/traces/time/problem_timeline.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace retort {

class MomentStrip;

class TimeStrip : public QWidget {
    Q_OBJECT
  public:
    explicit TimeStrip(QWidget* parent = nullptr);

    /// The timelines of the open trace's problem, and where the trace is in them. Without a second moment in
    /// any run there is nothing to walk along, and the strip hides.
    void setTimelines(std::vector<RunTimeline> timelines, RowId run, const Trace& trace);
    /// The same timelines, another trace of them.
    void showTrace(RowId run, const Trace& trace);
    const std::vector<RunTimeline>& timelines() const { return m_timelines; }
    const RunTimeline* shown() const;

    /// Whether there is anything to walk along.
    bool hasMoments() const;

    void move(int by);
    bool isPlaying() const { return m_play.isActive(); }
    void togglePlaying();
    void setPinned(RowId run, std::int64_t step, const std::string& phase);
    void unpin();

    MomentStrip* moments() const { return m_moments; }
    QComboBox* runs() const { return m_runs; }
    QToolButton* playButton() const { return m_playButton; }
    QLabel* label() const { return m_label; }

  Q_SIGNALS:
    void momentChosen(const retort::ProblemMoment& moment);

  private:
    void showMoments();
    void chooseRun();
    void showLabel();
    void showPlaying();

    std::vector<RunTimeline> m_timelines;
    RowId m_run = 0;
    Trace m_trace;  ///< without its text
    struct Pin {
        RowId run = 0;
        std::int64_t step = 0;
        std::string phase;
    } m_pin;
    QTimer m_play;
    QComboBox* m_runs;
    QLabel* m_label;
    QToolButton* m_playButton;
    MomentStrip* m_moments;
};

}  // namespace retort
