#include "views/annotation/key_guard.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>
#include <QToolButton>
#include <algorithm>

namespace retort {

namespace {

bool isField(const QWidget* widget) {
    if (const auto* line = qobject_cast<const QLineEdit*>(widget)) return !line->isReadOnly();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(widget)) return !text->isReadOnly();
    if (const auto* text = qobject_cast<const QTextEdit*>(widget)) return !text->isReadOnly();
    return qobject_cast<const QAbstractSpinBox*>(widget) != nullptr;
}

/// A pane of traces, which has commands on single keys; other lists use letters to find an entry.
bool hasLetterCommands(const QWidget* list) {
    const QList<QAction*> actions = list->actions();
    return std::any_of(actions.begin(), actions.end(), [](const QAction* action) {
        return action->shortcut().count() == 1 && action->shortcut()[0].keyboardModifiers() == Qt::NoModifier;
    });
}

bool isModifierKey(int key) {
    return key == Qt::Key_Shift || key == Qt::Key_Control || key == Qt::Key_Alt || key == Qt::Key_AltGr ||
           key == Qt::Key_Meta;
}

bool isLetter(const QKeyEvent& event) {
    const bool plain = (event.modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == Qt::NoModifier;
    return plain && !event.text().isEmpty() && event.text().front().isPrint();
}

bool isEnter(const QKeyEvent& event) {
    return (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter) &&
           (event.modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
}

}  // namespace

bool ownsLetters(const QWidget* widget) {
    if (isField(widget) || qobject_cast<const QComboBox*>(widget) ||
        qobject_cast<const QKeySequenceEdit*>(widget))
        return true;
    return qobject_cast<const QAbstractItemView*>(widget) && !hasLetterCommands(widget);
}

KeyGuard::KeyGuard(QWidget* page) : QObject(page), m_page(page) {
    qApp->installEventFilter(this);
}

void KeyGuard::beginChord(std::function<void(const QKeyEvent&)> key) {
    m_chord = std::move(key);
}

void KeyGuard::addFields(QWidget* fields, std::function<void()> leave) {
    m_fields.emplace_back(fields, std::move(leave));
}

bool KeyGuard::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::ShortcutOverride:
        case QEvent::KeyPress:
        case QEvent::MouseButtonPress:
        case QEvent::MouseMove:
        case QEvent::Wheel:
            break;
        case QEvent::WindowDeactivate:
            if (m_chord && watched == m_page->window()) {
                endChord();
                Q_EMIT chordLeft();
            }
            return false;
        default:
            return false;
    }
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!widget || (widget != m_page && !m_page->isAncestorOf(widget))) return false;
    Q_EMIT touched();  // a command's key never comes as a key press
    if (event->type() == QEvent::ShortcutOverride) return onOverride(widget, static_cast<QKeyEvent*>(event));
    return event->type() == QEvent::KeyPress && onPress(widget, static_cast<QKeyEvent*>(event));
}

// Accepting the override makes a key an ordinary one for the widget: no command sees it.
bool KeyGuard::onOverride(QWidget* widget, QKeyEvent* event) {
    const bool isButton = qobject_cast<QAbstractButton*>(widget) && isEnter(*event);
    if (!m_chord && !isButton && !(isLetter(*event) && ownsLetters(widget))) return false;
    event->accept();
    return true;
}

bool KeyGuard::onPress(QWidget* widget, QKeyEvent* event) {
    if (m_chord) {
        if (isModifierKey(event->key())) return true;
        if (!event->isAutoRepeat()) m_chord(*event);
        return true;
    }
    if (auto* button = qobject_cast<QAbstractButton*>(widget); button && isEnter(*event)) {
        auto* tool = qobject_cast<QToolButton*>(button);
        if (event->isAutoRepeat()) return true;
        if (tool && tool->menu() && tool->popupMode() == QToolButton::InstantPopup)
            QMetaObject::invokeMethod(tool, &QToolButton::showMenu, Qt::QueuedConnection);
        else
            button->click();
        return true;
    }
    if (event->key() != Qt::Key_Escape || event->modifiers() != Qt::NoModifier) return false;
    for (const auto& [fields, leave] : m_fields) {
        if (!fields || !fields->isAncestorOf(widget) || !ownsLetters(widget)) continue;
        leave();
        return true;
    }
    return false;
}

}  // namespace retort
