#include "views/session.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>
#include <QStandardPaths>
#include <QWidget>
#include <algorithm>

namespace retort {

namespace {

/// Raise it when splitters or columns change their meaning.
constexpr int kLayoutVersion = 1;

QString layoutKey(const QString& name) {
    return QStringLiteral("layout%1/%2").arg(kLayoutVersion).arg(name);
}

/// Headers are children of their views and often share a name; the view's name makes them distinct.
QString nameOf(const QWidget* widget) {
    if (widget->objectName().isEmpty()) return {};
    const QWidget* parent = widget->parentWidget();
    return parent && !parent->objectName().isEmpty()
               ? parent->objectName() + QLatin1Char('.') + widget->objectName()
               : widget->objectName();
}

constexpr char kRemembered[] = "retort.remembered";

QVariant choiceOf(const QWidget* widget) {
    if (const auto* box = qobject_cast<const QComboBox*>(widget)) return box->currentIndex();
    if (const auto* slider = qobject_cast<const QAbstractSlider*>(widget)) return slider->value();
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) return button->isChecked();
    if (const auto* line = qobject_cast<const QLineEdit*>(widget)) return line->text();
    return {};
}

void setChoice(QWidget* widget, const QVariant& value) {
    if (auto* box = qobject_cast<QComboBox*>(widget))
        box->setCurrentIndex(std::clamp(value.toInt(), 0, box->count() - 1));
    else if (auto* slider = qobject_cast<QAbstractSlider*>(widget))
        slider->setValue(value.toInt());
    else if (auto* button = qobject_cast<QAbstractButton*>(widget))
        button->setChecked(value.toBool());
    else if (auto* line = qobject_cast<QLineEdit*>(widget))
        line->setText(value.toString());
}

}  // namespace

void markRemembered(QWidget* widget) {
    widget->setProperty(kRemembered, true);
}

QString Session::defaultFile() {
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
           QStringLiteral("/window.ini");
}

Session::Session(const QString& file)
    : m_remembers(!file.isEmpty()), m_settings(file, QSettings::IniFormat) {}

QString Session::value(const QString& key, const QString& fallback) const {
    return m_remembers ? m_settings.value(key, fallback).toString() : fallback;
}

void Session::setValue(const QString& key, const QString& value) {
    if (m_remembers) m_settings.setValue(key, value);
}

void Session::saveLayout(const QWidget& window) {
    if (!m_remembers) return;
    m_settings.setValue(layoutKey(QStringLiteral("geometry")), window.saveGeometry());
    for (const QSplitter* splitter : window.findChildren<QSplitter*>())
        if (const QString name = nameOf(splitter); !name.isEmpty())
            m_settings.setValue(layoutKey(QStringLiteral("splitter.") + name), splitter->saveState());
    for (const QHeaderView* header : window.findChildren<QHeaderView*>())
        if (const QString name = nameOf(header); !name.isEmpty())
            m_settings.setValue(layoutKey(QStringLiteral("columns.") + name), header->saveState());
    for (const QWidget* widget : window.findChildren<QWidget*>())
        if (widget->property(kRemembered).toBool())
            m_settings.setValue(layoutKey(QStringLiteral("choice.") + widget->objectName()),
                                choiceOf(widget));
    m_settings.sync();
}

void Session::restoreLayout(QWidget& window) const {
    if (!m_remembers) return;
    window.restoreGeometry(m_settings.value(layoutKey(QStringLiteral("geometry"))).toByteArray());
    for (QSplitter* splitter : window.findChildren<QSplitter*>())
        if (const QString name = nameOf(splitter); !name.isEmpty())
            splitter->restoreState(
                m_settings.value(layoutKey(QStringLiteral("splitter.") + name)).toByteArray());
    for (QHeaderView* header : window.findChildren<QHeaderView*>())
        if (const QString name = nameOf(header); !name.isEmpty())
            header->restoreState(
                m_settings.value(layoutKey(QStringLiteral("columns.") + name)).toByteArray());
    for (QWidget* widget : window.findChildren<QWidget*>())
        if (const QString key = layoutKey(QStringLiteral("choice.") + widget->objectName());
            widget->property(kRemembered).toBool() && m_settings.contains(key))
            setChoice(widget, m_settings.value(key));
}

}  // namespace retort
