// Fusion, with frames of fields and boxes that can be seen on dark windows: its own are a darker shade of the
// window.
#pragma once

#include <QProxyStyle>

namespace retort {

class FieldStyle : public QProxyStyle {
    Q_OBJECT
  public:
    FieldStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget = nullptr) const override;
};

}  // namespace retort
