// Queues in the window: making and deleting them, judging blindly without a word of the truth in sight,
// control items and what is said of them in the end.
#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTextBrowser>

#include "tests/views/support/annotation_fixture.h"
#include "views/annotation/queue_dialog.h"
#include "views/annotation/queue_item_model.h"

using namespace retort;
using namespace retort::test;
using C = AnnotationCommand;

namespace {

const QStringList kSecrets = {QStringLiteral("SECRET"), QStringLiteral("77.25"), QStringLiteral("66.5"),
                              QStringLiteral("bob"),    QStringLiteral("50 %"),  QStringLiteral("Right:"),
                              QStringLiteral("Wrong:")};

/// Everything that a person, or a screen reader, finds in the visible widgets.
QStringList textsOf(const QWidget* window) {
    QStringList texts;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        texts << widget->toolTip() << widget->accessibleName() << widget->accessibleDescription()
              << widget->statusTip();
        if (const auto* label = qobject_cast<const QLabel*>(widget)) texts << label->text();
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) texts << button->text();
        if (const auto* box = qobject_cast<const QComboBox*>(widget))
            for (int i = 0; i < box->count(); ++i) texts << box->itemText(i);
        if (const auto* edit = qobject_cast<const QPlainTextEdit*>(widget)) texts << edit->toPlainText();
        if (const auto* browser = qobject_cast<const QTextBrowser*>(widget)) texts << browser->toPlainText();
        const auto* view = qobject_cast<const QAbstractItemView*>(widget);
        if (!view || !view->model()) continue;
        for (int row = 0; row < std::min(view->model()->rowCount(), 200); ++row)
            for (int column = 0; column < view->model()->columnCount(); ++column)
                for (int role = 0; role < Qt::UserRole + 12; ++role) {
                    const QVariant value = view->model()->index(row, column).data(role);
                    texts << value.toString() << value.toStringList();
                }
    }
    return texts;
}

QStringList leaks(const QWidget* window) {
    QStringList found;
    for (const QString& text : textsOf(window))
        for (const QString& secret : kSecrets)
            if (text.contains(secret)) found << text;
    found.removeDuplicates();
    return found;
}

}  // namespace

class TestAnnotationQueues : public AnnotationFixture {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeStore(12); }
    void cleanup() { closeAll(); }

    void blindMeansBlind() {
        const RowId queue = makeQueue(4, true);
        for (int i = 0; i < 4; ++i)
            m_lab->writer()
                .annotate(m_traces[static_cast<std::size_t>(i)], "bob",
                          {{{AnnotationKind::StepRating, 1, 11}, -1, "", 1},
                           {{AnnotationKind::Note, -1, -1}, "NOTESECRET", "REASONSECRET", 1},
                           {{AnnotationKind::Outcome, -1, -1},
                            Json{{"outcome", "submitted"}, {"reason", ""}},
                            "",
                            1}},
                          queue)
                .get();
        openPage();
        QVERIFY(!leaks(m_page.get()).isEmpty());  // the search does find what is there to see
        openQueue(queue);
        QTRY_VERIFY(desk().hidesTruth());
        QTRY_VERIFY(isReady());
        for (QWidget* tab : std::initializer_list<QWidget*>{desk().tabs()[0].first, desk().tabs()[1].first,
                                                            desk().tabs()[2].first, desk().tabs()[3].first}) {
            desk().showTab(tab);
            QVERIFY(tab->isVisible());
            QCOMPARE(leaks(m_page.get()), QStringList());
        }
        desk().queuePane()->list()->setFocus();
        keys("3");
        QTRY_COMPARE(session().writes().pending(), 0);
        QTRY_VERIFY(isReady());
        QCOMPARE(leaks(m_page.get()), QStringList());
        QVERIFY(desk().bar()->button(C::Great)->suggestion().isEmpty());
        // Another sample of the group tells as much.
        m_page->openTrace(m_traces[5]);
        QTRY_COMPARE(session().trace(), m_traces[5]);
        QTRY_VERIFY(isReady());
        QCOMPARE(leaks(m_page.get()), QStringList());
        // What is copied is what is shown.
        QVERIFY(m_page->view()->trace().gold.empty());
        // Submitted, gone back to: now it is told.
        session().openItem(0);
        QTRY_COMPARE(session().itemIndex(), 0);
        QTRY_VERIFY(isReady());
        keys("c");
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(session().itemIndex(), 1);
        QTRY_VERIFY(isReady());
        QCOMPARE(leaks(m_page.get()), QStringList());
        key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_COMPARE(session().itemIndex(), 0);
        QTRY_VERIFY(isReady());
        QTRY_COMPARE(m_page->view()->trace().gold, std::string("GOLDSECRET"));
        QVERIFY(!leaks(m_page.get()).isEmpty());
        // And taken back, it is hidden again.
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_VERIFY(m_page->view()->trace().gold.empty());
        QTRY_VERIFY(isReady());
        QCOMPARE(leaks(m_page.get()), QStringList());
    }

    void lookingAtTheListLeavesABlindQueue() {
        openPage();
        openQueue(makeQueue(3, true));
        QTRY_VERIFY(desk().hidesTruth());
        m_page->list();  // the tab of the list
        desk().command(C::ShowQueue)->trigger();
        QVERIFY(!session().queue());
        QTRY_VERIFY(!m_page->view()->trace().gold.empty());
    }

    void theGoldStaysAwayWhereItIsToStay() {
        QueueSettings settings;
        settings.name = "never";
        settings.showGoldAfter = false;
        const RowId queue =
            m_lab->writer().addQueue(settings, QueuePreset::Listed, {m_traces[0], m_traces[1]}).get();
        openPage();
        openQueue(queue);
        desk().queuePane()->list()->setFocus();
        keys("c");
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(session().itemIndex(), 1);
        QTRY_VERIFY(isReady());
        session().openItem(0);
        QTRY_COMPARE(session().itemIndex(), 0);
        QTRY_VERIFY(isReady());
        QVERIFY(!session().concealed().labels && session().concealed().gold);
        QVERIFY(m_page->view()->trace().gold.empty());
    }

    void aQueueIsMadeInTheWindow() {
        openPage();
        desk().command(C::ShowQueue)->trigger();
        Q_EMIT desk().queuePane()->newQueueWanted();
        auto* dialog = m_page->findChild<QueueDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QTRY_COMPARE(dialog->traces().size(), std::size_t(12));  // the count is shown before it is made
        dialog->findChild<QSpinBox*>()->setValue(8);
        QTRY_COMPARE(dialog->traces().size(), std::size_t(8));
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("mine"));
        dialog->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("# House rules\n\nBe kind."));
        const auto spins = dialog->findChildren<QSpinBox*>();
        for (QSpinBox* spin : spins)
            if (spin->suffix().contains(QLatin1Char('%'))) spin->setValue(50);
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
        QTRY_VERIFY(session().itemIndex() == 0);
        QTRY_VERIFY(isReady());
        QCOMPARE(session().items().size(), std::size_t(8));
        StoreReader reader(m_store);
        const auto items = reader.queueItems(session().queue()->id, "alice");
        QCOMPARE(std::count_if(items.begin(), items.end(),
                               [](const QueueItem& item) { return item.isQualityControl; }),
                 std::ptrdiff_t(4));
        const auto* guidelines = qobject_cast<QTextBrowser*>(desk().tabs()[3].first);
        QVERIFY(guidelines->toPlainText().contains(QStringLiteral("House rules")));
        // The same name again is refused, in place.
        Q_EMIT desk().queuePane()->newQueueWanted();
        dialog = m_page->findChildren<QueueDialog*>().last();
        QTRY_VERIFY(dialog->traces().size() == 12);
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("mine"));
        dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->click();
        QTRY_VERIFY(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok)->isEnabled());
        QVERIFY(dialog->isVisible());
        dialog->reject();
    }

    void controlItemsAreToldInTheEnd() {
        const RowId queue = makeQueue(2, true);
        m_lab->writer().setQualityControl(queue, m_traces[0], QualityControl{12}).get();
        m_lab->writer().setQualityControl(queue, m_traces[1], QualityControl{-1}).get();
        openPage();
        openQueue(queue);
        QTRY_VERIFY(isReady());
        desk().queuePane()->list()->setFocus();
        session().setStep(1);
        keys("x");  // right: the second step is wrong
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(session().itemIndex(), 1);
        QTRY_VERIFY(isReady());
        session().setStep(0);
        keys("x");  // wrong: there is no error
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(desk().queuePane()->message().contains(QStringLiteral("Of 2 control item")));
        QVERIFY(desk().queuePane()->message().contains(QStringLiteral("first error in 1")));
    }

    void itemsAreFilteredByState() {
        openPage();
        openQueue(makeQueue(5, false));
        new QAbstractItemModelTester(desk().queuePane()->findChild<QueueItemModel*>(),
                                     QAbstractItemModelTester::FailureReportingMode::QtTest, m_page.get());
        desk().queuePane()->list()->setFocus();
        keys("c");
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(session().itemIndex(), 1);
        QComboBox* states = desk().queuePane()->states();
        states->setCurrentIndex(states->findText(QStringLiteral("Open items")));
        QTRY_COMPARE(desk().queuePane()->list()->model()->rowCount(), 4);
        states->setCurrentIndex(states->findText(QStringLiteral("done")));
        QCOMPARE(desk().queuePane()->list()->model()->rowCount(), 1);
        states->setCurrentIndex(0);
        QTRY_VERIFY(isReady());
        desk().queuePane()->list()->setFocus();
        keys("j");  // in the queue, j and k go from item to item
        QTRY_COMPARE(session().itemIndex(), 2);
        QTRY_VERIFY(isReady());
        keys("k");
        QTRY_COMPARE(session().itemIndex(), 1);
    }

    void aDeletedQueueComesBack() {
        openPage();
        const RowId queue = makeQueue(3, false);
        openQueue(queue);
        desk().queuePane()->removeQueue();
        QVERIFY(!session().queue());
        QVERIFY(desk().queuePane()->queues()->findData(qlonglong(queue)) < 0);
        desk().queuePane()->undoRemove();
        QTRY_VERIFY(session().queue() && session().queue()->id == queue && session().itemIndex() >= 0);
        desk().queuePane()->removeQueue();
        m_page.reset();  // nobody takes it back any more
        StoreReader reader(m_store);
        QTRY_VERIFY(reader.annotationQueues().empty());
    }

    void anItemThatIsGoneSaysSo() {
        openPage();
        openQueue(makeQueue(2, false));
        session().openItem(7);
        QCOMPARE(session().itemIndex(), 0);
    }
};

QTEST_MAIN(TestAnnotationQueues)
#include "tst_annotation_queues.moc"
