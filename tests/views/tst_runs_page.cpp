// The Runs page over a filled store, driven as a user would: select, search, rename, tag, archive and take it
// back, compare, copy.
#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include "core/machines/remote_run.h"
#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/uuid.h"
#include "tests/views/support/sample_store.h"
#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/run_table_model.h"
#include "views/runs/checkpoint_panel.h"
#include "views/runs/compare_dialog.h"
#include "views/runs/run_details.h"
#include "views/runs/runs_page.h"

using namespace retort;

class TestRunsPage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_store = m_folder->filePath("lab.db").toStdString();
        sample::Options options;
        options.runs = 6;
        options.steps = 40;
        options.tracesPerRun = 4;
        m_runs = sample::fillStore(m_store, options);
        open();
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
    }

    void selectionGoesBothWays() {
        QTableView* table = m_page->table();
        table->selectRow(0);
        table->selectionModel()->select(table->model()->index(2, 0),
                                        QItemSelectionModel::Select | QItemSelectionModel::Rows);
        QCOMPARE(m_lab->selection().runs().size(), std::size_t(2));
        m_lab->selection().setRuns({m_runs[1]});
        QCOMPARE(m_page->selectedRuns(), std::vector<RowId>{m_runs[1]});
        auto* details = m_page->findChild<RunDetails*>();
        QCOMPARE(details->shownRun(), m_runs[1]);
    }

    // As at a launch: a run is selected as soon as the store has it, which is before the table does.
    void aRunSelectedBeforeItsRowIsHereStaysSelected() {
        sample::Options options;
        options.runs = 1;
        options.steps = 5;
        options.seed = 77;
        const std::vector<RowId> added = sample::fillStore(m_store, options);
        const std::vector<RowId> wanted{added[0], m_runs[1]};
        m_lab->selection().setRuns(wanted);
        Q_EMIT m_lab->runsChanged();
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 7);
        QTRY_COMPARE(m_page->selectedRuns().size(), std::size_t(2));
        QCOMPARE(m_lab->selection().runs(), wanted);
    }

    void searchAndShortcut() {
        auto* search = m_page->findChild<QLineEdit*>();
        QTest::keyClick(m_page->table(), Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClicks(search, QStringLiteral("recipe:grpo"));
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 3);
        search->clear();
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 6);
    }

    void renameInPlace() {
        select(m_runs[0]);
        trigger("runs.rename");
        auto* editor =
            qobject_cast<QLineEdit*>(m_page->table()->indexWidget(m_page->table()->currentIndex()));
        if (!editor) editor = m_page->table()->viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, QStringLiteral("fresh name"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(toQString(m_page->model()->run(m_runs[0])->name), QStringLiteral("fresh name"));
        m_page->undoStack()->undo();
        QTRY_VERIFY(m_page->model()->run(m_runs[0])->name != "fresh name");
    }

    void tagsInTheDetails() {
        select(m_runs[2]);
        auto* tags = m_page->findChild<RunDetails*>()->findChild<QLineEdit*>();
        tags->setFocus();
        tags->selectAll();
        QTest::keyClicks(tags, QStringLiteral("paper, paper , ablation"));
        QTest::keyClick(tags, Qt::Key_Return);
        QTRY_COMPARE(m_page->model()->run(m_runs[2])->tags, (std::vector<std::string>{"ablation", "paper"}));
    }

    void notesAreNeverLost() {
        select(m_runs[2]);
        const auto edits = m_page->findChild<RunDetails*>()->findChildren<QPlainTextEdit*>();
        const auto writable =
            std::find_if(edits.begin(), edits.end(), [](auto* edit) { return !edit->isReadOnly(); });
        QVERIFY(writable != edits.end());
        QPlainTextEdit* notes = *writable;
        notes->setFocus();
        QTest::keyClicks(notes, QStringLiteral("why?"));
        m_lab->selection().setRuns({m_runs[3]});  // away before the pause after typing is over
        QTRY_VERIFY(m_page->model()->run(m_runs[2])->notes.find("why?") != std::string::npos);
        QVERIFY(!notes->toPlainText().contains(QStringLiteral("why?")));
    }

    void archiveAndTakeBack() {
        m_lab->selection().setRuns({m_runs[0], m_runs[3]});
        m_page->table()->setFocus();
        QTest::keyClick(m_page->table(), Qt::Key_Delete);
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 4);
        QTest::keyClick(m_page->table(), Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(m_page->table()->model()->rowCount(), 6);
    }

    void compareShowsOnlyDifferences() {
        std::vector<RunRow> rows;
        for (RowId id : {m_runs[0], m_runs[1]}) rows.push_back(*m_page->model()->run(id));
        rows[0].config = "recipe: sft\nseed: 1\ntraining:\n  max_steps: 10\n";
        rows[1].config = "recipe: sft\nseed: 1\ntraining:\n  max_steps: 20\n";
        auto* dialog = new CompareDialog(rows);
        QCOMPARE(dialog->configTable()->rowCount(), 1);
        QCOMPARE(dialog->configTable()->item(0, 0)->text(), QStringLiteral("training.max_steps"));
        QCOMPARE(dialog->configTable()->item(0, 2)->text(), QStringLiteral("20"));
        QVERIFY(dialog->metricTable()->rowCount() > 0);
        QVERIFY(dialog->text(true).contains(QStringLiteral("training.max_steps,10,20")));
        delete dialog;
    }

    void copyGivesATable() {
        m_lab->selection().setRuns({m_runs[0], m_runs[1]});
        trigger("runs.copy");
        const QStringList lines =
            QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith(QStringLiteral("Name\t")));
    }

    void openersAskForTheirPlace() {
        QSignalSpy places(&m_lab->selection(), &Selection::placeRequested);
        QSignalSpy copies(&m_lab->selection(), &Selection::copyRequested);
        select(m_runs[1]);
        QTest::keyClick(m_page->table(), Qt::Key_Return);
        trigger("runs.traces");
        trigger("runs.duplicate");
        QCOMPARE(places.count(), 2);
        QCOMPARE(copies.count(), 1);
    }

    // Fusion lays a veil over the cell that has the focus.
    void theCurrentCellOfASelectedRowIsNotDimmed() {
        QTableView* table = m_page->table();
        table->setFocus();
        table->selectRow(1);
        for (const int column :
             {static_cast<int>(RunTableModel::Name), static_cast<int>(RunTableModel::State)}) {
            const QModelIndex current = table->model()->index(1, column),
                              other = current.siblingAtColumn(RunTableModel::Recipe);
            table->selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
            QVERIFY(table->hasFocus());
            const QImage image = table->viewport()->grab().toImage();
            const auto corner = [&](const QModelIndex& index) {
                return image.pixelColor(table->visualRect(index).topLeft() + QPoint(2, 2));
            };
            QCOMPARE(corner(current), corner(other));
        }
    }

    void metricNamesAreNotCut() {
        QHeaderView* header = m_page->table()->horizontalHeader();
        const int letter = m_page->table()->fontMetrics().averageCharWidth();
        QVERIFY(m_page->model()->columnCount() > RunTableModel::FixedColumns);
        for (int column = RunTableModel::FixedColumns; column < m_page->model()->columnCount(); ++column) {
            const int wanted = header->sectionSizeHint(column), width = header->sectionSize(column);
            QVERIFY(width >= std::min(wanted, 26 * letter) && width >= 10 * letter && width <= 26 * letter);
        }
    }

    void columnsStayAsTheyWere() {
        QHeaderView* header = m_page->table()->horizontalHeader();
        header->resizeSection(RunTableModel::Name, 333);
        header->setSectionHidden(RunTableModel::Notes, true);
        m_page.reset();
        m_lab.reset();
        open();
        QCOMPARE(m_page->table()->columnWidth(RunTableModel::Name), 333);
        QVERIFY(m_page->table()->isColumnHidden(RunTableModel::Notes));
    }

    void emptyStoreLeadsToTheQuickstart() {
        QTemporaryDir empty;
        Lab lab(empty.filePath("lab.db").toStdString());
        RunsPage page(lab);
        page.show();
        QSignalSpy asked(&lab.selection(), &Selection::quickstartRequested);
        QPushButton* button = nullptr;
        const auto find = [&] {
            for (QPushButton* b : page.findChildren<QPushButton*>()) {
                if (b->isVisible() && b->text().contains(QStringLiteral("quickstart"))) button = b;
            }
            return button != nullptr;
        };
        QTRY_VERIFY(find());
        button->click();
        QCOMPARE(asked.count(), 1);
    }

    void everyControlHasAName() {
        for (QWidget* widget : m_page->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(m_page.get())) continue;
            if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                qobject_cast<QAbstractItemView*>(widget)) {
                if (qobject_cast<QHeaderView*>(widget)) continue;
                const QAccessibleInterface* access = QAccessible::queryAccessibleInterface(widget);
                const QString name = access ? access->text(QAccessible::Name) : QString();
                QVERIFY2(!name.isEmpty() || !widget->accessibleName().isEmpty(),
                         widget->metaObject()->className());
            }
        }
    }

    void allTabsOfTheDetailsAreInView() {
        RunDetails details(*m_lab);
        details.showRun(m_page->model()->run(m_runs[2]));
        QVERIFY(details.count() >= 7);
        for (const int width : {300, 380, 900}) {
            details.resize(width, 600);
            details.show();
            QVERIFY(QTest::qWaitForWindowActive(&details));
            QTRY_COMPARE(details.width(), width);
            for (int tab = 0; tab < details.count(); ++tab) {
                QVERIFY2(details.rect().contains(details.tabGeometry(tab)), qPrintable(details.tabText(tab)));
                for (int other = 0; other < tab; ++other)
                    QVERIFY(!details.tabGeometry(tab).intersects(details.tabGeometry(other)));
            }
        }
        const int last = details.count() - 1;
        QWidget* tab = details.childAt(details.tabGeometry(last).center());
        QTest::mouseClick(tab, Qt::LeftButton);
        QCOMPARE(details.currentIndex(), last);
        tab->setFocus(Qt::TabFocusReason);
        QTest::keyClick(tab, Qt::Key_Left);
        QCOMPARE(details.currentIndex(), last - 1);
        QTest::keyClick(&details, Qt::Key_PageDown, Qt::ControlModifier);
        QTest::keyClick(&details, Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(details.currentIndex(), 0);
    }

    // A few steps that were all there before the page was looked at, under a tracker's name.
    void shortCurvesHaveATrend() {
        m_page->hide();
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = "external";
        const RunDirectory directory =
            RunDirectory::create(m_store.parent_path() / "runs", "short", "recipe: external\n", identity);
        const RowId run = m_lab->writer().addRun(directory, "local-process").get();
        QTRY_COMPARE(m_page->model()->rowCount(), 7);
        {
            RunLogWriter log(directory.eventsFile());
            log.write(StartEvent{});
            for (int step = 1; step <= 6; ++step)
                log.write(ScalarsEvent{step, 0, {{"train/loss", 1.0 / step}, {"lr", 1e-3}}});
            log.write(EndEvent{"finished", {}});
        }
        m_lab->writer().ingest(run).get();
        m_page->show();
        const auto trend = [&] {
            const int row = m_page->model()->rowOf(run);
            return m_page->model()
                ->index(row, RunTableModel::Trend)
                .data(RunTableModel::TrendRole)
                .value<QList<QPointF>>();
        };
        QTRY_COMPARE(trend().size(), 6);
        QCOMPARE(trend().first().y(), 1.0);
        QCOMPARE(trend().last().y(), 0.0);
    }

    // A command that says nothing for hours goes on all the same.
    void aRunThatSaysNothingIsSeenToGoOn() {
        select(goingRun());
        auto* facts = m_page->findChild<QLabel*>(QStringLiteral("facts"));
        QVERIFY(facts);
        const QString folder = QStringLiteral("-silent-");
        QTRY_VERIFY(facts->text().contains(folder));
        const QString before = facts->text();
        // Where it stands without HTML: the first that is marked and reads so.
        for (int at = 0; facts->selectedText() != folder && at < before.size(); ++at)
            facts->setSelection(at, int(folder.size()));
        QCOMPARE(facts->selectedText(), folder);
        QTRY_VERIFY(facts->text() != before);
        QCOMPARE(facts->selectedText(), folder);
    }

    void menuTellsThePriority() {
        const RowId run = goingRun();
        select(run);
        const std::filesystem::path directory = m_page->model()->run(run)->directory;
        const auto marked = [this] {
            QStringList names;
            for (auto* action : m_page->findChildren<QAction*>())
                if (action->objectName().startsWith(QLatin1String("runs.priority")) && action->isChecked())
                    names << action->objectName();
            return names.join(QLatin1Char(' '));
        };
        QMenu* menu = nullptr;
        for (auto* each : m_page->findChildren<QMenu*>())
            if (each->title().remove(QLatin1Char('&')) == QLatin1String("Priority")) menu = each;
        QVERIFY(menu);
        const auto open = [menu] {
            menu->close();
            menu->popup({});
        };
        open();
        QTRY_COMPARE(m_lab->pendingReads(), 0);
        QCOMPARE(marked(), QString());  // nobody has said any
        writePriorityState(directory, {lowestNice, {}, {}});
        open();
        QTRY_COMPARE(marked(), QStringLiteral("runs.priority19"));
        trigger("runs.priority10");
        QTRY_COMPARE(askedPriority(directory).value_or(-1), lowNice);
        open();
        QTRY_COMPARE(marked(), QStringLiteral("runs.priority10"));
        writePriorityState(directory, {lowestNice, lowNice, "refused: for a test"});
        open();
        QTRY_COMPARE(marked(), QStringLiteral("runs.priority19"));
        menu->close();
    }

    // A checkpoint that lies on a machine is not "removed"; where it cannot be fetched, the reason stands
    // there.
    void checkpointsOnAMachineCanBeFetched() {
        const RowId run = m_runs[2];
        const std::filesystem::path directory = m_page->model()->run(run)->directory;
        RemoteRun remote;
        remote.machine = "box";
        remote.directory = "/far/runs/it";
        writeRemoteRun(directory, remote);
        select(run);
        auto* panel = m_page->findChild<CheckpointPanel*>();
        auto* table = panel->findChild<QTableWidget*>();
        QPushButton* fetch = nullptr;
        for (auto* button : panel->findChildren<QPushButton*>())
            if (button->text().contains(QLatin1String("etch"))) fetch = button;
        QVERIFY(fetch);
        QTRY_VERIFY(table->rowCount() > 0);
        QTRY_COMPARE(table->item(0, 1)->text(), QStringLiteral("on box"));
        QVERIFY(!fetch->isHidden() && !fetch->isEnabled());
        table->selectRow(0);
        QVERIFY(fetch->isEnabled());
        fetch->click();
        auto* note = panel->findChild<QLabel*>();
        QTRY_VERIFY2(note->text().contains(QLatin1String("there is no machine 'box'")),
                     qPrintable(note->text()));
        QVERIFY(fetch->isEnabled());
    }

  private:
    void open() {
        m_lab = std::make_unique<Lab>(m_store);
        m_page = std::make_unique<RunsPage>(*m_lab);
        m_page->resize(1200, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QTRY_COMPARE(m_page->model()->rowCount(), 6);
    }
    /// One whose trainer is at work, as far as the store knows.
    RowId goingRun() {
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = "external";
        const RunDirectory directory =
            RunDirectory::create(m_store.parent_path() / "runs", "silent", "recipe: external\n", identity);
        RunLogWriter(directory.eventsFile()).write(StartEvent{});
        const RowId run = m_lab->writer().addRun(directory, "local-process").get();
        m_lab->writer().ingest(run).get();
        const auto isGoing = [&] {
            const RunRow* row = m_page->model()->run(run);
            return row && row->state == "running";
        };
        if (!QTest::qWaitFor(isGoing)) qWarning("the run is not seen to be going on");
        return run;
    }
    void select(RowId run) {
        m_lab->selection().setRuns({run});
        m_page->table()->setFocus();
        QTRY_COMPARE(m_page->findChild<RunDetails*>()->shownRun(), run);
    }
    void trigger(const char* id) {
        auto* action = m_page->findChild<QAction*>(QString::fromLatin1(id));
        QVERIFY2(action, id);
        QVERIFY2(action->isEnabled(), id);
        action->trigger();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_store;
    std::vector<RowId> m_runs;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<RunsPage> m_page;
};

QTEST_MAIN(TestRunsPage)
#include "tst_runs_page.moc"
