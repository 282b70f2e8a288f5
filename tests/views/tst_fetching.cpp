// Checkpoints of a run on a machine behind a real sshd, fetched from the window's details of that run.
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>

#include "core/machines/remote_run.h"
#include "tests/app/cli_process.h"
#include "tests/backends/remote/far_machine.h"
#include "views/lab.h"
#include "views/models/run_table_model.h"
#include "views/runs/checkpoint_panel.h"
#include "views/runs/runs_page.h"

using namespace retort;
namespace fs = std::filesystem;

class TestFetching : public QObject {
    Q_OBJECT

    std::unique_ptr<FarMachine> m_far;
    QTemporaryDir m_home;

    CliResult cli(const QStringList& arguments) const { return runCli(m_home.path(), arguments); }

  private Q_SLOTS:
    void initTestCase() {
        if (const QString why = TestSshd::missing(); !why.isEmpty())
            QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
        m_far = std::make_unique<FarMachine>();
        writeFileAtomically(m_far->bin() / "retort-cli",
                            "#!/bin/sh\nexec " + shellQuote(REAL_RETORT_CLI) + " \"$@\"\n");
        ::chmod((m_far->bin() / "retort-cli").c_str(), 0755);
        const QString folder = QString::fromStdString(m_far->server().workFolder().string());
        const CliResult added = cli({"machines", "add", "box", "--ssh", "box", "--folder", folder});
        QVERIFY2(added.status == 0, added.err);
        const QString file = m_home.filePath(QStringLiteral("c.yaml"));
        writeFileAtomically(
            file.toStdString(),
            "recipe: external\nname: far\nexternal:\n  shell: |\n"
            "    for s in 5 10; do c=\"$RETORT_OUTPUT_DIR/checkpoint-$s\"; mkdir \"$c\"; echo {} "
            ">\"$c/config.json\"; seq $s 100000 >\"$c/model.safetensors\"; echo "
            "\"{\\\"log_history\\\": [{\\\"step\\\": $s, \\\"loss\\\": 1}], \\\"global_step\\\": $s}\" "
            ">\"$c/trainer_state.json\"; done\n");
        const CliResult result = cli({"launch", file, "--machine", "box", "--follow"});
        QVERIFY2(result.status == 0, result.err);
    }

    void theSelectedOneComes() {
        Lab lab(m_home.filePath(QStringLiteral("lab.db")).toStdString());
        RunsPage page(lab);
        page.resize(1200, 700);
        page.show();
        const RunRow run = StoreReader(lab.storeFile()).runs().at(0);
        QTRY_VERIFY(page.model()->run(run.id));
        lab.selection().setRuns({run.id});
        auto* panel = page.findChild<CheckpointPanel*>();
        auto* table = panel->findChild<QTableWidget*>();
        QTRY_COMPARE(table->rowCount(), 2);
        QTRY_COMPARE(table->item(1, 1)->text(), QStringLiteral("on box"));
        table->selectRow(1);  // the newest is first
        QPushButton* fetch = nullptr;
        for (auto* button : panel->findChildren<QPushButton*>())
            if (button->text().contains(QLatin1String("etch"))) fetch = button;
        QVERIFY(fetch && fetch->isEnabled());
        fetch->click();
        auto* note = panel->findChild<QLabel*>();
        QTRY_VERIFY2_WITH_TIMEOUT(note->text().contains(QLatin1String("of step 5 is here")),
                                  qPrintable(note->text()), 60000);
        const RunDirectory here = RunDirectory::open(run.directory);
        QCOMPARE(here.checkpointSteps(), std::vector<std::int64_t>{5});
        const fs::path there = readRemoteRun(run.directory)->directory;
        QCOMPARE(readFile(here.checkpointFolder(5) / "model.safetensors"),
                 readFile(there / "output" / "checkpoint-5" / "model.safetensors"));
        // It counts as one that is here now, and a run can start from it.
        QTRY_VERIFY(table->item(1, 1)->text() != QStringLiteral("on box"));
        QCOMPARE(table->item(0, 1)->text(), QStringLiteral("on box"));
    }
};

QTEST_MAIN(TestFetching)
#include "tst_fetching.moc"
