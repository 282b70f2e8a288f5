// Keys of the user's own: kept over a restart, conflicts found where two commands meet and only there, and
// what the sheet does with them.
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "views/actions.h"
#include "views/key_bindings.h"
#include "views/session.h"
#include "views/widgets/shortcut_sheet.h"

using namespace retort;

namespace {

/// A window with two pages side by side, and a pane within the first.
struct Window : QWidget {
    Window() {
        one = addCommand(pageA, {"a.one", QStringLiteral("One"), QStringLiteral("A"), Qt::Key_1},
                         [this] { ++ones; });
        two = addCommand(pane, {"a.two", QStringLiteral("Two"), QStringLiteral("A"), Qt::Key_2}, [] {});
        other = addCommand(pageB, {"b.one", QStringLiteral("Other"), QStringLiteral("B"), Qt::Key_1}, [] {});
        none =
            addCommand(pageA, {"a.none", QStringLiteral("None"), QStringLiteral("A")}, [this] { ++nones; });
    }
    QWidget* pageA = new QWidget(this);
    QWidget* pane = new QWidget(pageA);
    QWidget* pageB = new QWidget(this);
    QAction *one, *two, *other, *none;
    int ones = 0, nones = 0;
};

}  // namespace

class TestKeyBindings : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theyOutliveTheWindow() {
        {
            Session session(file());
            KeyBindings bindings(session);
            Window window;
            bindings.set(window.one, Qt::CTRL | Qt::Key_B);
            bindings.set(window.two, {});
            QCOMPARE(window.one->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_B));
        }
        Session session(file());
        KeyBindings bindings(session);
        Window window;
        bindings.apply(commandsOf(&window));
        QCOMPARE(window.one->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_B));
        QVERIFY(window.two->shortcut().isEmpty());
        QCOMPARE(window.other->shortcut(), QKeySequence(Qt::Key_1));
        bindings.reset(window.one);
        bindings.set(window.two, Qt::Key_2);  // setting the default is resetting
        Window again;
        bindings.apply(commandsOf(&again));
        QCOMPARE(again.one->shortcut(), QKeySequence(Qt::Key_1));
        QCOMPARE(again.two->shortcut(), QKeySequence(Qt::Key_2));
    }

    void conflictsAreThoseThatMeet() {
        Window window;
        const auto commands = commandsOf(&window);
        QCOMPARE(KeyBindings::conflicts(window.two, Qt::Key_1, commands), std::vector<QAction*>{window.one});
        QCOMPARE(KeyBindings::conflicts(window.one, Qt::Key_1, commands),
                 std::vector<QAction*>{});  // another page
        QCOMPARE(KeyBindings::conflicts(window.none, {}, commands), std::vector<QAction*>{});
    }

    void someKeysAreNotFree() {
        QVERIFY(!KeyBindings::refusal(Qt::ALT | Qt::Key_Left).isEmpty());
        QVERIFY(!KeyBindings::refusal(QKeySequence(Qt::Key_Return)).isEmpty());
        QVERIFY(!KeyBindings::refusal(QKeySequence(Qt::Key_Escape)).isEmpty());
        QVERIFY(KeyBindings::refusal(QKeySequence(Qt::Key_5)).isEmpty());
        QVERIFY(KeyBindings::refusal(Qt::CTRL | Qt::Key_Return).isEmpty());
        QVERIFY(KeyBindings::refusal({}).isEmpty());
    }

    void theSheetSetsThem() {
        Session session(file());
        KeyBindings bindings(session);
        Window window;
        window.show();
        ShortcutSheet sheet(commandsOf(&window), bindings, &window);
        sheet.show();
        sheet.choose(window.none);
        auto* keys = sheet.findChild<QKeySequenceEdit*>();
        keys->setKeySequence(Qt::Key_2);
        QVERIFY(texts(sheet).contains(QStringLiteral("Already the keys of: Two")));
        press(sheet, QStringLiteral("Set"));
        QCOMPARE(window.none->shortcut(), QKeySequence(Qt::Key_2));
        QVERIFY(window.two->shortcut().isEmpty());  // taken from there
        keys->setKeySequence(Qt::ALT | Qt::Key_Left);
        QVERIFY(!button(sheet, QStringLiteral("Set"))->isEnabled());
        press(sheet, QStringLiteral("Default"));
        QVERIFY(window.none->shortcut().isEmpty());
        press(sheet, QStringLiteral("Reset all keys"));
        QCOMPARE(window.two->shortcut(), QKeySequence(Qt::Key_2));
        const auto* tree = sheet.findChild<QTreeWidget*>();
        QVERIFY(!tree->findItems(QStringLiteral("2"), Qt::MatchExactly | Qt::MatchRecursive, 1).isEmpty());
        sheet.findChild<QLineEdit*>()->setText(QStringLiteral("oth"));
        QCOMPARE(tree->findItems(QStringLiteral("One"), Qt::MatchExactly | Qt::MatchRecursive, 0)
                     .first()
                     ->isHidden(),
                 true);
    }

    void aNewKeyWorks() {
        Session session(file());
        KeyBindings bindings(session);
        Window window;
        window.pane->setFocusPolicy(Qt::StrongFocus);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.pane->setFocus();
        bindings.set(window.none, Qt::Key_5);
        QTest::keyClick(window.pane, Qt::Key_5);
        QCOMPARE(window.nones, 1);
        bindings.set(window.one, Qt::Key_7);
        QTest::keyClick(window.pane, Qt::Key_1);
        QCOMPARE(window.ones, 0);
        QTest::keyClick(window.pane, Qt::Key_7);
        QCOMPARE(window.ones, 1);
    }

  private:
    QString file() const { return m_folder->filePath(QStringLiteral("window.ini")); }
    static QString texts(const QWidget& widget) {
        QString all;
        for (const QLabel* label : widget.findChildren<QLabel*>()) all += label->text() + QLatin1Char('\n');
        return all;
    }
    static QPushButton* button(const QWidget& widget, const QString& text) {
        for (QPushButton* each : widget.findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return nullptr;
    }
    static void press(const QWidget& widget, const QString& text) {
        QVERIFY(button(widget, text));
        button(widget, text)->click();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestKeyBindings)
#include "tst_key_bindings.moc"
