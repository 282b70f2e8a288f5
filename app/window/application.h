// Holds what outlives a window: the lab, the session, the translation; makes the window anew for another
// language.
#pragma once

#include <QObject>
#include <QTranslator>
#include <memory>

#include "app/window/options.h"
#include "views/lab.h"
#include "views/main_window.h"
#include "views/session.h"

namespace retort {

class Application : public QObject {
    Q_OBJECT
  public:
    /// Throws Error when the store cannot be opened.
    explicit Application(const WindowOptions& options, QObject* parent = nullptr);
    ~Application() override;

    Lab& lab() { return *m_lab; }
    MainWindow& window() { return *m_window; }
    void show();

  private:
    void useLanguage(const QString& code);
    void makeWindow();
    void remakeWindow(const QString& language);

    WindowOptions m_options;
    Session m_session;
    QTranslator m_plurals, m_translator, m_qtTranslator;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<MainWindow> m_window;
};

}  // namespace retort
