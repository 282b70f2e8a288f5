#include "views/annotation/reason_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace retort {

ReasonDialog::ReasonDialog(const QString& title, const QString& question, bool required, QWidget* parent)
    : QDialog(parent), m_reason(new QLineEdit(this)) {
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* label = new QLabel(question, this);
    label->setWordWrap(true);
    label->setBuddy(m_reason);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(title);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    if (required) {
        QPushButton* ok = buttons->button(QDialogButtonBox::Ok);
        ok->setEnabled(false);
        connect(m_reason, &QLineEdit::textChanged, this,
                [ok](const QString& text) { ok->setEnabled(!text.trimmed().isEmpty()); });
    }
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(label);
    layout->addWidget(m_reason);
    layout->addWidget(buttons);
    resize(420, sizeHint().height());
}

QString ReasonDialog::reason() const {
    return m_reason->text().trimmed();
}

}  // namespace retort
