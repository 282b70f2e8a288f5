// Machines in the window: added, tried step by step, watched, looked into and removed, by keys. The machine
// is this one; others differ in how its Shell gets there (tests/backends/remote).
#include <signal.h>

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "core/runlog/run_directory.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"
#include "core/util/uuid.h"
#include "views/compare/table_panel.h"
#include "views/design/launch_bar.h"
#include "views/lab.h"
#include "views/machines/build_panel.h"
#include "views/machines/far_content_panel.h"
#include "views/machines/machine_dialog.h"
#include "views/machines/machines_page.h"
#include "views/machines/secrets_editor.h"
#include "views/machines/test_panel.h"

using namespace retort;

class TestMachinesPage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_lab = std::make_unique<Lab>(m_folder->filePath("lab.db").toStdString());
        m_page = std::make_unique<MachinesPage>(*m_lab);
        m_page->resize(1000, 700);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_lab.reset();
        m_folder.reset();
    }

    void aMachineIsAddedAndOffered() {
        LaunchBar bar(*m_lab);
        bar.chooseBackend(QStringLiteral("ssh:here"));
        QVERIFY(bar.backend() != QLatin1String("ssh:here"));
        QTest::keyClick(m_page.get(), Qt::Key_N, Qt::ControlModifier);
        auto* dialog = m_page->findChild<MachineDialog*>();
        QVERIFY(dialog);
        QVERIFY(!dialog->saveButton()->isEnabled());
        QVERIFY(dialog->problem()->text().isEmpty());
        QTest::keyClicks(dialog->name(), QStringLiteral("here"));
        dialog->environment()->setPlainText(QStringLiteral("export A=1\n\nexport B=\"x y\""));
        QTest::keyClick(dialog->name(), Qt::Key_Return);
        QTRY_COMPARE(m_page->machines().size(), std::size_t(1));
        QCOMPARE(m_page->machines()[0].environment,
                 (std::vector<std::string>{"export A=1", "export B=\"x y\""}));
        QTRY_VERIFY(m_page->current());
        QTRY_VERIFY2(m_lab->backend(QStringLiteral("ssh:here")), "no backend");
        bar.chooseBackend(QStringLiteral("ssh:here"));
        QCOMPARE(bar.backend(), QStringLiteral("ssh:here"));
    }

    void whatIsWrongIsSaidBeforeSaving() {
        add("one");
        QTest::keyClick(m_page.get(), Qt::Key_N, Qt::ControlModifier);
        auto* dialog = m_page->findChild<MachineDialog*>();
        QTest::keyClicks(dialog->destination(), QStringLiteral("-oProxyCommand=evil"));
        QTest::keyClicks(dialog->name(), QStringLiteral("one"));
        QVERIFY(!dialog->saveButton()->isEnabled());
        QVERIFY(!dialog->problem()->text().isEmpty());
        dialog->destination()->clear();
        QVERIFY(dialog->saveButton()->isEnabled());
        dialog->saveButton()->click();  // the name is taken
        QTRY_VERIFY(!dialog->problem()->text().isEmpty());
        QCOMPARE(m_page->machines().size(), std::size_t(1));
    }

    void aTestSaysWhatWorks() {
        add("here");
        QTest::keyClick(m_page.get(), Qt::Key_T, Qt::ControlModifier);
        QVERIFY(m_page->test()->isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(!m_page->test()->isBusy(), 60000);
        const auto& steps = m_page->test()->steps();
        QCOMPARE(steps.size(), std::size_t(9));
        QCOMPARE(steps[0].name, std::string("reach"));
        for (const TestStep& step : steps)
            if (step.name == "work folder" || step.name == "disk" || step.name == "clock")
                QVERIFY2(step.state != TestStep::State::Failed, step.result.c_str());
        QVERIFY(!m_page->test()->summary()->text().startsWith(QStringLiteral("Test tries")));
        QCOMPARE(m_page->test()->table()->view()->model()->rowCount(), 9);
    }

    void buildingIsOfferedWhereTheProgramDoesNotDo() {
        // A program of another version in the PATH, and none that could be brought.
        const auto bin = m_folder->filePath("bin").toStdString();
        std::filesystem::create_directories(bin);
        writeFileAtomically(bin + "/retort-cli", "#!/bin/sh\necho retort-cli 0.0.1\n");
        std::filesystem::permissions(bin + "/retort-cli", std::filesystem::perms::owner_all);
        const ScopedVariable program("RETORT_CLI", m_folder->filePath("nowhere").toUtf8());
        const ScopedVariable source("RETORT_SOURCE", m_folder->filePath("source").toUtf8());
        writeFileAtomically(m_folder->filePath("source").toStdString(), "this is no archive");
        add("here", {"PATH='" + bin + "':$PATH"});
        BuildPanel* building = m_page->test()->building();
        QVERIFY(!building->isVisible());
        m_page->test()->start();
        QTRY_VERIFY_WITH_TIMEOUT(!m_page->test()->isBusy(), 60000);
        QVERIFY2(m_page->test()->table()->text(false).contains(QStringLiteral("0.0.1")),
                 qPrintable(m_page->test()->table()->text(false)));
        QVERIFY(building->isVisible());
        building->button()->setFocus();
        QTest::keyClick(building->button(), Qt::Key_Space);
        QVERIFY(building->isBusy());
        QTRY_VERIFY_WITH_TIMEOUT(!building->isBusy(), 60000);
        QVERIFY2(building->state()->text().contains(QStringLiteral("unpacking")),
                 qPrintable(building->state()->text()));
        QVERIFY2(building->words()->toPlainText().contains(QStringLiteral("CMake Error")),
                 qPrintable(building->words()->toPlainText()));
        // Another machine has no build.
        add("other");
        m_page->choose("other");
        QTRY_VERIFY(!building->isVisible());
    }

    void secretsAreKeptByTheKeychainOrNotAtAll() {
        add("here");
        const auto open = [this] {
            m_page->activateWindow();  // the offscreen platform does not hand the focus back
            if (QTest::qWaitForWindowActive(m_page.get())) QTest::keyClick(m_page.get(), Qt::Key_F2);
            return m_page->findChild<MachineDialog*>();
        };
        const auto kept = [this] {
            StoreReader reader(m_lab->storeFile());
            return secretNames(reader, "here");
        };
        QPointer<MachineDialog> dialog = open();
        QVERIFY(dialog);
        SecretsEditor* secrets = dialog->secrets();
        QTRY_VERIFY(!secrets->note()->text().contains(QStringLiteral("Asking")));
        if (!keychainTrouble().empty()) {
            QVERIFY2(secrets->note()->text().contains(QStringLiteral("cannot be kept")),
                     qPrintable(secrets->note()->text()));
            QVERIFY(!secrets->name()->isEnabled() && !secrets->value()->isEnabled());
            QVERIFY(!secrets->setButton()->isEnabled());
            dialog->saveButton()->click();
            QTRY_VERIFY(!dialog);
            QVERIFY(kept().empty());
            return;
        }
        QTest::keyClicks(secrets->name(), QStringLiteral("RETORT TEST"));
        QTest::keyClicks(secrets->value(), QStringLiteral("hidden"));
        QVERIFY(!secrets->setButton()->isEnabled());
        secrets->name()->setText(QStringLiteral("RETORT_TEST"));
        QCOMPARE(secrets->value()->echoMode(), QLineEdit::Password);
        QTest::keyClick(secrets->value(), Qt::Key_Return);  // typed and saved at once
        QTRY_VERIFY(!dialog);
        QCOMPARE(kept(), std::vector<std::string>{"RETORT_TEST"});
        QCOMPARE(readSecrets("here", {"RETORT_TEST"}).at("RETORT_TEST"), std::string("hidden"));
        dialog = open();
        QVERIFY(dialog);
        QTRY_COMPARE(dialog->secrets()->list()->count(), 1);
        QVERIFY(dialog->secrets()->value()->text().isEmpty());
        dialog->secrets()->list()->setCurrentRow(0);
        dialog->secrets()->removeButton()->click();
        QTRY_VERIFY(dialog->secrets()->name()->isEnabled());
        dialog->saveButton()->click();
        QTRY_VERIFY(!dialog);
        QVERIFY(kept().empty());
        QVERIFY_THROWS_EXCEPTION(Error, readSecrets("here", {"RETORT_TEST"}));
    }

    void whatItIsDoingIsShown() {
        add("here");
        QTRY_VERIFY_WITH_TIMEOUT(m_page->table()->text(false).contains(QStringLiteral("GB")), 30000);
        QVERIFY2(!m_page->table()->text(false).contains(tr("not reached")),
                 qPrintable(m_page->table()->text(false)));
    }

    void whatARunUsesIsShown() {
        // A trainer of this machine's, as a backend starts one: a session of its own, noted in control/.
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = "sft";
        const RunDirectory run = RunDirectory::create(m_lab->runsFolder(), "busy", "recipe: sft\n", identity);
        const std::unique_ptr<RunLock> lock = std::make_unique<RunLock>(run);
        QProcess trainer;
        trainer.start(QStringLiteral("setsid"), {QStringLiteral("sh"), QStringLiteral("-c"),
                                                 QStringLiteral("echo $$; while :; do :; done")});
        QVERIFY(trainer.waitForReadyRead());
        const pid_t pid = trainer.readLine().trimmed().toInt();
        const auto process = processIdentity(pid);
        QVERIFY(process);
        std::filesystem::create_directories(run.path() / "control");
        writeFileAtomically(run.path() / "control" / "process.json",
                            Json({{"pid", pid}, {"start_ticks", process->startTicks}}).dump());
        const RowId id = m_lab->writer().addRun(run, "local-process").get();
        m_lab->writer().setState(id, "running", "");
        QTRY_VERIFY_WITH_TIMEOUT(m_page->table()->text(false).contains(tr("This machine")), 20000);
        QVERIFY(!m_page->current());  // there is nothing to edit or remove of it
        m_page->tabs()->setCurrentWidget(m_page->runs());
        // CPU is known with the second look, four seconds behind the first.
        QTRY_VERIFY2_WITH_TIMEOUT(m_page->runs()->text(false).contains(QStringLiteral(" %")),
                                  qPrintable(m_page->runs()->text(false)), 30000);
        QVERIFY(m_page->runs()->text(false).contains(QStringLiteral("busy")));
        ::kill(-pid, SIGKILL);
        trainer.waitForFinished();
        m_lab->writer().setState(id, "finished", "");
        QTRY_VERIFY(!m_page->table()->text(false).contains(tr("This machine")));
    }

    void whatIsThereIsListedAndRemoved() {
        add("here");
        const auto run = m_folder->filePath("work/runs/20260101-000000-old-12345678").toStdString();
        std::filesystem::create_directories(run);
        writeFileAtomically(
            run + "/run.json",
            R"({"id":"12345678-0000-0000-0000-000000000000","format_version":1,"created":1,"name":"old",)"
            R"("study":"","recipe":"sft","host":"h","program":"p","environment":{}})");
        writeFileAtomically(run + "/events.jsonl", "");
        m_page->content()->look();
        QTRY_COMPARE_WITH_TIMEOUT(m_page->content()->content().runs.size(), std::size_t(1), 30000);
        m_page->content()->table()->setCurrentRow(0);
        QTRY_VERIFY(m_page->content()->removeButton()->isEnabled());
        answer(QMessageBox::Yes);
        m_page->content()->removeButton()->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_page->content()->content().runs.empty(), 30000);
        QVERIFY(!std::filesystem::exists(run));
    }

    void removing() {
        add("here");
        answer(QMessageBox::Cancel);
        QTest::keyClick(m_page.get(), Qt::Key_Delete);
        QCOMPARE(m_page->machines().size(), std::size_t(1));
        m_page->activateWindow();  // the offscreen platform does not hand the focus back
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        answer(QMessageBox::Yes);
        QTest::keyClick(m_page.get(), Qt::Key_Delete);
        QTRY_VERIFY(m_page->machines().empty());
        LaunchBar bar(*m_lab);
        bar.chooseBackend(QStringLiteral("ssh:here"));
        QVERIFY(bar.backend() != QLatin1String("ssh:here"));
    }

  private:
    /// Of the environment, while it lives.
    class ScopedVariable {
      public:
        ScopedVariable(const char* name, const QByteArray& value) : m_name(name), m_before(qgetenv(name)) {
            qputenv(name, value);
        }
        ~ScopedVariable() { m_before.isNull() ? qunsetenv(m_name) : qputenv(m_name, m_before); }
        Q_DISABLE_COPY_MOVE(ScopedVariable)

      private:
        const char* m_name;
        QByteArray m_before;
    };

    void add(const std::string& name, const std::vector<std::string>& environment = {}) {
        Machine machine;
        machine.name = name;
        machine.environment = environment;
        machine.workFolder = m_folder->filePath("work").toStdString();
        m_lab->writer().saveMachine(machine).get();
        QTRY_VERIFY(m_page->current());
    }
    /// To the question that comes next.
    void answer(QMessageBox::StandardButton button) {
        QTimer::singleShot(50, this, [button] {
            for (QWidget* widget : QApplication::topLevelWidgets())
                if (auto* box = qobject_cast<QMessageBox*>(widget)) box->button(button)->click();
        });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
    std::unique_ptr<MachinesPage> m_page;
};

QTEST_MAIN(TestMachinesPage)
#include "tst_machines_page.moc"
