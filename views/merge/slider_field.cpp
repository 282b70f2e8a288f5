#include "views/merge/slider_field.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <cmath>
#include <string_view>

#include "views/models/format.h"
#include "views/widgets/elided_label.h"

namespace retort {

namespace {

struct Range {
    double low, high, step;
};

/// What is worth trying; the spin box takes any number. None: a slider would not help.
std::optional<Range> rangeOf(const BenchParameter& parameter) {
    static constexpr std::pair<std::string_view, Range> known[] = {
        {"weight", {0, 1.5, 0.01}},   {"density", {0, 1, 0.01}},    {"lambda", {0, 2, 0.01}},
        {"t", {0, 1, 0.01}},          {"epsilon", {0, 0.5, 0.005}}, {"gamma", {0, 0.2, 0.002}},
        {"scale", {-1, 2, 0.01}},     {"r", {0, 1, 0.01}},          {"ratio", {0, 1, 0.01}},
        {"select_topk", {0, 1, 0.01}}};
    for (const auto& [name, range] : known)
        if (parameter.name == name) return range;
    const double usual = parameter.fallback.value_or(0.5);
    if (usual >= 0.01 && usual <= 1) return Range{0, 1, 0.01};
    return std::nullopt;
}

}  // namespace

SliderField::SliderField(const BenchParameter& parameter, const QString& of, QWidget* parent)
    : QWidget(parent), m_parameter(parameter) {
    const QString name = toQString(parameter.name);
    const QString spoken = of.isEmpty() ? name : tr("%1 of %2").arg(name, of);
    auto* label = new ElidedLabel(name, this);
    label->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    label->setFixedWidth(fontMetrics().averageCharWidth() * 13);
    m_ruled = new QLabel(tr("by layer, in the text"), this);
    m_ruled->setForegroundRole(QPalette::PlaceholderText);
    m_ruled->hide();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    setToolTip(toQString(parameter.help));
    if (parameter.isFlag) {
        m_check = new QCheckBox(this);
        m_check->setAccessibleName(spoken);
        layout->addWidget(m_check);
        layout->addWidget(m_ruled);
        layout->addStretch(1);
        connect(m_check, &QCheckBox::toggled, this, [this](bool on) { Q_EMIT edited(on, false); });
        return;
    }
    m_spin = new QDoubleSpinBox(this);
    const double usual = std::abs(parameter.fallback.value_or(1));
    m_spin->setDecimals(usual > 0 && usual < 1e-3 ? 10 : 4);
    m_spin->setRange(-1e6, 1e6);
    m_spin->setStepType(QAbstractSpinBox::DefaultStepType);
    m_spin->setSingleStep(0.01);
    m_spin->setKeyboardTracking(false);  // "0.35" is one number, not three
    m_spin->setAccessibleName(spoken);
    m_spin->setFixedWidth(fontMetrics().averageCharWidth() * 14);
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_unset = false;
        showOnSlider(value);
        Q_EMIT edited(value, false);
    });
    if (const auto range = rangeOf(parameter)) {
        m_low = range->low;
        m_step = range->step;
        m_slider = new QSlider(Qt::Horizontal, this);
        m_slider->setRange(0, static_cast<int>(std::lround((range->high - range->low) / range->step)));
        m_slider->setPageStep(10);
        m_slider->setAccessibleName(spoken);
        layout->addWidget(m_slider, 1);
        connect(m_slider, &QSlider::valueChanged, this, [this](int at) {
            const double value = std::round(1e6 * (m_low + at * m_step)) / 1e6;
            const QSignalBlocker quiet(m_spin);
            m_spin->setValue(value);
            Q_EMIT edited(value, m_slider->isSliderDown());
        });
        connect(m_slider, &QSlider::sliderReleased, this, [this] { Q_EMIT edited(value(), false); });
    }
    layout->addWidget(m_ruled, m_slider ? 0 : 1);
    layout->addWidget(m_spin);
    if (!m_slider) layout->addStretch(1);
}

void SliderField::setValue(std::optional<double> value) {
    m_unset = !value;
    if (m_check) {
        const QSignalBlocker quiet(m_check);
        return m_check->setChecked(value.value_or(0) != 0);
    }
    const QSignalBlocker quiet(m_spin);
    m_spin->setValue(value.value_or(0));
    showOnSlider(value.value_or(0));
}

double SliderField::value() const {
    return m_check ? m_check->isChecked() : m_spin->value();
}

void SliderField::showOnSlider(double value) {
    if (!m_slider || m_slider->isSliderDown()) return;
    const QSignalBlocker quiet(m_slider);
    const auto at = static_cast<int>(std::lround(std::clamp((value - m_low) / m_step, -1e6, 1e6)));
    // A number beyond the usual range makes the slider longer.
    if (at > m_slider->maximum()) m_slider->setMaximum(at);
    if (at < 0) {
        m_slider->setMaximum(m_slider->maximum() - at);
        m_low += at * m_step;
        m_slider->setValue(0);
        return;
    }
    m_slider->setValue(at);
}

void SliderField::setInText(bool inText) {
    m_inText = inText;
    m_ruled->setVisible(inText);
    for (QWidget* each :
         {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_spin), static_cast<QWidget*>(m_check)})
        if (each) each->setVisible(!inText);
}

}  // namespace retort
