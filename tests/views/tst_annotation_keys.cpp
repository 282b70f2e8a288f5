// The keys of annotating and their traps (traces.md d): what each does, and where it must do nothing.
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

#include "tests/views/support/annotation_fixture.h"
#include "views/annotation/reason_dialog.h"
#include "views/annotation/score_field.h"
#include "views/traces/trace_filter_bar.h"

using namespace retort;
using namespace retort::test;
using C = AnnotationCommand;

class TestAnnotationKeys : public AnnotationFixture {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() { makeStore(6); }
    void init() {
        openPage(QStringLiteral("annotator-%1").arg(++m_count));  // a clean slate each time
        openTrace(0);
        m_page->list()->setFocus();
        session().setStep(0);
    }
    void cleanup() { closeAll(); }

    void ratingsAdvance() {
        keys("321");
        QCOMPARE(line(), QStringLiteral("+0-."));
        QCOMPARE(session().step(), 3);
        QTRY_COMPARE(session().writes().pending(), 0);
        QCOMPARE(stored(0, session().annotator().toStdString()).size(), std::size_t(3));
    }

    void advancingIsAChoice() {
        key(Qt::Key_A, Qt::ShiftModifier);
        keys("3");
        QCOMPARE(session().step(), 0);
        key(Qt::Key_A, Qt::ShiftModifier);
        keys("3");
        QCOMPARE(session().step(), 1);
    }

    void aHeldKeyRatesOneStep() {
        QWidget* focus = QApplication::focusWidget();
        QTest::keyPress(focus, '3');
        for (int i = 0; i < 5; ++i)
            QTest::simulateEvent(focus, true, Qt::Key_3, Qt::NoModifier, QStringLiteral("3"), true);
        QTest::keyRelease(focus, '3');
        QCOMPARE(line(), QStringLiteral("+..."));
    }

    void firstErrorNoErrorUnsure() {
        session().setStep(1);
        keys("x");
        QCOMPARE(line(), QStringLiteral(".-..|1"));
        keys("c");
        QCOMPARE(line(), QStringLiteral("....|-1"));
        keys("cu");
        QCOMPARE(line(), QStringLiteral(".u.."));
        keys("u");
        keys("3");
        key(Qt::Key_K);
        keys("0");
        QCOMPARE(line(), QStringLiteral("...."));
    }

    void theChordShowsItsLettersAndTakesOne() {
        keys("e");
        QVERIFY(desk().guard()->hasChord());
        bool shown = false;
        for (const QLabel* label : desk().bar()->findChildren<QLabel*>())
            shown |= label->isVisible() && label->text().contains(QStringLiteral("a\u00a0arithmetic"));
        QVERIFY(shown);
        keys("a");
        QCOMPARE(session().labels().errorTypes(0), std::vector<std::string>{"arithmetic"});
        QVERIFY(!desk().guard()->hasChord());
        keys("c");  // is a command again, not a letter of the chord
        QCOMPARE(session().labels().firstError(), std::optional(-1));
        keys("c");
        // Letters that are commands elsewhere belong to the chord; Escape leaves it; others say so.
        keys("eu");
        QCOMPARE(session().labels().errorTypes(0).size(), std::size_t(2));
        QVERIFY(!session().labels().isUnsure(0));
        keys("e");
        key(Qt::Key_Escape);
        QVERIFY(!desk().guard()->hasChord());
        keys("ez");
        QVERIFY(desk().bar()->status().contains(QStringLiteral("No kind of error")));
        QCOMPARE(session().labels().errorTypes(0).size(), std::size_t(2));
        keys("eaeu");
        QVERIFY(session().labels().errorTypes(0).empty());
    }

    void notesAndCorrectionsAreFields() {
        keys("n");
        QTRY_VERIFY(desk().panel()->noteField()->hasFocus());
        keys("123xcunesj");  // letters, not commands
        QCOMPARE(desk().panel()->noteField()->toPlainText(), QStringLiteral("123xcunesj"));
        QVERIFY(session().labels().isEmpty());
        key(Qt::Key_Escape);
        QVERIFY(!desk().panel()->noteField()->hasFocus());
        QCOMPARE(session().labels().notes().size(), std::size_t(1));
        QCOMPARE(session().labels().notes()[0].first, TextRange(session().labels().at(0)));
        keys("w");
        QTRY_VERIFY(desk().panel()->correctionField()->hasFocus());
        QCOMPARE(desk().panel()->correctionField()->toPlainText(), QStringLiteral("first line"));
        key(Qt::Key_Escape);  // unchanged: no correction
        QVERIFY(session().labels().correction(0).empty());
        keys("w");
        keys("better");
        key(Qt::Key_Escape);
        QCOMPARE(session().labels().correction(0), std::string("better"));
        keys("j");  // and commands are commands again
        QCOMPARE(session().step(), 1);
    }

    void whatIsTypedIsSavedBeforeSubmitting() {
        openTrace(4);  // the list has more behind it
        keys("c");
        keys("n");
        keys("late");
        const RowId before = session().trace();
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(isReady() && session().trace() != before);
        bool found = false;
        for (const Annotation& each : stored(4, session().annotator().toStdString()))
            found |= each.target.kind == AnnotationKind::Note && each.value == "late";
        QVERIFY(found);
    }

    void fieldsChoicesAndListsKeepTheirLetters() {
        auto* search = m_page->filterBar()->findChild<QLineEdit*>();
        search->setFocus();
        keys("123xcue");
        QCOMPARE(search->text(), QStringLiteral("123xcue"));
        search->clear();
        for (QComboBox* box : m_page->findChildren<QComboBox*>()) {
            if (!box->isVisible() || !box->isEnabled()) continue;
            box->setFocus();
            keys("13xcu=");
        }
        desk().panel()->notes()->addItem(QStringLiteral("xyz"));
        desk().panel()->notes()->show();
        desk().panel()->notes()->setFocus();
        keys("13xcu");
        QVERIFY(session().labels().isEmpty());
        QVERIFY(!desk().guard()->hasChord());
    }

    void nothingWhileADialogIsOpen() {
        keys("s");
        auto* dialog = m_page->findChild<ReasonDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QTRY_VERIFY(QApplication::activeModalWidget() == dialog);
        QTest::keyClick(dialog, '3');
        QTest::keyClick(dialog, 'x');
        QVERIFY(session().labels().isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_page->findChild<ReasonDialog*>());
        QVERIFY(session().labels().outcome().empty());
    }

    void enterPressesTheButton() {
        KeyButton* great = desk().bar()->button(C::Great);
        great->setFocus();
        key(Qt::Key_Return);
        QCOMPARE(line(), QStringLiteral("+..."));
        QToolButton* chip = desk().panel()->chip("algebra");
        chip->setFocus();
        key(Qt::Key_Enter, Qt::KeypadModifier);
        QCOMPARE(session().labels().errorTypes(1), std::vector<std::string>{"algebra"});
    }

    void altArrowsAreLeftAlone() {
        for (const int arrow : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down}) {
            const RowId before = session().trace();
            key(arrow, Qt::AltModifier);
            QCOMPARE(session().trace(), before);
        }
        QVERIFY(session().labels().isEmpty());
    }

    void theButtonOfAKeyLightsUp() {
        KeyButton* okay = desk().bar()->button(C::Okay);
        QVERIFY(!okay->isPulsing());
        keys("2");
        QVERIFY(okay->isPulsing());
        QTRY_VERIFY(!okay->isPulsing());
        key(Qt::Key_K);
        QVERIFY(okay->isOn());
        QVERIFY(okay->toolTip().contains(QStringLiteral("(2)")));
    }

    void submittingSaysWhatIsMissing() {
        keys("3");
        key(Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(session().step(), 1);
        QVERIFY(desk().bar()->status().contains(QStringLiteral("step 2")));
        QVERIFY(session().labels().outcome().empty());
        QVERIFY(session().isReady());
    }

    void suggestionsAreOutlinesOnly() {
        openTrace(3);
        session().setStep(0);
        QTRY_VERIFY(!desk().bar()->button(C::Great)->suggestion().isEmpty());
        QVERIFY(!desk().bar()->button(C::Great)->isOn());
        QVERIFY(session().labels().isEmpty());
        keys("1");
        key(Qt::Key_K);
        QVERIFY(desk().bar()->button(C::Great)->suggestion().isEmpty());
    }

    void scores() {
        desk().panel()->helpfulness()->findChildren<QToolButton*>()[5]->click();
        QCOMPARE(session().labels().score(AnnotationKind::Helpfulness, {}), std::optional(5));
        desk().panel()->helpfulness()->findChildren<QToolButton*>()[5]->click();
        QVERIFY(session().labels().isEmpty());
    }

    void preferencesAndRanking() {
        keys("a");
        QTRY_COMPARE(session().labels().said().size(), std::size_t(1));
        const Json said = session().labels().value({AnnotationKind::Preference, -1, -1});
        QCOMPARE(said["choice"].get<std::string>(), std::string("this"));
        StoreReader reader(m_store);
        QCOMPARE(reader.traceOfMark(said["other"].get<RowId>()), m_traces[1]);
        keys("=");
        QTRY_VERIFY(session().labels().value({AnnotationKind::Preference, -1, -1})["choice"] == "tie");
        keys("=");
        QTRY_VERIFY(session().labels().isEmpty());
        key(Qt::Key_R, Qt::ShiftModifier);
        QListWidget* ranking = desk().ranking()->ranking();
        QVERIFY(ranking->hasFocus());
        ranking->setCurrentRow(0);
        key(Qt::Key_Down, Qt::ControlModifier);
        const auto ranks = [this] { return session().labels().value({AnnotationKind::Ranking, -1, -1}); };
        QTRY_COMPARE(ranks().size(), std::size_t(2));
        QCOMPARE(reader.traceOfMark(ranks()[0][0].get<RowId>()), m_traces[1]);
        ranking->setCurrentRow(1);
        key(Qt::Key_Space);
        QTRY_COMPARE(ranks().size(), std::size_t(1));
        QCOMPARE(ranks()[0].size(), std::size_t(2));
        key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(ranks().size(), std::size_t(2));
    }

    void aFailedWriteIsTakenBack() {
        QSignalSpy failed(&session(), &AnnotationSession::failed);
        session().setNote({90'000, 90'001}, QStringLiteral("behind the end"));
        QCOMPARE(session().labels().notes().size(), std::size_t(1));  // on the screen at once
        QTRY_COMPARE(failed.size(), 1);
        QTRY_VERIFY(session().labels().isEmpty());
        QTRY_VERIFY(isReady());
        keys("3");
        QCOMPARE(line(), QStringLiteral("+..."));
    }

    void whoAnnotatesIsAskedFirst() {
        closeAll();
        qputenv("USER", "somebody-new");
        openPage({});
        QTRY_VERIFY(isReady());
        keys("3");
        QInputDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = m_page->findChild<QInputDialog*>()));
        QCOMPARE(dialog->textValue(), QStringLiteral("somebody-new"));
        dialog->setTextValue(QStringLiteral("carol"));
        dialog->accept();
        QTRY_COMPARE(session().annotator(), QStringLiteral("carol"));
        closeAll();
        openPage({});
        QTRY_COMPARE(session().annotator(), QStringLiteral("carol"));  // remembered
        qputenv("USER", "tester");
    }

  private:
    int m_count = 0;
};

QTEST_MAIN(TestAnnotationKeys)
#include "tst_annotation_keys.moc"
