#include "views/merge/keep_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "views/lab.h"

namespace retort {

KeepDialog::KeepDialog(Lab& lab, const QString& name, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keep this merge as a checkpoint"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* text =
        new QLabel(tr("A run merges the models in full, writes the checkpoint, and evaluates it on the "
                      "ticked tasks. It appears in Runs like any other."),
                   this);
    text->setWordWrap(true);
    text->setMinimumWidth(420);
    m_name = new QLineEdit(name, this);
    m_name->selectAll();
    m_backend = new QComboBox(this);
    for (const auto& backend : lab.backends()) {
        if (!lab.isOffered(*backend)) continue;
        m_backend->addItem(backend->label(), backend->id());
        m_backend->setItemData(m_backend->count() - 1, backend->help(), Qt::ToolTipRole);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    QPushButton* keep = buttons->addButton(tr("&Keep"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &KeepDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto showState = [this, keep] { keep->setEnabled(!m_name->text().trimmed().isEmpty()); };
    connect(m_name, &QLineEdit::textChanged, keep, showState);
    showState();
    auto* layout = new QFormLayout(this);
    layout->addRow(text);
    layout->addRow(tr("&Name"), m_name);
    layout->addRow(tr("&Runs in"), m_backend);
    layout->addRow(buttons);
}

void KeepDialog::accept() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty()) return;
    Q_EMIT chosen(name, m_backend->currentData().toString());
    QDialog::accept();
}

}  // namespace retort
