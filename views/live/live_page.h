// Live: the curves of the selected runs, side by side and over each other, as they are written.
#pragma once

#include <QWidget>

#include "views/lab.h"

namespace retort {

class LivePage : public QWidget {
    Q_OBJECT
  public:
    explicit LivePage(Lab& lab, QWidget* parent = nullptr);

  private:
    Lab& m_lab;
};

}  // namespace retort
