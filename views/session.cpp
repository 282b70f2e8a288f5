#include "views/session.h"

#include <QHeaderView>
#include <QSplitter>
#include <QStandardPaths>
#include <QWidget>

namespace retort {

namespace {

/// Raise it when splitters or columns change their meaning.
constexpr int kLayoutVersion = 1;

QString layoutKey(const QString& name) { return QStringLiteral("layout%1/%2").arg(kLayoutVersion).arg(name); }

/// Headers are children of their views and often share a name; the view's name makes them distinct.
QString nameOf(const QWidget* widget) {
    if (widget->objectName().isEmpty()) return {};
    const QWidget* parent = widget->parentWidget();
    return parent && !parent->objectName().isEmpty() ? parent->objectName() + QLatin1Char('.') + widget->objectName()
                                                     : widget->objectName();
}

}  // namespace

QString Session::defaultFile() {
    return QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/window.ini");
}

Session::Session(const QString& file) : m_remembers(!file.isEmpty()), m_settings(file, QSettings::IniFormat) {}

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
    m_settings.sync();
}

void Session::restoreLayout(QWidget& window) const {
    if (!m_remembers) return;
    window.restoreGeometry(m_settings.value(layoutKey(QStringLiteral("geometry"))).toByteArray());
    for (QSplitter* splitter : window.findChildren<QSplitter*>())
        if (const QString name = nameOf(splitter); !name.isEmpty())
            splitter->restoreState(m_settings.value(layoutKey(QStringLiteral("splitter.") + name)).toByteArray());
    for (QHeaderView* header : window.findChildren<QHeaderView*>())
        if (const QString name = nameOf(header); !name.isEmpty())
            header->restoreState(m_settings.value(layoutKey(QStringLiteral("columns.") + name)).toByteArray());
}

}  // namespace retort
