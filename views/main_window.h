// The window: places the pages, the menus and the message bar. What a page does is the page's own affair.
#pragma once

#include <QMainWindow>

#include "views/key_bindings.h"
#include "views/lab.h"
#include "views/session.h"
#include "views/widgets/theme.h"

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace retort {

class CommandPalette;
class MessageBar;
class NavigationRail;

class MainWindow : public QMainWindow {
    Q_OBJECT
  public:
    MainWindow(Lab& lab, Session& session, QWidget* parent = nullptr);
    ~MainWindow() override;

    void openPlace(Place place);
    Place currentPlace() const;
    QWidget* page(Place place) const;

    void showMessage(const QString& message);
    void openCommandPalette();
    void openShortcutSheet();
    /// Starts the study that is part of the program, and shows it in Live.
    void startQuickstart();
    void chooseTheme(Theme theme);

    /// Writes layout and page away; also done on close. (The selection goes into the store as it changes.)
    void remember();

  Q_SIGNALS:
    /// The user chose another language ("de", "en", empty: the system's): the window is to be made anew.
    void languageChosen(const QString& code);

  protected:
    void closeEvent(QCloseEvent* event) override;

  private:
    void addPage(Place place, const QString& iconName, const QString& text, QWidget* page);
    void makePages();
    void makeMenus();
    void makeViewMenu();
    void makeHelpMenu();
    void makeStatusBar();
    void refreshStatus();
    void restoreSelection();
    void saveSelection();
    void onStageStarted(RowId run);
    void steer(void (Lab::*request)(const RunRow&));
    void resumeCurrent();
    void backUpStore();
    void showAbout();

    Lab& m_lab;
    Session& m_session;
    KeyBindings m_keys;
    NavigationRail* m_rail;
    MessageBar* m_messages;
    QStackedWidget* m_stack;
    CommandPalette* m_palette;
    QLabel* m_running = nullptr;
    QProgressBar* m_progress = nullptr;
    RowId m_lastStage = 0;
    bool m_statusAsked = false;
};

}  // namespace retort
