// What the window remembers between two starts: geometry, page, splitters, columns, theme, language (an INI
// file). What belongs to the data (the selected runs) is in the store instead.
#pragma once

#include <QSettings>
#include <QString>

class QWidget;

namespace retort {

/// Has a combo box, slider, line edit, check box or checkable button (with an object name) kept by
/// Session::saveLayout().
void markRemembered(QWidget* widget);

class Session {
  public:
    /// The user's own file.
    static QString defaultFile();

    /// An empty name remembers nothing (screenshots, tests).
    explicit Session(const QString& file);

    QString theme() const { return value(QStringLiteral("theme"), QStringLiteral("system")); }
    QString language() const { return value(QStringLiteral("language"), {}); }  ///< empty: the system's
    int page() const { return value(QStringLiteral("page"), QStringLiteral("0")).toInt(); }
    void setTheme(const QString& name) { setValue(QStringLiteral("theme"), name); }
    void setLanguage(const QString& code) { setValue(QStringLiteral("language"), code); }
    void setPage(int index) { setValue(QStringLiteral("page"), QString::number(index)); }

    QString value(const QString& key, const QString& fallback) const;
    void setValue(const QString& key, const QString& value);

    /// Geometry of `window`, and the state of every QSplitter and QHeaderView below it that has an object
    /// name (pages name theirs, and need do no more), and of the widgets marked as remembered. States of
    /// another layout version are ignored.
    void saveLayout(const QWidget& window);
    void restoreLayout(QWidget& window) const;

  private:
    bool m_remembers;
    mutable QSettings m_settings;
};

}  // namespace retort
