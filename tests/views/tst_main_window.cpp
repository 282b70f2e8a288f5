// The window as a whole: places, commands, what it remembers, messages, and names for screen readers.
#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "tests/views/support/sample_store.h"
#include "views/actions.h"
#include "views/lab.h"
#include "views/main_window.h"
#include "views/session.h"
#include "views/widgets/command_palette.h"
#include "views/widgets/event_loop_watchdog.h"
#include "views/widgets/message_bar.h"
#include "views/widgets/shortcut_sheet.h"

using namespace retort;

class TestMainWindow : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_store;
    std::vector<RowId> m_runs;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;

    QString sessionFile() const { return m_folder->filePath(QStringLiteral("window.ini")); }

    void open(const std::filesystem::path& store) {
        m_lab = std::make_unique<Lab>(store);
        m_session = std::make_unique<Session>(sessionFile());
        m_window = std::make_unique<MainWindow>(*m_lab, *m_session);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void closeAll() {
        if (m_window) m_window->close();
        m_window.reset();
        m_session.reset();
        m_lab.reset();
    }

    QAction* command(const QString& id) const {
        for (QAction* action : commandsOf(m_window.get()))
            if (action->objectName() == id) return action;
        return nullptr;
    }

  private Q_SLOTS:
    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        initTheme();
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = m_folder->filePath(QStringLiteral("lab.db")).toStdString();
        sample::Options options;
        options.runs = 5;
        options.steps = 40;
        options.tracesPerRun = 8;
        m_runs = sample::fillStore(m_store, options);
    }

    void init() { QFile::remove(sessionFile()); }
    void cleanup() { closeAll(); }

    void shortcutsGoToPlaces() {
        open(m_store);
        for (const Place place : {Place::Traces, Place::Lineage, Place::Compare, Place::Merge, Place::Live,
                                  Place::Runs, Place::Design}) {
            if (!m_window->page(place)) continue;
            QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(place)),
                            Qt::ControlModifier);
            QCOMPARE(m_window->currentPlace(), place);
        }
    }

    void everyCommandHasTextGroupAndItsOwnKey() {
        open(m_store);
        QStringList ids;
        QHash<QString, QString> windowKeys;
        for (const QAction* action : commandsOf(m_window.get())) {
            QVERIFY2(!commandText(action).isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!commandGroup(action).isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!ids.contains(action->objectName()), qPrintable(action->objectName()));
            ids << action->objectName();
            if (action->shortcut().isEmpty() || action->shortcutContext() != Qt::WindowShortcut) continue;
            const QString keys = action->shortcut().toString();
            QVERIFY2(!windowKeys.contains(keys), qPrintable(keys + windowKeys.value(keys)));
            windowKeys.insert(keys, action->objectName());
        }
        QVERIFY(ids.size() > 15);
    }

    void thePaletteRunsWhatIsTyped() {
        open(m_store);
        m_window->openPlace(Place::Live);
        m_window->openCommandPalette();
        auto* palette = m_window->findChild<CommandPalette*>();
        QVERIFY(palette->isVisible());
        auto* edit = palette->findChild<QLineEdit*>();
        QTest::keyClicks(edit, QStringLiteral("go to traces"));
        QVERIFY(palette->findChild<QListWidget*>()->count() > 0);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(m_window->currentPlace(), Place::Traces);
        QVERIFY(!palette->isVisible());
    }

    void thePaletteGoesToPlacesFirst() {
        open(m_store);
        m_window->openCommandPalette();
        auto* palette = m_window->findChild<CommandPalette*>();
        auto* list = palette->findChild<QListWidget*>();
        for (const char* place : {"Runs", "Design", "Live", "Traces", "Lineage", "Compare", "Merge"}) {
            palette->findChild<QLineEdit*>()->setText(QString::fromLatin1(place).toLower());
            QCOMPARE(list->item(0)->text(), QStringLiteral("Go to ") + QString::fromLatin1(place));
        }
        palette->close();
    }

    void theShortcutSheetListsTheCommands() {
        open(m_store);
        m_window->openShortcutSheet();
        const auto* tree = m_window->findChild<ShortcutSheet*>()->findChild<QTreeWidget*>();
        QVERIFY(
            !tree->findItems(QStringLiteral("Ctrl+K"), Qt::MatchExactly | Qt::MatchRecursive, 1).isEmpty());
    }

    void errorsAreShownInPlaceOnce() {
        open(m_store);
        const Error error("the disk is full", "/somewhere", "Make room.");
        m_lab->report(error);
        m_lab->report(error);
        auto* bar = m_window->findChild<MessageBar*>();
        QCOMPARE(bar->messages(), QStringList(errorText(error)));
        QVERIFY(bar->messages().first().contains(QLatin1String("Make room.")));
        QTest::mouseClick(bar->findChildren<QAbstractButton*>().last(), Qt::LeftButton);
        QTRY_VERIFY(bar->messages().isEmpty());
    }

    void remembersPageThemeAndSelection() {
        open(m_store);
        m_window->openPlace(Place::Traces);
        m_window->chooseTheme(Theme::Dark);
        m_window->resize(1111, 777);
        m_lab->selection().setRuns({m_runs[2], m_runs[0]});
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        closeAll();
        open(m_store);
        QCOMPARE(m_window->currentPlace(), Place::Traces);
        QCOMPARE(m_session->theme(), QStringLiteral("dark"));
        QCOMPARE(m_window->size(), QSize(1111, 777));
        QTRY_COMPARE(m_lab->selection().runs(), std::vector<RowId>({m_runs[2], m_runs[0]}));
        applyTheme(Theme::Light);
    }

    // Fusion's own frames vanish on a dark window.
    void fieldsHaveFramesInBothThemes() {
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            applyTheme(theme);
            QWidget window;
            QLineEdit field(&window);
            QCheckBox box(&window);
            QSpinBox number(&window);
            number.setGeometry(60, 50, 50, 24);
            field.setGeometry(10, 10, 80, 24);
            box.move(10, 50);
            window.resize(120, 90);
            const QImage image = window.grab().toImage();
            const auto contrast = [&](const QPoint& edge) {  // of the strongest pixel across the edge
                int most = 0;
                for (int dx = -2; dx <= 2; ++dx)
                    most = std::max(most, std::abs(image.pixelColor(edge + QPoint(dx, 0)).lightness() -
                                                   image.pixelColor(2, 2).lightness()));
                return most;
            };
            QVERIFY(contrast(QPoint(10, 22)) > 40);
            QVERIFY(contrast(QPoint(60, 62)) > 40);
            QVERIFY(contrast(box.geometry().topLeft() + QPoint(1, box.height() / 2)) > 40);
        }
        applyTheme(Theme::Light);
    }

    void anEmptyStoreOpens() {
        QTemporaryDir folder;
        open(folder.filePath(QStringLiteral("new.db")).toStdString());
        for (const Place place : {Place::Runs, Place::Design, Place::Live, Place::Traces, Place::Lineage,
                                  Place::Compare, Place::Merge}) {
            m_window->openPlace(place);
            QTRY_COMPARE(m_lab->pendingReads(), 0);
            QVERIFY(!m_window->grab().isNull());
        }
        QVERIFY(m_lab->selection().runs().empty());
        closeAll();
    }

    void aStoreThatIsNoneIsRefused() {
        const QString file = m_folder->filePath(QStringLiteral("text.db"));
        QFile text(file);
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write(
            "this is not a database, and longer than a header of one would be, by some words more than "
            "needed");
        text.close();
        QVERIFY_EXCEPTION_THROWN(Lab(file.toStdString()), Error);
    }

    // What a screen reader says must not be empty for anything that the keyboard can reach.
    void everythingFocusableHasAName() {
        open(m_store);
        QStringList nameless;
        for (const Place place : {Place::Runs, Place::Design, Place::Live, Place::Traces, Place::Lineage,
                                  Place::Compare, Place::Merge}) {
            m_window->openPlace(place);
            QTRY_COMPARE(m_lab->pendingReads(), 0);
            for (QWidget* widget : m_window->findChildren<QWidget*>()) {
                if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus) continue;
                const bool isPart =
                    widget->objectName().startsWith(QLatin1String("qt_")) || widget->inherits("QScrollBar");
                QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
                if (isPart || !face || !face->text(QAccessible::Name).isEmpty()) continue;
                nameless << QStringLiteral("%1 '%2' in %3")
                                .arg(QString::fromLatin1(widget->metaObject()->className()),
                                     widget->objectName(),
                                     widget->parentWidget()
                                         ? QString::fromLatin1(
                                               widget->parentWidget()->metaObject()->className())
                                         : QString());
            }
        }
        nameless.removeDuplicates();
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void theWatchdogSeesABlockedLoop() {
        EventLoopWatchdog watchdog;
        QTest::qWait(30);
        QThread::msleep(60);
        QTest::qWait(30);
        QVERIFY(watchdog.worstMs() >= 40);
        watchdog.reset();
        QTest::qWait(30);
        QVERIFY(watchdog.percentileMs(0.5) < watchdog.percentileMs(1) + 1);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
