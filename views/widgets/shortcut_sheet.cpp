#include "views/widgets/shortcut_sheet.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "views/actions.h"
#include "views/key_bindings.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QTreeWidgetItem* groupItem(QTreeWidget* tree, const QString& group) {
    for (int i = 0; i < tree->topLevelItemCount(); ++i)
        if (tree->topLevelItem(i)->text(0) == group) return tree->topLevelItem(i);
    auto* item = new QTreeWidgetItem(tree, {group});
    QFont bold = tree->font();
    bold.setBold(true);
    item->setFont(0, bold);
    item->setFlags(Qt::ItemIsEnabled);
    return item;
}

/// Keys of the charts themselves, which are not commands.
void addChartKeys(QTreeWidget* tree) {
    QTreeWidgetItem* group = groupItem(tree, ShortcutSheet::tr("In a chart"));
    const std::pair<QString, QString> keys[] = {
        {ShortcutSheet::tr("Move the view"), ShortcutSheet::tr("Left, Right")},
        {ShortcutSheet::tr("Zoom in and out"), ShortcutSheet::tr("+, −, mouse wheel")},
        {ShortcutSheet::tr("Zoom to a range"), ShortcutSheet::tr("Drag")},
        {ShortcutSheet::tr("Pan"), ShortcutSheet::tr("Shift+Drag or middle button")},
        {ShortcutSheet::tr("Show everything and follow"), ShortcutSheet::tr("0 or double click")},
    };
    for (const auto& [text, key] : keys) new QTreeWidgetItem(group, {text, key});
}

constexpr int kAction = Qt::UserRole;

QAction* actionOf(const QTreeWidgetItem* item) {
    return item ? static_cast<QAction*>(item->data(0, kAction).value<void*>()) : nullptr;
}

}  // namespace

ShortcutSheet::ShortcutSheet(std::vector<QAction*> commands, KeyBindings& bindings, QWidget* parent)
    : QDialog(parent), m_commands(std::move(commands)), m_bindings(bindings) {
    setWindowTitle(tr("Keyboard shortcuts"));
    m_filter = new QLineEdit(this);
    m_filter->setPlaceholderText(tr("Filter by command or key"));
    m_filter->setAccessibleName(tr("Filter by command or key"));
    m_filter->setClearButtonEnabled(true);
    m_tree = new QTreeWidget(this);
    m_tree->setAccessibleName(tr("Keyboard shortcuts"));
    m_tree->setColumnCount(2);
    m_tree->setHeaderLabels({tr("Command"), tr("Keys")});
    m_tree->setRootIsDecorated(false);
    m_tree->setUniformRowHeights(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    QPushButton* all = buttons->addButton(tr("Reset all keys"), QDialogButtonBox::ResetRole);
    all->setAutoDefault(false);
    connect(all, &QPushButton::clicked, this, &ShortcutSheet::resetAll);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_filter);
    layout->addWidget(m_tree, 1);
    layout->addWidget(makeEditor());
    layout->addWidget(buttons);
    resize(620, 640);
    fill();
    connect(m_filter, &QLineEdit::textChanged, this, &ShortcutSheet::filter);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ShortcutSheet::showCurrent);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this] {
        if (current()) m_keys->setFocus();
    });
    showCurrent();
    m_tree->setFocus();
}

QWidget* ShortcutSheet::makeEditor() {
    auto* box = new QWidget(this);
    m_chosen = new QLabel(box);
    m_keys = new QKeySequenceEdit(box);
    m_keys->setAccessibleName(tr("New keys"));
    m_set = new QPushButton(tr("Set"), box);
    m_none = new QPushButton(tr("No keys"), box);
    m_reset = new QPushButton(tr("Default"), box);
    for (QPushButton* button : {m_set, m_none, m_reset}) button->setAutoDefault(false);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(2 * fontMetrics().height());
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    connect(m_keys, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutSheet::showProblem);
    connect(m_set, &QPushButton::clicked, this, &ShortcutSheet::assign);
    connect(m_none, &QPushButton::clicked, this, [this] {
        m_keys->clear();
        assign();
    });
    connect(m_reset, &QPushButton::clicked, this, [this] {
        if (!current()) return;
        m_bindings.reset(current());
        showKeys(m_tree->currentItem());
        showCurrent();
    });
    auto* line = new QHBoxLayout;
    line->addWidget(m_chosen, 1);
    line->addWidget(m_keys);
    for (QPushButton* button : {m_set, m_none, m_reset}) line->addWidget(button);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(line);
    layout->addWidget(m_problem);
    return box;
}

void ShortcutSheet::fill() {
    for (QAction* command : m_commands) {
        auto* item = new QTreeWidgetItem(groupItem(m_tree, commandGroup(command)), {commandText(command)});
        item->setData(0, kAction, QVariant::fromValue(static_cast<void*>(command)));
        showKeys(item);
    }
    addChartKeys(m_tree);
    m_tree->expandAll();
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
}

void ShortcutSheet::filter(const QString& text) {
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* group = m_tree->topLevelItem(i);
        bool any = false;
        for (int k = 0; k < group->childCount(); ++k) {
            QTreeWidgetItem* item = group->child(k);
            const bool shown = text.isEmpty() || item->text(0).contains(text, Qt::CaseInsensitive) ||
                               item->text(1).compare(text, Qt::CaseInsensitive) == 0;
            item->setHidden(!shown);
            any |= shown;
        }
        group->setHidden(!any);
    }
}

void ShortcutSheet::choose(const QAction* command) {
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        for (int k = 0; k < m_tree->topLevelItem(i)->childCount(); ++k)
            if (actionOf(m_tree->topLevelItem(i)->child(k)) == command)
                m_tree->setCurrentItem(m_tree->topLevelItem(i)->child(k));
}

QAction* ShortcutSheet::current() const {
    return actionOf(m_tree->currentItem());
}

void ShortcutSheet::showKeys(QTreeWidgetItem* item) {
    const QAction* command = actionOf(item);
    item->setText(1, command->shortcut().toString(QKeySequence::NativeText));
    QFont font = m_tree->font();
    font.setItalic(command->shortcut() != defaultKeys(command));
    item->setFont(1, font);
    item->setToolTip(1, font.italic()
                            ? tr("Default: %1").arg(defaultKeys(command).toString(QKeySequence::NativeText))
                            : QString());
}

void ShortcutSheet::showCurrent() {
    const QAction* command = current();
    for (QWidget* widget : std::initializer_list<QWidget*>{m_keys, m_set, m_none, m_reset})
        widget->setEnabled(command != nullptr);
    m_chosen->setText(command ? commandText(command) : tr("Choose a command to change its keys."));
    const QSignalBlocker quiet(m_keys);
    m_keys->setKeySequence(command ? command->shortcut() : QKeySequence());
    showProblem();
}

void ShortcutSheet::showProblem() {
    const QAction* command = current();
    QString problem;
    bool allowed = command != nullptr;
    if (command) {
        problem = KeyBindings::refusal(m_keys->keySequence());
        allowed = problem.isEmpty();
        QStringList others;
        for (const QAction* other : KeyBindings::conflicts(command, m_keys->keySequence(), m_commands))
            others << commandText(other);
        if (!others.isEmpty())
            problem = tr("Already the keys of: %1. Setting them takes them from there.")
                          .arg(others.join(QStringLiteral(", ")));
    }
    m_problem->setText(problem);
    QPalette palette = this->palette();
    palette.setColor(QPalette::WindowText, allowed ? tones().warning : tones().bad);
    m_problem->setPalette(palette);
    m_set->setEnabled(allowed && m_keys->keySequence() != command->shortcut());
}

void ShortcutSheet::assign() {
    QAction* command = current();
    if (!command || !KeyBindings::refusal(m_keys->keySequence()).isEmpty()) return;
    for (QAction* other : KeyBindings::conflicts(command, m_keys->keySequence(), m_commands))
        m_bindings.set(other, {});
    m_bindings.set(command, m_keys->keySequence());
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        for (int k = 0; k < m_tree->topLevelItem(i)->childCount(); ++k)
            if (actionOf(m_tree->topLevelItem(i)->child(k))) showKeys(m_tree->topLevelItem(i)->child(k));
    showCurrent();
}

void ShortcutSheet::resetAll() {
    for (QAction* command : m_commands) m_bindings.reset(command);
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i)
        for (int k = 0; k < m_tree->topLevelItem(i)->childCount(); ++k)
            if (actionOf(m_tree->topLevelItem(i)->child(k))) showKeys(m_tree->topLevelItem(i)->child(k));
    showCurrent();
}

}  // namespace retort
