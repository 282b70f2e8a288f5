#include "views/key_bindings.h"

#include <QCoreApplication>
#include <QWidget>
#include <algorithm>

#include "views/actions.h"
#include "views/session.h"

namespace retort {

namespace {

// What is written for "the default keys" and "no keys": no key is called so.
const QString kDefault = QStringLiteral("default"), kNone = QStringLiteral("none");

QString settingOf(const QAction* command) {
    return QStringLiteral("keys/") + command->objectName();
}

/// Whether there is a place for the focus in which both commands answer.
bool meet(const QAction* a, const QAction* b) {
    const auto owners = [](const QAction* action) {
        QList<const QWidget*> widgets;
        for (const QObject* object : action->associatedObjects())
            if (const auto* widget = qobject_cast<const QWidget*>(object)) widgets << widget;
        return widgets;
    };
    for (const QWidget* one : owners(a))
        for (const QWidget* other : owners(b))
            if (one == other || one->isAncestorOf(other) || other->isAncestorOf(one)) return true;
    return false;
}

}  // namespace

void KeyBindings::apply(const std::vector<QAction*>& commands) const {
    for (QAction* command : commands) {
        const QString chosen = m_session.value(settingOf(command), kDefault);
        if (chosen == kDefault) continue;
        command->setShortcut(chosen == kNone ? QKeySequence()
                                             : QKeySequence(chosen, QKeySequence::PortableText));
    }
}

void KeyBindings::set(QAction* command, const QKeySequence& keys) {
    if (keys == defaultKeys(command)) return reset(command);
    command->setShortcut(keys);
    m_session.setValue(settingOf(command),
                       keys.isEmpty() ? kNone : keys.toString(QKeySequence::PortableText));
}

void KeyBindings::reset(QAction* command) {
    command->setShortcut(defaultKeys(command));
    m_session.setValue(settingOf(command), kDefault);
}

std::vector<QAction*> KeyBindings::conflicts(const QAction* command, const QKeySequence& keys,
                                             const std::vector<QAction*>& commands) {
    std::vector<QAction*> found;
    for (QAction* other : commands)
        if (other != command && !keys.isEmpty() && other->shortcut() == keys && meet(command, other))
            found.push_back(other);
    return found;
}

QString KeyBindings::refusal(const QKeySequence& keys) {
    for (int i = 0; i < keys.count(); ++i) {
        const QKeyCombination combination = keys[static_cast<uint>(i)];
        const Qt::Key key = combination.key();
        const bool isArrow =
            key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down;
        const bool plain = combination.keyboardModifiers() == Qt::NoModifier;
        if (isArrow && combination.keyboardModifiers().testFlag(Qt::AltModifier))
            return QCoreApplication::translate("retort::KeyBindings",
                                               "Alt with an arrow belongs to the system.");
        if (plain && (isArrow || key == Qt::Key_Tab || key == Qt::Key_Return || key == Qt::Key_Enter ||
                      key == Qt::Key_Escape || key == Qt::Key_Space || key == Qt::Key_Backspace))
            return QCoreApplication::translate("retort::KeyBindings",
                                               "This key is needed for moving about and for typing.");
    }
    return {};
}

}  // namespace retort
