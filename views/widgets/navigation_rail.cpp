#include "views/widgets/navigation_rail.h"

#include <QButtonGroup>
#include <QPainter>
#include <QStyleOption>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/widgets/theme.h"

namespace retort {

namespace {

/// Icon above text; the current one carries the accent and a bar at its edge, so that colour is not the only
/// sign.
class RailButton final : public QToolButton {
  public:
    RailButton(const QString& iconName, const QString& text, QWidget* parent)
        : QToolButton(parent), m_iconName(iconName) {
        setText(text);
        setCheckable(true);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);  // all as wide as the widest
    }

    QSize sizeHint() const override {
        QFont bold = font();
        bold.setBold(true);  // as the current place is written
        const QFontMetrics metrics(bold);
        return {std::max(84, metrics.horizontalAdvance(text()) + 24), 34 + metrics.height() + 14};
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        const Tones& t = tones();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF body = QRectF(rect()).adjusted(8, 2, -8, -2);
        if (isChecked() || underMouse()) {
            QColor fill = t.accent;
            fill.setAlphaF(isChecked() ? 0.16 : 0.07);
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawRoundedRect(body, 8, 8);
        }
        if (isChecked()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(t.accent);
            painter.drawRoundedRect(QRectF(0, body.top() + 8, 4, body.height() - 16), 2, 2);
        }
        if (hasFocus()) {
            painter.setPen(QPen(t.accent, 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(body, 8, 8);
        }
        const QColor ink = isChecked() ? t.accent : palette().color(QPalette::WindowText);
        lineIcon(m_iconName, ink).paint(&painter, QRect((width() - 22) / 2, 9, 22, 22));
        painter.setPen(ink);
        QFont font = painter.font();
        font.setBold(isChecked());
        painter.setFont(font);
        painter.drawText(QRect(0, 34, width(), height() - 38), Qt::AlignCenter, text());
    }

  private:
    QString m_iconName;
};

}  // namespace

NavigationRail::NavigationRail(QWidget* parent)
    : QWidget(parent), m_layout(new QVBoxLayout(this)), m_group(new QButtonGroup(this)) {
    m_layout->setContentsMargins(0, 10, 0, 10);
    m_layout->setSpacing(4);
    m_layout->addStretch(1);
    m_group->setExclusive(true);
    connect(m_group, &QButtonGroup::idClicked, this, &NavigationRail::chosen);
    setAccessibleName(tr("Places"));
}

void NavigationRail::addPlace(const QString& iconName, const QString& text, const QString& shortcut) {
    auto* button = new RailButton(iconName, text, this);
    button->setToolTip(tr("%1 (%2)").arg(text, shortcut));
    button->setAccessibleName(text);
    const int index = static_cast<int>(m_group->buttons().size());
    m_group->addButton(button, index);
    m_layout->insertWidget(index, button);
}

void NavigationRail::setCurrent(int index) {
    if (QAbstractButton* button = m_group->button(index)) button->setChecked(true);
}

void NavigationRail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), tones().sunken);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), tones().border);
}

}  // namespace retort
