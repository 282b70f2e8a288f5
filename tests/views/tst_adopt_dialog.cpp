// Adopting in the window, as somebody does it: a folder is looked through, runs are marked and adopted,
// tables get their columns, and what is live is followed, left, and followed again.
#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>
#include <QUrl>

#include "core/util/files.h"
#include "tests/core/trackers/tracker_test.h"
#include "training/backends/adopted_backend.h"
#include "training/backends/remote/folder_mirror.h"
#include "views/compare/table_panel.h"
#include "views/lab_adopted.h"
#include "views/runs/adopting/adopt_dialog.h"
#include "views/runs/adopting/adoption_panel.h"
#include "views/runs/adopting/mapping_panel.h"
#include "views/runs/runs_page.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

using Stage = FoundRunModel::Stage;
constexpr int longest = 20000;  // ms

std::string events(int from, int to) {
    std::string bytes;
    for (int step = from; step < to; ++step) bytes += scalarEvent(1e9 + step, step, "loss", float(step));
    return bytes;
}

}  // namespace

class TestAdoptDialog : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_lab = std::make_unique<Lab>(path("lab.db"));
        put("theirs/tb/events.out.tfevents.1.h", events(0, 20));
        put("theirs/old/events.out.tfevents.2.h", events(0, 5));
        fs::last_write_time(path("theirs/old/events.out.tfevents.2.h"),
                            fs::file_time_type::clock::now() - std::chrono::hours(2));
    }
    void cleanup() {
        m_lab.reset();
        m_folder.reset();
    }

    void looksMarksAdopts() {
        AdoptDialog* dialog = open();
        const QAbstractItemModelTester tester(dialog->model(),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!dialog->adoptButton()->isEnabled());
        dialog->folder()->setText(QString::fromStdString(path("theirs")));
        QTest::keyClick(dialog->folder(), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 2, longest);
        const int old = rowOf(dialog, "old"), live = rowOf(dialog, "tb");
        QVERIFY(old >= 0 && live >= 0);
        QCOMPARE(text(dialog, live, FoundRunModel::What), QStringLiteral("tensorboard"));
        QCOMPARE(text(dialog, live, FoundRunModel::Points), QStringLiteral("20"));
        QCOMPARE(text(dialog, live, FoundRunModel::LastStep), QStringLiteral("19"));
        QCOMPARE(text(dialog, live, FoundRunModel::State), FoundRunModel::tr("live"));
        QCOMPARE(text(dialog, old, FoundRunModel::State), FoundRunModel::tr("silent"));
        QCOMPARE(dialog->model()->checkedRows().size(), std::size_t(2));

        // Space takes the mark of all that are selected.
        dialog->table()->selectAll();
        QTest::keyClick(dialog->table(), Qt::Key_Space);
        QVERIFY(dialog->model()->checkedRows().empty());
        QVERIFY(!dialog->adoptButton()->isEnabled());
        QTest::keyClick(dialog->table(), Qt::Key_Space);
        // And F2 gives a name of one's own.
        QVERIFY(dialog->model()->setData(dialog->model()->index(old, 0), QStringLiteral("baseline"),
                                         Qt::EditRole));
        dialog->tags()->setText(QStringLiteral("theirs, paper"));
        QSignalSpy adopted(dialog, &AdoptDialog::adopted);
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 1, longest);
        QCOMPARE(dialog->model()->stage(live), Stage::Done);
        QVERIFY(text(dialog, live, FoundRunModel::State).contains(AdoptDialog::tr("followed")));
        StoreReader reader(m_lab->storeFile());
        QCOMPARE(reader.runs(true).size(), std::size_t(2));
        const RunRow silent = run("baseline");
        QCOMPARE(silent.state, std::string("lost"));
        QCOMPARE(silent.tags, (std::vector<std::string>{"paper", "theirs"}));
        QCOMPARE(pointsOf(silent), 5);
        QTRY_VERIFY(adoptedBackend(*m_lab)->isRunning(QString::fromStdString(run("tb").directory)));
        QVERIFY(!adoptedBackend(*m_lab)->isRunning(QString::fromStdString(silent.directory)));

        // It is live: what comes is there by itself, and looking again does not offer it.
        appendBytes(path("theirs/tb/events.out.tfevents.1.h"), events(20, 33));
        QTRY_COMPARE_WITH_TIMEOUT(pointsOf(run("tb")), 33, longest);
        appendBytes(path("theirs/old/events.out.tfevents.2.h"), events(5, 9));
        dialog->look(QString::fromStdString(path("theirs")));
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 2, longest);
        QTRY_VERIFY(dialog->lookButton()->isEnabled());
        const int again = rowOf(dialog, "baseline");
        QVERIFY(text(dialog, again, FoundRunModel::State).contains(FoundRunModel::tr("adopted before")));
        QVERIFY(text(dialog, rowOf(dialog, "tb"), FoundRunModel::State)
                    .contains(FoundRunModel::tr("followed already")));
        QVERIFY(!dialog->model()->isCheckable(rowOf(dialog, "tb")));
        // It was written just now, which makes it live: updated, and never doubled.
        QCOMPARE(dialog->model()->checkedRows(), std::vector<int>{again});
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 2, longest);
        QCOMPARE(pointsOf(run("baseline")), 9);
        QCOMPARE(reader.runs(true).size(), std::size_t(2));
        dialog->reject();
    }

    void columnsOfTables() {
        put("table/t.csv", "n,who,when,loss\n1,x,1700000000,2\n2,y,1700000001,3\n3,x,1700000002,1.5\n");
        AdoptDialog* dialog = open();
        const QAbstractItemModelTester tester(dialog->model(),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        dialog->look(QString::fromStdString(path("table")));
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 1, longest);
        QVERIFY(!dialog->model()->isCheckable(0));
        MappingPanel* mapping = dialog->mapping();
        QVERIFY(mapping->isVisible());
        QTRY_COMPARE(mapping->column(0)->count(), 5);
        QVERIFY(!mapping->problem()->text().isEmpty());
        QVERIFY(!mapping->useButton()->isEnabled());
        mapping->column(0)->setCurrentIndex(mapping->column(0)->findData(QStringLiteral("n")));
        QTRY_COMPARE(mapping->preview()->rowCount(), 3);
        QCOMPARE(mapping->preview()->horizontalHeaderItem(2)->text(), QStringLiteral("when"));
        mapping->column(1)->setCurrentIndex(mapping->column(1)->findData(QStringLiteral("when")));
        mapping->column(2)->setCurrentIndex(mapping->column(2)->findData(QStringLiteral("who")));
        // Only the first run's rows, with their time.
        QTRY_COMPARE(mapping->preview()->rowCount(), 2);
        QCOMPARE(mapping->preview()->item(1, 0)->text(), QStringLiteral("3"));
        QCOMPARE(mapping->preview()->horizontalHeaderItem(2)->text(), QStringLiteral("loss"));
        QVERIFY(mapping->preview()->item(0, 1)->text() != QStringLiteral("–"));
        mapping->useButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 2, longest);
        QCOMPARE(dialog->model()->checkedRows().size(), std::size_t(2));
        dialog->keepFollowing()->setChecked(false);
        QSignalSpy adopted(dialog, &AdoptDialog::adopted);
        QTRY_VERIFY(dialog->adoptButton()->isEnabled());
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 1, longest);
        QCOMPARE(pointsOf(run("x")), 2);
        QCOMPARE(pointsOf(run("y")), 1);
        QCOMPARE(run("x").state, std::string("stopped"));
        // As `retort-cli adopt --map` would have it.
        const RunRow row = run("x");
        QVERIFY(readFile(fs::path(row.directory) / "adopted.json").find("step=n,time=when,run=who") !=
                std::string::npos);
        dialog->reject();
    }

    // On a machine: only the beginnings are brought for the list, all of what is chosen, and then what comes.
    void foldersElsewhere() {
        Machine box;  // without a destination: this one, through the same shell
        box.name = "box";
        m_lab->writer().saveMachine(box).get();
        std::string rows = "step,loss\n";
        for (int i = 0; i < 60'000; ++i) rows += std::to_string(i) + ",1.5\n";
        put("theirs/large.csv", rows);
        AdoptDialog* dialog = open();
        QTRY_COMPARE(dialog->machine()->count(), 2);
        dialog->machine()->setCurrentIndex(1);
        dialog->folder()->setText(QString::fromStdString(path("nowhere")));
        dialog->lookButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(dialog->status()->text().contains(QStringLiteral("there is no such folder")),
                                 longest);
        dialog->folder()->setText(QString::fromStdString(path("theirs")));
        dialog->lookButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 3, longest);
        const int large = rowOf(dialog, "large"), live = rowOf(dialog, "tb");
        QVERIFY(text(dialog, large, FoundRunModel::Points).startsWith(QStringLiteral("> ")));
        QVERIFY(text(dialog, live, FoundRunModel::Place).startsWith(QStringLiteral("box:/")));
        dialog->model()->setChecked(rowOf(dialog, "old"), false);
        QSignalSpy adopted(dialog, &AdoptDialog::adopted);
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 1, longest);
        QCOMPARE(dialog->model()->stage(large), Stage::Done);
        QCOMPARE(pointsOf(run("large")), 60'000);
        appendBytes(path("theirs/tb/events.out.tfevents.1.h"), events(20, 33));
        QTRY_COMPARE_WITH_TIMEOUT(pointsOf(run("tb")), 33, longest);
        // Begun anew there, with other numbers behind step 9: what was told of later steps is superseded.
        put("theirs/tb/events.out.tfevents.1.h", events(10, 14));
        const auto valid = [this] {
            return StoreReader(m_lab->storeFile())
                .query(
                    "SELECT count(*) FROM points JOIN series ON series.id = series_id WHERE "
                    "points.superseded = "
                    "0 "
                    "AND run_id = " +
                    std::to_string(run("tb").id))
                .rows.at(0)
                .at(0);
        };
        QTRY_COMPARE_WITH_TIMEOUT(valid(), std::string("14"), longest);
        QCOMPARE(StoreReader(m_lab->storeFile()).runs(true).size(), std::size_t(2));
        dialog->reject();
        QCoreApplication::sendPostedEvents(dialog, QEvent::DeferredDelete);
        // A later window goes on, and brings what came meanwhile.
        m_lab.reset();
        appendBytes(path("theirs/tb/events.out.tfevents.1.h"), events(14, 21));
        m_lab = std::make_unique<Lab>(path("lab.db"));
        QTRY_COMPARE_WITH_TIMEOUT(valid(), std::string("21"), longest);
        // What of the folder cannot be mirrored is said beside the run.
        put("theirs/huge.db", "SQLite format 3");
        std::filesystem::resize_file(path("theirs/huge.db"), FolderMirror::largestDatabase + 1);
        AdoptionPanel panel(*m_lab, nullptr);
        const RunRow row = run("tb");
        panel.showRun(&row);
        QTRY_VERIFY_WITH_TIMEOUT(panel.origin()->text().contains(QStringLiteral("huge.db: is too large")),
                                 longest);
        QVERIFY2(panel.origin()->text().contains(QStringLiteral("Not read: ")),
                 qPrintable(panel.origin()->text()));
    }

    void whatIsWrong() {
        std::string damaged = events(0, 4);
        damaged[30] = char(~damaged[30]);
        put("bad/events.out.tfevents.1.h", damaged);
        put("bad/run-x.wandb", "no log of W&B");
        AdoptDialog* dialog = open();
        dialog->look(QStringLiteral("/nowhere/at/all"));
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("there is no such folder")));
        dialog->look(QString::fromStdString(path("bad")));
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 1, longest);
        QVERIFY2(dialog->problems()->text(true).contains(QStringLiteral("run-x.wandb")),
                 qPrintable(dialog->problems()->text(true)));
        QSignalSpy adopted(dialog, &AdoptDialog::adopted);
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 1, longest);
        QVERIFY2(dialog->problems()->text(true).contains(QStringLiteral("events.out.tfevents.1.h: byte 0")),
                 qPrintable(dialog->problems()->text(true)));
        fs::create_directories(path("empty"));
        dialog->look(QString::fromStdString(path("empty")));
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("no log that is known")));
        QVERIFY(!dialog->adoptButton()->isEnabled());
        dialog->reject();
    }

    // Ended in the middle: what was read stays, and the next time goes on behind it.
    void stopping() {
        std::string rows = "step,loss\n";
        for (int i = 0; i < 600'000; ++i) rows += std::to_string(i) + ",1\n";
        put("large/large.csv", rows);
        AdoptDialog* dialog = open();
        dialog->look(QString::fromStdString(path("large")));
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 1, longest);
        QTRY_VERIFY(dialog->adoptButton()->isEnabled());
        dialog->keepFollowing()->setChecked(false);
        dialog->adoptButton()->click();
        QCOMPARE(dialog->adoptButton()->text(), AdoptDialog::tr("&Stop"));
        QVERIFY(!dialog->folder()->isEnabled());
        dialog->adoptButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(dialog->folder()->isEnabled(), longest);
        QSignalSpy adopted(dialog, &AdoptDialog::adopted);
        dialog->model()->setChecked(0, true);
        dialog->adoptButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(adopted.size(), 1, longest * 3);
        QCOMPARE(pointsOf(run("large")), 600'000);
        dialog->reject();
    }

    void closedWhileItWorks() {
        QPointer<AdoptDialog> dialog = open();
        dialog->look(QString::fromStdString(path("theirs")));
        dialog->reject();
        QVERIFY(!dialog || !dialog->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(dialog.isNull(), longest);
    }

    // From the page: dropped, adopted, left and followed again, and archived with a way back.
    void thePage() {
        RunsPage page(*m_lab);
        page.resize(1280, 800);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QPushButton* button = nullptr;
        QTRY_VERIFY((button = buttonWith(page, QStringLiteral("Adopt runs"))) && button->isVisible());
        button->click();
        auto* dialog = page.findChild<AdoptDialog*>();
        QVERIFY(dialog);
        dialog->reject();
        QCoreApplication::sendPostedEvents(dialog, QEvent::DeferredDelete);

        QMimeData dragged;
        dragged.setUrls({QUrl::fromLocalFile(QString::fromStdString(path("theirs/tb")))});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&page, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&page, &drop);
        dialog = page.findChild<AdoptDialog*>();
        QVERIFY(dialog);
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model()->rowCount(), 1, longest);
        QTRY_VERIFY(dialog->adoptButton()->isEnabled());
        dialog->adoptButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_lab->selection().currentRun() != 0, longest);
        dialog->reject();

        auto* panel = page.findChild<AdoptionPanel*>();
        QVERIFY(panel);
        const QString directory = QString::fromStdString(run("tb").directory);
        QTRY_VERIFY(panel->isVisible());
        QTRY_VERIFY2(panel->origin()->text().contains(QString::fromStdString(path("theirs/tb"))),
                     qPrintable(panel->origin()->text()));
        QTRY_COMPARE(panel->followButton()->text(), AdoptionPanel::tr("Stop &following"));
        panel->followButton()->click();
        QTRY_COMPARE(run("tb").state, std::string("stopped"));
        QCOMPARE(panel->followButton()->text(), AdoptionPanel::tr("&Follow again"));
        appendBytes(path("theirs/tb/events.out.tfevents.1.h"), events(20, 30));
        QTest::qWait(1200);
        QCOMPARE(pointsOf(run("tb")), 20);
        // A later window leaves it alone, too.
        m_lab->selection().setRuns({});
        {
            Lab later(path("lab.db"));
            QTRY_COMPARE(later.pendingReads(), 0);
            QVERIFY(!adoptedBackend(later)->isRunning(directory));
        }
        m_lab->selection().setRuns({run("tb").id});
        QTRY_VERIFY(panel->isVisible());
        panel->followButton()->click();
        QTRY_COMPARE_WITH_TIMEOUT(pointsOf(run("tb")), 30, longest);
        QCOMPARE(run("tb").state, std::string("running"));

        // Away, and back.
        QTRY_COMPARE(page.selectedRuns().size(), std::size_t(1));
        const auto command = [&page](const char* id) {
            return page.findChild<QAction*>(QString::fromLatin1(id));
        };
        QVERIFY(command("runs.follow")->isEnabled());
        // Requests of ours reach no other program.
        QVERIFY(!command("runs.stop")->isEnabled() && !command("runs.kill")->isEnabled());
        command("runs.archive")->trigger();
        QTRY_VERIFY(run("tb").archived);
        page.undoStack()->undo();
        QTRY_VERIFY(!run("tb").archived);
    }

  private:
    std::string path(const char* name) const {
        return m_folder->filePath(QString::fromLatin1(name)).toStdString();
    }
    void put(const char* name, const std::string& bytes) const {
        fs::create_directories(fs::path(path(name)).parent_path());
        writeBytes(path(name), bytes);
    }
    AdoptDialog* open() {
        auto* dialog = new AdoptDialog(*m_lab, nullptr);
        dialog->show();
        return QTest::qWaitForWindowExposed(dialog) ? dialog : nullptr;
    }
    static QString text(const AdoptDialog* dialog, int row, int column) {
        return dialog->model()->index(row, column).data().toString();
    }
    static int rowOf(const AdoptDialog* dialog, const char* name) {
        for (int row = 0; row < dialog->model()->rowCount(); ++row)
            if (text(dialog, row, FoundRunModel::Name) == QLatin1String(name)) return row;
        return -1;
    }
    static QPushButton* buttonWith(const QWidget& page, const QString& text) {
        for (QPushButton* each : page.findChildren<QPushButton*>())
            if (each->text().remove(QLatin1Char('&')).startsWith(text)) return each;
        return nullptr;
    }
    RunRow run(const char* name) const {
        StoreReader reader(m_lab->storeFile());
        return reader.findRun(name).value_or(RunRow());
    }
    int pointsOf(const RunRow& run) const {
        StoreReader reader(m_lab->storeFile());
        const auto rows = reader
                              .query(
                                  "SELECT count(*) FROM points JOIN series ON series.id = series_id "
                                  "WHERE run_id = " +
                                  std::to_string(run.id))
                              .rows;
        return rows.empty() ? 0 : std::stoi(rows[0][0]);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
};

QTEST_MAIN(TestAdoptDialog)
#include "tst_adopt_dialog.moc"
