#include "views/widgets/field_style.h"

#include <QPainter>
#include <QStyleOption>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

void FieldStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                               const QWidget* widget) const {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    const bool framed = element == PE_FrameLineEdit || element == PE_IndicatorCheckBox;
    if (!framed || !tones().dark || (option->state & State_HasFocus && element == PE_FrameLineEdit)) return;
    const bool enabled = option->state & State_Enabled;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(blend(tones().border, tones().muted, enabled ? 0.5 : 0.1));
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter->restore();
}

}  // namespace retort
