#include "views/widgets/field_style.h"

#include <QPainter>
#include <QStyleOption>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

void drawFrame(const QStyleOption& option, QPainter* painter) {
    const bool enabled = option.state & QStyle::State_Enabled;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(blend(tones().border, tones().muted, enabled ? 0.5 : 0.1));
    painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
}

}  // namespace

void FieldStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (!tones().dark) return;
    const bool focused = option->state & State_HasFocus;  // then Fusion's own frame is bright
    if (element == PE_IndicatorCheckBox || (element == PE_FrameLineEdit && !focused))
        drawFrame(*option, painter);
}

void FieldStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                    QPainter* painter, const QWidget* widget) const {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_SpinBox && tones().dark && !(option->state & State_HasFocus))
        drawFrame(*option, painter);
}

}  // namespace retort
