#include "views/machines/secrets_editor.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "views/lab.h"
#include "views/models/format.h"

namespace retort {

namespace {

constexpr int listHeight = 60;

}  // namespace

SecretsEditor::SecretsEditor(Lab& lab, const std::string& machine, QWidget* parent)
    : QWidget(parent), m_lab(lab) {
    m_list = new QListWidget(this);
    m_list->setMaximumHeight(listHeight);
    m_list->setAccessibleName(tr("Secrets"));
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(QStringLiteral("HF_TOKEN"));
    m_name->setAccessibleName(tr("Name of the variable"));
    m_value = new QLineEdit(this);
    m_value->setEchoMode(QLineEdit::Password);
    m_value->setPlaceholderText(tr("value"));
    m_value->setAccessibleName(tr("Value"));
    m_set = new QPushButton(tr("S&et"), this);
    m_remove = new QPushButton(tr("Re&move"), this);
    m_note = new QLabel(this);
    m_note->setWordWrap(true);
    auto* line = new QHBoxLayout;
    for (QWidget* each : {static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_value),
                          static_cast<QWidget*>(m_set), static_cast<QWidget*>(m_remove)})
        line->addWidget(each);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    layout->addLayout(line);
    layout->addWidget(m_note);
    for (QPushButton* button : {m_set, m_remove}) button->setAutoDefault(false);
    connect(m_set, &QPushButton::clicked, this, &SecretsEditor::setOne);
    connect(m_remove, &QPushButton::clicked, this, &SecretsEditor::removeOne);
    for (QLineEdit* field : {m_name, m_value})
        connect(field, &QLineEdit::textChanged, this, &SecretsEditor::showState);
    connect(m_list, &QListWidget::currentRowChanged, this, &SecretsEditor::showState);
    m_lab.read(
        this, [machine](StoreReader& reader) { return secretNames(reader, machine); },
        [this](std::vector<std::string> names) {
            m_before = m_names = std::move(names);
            showNames();
        });
    ask();
    showState();
}

SecretsEditor::~SecretsEditor() {
    *m_isOver = true;
    m_thread.waitForDone();
}

void SecretsEditor::ask() {
    m_thread.start([this, isOver = m_isOver] {
        const QString trouble = toQString(keychainTrouble([isOver] { return isOver->load(); }));
        QMetaObject::invokeMethod(this, [this, trouble] {
            m_trouble = trouble;
            showState();
        });
    });
}

void SecretsEditor::setOne() {
    const std::string name = m_name->text().trimmed().toStdString();
    m_changed[name] = m_value->text().toStdString();
    if (std::find(m_names.begin(), m_names.end(), name) == m_names.end()) m_names.push_back(name);
    m_name->clear();
    m_value->clear();
    showNames();
}

void SecretsEditor::removeOne() {
    const int row = m_list->currentRow();
    if (row < 0 || row >= static_cast<int>(m_names.size())) return;
    m_changed.erase(m_names[static_cast<std::size_t>(row)]);
    m_names.erase(m_names.begin() + row);
    showNames();
}

void SecretsEditor::showNames() {
    m_list->clear();
    for (const std::string& name : m_names)
        m_list->addItem(m_changed.contains(name) ? tr("%1 (new value)").arg(toQString(name))
                                                 : toQString(name));
    showState();
}

void SecretsEditor::showState() {
    const bool isUsable = m_trouble && m_trouble->isEmpty();
    const std::string name = m_name->text().trimmed().toStdString(), value = m_value->text().toStdString();
    const std::string wrong = !name.empty() && !problemOfSecretName(name).empty() ? problemOfSecretName(name)
                              : !value.empty() ? problemOfSecretValue(value)
                                               : "";
    for (QLineEdit* field : {m_name, m_value}) field->setEnabled(isUsable);
    m_set->setEnabled(isUsable && !name.empty() && !value.empty() && wrong.empty());
    // Without a keychain a name can still be taken off the list, so that runs start again.
    m_remove->setEnabled(m_list->currentRow() >= 0);
    if (!m_trouble)
        m_note->setText(tr("Asking the keychain…"));
    else if (!isUsable)
        m_note->setText(tr("Secrets cannot be kept here: %1").arg(*m_trouble));
    else
        m_note->setText(wrong.empty() ? tr("Variables of runs there, kept in the system's keychain alone.")
                                      : toQString(wrong));
    // A form gives a wrapped text the lines that it had at first; the dialog grows with this.
    m_note->setMinimumHeight(std::max(0, m_note->heightForWidth(m_note->width())));
}

void SecretsEditor::save(const std::string& machine) {
    if (m_set->isEnabled()) setOne();  // typed, and the dialog closed by Enter
    if (m_changed.empty() && m_names == m_before) return Q_EMIT done({});
    std::vector<std::string> gone;
    for (const std::string& name : m_before)
        if (std::find(m_names.begin(), m_names.end(), name) == m_names.end()) gone.push_back(name);
    const bool isUsable = m_trouble && m_trouble->isEmpty();
    m_thread.start([this, machine, gone, isUsable, changed = m_changed, names = m_names, isOver = m_isOver,
                    &writer = m_lab.writer()] {
        QString problem;
        try {
            const auto stop = [isOver] { return isOver->load(); };
            for (const auto& [name, value] : changed) writeSecret(machine, name, value, stop);
            if (isUsable)
                for (const std::string& name : gone) removeSecret(machine, name, stop);
            writer.setSetting(secretsSetting(machine), Json(names)).get();
        } catch (const Error& error) {
            problem = errorText(error);
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, problem] { Q_EMIT done(problem); });
    });
}

}  // namespace retort
