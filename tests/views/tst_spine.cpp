// From an empty store to a run found again: designs a tiny run in the form, launches it in the window's own
// process, sees its points arrive in Live, opens one of its traces, closes the window and finds everything in
// a new one.
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "views/design/design_page.h"
#include "views/design/launch_bar.h"
#include "views/design/object_list_editor.h"
#include "views/design/parameter_field.h"
#include "views/design/parameter_form.h"
#include "views/design/yaml_editor.h"
#include "views/main_window.h"
#include "views/models/run_table_model.h"
#include "views/models/trace_list_model.h"
#include "views/runs/runs_page.h"
#include "views/traces/trace_view.h"
#include "views/traces/traces_page.h"

using namespace retort;

namespace {

template <class Page>
Page* pageOf(MainWindow& window, Place place) {
    window.openPlace(place);
    return qobject_cast<Page*>(window.page(place));
}

void type(DesignPage& page, const char* path, const QString& text) {
    page.form()->reveal(path);
    ParameterField* field = page.form()->field(path);
    QVERIFY2(field, path);
    auto* edit = qobject_cast<QLineEdit*>(field->editor());
    QVERIFY2(edit, path);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Tab);
}

}  // namespace

class TestSpine : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void fromDesignToReopening() {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("lab.db").toStdString();
        std::string uuid;
        {
            Lab lab(store);
            Session session{QString()};
            MainWindow window(lab, session);
            window.resize(1280, 800);
            window.show();
            QVERIFY(QTest::qWaitForWindowActive(&window));

            auto* runs = pageOf<RunsPage>(window, Place::Runs);
            QVERIFY(runs);
            QTRY_COMPARE(lab.pendingReads(), 0);
            QCOMPARE(runs->model()->rowCount(), 0);

            auto* design = pageOf<DesignPage>(window, Place::Design);
            QVERIFY(design);
            designTinyRun(*design);
            QTRY_VERIFY2(design->isValid(), qPrintable(design->yaml()));
            design->launchBar()->chooseBackend(QStringLiteral("in-process"));
            QCOMPARE(design->launchBar()->backend(), QStringLiteral("in-process"));
            QSignalSpy launched(design, &DesignPage::launched);
            QTest::keyClick(design->editor(), Qt::Key_Return, Qt::ControlModifier);
            QTRY_COMPARE_WITH_TIMEOUT(launched.count(), 1, 20000);
            QCOMPARE(window.currentPlace(), Place::Live);
            const RowId run = lab.selection().currentRun();
            QVERIFY(run != 0);

            // Points arrive, and the run ends well.
            QSignalSpy series(&lab, &Lab::seriesChanged);
            QTRY_VERIFY_WITH_TIMEOUT(!series.isEmpty(), 60000);
            const auto state = [&] {
                const RunRow* row = runs->model()->run(run);
                return row ? row->state : std::string();
            };
            QTRY_VERIFY_WITH_TIMEOUT(state() == "finished" || state() == "failed", 100000);
            QVERIFY2(state() == "finished", runs->model()->run(run)->error.c_str());
            QCOMPARE(runs->model()->run(run)->step, std::int64_t(6));
            QVERIFY(runs->model()->run(run)->latest.contains("loss"));
            uuid = runs->model()->run(run)->uuid;

            // Its evaluation left traces to read.
            auto* traces = pageOf<TracesPage>(window, Place::Traces);
            QVERIFY(traces);
            QTRY_VERIFY_WITH_TIMEOUT(traces->currentTrace() != 0, 10000);
            QVERIFY(!traces->view()->trace().prompt.empty());
            QCOMPARE(traces->view()->trace().phase, std::string("eval"));
            window.close();
        }
        Lab lab(store);
        Session session{QString()};
        MainWindow window(lab, session);
        window.show();
        auto* runs = pageOf<RunsPage>(window, Place::Runs);
        QTRY_COMPARE(runs->model()->rowCount(), 1);
        QCOMPARE(runs->model()->at(0).uuid, uuid);
        QCOMPARE(runs->model()->at(0).name, std::string("tiny"));
        QCOMPARE(runs->model()->at(0).state, std::string("finished"));
        auto* traces = pageOf<TracesPage>(window, Place::Traces);
        QTRY_VERIFY(traces->listModel()->rowCount() > 0);
    }

  private:
    static void designTinyRun(DesignPage& page) {
        QTRY_VERIFY(page.form()->field("training.max_steps"));
        type(page, "name", QStringLiteral("tiny"));
        type(page, "model.hidden_size", QStringLiteral("16"));
        type(page, "model.num_hidden_layers", QStringLiteral("1"));
        type(page, "model.num_attention_heads", QStringLiteral("2"));
        type(page, "model.num_key_value_heads", QStringLiteral("2"));
        type(page, "model.intermediate_size", QStringLiteral("32"));
        type(page, "model.max_position_embeddings", QStringLiteral("128"));
        type(page, "training.max_steps", QStringLiteral("6"));
        type(page, "training.warmup_steps", QStringLiteral("2"));
        type(page, "training.batch_size", QStringLiteral("8"));
        type(page, "training.max_length", QStringLiteral("96"));
        type(page, "evaluation.eval_steps", QStringLiteral("3"));
        type(page, "evaluation.num_problems", QStringLiteral("4"));
        type(page, "evaluation.max_completion_length", QStringLiteral("16"));
        auto* precision = qobject_cast<QComboBox*>(page.form()->field("training.precision")->editor());
        precision->setCurrentText(QStringLiteral("fp32"));  // no measurement at the start
        Q_EMIT precision->textActivated(QStringLiteral("fp32"));
        auto* tasks = qobject_cast<ObjectListEditor*>(page.form()->field("data.tasks")->editor());
        QVERIFY(tasks && tasks->count() == 1);
    }
};

QTEST_MAIN(TestSpine)
#include "tst_spine.moc"
