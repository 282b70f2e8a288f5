// The scale of a token lane, printed: its shades from end to end with the values that they begin and end at.
#pragma once

#include <QWidget>

#include "views/traces/reader/lane_colors.h"

namespace retort {

class LaneLegend : public QWidget {
    Q_OBJECT
  public:
    explicit LaneLegend(QWidget* parent = nullptr) : QWidget(parent) {}

    void setScale(TokenLane lane, const LaneScale& scale);
    QString lowText() const { return m_low; }
    QString highText() const { return m_high; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    LaneScale m_scale;
    QString m_low, m_high;
};

}  // namespace retort
