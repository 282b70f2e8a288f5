// A whole session as people have it: fifty items of a queue by keys alone, things taken back also after they
// were submitted, the window closed in the middle and opened again.
#include <QComboBox>
#include <QLabel>
#include <cmath>
#include <fstream>

#include "tests/views/support/annotation_fixture.h"
#include "views/annotation/agreement_dialog.h"
#include "views/annotation/export_dialog.h"
#include "views/annotation/history_panel.h"
#include "views/annotation/reason_dialog.h"
#include "views/compare/table_panel.h"
#include "views/models/value_table_model.h"

using namespace retort;
using namespace retort::test;

class TestAnnotationSession : public AnnotationFixture {
    Q_OBJECT

  private Q_SLOTS:
    void init() { makeStore(56); }
    void cleanup() { closeAll(); }

    void fiftyItems() {
        const RowId queue = makeQueue(50, false);
        openPage();
        openQueue(queue);
        for (int i = 0; i < 20; ++i) judge(i);
        takeSubmittedItemsBack(20);
        for (int i = 20; i < 25; ++i) judge(i);
        QTRY_VERIFY(isReady());
        keys("3");  // the 26th is begun when the window goes
        QCOMPARE(line(), QStringLiteral("+..."));
        closeAll();

        openPage({});
        QTRY_COMPARE(session().annotator(), QStringLiteral("alice"));
        openQueue(queue);
        QCOMPARE(session().itemIndex(), 25);  // where it was left
        QCOMPARE(line(), QStringLiteral("+..."));
        key(Qt::Key_Z, Qt::ControlModifier);  // also what was said before the restart
        QTRY_COMPARE(line(), QStringLiteral("...."));
        for (int i = 25; i < 50; ++i) judge(i);
        QTRY_VERIFY(session().isQueueFinished());
        QTRY_VERIFY(desk().queuePane()->message().contains(QStringLiteral("40 done, 10 skipped")));
        checkTheStore(queue);
    }

    // Two people judge the same items, the second without seeing the first; then their agreement, and the
    // file.
    void twoPeopleAgreementAndExport() {
        const RowId queue = makeQueue(6, true, "for two");
        openPage(QStringLiteral("ann"));
        openQueue(queue);
        for (int i = 0; i < 6; ++i) submitWith(i, i % 3 == 0 ? "31" : "332");
        QTRY_VERIFY(session().isQueueFinished());
        session().setAnnotator(QStringLiteral("ben"));
        QTRY_VERIFY(session().items()[0].state == ItemState::Pending && isReady());
        QTRY_COMPARE(session().itemIndex(), 0);
        for (int i = 0; i < 6; ++i) {
            QTRY_VERIFY(isReady());
            QVERIFY(session().labels().isEmpty());
            for (const StepLane& lane : session().lanes()) QVERIFY(lane.name != "ann");
            submitWith(i, i == 0 ? "333" : i % 3 == 0 ? "31" : "332");
        }
        QTRY_VERIFY(session().isQueueFinished());

        Q_EMIT desk().queuePane()->agreementWanted(queue);
        auto* dialog = m_page->findChild<AgreementDialog*>();
        QTRY_COMPARE(dialog->pairs()->model()->rowCount(), 1);
        const auto pair = [&](int column) { return dialog->pairs()->model()->index(0, column); };
        QCOMPARE(pair(0).data().toString(), QStringLiteral("ann"));
        QCOMPARE(pair(1).data().toString(), QStringLiteral("ben"));
        // Steps that both rated: 2 of item 0 (one differs), 2 of item 3, 3 of each other one.
        QCOMPARE(pair(2).data(ValueTableModel::ExactRole).toInt(), 16);
        QVERIFY(std::abs(pair(3).data(ValueTableModel::ExactRole).toDouble() - 15.0 / 16) < 1e-9);
        QCOMPARE(pair(8).data(ValueTableModel::ExactRole).toInt(), 6);
        QCOMPARE(dialog->differences()->model()->rowCount(), 2);  // the rating, and the first error
        QCOMPARE(dialog->progress()->model()->rowCount(), 2);
        QVERIFY(dialog->overall()->text(true).contains(QStringLiteral("Krippendorff")));
        session().openItem(4);
        QTRY_COMPARE(session().itemIndex(), 4);
        QTRY_VERIFY(isReady());
        Q_EMIT dialog->differences()->activated(0);
        QTRY_COMPARE(session().trace(), m_traces[0]);
        QTRY_COMPARE(session().step(), 1);
        dialog->close();
        checkTheFile(queue);
    }

    void theHistoryTellsEverything() {
        openPage();
        openTrace(50);
        m_page->list()->setFocus();
        session().setStep(0);
        keys("1");
        key(Qt::Key_K);
        keys("3");
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(session().writes().pending(), 0);
        QTRY_COMPARE(session().events().size(), std::size_t(3));
        desk().showTab(desk().history());
        const TablePanel* table = desk().history()->table();
        QTRY_COMPARE(table->model()->rowCount(), 3);
        const auto cell = [&](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(2, 1), QStringLiteral("alice"));
        QCOMPARE(cell(2, 2), QStringLiteral("rating"));
        QCOMPARE(cell(2, 3), QStringLiteral("step 1"));
        QCOMPARE(cell(2, 4), QStringLiteral("–"));
        QCOMPARE(cell(2, 5), QStringLiteral("-1"));
        QCOMPARE(cell(1, 4), QStringLiteral("-1"));
        QCOMPARE(cell(0, 5), QStringLiteral("-1"));
        QVERIFY(cell(0, 8).contains(QString::number(session().events()[1].id)));
        QCOMPARE(table->text(true).count(QLatin1Char('\n')), 4);
    }

    void undoneAndRedoneAcrossItems() {
        openPage(QStringLiteral("dora"));
        openTrace(51);
        m_page->list()->setFocus();
        session().setStep(0);
        keys("3");
        openTrace(52);
        session().setStep(0);
        keys("1");
        key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(line(), QStringLiteral("...."));
        key(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(session().trace(), m_traces[51]);
        QTRY_COMPARE(line(), QStringLiteral("...."));
        QTRY_VERIFY(isReady());
        key(Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(line(), QStringLiteral("+..."));
        key(Qt::Key_Y, Qt::ControlModifier);
        QTRY_COMPARE(session().trace(), m_traces[52]);
        QTRY_COMPARE(line(), QStringLiteral("-..."));
        QTRY_COMPARE(session().writes().pending(), 0);
        QCOMPARE(stored(51, "dora").size(), std::size_t(1));
        QCOMPARE(stored(52, "dora").size(), std::size_t(1));
        // The store agrees with the screen, all the way down and further.
        QTRY_VERIFY(isReady());
        for (int i = 0; i < 4; ++i) {
            key(Qt::Key_Z, Qt::ControlModifier);
            QTRY_VERIFY(isReady() && session().writes().pending() == 0);
        }
        QVERIFY(desk().bar()->status().contains(QStringLiteral("nothing to undo")));
        QVERIFY(stored(51, "dora").empty() && stored(52, "dora").empty());
    }

    void onlyFocusedTimeIsCounted() {
        openPage(QStringLiteral("erik"));
        double now = session().now();
        session().setClock([&now] { return now; });
        session().time().setFocused(true, now);
        session().time().take(now);
        openTrace(53);
        m_page->list()->setFocus();
        session().setStep(0);
        now += 12;
        keys("3");
        now += 500;  // away
        keys("3");
        QTRY_COMPARE(session().events().size(), std::size_t(2));
        QCOMPARE(session().events()[0].seconds, 12.0);
        QCOMPARE(session().events()[1].seconds, 60.0);
    }

  private:
    void submitWith(int i, const char* ratings) {
        QTRY_VERIFY(isReady());
        QCOMPARE(session().itemIndex(), i);
        desk().queuePane()->list()->setFocus();
        QCOMPARE(session().step(), 0);  // a new item begins at its beginning
        keys(ratings);
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(session().itemIndex() != i || session().isQueueFinished());
    }

    void checkTheFile(RowId queue) {
        ExportDialog dialog(*m_lab, QStringLiteral("ann"), queue, m_page.get());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        const QString file = m_folder->filePath(QStringLiteral("labels.jsonl"));
        dialog.exportTo(file);
        QTRY_VERIFY(dialog.result().contains(QStringLiteral("6 record")));
        std::ifstream in(file.toStdString());
        std::vector<Json> rows;
        for (std::string line; std::getline(in, line);) rows.push_back(Json::parse(line));
        QCOMPARE(rows.size(), std::size_t(6));
        QVERIFY(rows[0]["labeler"] == "ann");
        QVERIFY(rows[0]["label"]["finish_reason"] == "found_error");
        QVERIFY(rows[1]["label"]["finish_reason"] == "solution");
        const Json& steps = rows[0]["label"]["steps"];
        QVERIFY(steps[0]["completions"][0]["rating"] == 1);
        QVERIFY(steps[1]["completions"][0]["rating"] == -1);
        QVERIFY(rows[1]["label"]["steps"][2]["completions"][0]["rating"] == 0);
        // Where a format has two labels, the dialog asks what "okay" is.
        dialog.formats()->setCurrentIndex(1);
        const QString bench = m_folder->filePath(QStringLiteral("bench.json"));
        dialog.exportTo(bench);
        QTRY_VERIFY(dialog.result().contains(QStringLiteral("bench.json")));
        std::ifstream list(bench.toStdString());
        const Json records = Json::parse(list);
        QCOMPARE(records.size(), std::size_t(6));
        QVERIFY(records[0]["label"] == 1);
        QVERIFY(records[1]["label"] == -1);
        // What cannot be written says so, in place.
        dialog.exportTo(m_folder->filePath(QStringLiteral("no/such/folder/x.jsonl")));
        QTRY_VERIFY(dialog.result().contains(QStringLiteral("folder")) &&
                    !dialog.result().contains(QStringLiteral("record")));
    }

    /// Item i by one of five ways of judging it.
    void judge(int i) {
        QTRY_VERIFY(isReady());
        QCOMPARE(session().itemIndex(), i);
        QCOMPARE(session().trace(), m_traces[static_cast<std::size_t>(i)]);
        QVERIFY(session().labels().outcome().empty());
        activate();
        desk().queuePane()->list()->setFocus();
        session().setStep(0);
        switch (i % 5) {
            case 0:
                keys("323");
                break;
            case 1:
                keys("31");
                break;
            case 2:
                keys("3");
                session().setStep(2);
                keys("x");
                break;
            case 3:
                keys("c");
                break;
            default:
                return skip(i);
        }
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(session().itemIndex() != i || session().isQueueFinished());
    }

    void skip(int i) {
        keys("s");
        QTRY_VERIFY(QApplication::activeModalWidget());
        QTest::keyClicks(QApplication::activeModalWidget()->findChild<QLineEdit*>(),
                         QStringLiteral("no idea"));
        QTest::keyClick(QApplication::activeModalWidget()->findChild<QLineEdit*>(), Qt::Key_Return);
        QTRY_VERIFY(session().itemIndex() != i || session().isQueueFinished());
        activate();
        desk().queuePane()->list()->setFocus();
    }

    // Undo goes back into items that were submitted, and redo forward again.
    void takeSubmittedItemsBack(int next) {
        QTRY_VERIFY(isReady());
        activate();
        desk().queuePane()->list()->setFocus();
        key(Qt::Key_Z, Qt::ControlModifier);  // the outcome of the last one: it was skipped
        QTRY_COMPARE(session().itemIndex(), next - 1);
        QTRY_VERIFY(session().labels().outcome().empty() && isReady());
        QCOMPARE(session().items()[static_cast<std::size_t>(next - 1)].state, ItemState::Pending);
        key(Qt::Key_Z, Qt::ControlModifier);  // and of the one before: "no error", submitted
        QTRY_COMPARE(session().itemIndex(), next - 2);
        QTRY_VERIFY(session().labels().outcome().empty() && isReady());
        QCOMPARE(line(), QStringLiteral("....|-1"));
        key(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(line(), QStringLiteral("...."));
        QCOMPARE(session().items()[static_cast<std::size_t>(next - 2)].state, ItemState::Pending);
        for (int i = 0; i < 3; ++i) {
            QTRY_VERIFY(isReady());
            key(Qt::Key_Y, Qt::ControlModifier);
        }
        QTRY_VERIFY(isReady() && session().writes().pending() == 0);
        QCOMPARE(session().labels().outcome(), std::string("skipped"));
        session().openItem(next);
        QTRY_COMPARE(session().itemIndex(), next);
    }

    void checkTheStore(RowId queue) {
        StoreReader reader(m_store);
        const std::vector<QueueItem> items = reader.queueItems(queue, "alice");
        QCOMPARE(items.size(), std::size_t(50));
        for (int i = 0; i < 50; ++i) {
            const QueueItem& item = items[static_cast<std::size_t>(i)];
            QCOMPARE(item.state, i % 5 == 4 ? ItemState::Skipped : ItemState::Done);
            TraceLabels labels(stepsOf(i));
            labels.setSaid(stored(i, "alice"));
            const auto rating = [&](int step) { return labels.rating(step); };
            switch (i % 5) {
                case 0:
                    QVERIFY(rating(0) == 1 && rating(1) == 0 && rating(2) == 1 && labels.firstError() == -1);
                    break;
                case 1:
                    QVERIFY(rating(0) == 1 && rating(1) == -1 && !rating(2) && labels.firstError() == 1);
                    break;
                case 2:
                    QVERIFY(rating(0) == 1 && rating(1) == 1 && rating(2) == -1 && labels.firstError() == 2);
                    break;
                case 3:
                    QVERIFY(!rating(0) && labels.firstError() == -1);
                    break;
                default:
                    QVERIFY(labels.value({AnnotationKind::Outcome, -1, -1})["reason"] == "no idea");
            }
        }
        // Nobody's work was lost or counted twice.
        const auto queues = reader.annotationQueues();
        QCOMPARE(queues[0].progress.size(), std::size_t(1));
        QCOMPARE(queues[0].progress[0].done, std::int64_t(40));
        QCOMPARE(queues[0].progress[0].skipped, std::int64_t(10));
    }

    static std::vector<LabelStep> stepsOf(int index) {
        std::vector<LabelStep> steps;
        for (const TraceStep& step : secretTrace(index).steps)
            steps.push_back({{step.begin, step.end}, true, static_cast<int>(steps.size()) + 1});
        return steps;
    }
};

QTEST_MAIN(TestAnnotationSession)
#include "tst_annotation_session.moc"
