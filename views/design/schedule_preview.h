// The run that is being designed, over its steps: the learning rate, and the loss that earlier runs let
// expect.
#pragma once

#include <QWidget>

#include "core/config/run_config.h"
#include "views/design/loss_forecast.h"

namespace retort {

class SchedulePreview : public QWidget {
    Q_OBJECT
  public:
    explicit SchedulePreview(QWidget* parent = nullptr);
    void setTraining(const TrainingSettings& training);
    void setForecast(LossForecast forecast);
    /// What is known of the loss, in words.
    QString forecastText() const;
    QSize sizeHint() const override;
    /// Where the curves are drawn; the labels stand above and below.
    QRect plotArea() const;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void describe();
    QPolygonF rateCurve() const;
    QPolygonF lossCurve() const;

    TrainingSettings m_training;
    LossForecast m_forecast;
};

}  // namespace retort
