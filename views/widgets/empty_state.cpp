#include "views/widgets/empty_state.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kTextWidth = 520;

/// Redrawn with the palette: a pixmap in a QLabel would keep the old theme's colour.
class BigIcon final : public QWidget {
  public:
    BigIcon(QString name, QWidget* parent) : QWidget(parent), m_name(std::move(name)) {
        setFixedSize(56, 56);
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        lineIcon(m_name, tones().accent).paint(&painter, rect());
    }

  private:
    QString m_name;
};

}  // namespace

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& text, QWidget* parent)
    : QWidget(parent), m_buttons(new QHBoxLayout) {
    auto* heading = new QLabel(title, this);
    QFont font = heading->font();
    font.setPointSizeF(font.pointSizeF() * 1.5);
    font.setBold(true);
    heading->setFont(font);
    heading->setAlignment(Qt::AlignCenter);
    auto* body = new QLabel(text, this);
    body->setWordWrap(true);
    body->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    body->setFixedWidth(kTextWidth);
    body->setMinimumHeight(body->heightForWidth(kTextWidth));
    m_buttons->addStretch(1);
    m_buttons->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(new BigIcon(iconName, this), 0, Qt::AlignHCenter);
    layout->addSpacing(8);
    layout->addWidget(heading);
    layout->addWidget(body, 0, Qt::AlignHCenter);
    layout->addSpacing(12);
    layout->addLayout(m_buttons);
    layout->addStretch(3);
}

void EmptyState::addButton(const QString& text, std::function<void()> act) {
    auto* button = new QPushButton(text, this);
    if (m_buttons->count() == 2) button->setDefault(true);
    button->setMinimumHeight(button->sizeHint().height() + 8);
    button->setMinimumWidth(button->sizeHint().width() + 24);
    connect(button, &QPushButton::clicked, this, std::move(act));
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

}  // namespace retort
