// Importing traces in the window: files, formats, what is wrong, what is known already, and stopping.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/util/files.h"
#include "views/compare/table_panel.h"
#include "views/lab.h"
#include "views/traces/importing/import_dialog.h"

using namespace retort;

namespace {

std::string verlLines(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i)
        lines += R"({"input":"user\n1+)" + std::to_string(i) +
                 R"(\nassistant\n","output":"<think>so</think>)" + std::to_string(i + 1) + R"(","gts":")" +
                 std::to_string(i + 1) +
                 R"(","score":1.0,"step":7})"
                 "\n";
    return lines;
}

}  // namespace

class TestTraceImport : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_lab = std::make_unique<Lab>(path("lab.db"));
    }
    void cleanup() {
        m_lab.reset();
        m_folder.reset();
    }

    void filesBecomeARun() {
        writeFileAtomically(path("7.jsonl"), verlLines(20) + "{\"input\": 5}\n" + verlLines(2));
        ImportDialog* dialog = open({file("7.jsonl")});
        QSignalSpy imported(dialog, &ImportDialog::imported);
        dialog->name()->setText(QStringLiteral("from verl"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(imported.size(), 1);
        QTRY_COMPARE(dialog->importButton()->text(), ImportDialog::tr("&Import"));
        const RowId run = imported[0][0].value<RowId>();
        StoreReader reader(m_lab->storeFile());
        QCOMPARE(reader.run(run)->name, std::string("from verl"));
        TraceFilter filter;
        filter.run = run;
        filter.text = "1+19";
        QCOMPARE(reader.countTraces(filter), 1);
        QVERIFY(dialog->status()->text().contains(QStringLiteral("verl")));
        QVERIFY(dialog->problems()->isVisible());
        QVERIFY2(dialog->problems()->text(true).contains(QStringLiteral(",21,")),
                 qPrintable(dialog->problems()->text(true)));

        // The same once more: nothing is doubled.
        dialog->importButton()->click();
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral("imported before")));
        QCOMPARE(imported.size(), 1);
        QCOMPARE(reader.runs(true).size(), 1u);
        dialog->reject();
    }

    void membersOfPlainRecords() {
        writeFileAtomically(path("own.jsonl"), "{\"q\":\"1+1\",\"a\":{\"text\":\"2\"}}\n");
        ImportDialog* dialog = open({file("own.jsonl")});
        QSignalSpy imported(dialog, &ImportDialog::imported);
        QVERIFY(!dialog->members()->isVisible());
        dialog->format()->setCurrentIndex(dialog->format()->findData(QStringLiteral("plain")));
        QVERIFY(dialog->members()->isVisible());
        dialog->members()->setText(QStringLiteral("question=q"));
        dialog->importButton()->click();
        QVERIFY(dialog->status()->text().contains(QStringLiteral("'question=q' names no field")));
        dialog->members()->setText(QStringLiteral("prompt=q  completion=a.text"));
        dialog->importButton()->click();
        QTRY_COMPARE(imported.size(), 1);
        StoreReader reader(m_lab->storeFile());
        QCOMPARE(reader.trace(reader.traces({}, 0, 1).at(0).id)->completion, std::string("2"));
        dialog->reject();
    }

    void stoppedLeavesNothing() {
        writeFileAtomically(path("big.jsonl"), verlLines(300'000));
        ImportDialog* dialog = open({file("big.jsonl")});
        QSignalSpy imported(dialog, &ImportDialog::imported);
        dialog->importButton()->click();
        QCOMPARE(dialog->importButton()->text(), ImportDialog::tr("&Stop"));
        QVERIFY(!dialog->files()->isEnabled());
        dialog->importButton()->click();
        QTRY_COMPARE(dialog->importButton()->text(), ImportDialog::tr("&Import"));
        QVERIFY(dialog->status()->text().contains(QStringLiteral("Stopped")));
        QVERIFY(imported.isEmpty());
        QVERIFY(StoreReader(m_lab->storeFile()).runs(true).empty());
        std::error_code code;
        QVERIFY(std::filesystem::is_empty(m_lab->runsFolder(), code) || code);
        dialog->reject();
    }

    void whatCannotBeRead() {
        writeFileAtomically(path("text.txt"), "Dear mother, I am well.\n");
        ImportDialog* dialog = open({file("text.txt"), file("missing.jsonl")});
        dialog->importButton()->click();
        QTRY_VERIFY(dialog->status()->text().contains(QStringLiteral(".txt")) ||
                    dialog->status()->text().contains(QStringLiteral("missing.jsonl")));
        QTRY_VERIFY(dialog->importButton()->isEnabled());
        dialog->reject();
    }

  private:
    std::string path(const char* name) const { return m_folder->filePath(name).toStdString(); }
    QString file(const char* name) const { return m_folder->filePath(name); }
    ImportDialog* open(const QStringList& files) {
        auto* dialog = new ImportDialog(*m_lab, files, nullptr);
        dialog->show();
        return QTest::qWaitForWindowExposed(dialog) ? dialog : nullptr;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Lab> m_lab;
};

QTEST_MAIN(TestTraceImport)
#include "tst_trace_import.moc"
