// One number with a slider to try and a spin box to be exact; a flag as a check box.
#pragma once

#include <QWidget>

#include "views/merge/bench_services.h"

class QCheckBox;
class QDoubleSpinBox;
class QLabel;
class QSlider;

namespace retort {

class SliderField : public QWidget {
    Q_OBJECT
  public:
    /// `of`: whose parameter it is, for screen readers; empty: the whole merge's.
    SliderField(const BenchParameter& parameter, const QString& of, QWidget* parent = nullptr);

    /// Nothing: no value is given, and there is none to fall back to.
    void setValue(std::optional<double> value);
    double value() const;
    /// The text gives it layer by layer: shown, but not to be moved here.
    void setInText(bool inText);
    bool isInText() const { return m_inText; }
    const BenchParameter& parameter() const { return m_parameter; }
    QSlider* slider() const { return m_slider; }
    QDoubleSpinBox* spinBox() const { return m_spin; }
    QCheckBox* checkBox() const { return m_check; }

  Q_SIGNALS:
    /// `going`: more will come, the slider is held.
    void edited(double value, bool going);

  private:
    void showOnSlider(double value);

    BenchParameter m_parameter;
    double m_low = 0, m_step = 0.01;
    bool m_inText = false, m_unset = false;
    QLabel* m_ruled;
    QSlider* m_slider = nullptr;
    QDoubleSpinBox* m_spin = nullptr;
    QCheckBox* m_check = nullptr;
};

}  // namespace retort
