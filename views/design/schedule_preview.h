// The learning rate over the steps of the run that is being designed.
#pragma once

#include <QWidget>

#include "core/config/run_config.h"

namespace retort {

class SchedulePreview : public QWidget {
    Q_OBJECT
  public:
    explicit SchedulePreview(QWidget* parent = nullptr);
    void setTraining(const TrainingSettings& training);
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    TrainingSettings m_training;
};

}  // namespace retort
