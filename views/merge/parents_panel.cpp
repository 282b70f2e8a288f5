#include "views/merge/parents_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "views/lab.h"
#include "views/merge/checkpoint_picker.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

ParentsPanel::ParentsPanel(Lab& lab, std::function<QString(const std::string&)> shortName, QWidget* parent)
    : QWidget(parent), m_lab(lab), m_shortName(std::move(shortName)) {
    auto* pick = new QPushButton(lineIcon(QStringLiteral("plus")), tr("&Add from runs…"), this);
    connect(pick, &QPushButton::clicked, this, &ParentsPanel::pick);
    auto* folder = new QPushButton(tr("Add a &folder…"), this);
    folder->setToolTip(tr("Folders can also be dropped on this page"));
    connect(folder, &QPushButton::clicked, this, &ParentsPanel::addFolder);
    m_base = new QComboBox(this);
    m_base->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_base->setMinimumContentsLength(12);
    m_base->setToolTip(
        tr("What the others were trained from: task vectors are what each of them has learned since"));
    connect(m_base, &QComboBox::activated, this, [this] {
        const QString chosen = m_base->currentData().toString();
        if (chosen != QLatin1String("?")) return Q_EMIT baseChosen(chosen);
        const QString path = QFileDialog::getExistingDirectory(this, tr("The base's checkpoint folder"));
        if (!path.isEmpty()) Q_EMIT baseChosen(path);
    });
    auto* label = new QLabel(tr("&Base"), this);
    label->setBuddy(m_base);
    m_warnings = new QLabel(this);
    m_warnings->setWordWrap(true);
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_warnings->hide();
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(pick);
    buttons->addWidget(folder);
    buttons->addStretch(1);
    auto* base = new QHBoxLayout;
    base->addWidget(label);
    base->addWidget(m_base, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(buttons);
    layout->addLayout(base);
    layout->addWidget(m_warnings);
}

void ParentsPanel::show(const RecipeView& recipe) {
    m_base->clear();
    m_base->addItem(tr("none"), QString());
    for (const std::string& name : recipe.names()) {
        m_base->addItem(m_shortName(name), toQString(name));
        m_base->setItemData(m_base->count() - 1, toQString(name), Qt::ToolTipRole);
    }
    m_base->addItem(tr("a folder…"), QStringLiteral("?"));
    m_base->setCurrentIndex(std::max(0, m_base->findData(toQString(recipe.base))));
    setEnabled(recipe.readable);
}

void ParentsPanel::setWarnings(const std::vector<std::string>& warnings) {
    QStringList lines;
    for (const std::string& warning : warnings) lines << QStringLiteral("⚠ ") + toQString(warning);
    m_warnings->setText(lines.join(QLatin1Char('\n')));
    m_warnings->setVisible(!lines.isEmpty());
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, tones().warning);
    m_warnings->setPalette(colors);
}

CheckpointPicker* ParentsPanel::pick() {
    auto* picker = new CheckpointPicker(m_lab, this);
    connect(picker, &CheckpointPicker::picked, this, &ParentsPanel::added);
    picker->open();
    return picker;
}

void ParentsPanel::addFolder() {
    const QString path = QFileDialog::getExistingDirectory(this, tr("A checkpoint's folder"));
    if (!path.isEmpty()) Q_EMIT added({path});
}

}  // namespace retort
