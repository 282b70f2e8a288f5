// Commands: every QAction made by addCommand() is found again by the menu of shortcuts and the command
// palette, so that one table serves menu, shortcuts, help and palette.
#pragma once

#include <QAction>
#include <QIcon>
#include <QKeySequence>
#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

namespace retort {

struct CommandSpec {
    const char* id;  ///< stable: "live.exportCsv"
    QString text;    ///< with a mnemonic where it goes into a menu
    QString group;   ///< heading in the shortcut sheet, translated
    QKeySequence shortcut = {};
    QString iconName = {};
};

/// Makes a command of `owner`. A page's commands work while the focus is inside the page; the window's
/// always.
QAction* addCommand(QWidget* owner, const CommandSpec& spec, std::function<void()> run);

/// All commands below `window`, in the order in which they were made, whatever their state.
std::vector<QAction*> commandsOf(const QWidget* window);
QString commandGroup(const QAction* command);
/// The keys that it was made with; the user may have chosen others (views/key_bindings.h).
QKeySequence defaultKeys(const QAction* command);
/// Its text without the mnemonic's '&' and "…".
QString commandText(const QAction* command);

}  // namespace retort
