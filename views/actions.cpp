#include "views/actions.h"

#include "views/widgets/theme.h"

namespace retort {

namespace {
constexpr char kGroup[] = "retort.commandGroup";
constexpr char kDefaultKeys[] = "retort.defaultKeys";
}  // namespace

QAction* addCommand(QWidget* owner, const CommandSpec& spec, std::function<void()> run) {
    auto* action = new QAction(spec.text, owner);
    action->setObjectName(QString::fromLatin1(spec.id));
    action->setProperty(kGroup, spec.group);
    if (!spec.iconName.isEmpty()) action->setIcon(lineIcon(spec.iconName));
    action->setProperty(kDefaultKeys, QVariant::fromValue(spec.shortcut));
    action->setShortcutContext(owner->isWindow() ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut);
    if (!spec.shortcut.isEmpty()) action->setShortcut(spec.shortcut);
    QObject::connect(action, &QAction::triggered, owner, [run = std::move(run)] { run(); });
    owner->addAction(action);
    return action;
}

std::vector<QAction*> commandsOf(const QWidget* window) {
    std::vector<QAction*> commands;
    for (QAction* action : window->findChildren<QAction*>())
        if (action->property(kGroup).isValid()) commands.push_back(action);
    return commands;
}

QString commandGroup(const QAction* command) {
    return command->property(kGroup).toString();
}

QKeySequence defaultKeys(const QAction* command) {
    return command->property(kDefaultKeys).value<QKeySequence>();
}

QString commandText(const QAction* command) {
    QString text = command->text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QChar(0x2026))) text.chop(1);
    return text;
}

}  // namespace retort
