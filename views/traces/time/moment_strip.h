// A slider over the moments of one problem that draws what it slides along: the share of right answers as
// dots on a line, the mean length as a second, thinner line.
#pragma once

#include <QAbstractSlider>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class MomentStrip : public QAbstractSlider {
    Q_OBJECT
  public:
    explicit MomentStrip(QWidget* parent = nullptr);

    /// The value is the index of a moment; the current one becomes `at`, without a signal.
    void setMoments(std::vector<ProblemMoment> moments, int at);
    const std::vector<ProblemMoment>& moments() const { return m_moments; }
    /// The pinned moment, marked; -1: none.
    void setPinned(int moment);
    int momentNear(const QPoint& point) const;
    QPoint placeOf(int moment) const;
    QString describe(int moment) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void sliderChange(SliderChange change) override;
    bool event(QEvent* event) override;

  private:
    QRect plotRect() const;
    double shareAlong(int moment) const;

    std::vector<ProblemMoment> m_moments;
    int m_pinned = -1;
};

}  // namespace retort
