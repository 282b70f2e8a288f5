#include "views/widgets/message_bar.h"

#include <QApplication>
#include <QClipboard>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/widgets/theme.h"

namespace retort {

namespace {

constexpr int kMostMessages = 3;

/// One message with its buttons; a coloured edge says that it is an error, and so does the icon.
class MessageRow final : public QFrame {
  public:
    MessageRow(const QString& message, QWidget* parent) : QFrame(parent), m_message(message) {
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(14, 6, 6, 6);
        auto* sign = new QLabel(this);
        sign->setPixmap(lineIcon(QStringLiteral("error"), tones().bad).pixmap(QSize(20, 20)));
        layout->addWidget(sign, 0, Qt::AlignTop);
        layout->addWidget(makeText(), 1);
        layout->addWidget(makeButton(QStringLiteral("copy"), MessageBar::tr("Copy the message"),
                                     [this] { QApplication::clipboard()->setText(m_message); }),
                          0, Qt::AlignTop);
        layout->addWidget(makeButton(QStringLiteral("close"), MessageBar::tr("Dismiss the message"),
                                     [this] { deleteLater(); }),
                          0, Qt::AlignTop);
    }

    const QString& message() const { return m_message; }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), tones().surface);
        painter.fillRect(QRect(0, 0, 4, height()), tones().bad);
        painter.fillRect(QRect(0, height() - 1, width(), 1), tones().border);
    }

  private:
    QLabel* makeText() {
        auto* text = new QLabel(m_message, this);
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        text->setAccessibleName(MessageBar::tr("Error: %1").arg(m_message));
        return text;
    }

    QToolButton* makeButton(const QString& iconName, const QString& name, std::function<void()> act) {
        auto* button = new QToolButton(this);
        button->setAutoRaise(true);
        button->setIcon(lineIcon(iconName));
        button->setToolTip(name);
        button->setAccessibleName(name);
        connect(button, &QToolButton::clicked, this, std::move(act));
        return button;
    }

    QString m_message;
};

}  // namespace

MessageBar::MessageBar(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
}

void MessageBar::show(const QString& message) {
    if (message.isEmpty() || messages().contains(message)) return;
    if (m_layout->count() >= kMostMessages) delete m_layout->itemAt(0)->widget();
    m_layout->addWidget(new MessageRow(message, this));
}

QStringList MessageBar::messages() const {
    QStringList list;
    for (int i = 0; i < m_layout->count(); ++i)
        list << static_cast<MessageRow*>(m_layout->itemAt(i)->widget())->message();
    return list;
}

}  // namespace retort
