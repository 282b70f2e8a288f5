#include "views/widgets/shortcut_sheet.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "views/actions.h"

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

}  // namespace

ShortcutSheet::ShortcutSheet(const std::vector<QAction*>& commands, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard shortcuts"));
    auto* tree = new QTreeWidget(this);
    tree->setAccessibleName(tr("Keyboard shortcuts"));
    tree->setColumnCount(2);
    tree->setHeaderLabels({tr("Command"), tr("Keys")});
    tree->setRootIsDecorated(false);
    tree->setUniformRowHeights(true);
    for (const QAction* command : commands) {
        if (command->shortcut().isEmpty()) continue;
        new QTreeWidgetItem(groupItem(tree, commandGroup(command)),
                            {commandText(command), command->shortcut().toString(QKeySequence::NativeText)});
    }
    addChartKeys(tree);
    tree->expandAll();
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(tree);
    layout->addWidget(buttons);
    resize(560, 560);
}

}  // namespace retort
