#include "views/annotation/key_button.h"

#include <QAction>
#include <QPainter>
#include <QStyleOptionToolButton>
#include <QStylePainter>
#include <algorithm>

#include "views/actions.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kPulseMs = 220, kPad = 8, kGap = 6;

QFont keyFont(QFont font) {
    font.setPointSizeF(font.pointSizeF() * 0.82);
    return font;
}

}  // namespace

KeyButton::KeyButton(QAction* command, const QString& face, QWidget* parent)
    : QToolButton(parent), m_command(command), m_face(face) {
    setFocusPolicy(Qt::TabFocus);  // a click leaves the focus with the text
    setAutoRaise(true);
    m_pulse.setDuration(kPulseMs);
    m_pulse.setStartValue(1.0);
    m_pulse.setEndValue(0.0);
    connect(&m_pulse, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(this, &QToolButton::clicked, m_command, &QAction::trigger);
    connect(m_command, &QAction::triggered, this, &KeyButton::pulse);
    connect(m_command, &QAction::changed, this, &KeyButton::describe);
    describe();
}

QString KeyButton::keyText() const {
    QString keys = m_command->shortcut().toString(QKeySequence::NativeText);
    keys.replace(QStringLiteral("Return"), QStringLiteral("↵"));
    keys.replace(QStringLiteral("Shift+"), QStringLiteral("⇧"));
    return keys;
}

void KeyButton::describe() {
    const QString name = retort::commandText(m_command);
    setAccessibleName(name);
    QString tip = name;
    if (!m_command->shortcut().isEmpty())
        tip += QStringLiteral("  (%1)").arg(m_command->shortcut().toString(QKeySequence::NativeText));
    if (!m_suggestion.isEmpty()) tip += QLatin1Char('\n') + tr("Suggested: %1").arg(m_suggestion);
    setToolTip(tip);
    setEnabled(m_command->isEnabled());
    updateGeometry();
    update();
}

void KeyButton::setOn(bool on) {
    if (m_on == on) return;
    m_on = on;
    setAccessibleDescription(on ? tr("chosen") : QString());
    update();
}

void KeyButton::setSuggestion(const QString& from) {
    if (m_suggestion == from) return;
    m_suggestion = from;
    describe();
}

void KeyButton::pulse() {
    m_pulse.stop();
    m_pulse.start();
}

QSize KeyButton::sizeHint() const {
    const QFontMetrics metrics(font()), small(keyFont(font()));
    const QString keys = keyText();
    const int key = keys.isEmpty() ? 0 : kGap + std::max(small.horizontalAdvance(keys) + 6, small.height());
    return {metrics.horizontalAdvance(m_face) + key + 2 * kPad, metrics.height() + 10};
}

void KeyButton::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor window = palette().color(QPalette::Button);
    const QColor tone = m_tone.isValid() ? m_tone : tones().accent;
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    QColor fill = m_on ? blend(window, tone, tones().dark ? 0.35 : 0.22) : window;
    if (isEnabled() && (underMouse() || isDown())) fill = blend(fill, tone, isDown() ? 0.25 : 0.1);
    if (isPulsing()) fill = blend(fill, tone, 0.6 * m_pulse.currentValue().toDouble());
    painter.setBrush(fill);
    painter.setPen(QPen(m_on ? tone : tones().border, m_on ? 1.5 : 1));
    painter.drawRoundedRect(frame, 4, 4);
    if (!m_suggestion.isEmpty() && !m_on) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tone, 1.5, Qt::DotLine));
        painter.drawRoundedRect(frame.adjusted(1.5, 1.5, -1.5, -1.5), 3, 3);
    }
    painter.setPen(
        palette().color(isEnabled() ? QPalette::Normal : QPalette::Disabled, QPalette::ButtonText));
    QRect text = rect().adjusted(kPad, 0, -kPad, 0);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, m_face);
    if (const QString keys = keyText(); !keys.isEmpty()) {
        painter.setFont(keyFont(font()));
        const QFontMetrics small(painter.font());
        const int width = std::max(small.horizontalAdvance(keys) + 6, small.height());
        const QRect box(text.right() + 1 - width, (height() - small.height()) / 2, width, small.height());
        painter.setPen(isEnabled() ? tones().muted
                                   : palette().color(QPalette::Disabled, QPalette::ButtonText));
        painter.drawText(box, Qt::AlignCenter, keys);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(tones().border);
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    }
    if (hasFocus()) {
        QStyleOptionFocusRect option;
        option.initFrom(this);
        option.rect = rect().adjusted(2, 2, -2, -2);
        painter.drawPrimitive(QStyle::PE_FrameFocusRect, option);
    }
}

}  // namespace retort
