// Form and YAML as two views of one text: single keys change single lines, problems stand in their place.
#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "core/config/schedule.h"
#include "core/config/values.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/util/uuid.h"
#include "views/design/design_page.h"
#include "views/design/launch_bar.h"
#include "views/design/object_list_editor.h"
#include "views/design/parameter_field.h"
#include "views/design/parameter_form.h"
#include "views/design/run_estimate.h"
#include "views/design/schedule_preview.h"
#include "views/design/yaml_editor.h"
#include "views/design/yaml_patch.h"
#include "views/lab.h"
#include "views/models/format.h"

using namespace retort;

namespace {

const char* const base =
    "# my run\n"
    "recipe: sft   # supervised\n"
    "name: one\n"
    "training:\n"
    "  max_steps: 100  # short\n"
    "\n"
    "  learning_rate: 1e-3\n"
    "data:\n"
    "  tasks:\n"
    "  - task: addition\n"
    "    max_digits: 3\n"
    "# the end\n";

}  // namespace

class TestDesign : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void patch_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("was");
        QTest::addColumn<QString>("becomes");
        QTest::newRow("number, comment kept") << "training.max_steps"
                                              << "250"
                                              << "  max_steps: 100  # short\n"
                                              << "  max_steps: 250  # short\n";
        QTest::newRow("real") << "training.learning_rate"
                              << "0.0005"
                              << "  learning_rate: 1e-3\n"
                              << "  learning_rate: 5e-04\n";
        QTest::newRow("text that needs quotes") << "name"
                                                << "\"a: b\""
                                                << "name: one\n"
                                                << "name: \"a: b\"\n";
        QTest::newRow("text that looks like a boolean") << "name"
                                                        << "\"yes\""
                                                        << "name: one\n"
                                                        << "name: \"yes\"\n";
        QTest::newRow("new key in a section") << "training.batch_size"
                                              << "8"
                                              << "  learning_rate: 1e-3\n"
                                              << "  learning_rate: 1e-3\n  batch_size: 8\n";
        QTest::newRow("new section") << "model.hidden_size"
                                     << "64"
                                     << "# the end\n"
                                     << "# the end\nmodel:\n  hidden_size: 64\n";
        QTest::newRow("list of maps")
            << "data.tasks"
            << R"([{"task":"addition","max_digits":2},{"task":"countdown"}])"
            << "  tasks:\n  - task: addition\n    max_digits: 3\n"
            << "  tasks:\n    - task: addition\n      max_digits: 2\n    - task: countdown\n";
        QTest::newRow("empty list") << "data.tasks"
                                    << "[]"
                                    << "  tasks:\n  - task: addition\n    max_digits: 3\n"
                                    << "  tasks: []\n";
    }
    void patch() {
        QFETCH(QString, path);
        QFETCH(QString, json);
        QFETCH(QString, was);
        QFETCH(QString, becomes);
        const auto patched = patchYaml(base, path.toStdString(), Json::parse(json.toStdString()));
        QVERIFY(patched.has_value());
        QCOMPARE(toQString(*patched), QString::fromUtf8(base).replace(was, becomes));
    }

    void severalLinesAreABlock() {
        const std::string text =
            "recipe: merge\nmerge:\n  recipe: |\n    models:\n\n    # the last word\nseed: 1\n";
        QCOMPARE(
            toQString(*patchYaml(text, "merge.recipe", "a: 1\n\nb: 2\n# end\n")),
            QStringLiteral("recipe: merge\nmerge:\n  recipe: |\n    a: 1\n\n    b: 2\n    # end\nseed: 1\n"));
        QCOMPARE(toQString(*patchYaml(text, "merge.recipe", "a: 1")),
                 QStringLiteral("recipe: merge\nmerge:\n  recipe: \"a: 1\"\nseed: 1\n"));
    }

    void patchRefusesFlowMaps() {
        QVERIFY(!patchYaml("training: {max_steps: 5}\n", "training.max_steps", 6).has_value());
        QVERIFY(!removeFromYaml("training: {max_steps: 5}\n", "training.max_steps").has_value());
    }

    void removeLeavesNoEmptySection() {
        QCOMPARE(toQString(*removeFromYaml("recipe: sft\nmodel:\n  hidden_size: 8\nseed: 1\n",
                                           "model.hidden_size")),
                 QStringLiteral("recipe: sft\nseed: 1\n"));
        QCOMPARE(toQString(*removeFromYaml(base, "training.max_steps")),
                 QString::fromUtf8(base).remove(QStringLiteral("  max_steps: 100  # short\n")));
        QCOMPARE(toQString(*removeFromYaml(base, "grpo.beta")), QString::fromUtf8(base));
    }

    void everyPatchReadsBack() {
        // Whatever the form writes for a parameter, the check reads the same value.
        for (const RecipeSchema& schema : recipeSchemas()) {
            const std::string text = "recipe: " + schema.name + "\ndata:\n  tasks:\n    - task: addition\n";
            for (const Parameter& parameter : schema.parameters) {
                const auto patched = patchYaml(text, parameter.path, parameter.defaultValue);
                QVERIFY(patched.has_value());
                const ParsedConfig parsed = parseConfig(*patched, "config.yaml");
                const Json* value = valueAt(parsed.values, parameter.path);
                QVERIFY2(value && *value == parameter.defaultValue, parameter.path.c_str());
            }
        }
    }

    void parameterCount() {
        ModelSettings model;  // 128 wide, 4 layers, 4 heads, 352, tied
        // 20·128 + 4·(4·128² + 3·128·352 + 2·128) + 128
        QCOMPARE(countParameters(model, 20), std::int64_t(2560 + 4 * (65536 + 135168 + 256) + 128));
        model.tie_word_embeddings = false;
        model.attention_bias = true;
        model.num_key_value_heads = 2;
        QCOMPARE(countParameters(model, 20),
                 std::int64_t(2 * 2560 + 4 * (2 * 16384 + 2 * 8192 + 135168 + 256 + 128 + 128) + 128));
    }

    void schedule_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("step");
        QTest::addColumn<double>("share");
        QTest::newRow("warm-up") << "cosine" << 5 << 0.5;
        QTest::newRow("peak") << "cosine" << 10 << 1.0;
        QTest::newRow("cosine, half way") << "cosine" << 55 << 0.55;
        QTest::newRow("cosine, end") << "cosine" << 100 << 0.1;
        QTest::newRow("linear, half way") << "linear" << 55 << 0.55;
        QTest::newRow("constant") << "constant" << 100 << 1.0;
        QTest::newRow("wsd, stable") << "wsd" << 70 << 1.0;
        QTest::newRow("wsd, half of the decay") << "wsd" << 85 << 0.55;
        QTest::newRow("wsd, end") << "wsd" << 100 << 0.1;
    }
    void schedule() {
        QFETCH(QString, type);
        QFETCH(int, step);
        QFETCH(double, share);
        TrainingSettings training;
        training.max_steps = 100;
        training.warmup_steps = 10;
        training.min_lr_ratio = 0.1;
        training.decay_share = 0.3;
        training.learning_rate = 2.0;
        training.lr_scheduler_type = type.toStdString();
        QVERIFY(qAbs(scheduledLearningRate(training, step) - 2 * share) < 1e-12);
    }

    void editorKeepsTheCursor() {
        YamlEditor editor;
        editor.setPlainText(QString::fromUtf8(base));
        QTextCursor cursor = editor.textCursor();
        cursor.setPosition(editor.toPlainText().indexOf(QStringLiteral("data:")));
        editor.setTextCursor(cursor);
        editor.replaceText(QString::fromUtf8(base).replace(QStringLiteral("max_steps: 100"),
                                                           QStringLiteral("max_steps: 10000")));
        QCOMPARE(editor.textCursor().position(), editor.toPlainText().indexOf(QStringLiteral("data:")));
        editor.undo();
        QCOMPARE(editor.toPlainText(), QString::fromUtf8(base));
    }

    void formAndTextFollowEachOther() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.resize(1200, 800);
        page.show();
        page.setYaml(QString::fromUtf8(base));
        QVERIFY2(page.isValid(),
                 qPrintable(page.problemList()->count() ? page.problemList()->item(0)->text() : QString()));

        // The form to the text: only that line.
        auto* steps = qobject_cast<QLineEdit*>(page.form()->field("training.max_steps")->editor());
        QVERIFY(steps);
        QCOMPARE(steps->text(), QStringLiteral("100"));
        steps->setFocus();
        steps->selectAll();
        QTest::keyClicks(steps, QStringLiteral("250"));
        QTRY_COMPARE(page.yaml(), QString::fromUtf8(base).replace(QStringLiteral("max_steps: 100"),
                                                                  QStringLiteral("max_steps: 250")));

        // The text to the form.
        QString text = page.yaml();
        page.editor()->replaceText(
            text.replace(QStringLiteral("max_digits: 3"), QStringLiteral("max_digits: 5")));
        auto* tasks = qobject_cast<ObjectListEditor*>(page.form()->field("data.tasks")->editor());
        QVERIFY(tasks);
        QTRY_VERIFY(tasks->field(0, "max_digits")->value() == Json(5));

        // A problem: at the field, at the line, and in the way of the launch.
        QTest::keyClicks(steps, QStringLiteral("x"));
        QTRY_VERIFY(!page.isValid());
        QCOMPARE(page.problemList()->count(), 1);
        QVERIFY(!page.editor()->problemsOf(5).isEmpty());
        QVERIFY(!page.launchBar()->launchButton()->isEnabled());
        QTest::keyClick(steps, Qt::Key_Backspace);
        QTRY_VERIFY(page.isValid());
        QVERIFY(page.launchBar()->launchButton()->isEnabled());
    }

    void listsAreEdited() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.setYaml(QString::fromUtf8(base));
        auto* tasks = qobject_cast<ObjectListEditor*>(page.form()->field("data.tasks")->editor());
        tasks->addItem("modular_chain");
        QCOMPARE(tasks->count(), 2);
        QVERIFY(page.yaml().contains(QStringLiteral("- task: modular_chain")));
        tasks->moveItem(1, -1);
        QVERIFY(page.yaml().indexOf(QStringLiteral("modular_chain")) <
                page.yaml().indexOf(QStringLiteral("addition")));
        tasks->removeItem(0);
        QVERIFY(!page.yaml().contains(QStringLiteral("modular_chain")));
        QVERIFY(page.yaml().contains(QStringLiteral("max_digits: 3")));
        page.editor()->undo();
        QTRY_COMPARE(tasks->count(), 2);  // undo in the text is undo in the form
    }

    void recipeTakesAlongWhatItKnows() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.setYaml(QString::fromUtf8(base));
        QComboBox* recipe = page.recipeChooser();
        recipe->setCurrentIndex(recipe->findData(QStringLiteral("grpo")));
        Q_EMIT recipe->activated(recipe->currentIndex());
        QVERIFY(page.isValid());
        QVERIFY(page.yaml().startsWith(QStringLiteral("recipe: grpo")));
        QVERIFY(page.yaml().contains(QStringLiteral("max_digits: 3")));
        QVERIFY(page.form()->field("grpo.num_generations"));
    }

    void hostileText_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("no YAML") << "recipe: [";
        QTest::newRow("a list") << "- a\n- b\n";
        QTest::newRow("empty") << "";
        QTest::newRow("binary") << QString(QChar(0)) + "\x01\xff";
        QTest::newRow("unknown recipe") << "recipe: magic\n";
        QTest::newRow("huge") << QStringLiteral("a: b\n").repeated(5000);
        QTest::newRow("deep") << QString(3000, QLatin1Char('['));
    }
    void hostileText() {
        QFETCH(QString, text);
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.setYaml(text);
        QVERIFY(!page.isValid() || text.isEmpty());
        page.setYaml(QString::fromUtf8(base));
        QVERIFY(page.isValid());
    }

    void nothingIsRedoneAtFirst() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        auto* undo = page.findChild<QAction*>(QStringLiteral("design.undo"));
        auto* redo = page.findChild<QAction*>(QStringLiteral("design.redo"));
        QVERIFY(!undo->isEnabled() && !redo->isEnabled());
        page.setYaml(QString::fromUtf8(base));
        QVERIFY(undo->isEnabled() && !redo->isEnabled());
        undo->trigger();
        QVERIFY(redo->isEnabled());
    }

    // Its words may hold commas, its script several lines; and it has no schedule of its own to show.
    void commandIsEditedByLines() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.resize(1200, 800);
        page.show();
        page.setYaml(QStringLiteral("recipe: external\nname: mine\nexternal: {command: [python3, 'a,b']}\n"));
        const auto lines = [&](const char* path) {
            page.form()->reveal(path);
            ParameterField* field = page.form()->field(path);
            return field ? qobject_cast<QPlainTextEdit*>(field->editor()) : nullptr;
        };
        QVERIFY(lines("external.command") && lines("external.shell"));
        QCOMPARE(lines("external.command")->toPlainText(), QStringLiteral("python3\na,b"));
        lines("external.command")->setPlainText(QStringLiteral("python3\ntrain.py\n--layers=1,2\n"));
        page.form()->field("external.command")->flush();
        ParsedConfig parsed = parseConfig(page.yaml().toStdString(), "c.yaml");
        QVERIFY2(parsed.problems.empty(), qPrintable(page.yaml()));
        QCOMPARE(parsed.config.external.command,
                 (std::vector<std::string>{"python3", "train.py", "--layers=1,2"}));
        lines("external.command")->setPlainText(QString());
        page.form()->field("external.command")->flush();
        lines("external.shell")->setPlainText(QStringLiteral("set -x\npython3 train.py"));
        page.form()->field("external.shell")->flush();
        parsed = parseConfig(page.yaml().toStdString(), "c.yaml");
        QVERIFY2(parsed.problems.empty(), qPrintable(page.yaml()));
        QCOMPARE(parsed.config.external.shell, std::string("set -x\npython3 train.py"));
        QVERIFY(!page.findChild<SchedulePreview*>()->isVisible());
        page.setYaml(QString::fromUtf8(base));
        QVERIFY(page.findChild<SchedulePreview*>()->isVisible());
        QCOMPARE(estimateRun(parsed.config).sequencesPerStep, std::int64_t(0));
    }

    void labelsStandBesideTheirFields() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.resize(1200, 800);
        page.show();
        int looked = 0;
        for (const ParameterField* field : page.form()->findChildren<ParameterField*>()) {
            if (!field->isVisible() || qobject_cast<ObjectListEditor*>(field->editor())) continue;
            for (const QLabel* label :
                 field->parentWidget()->findChildren<QLabel*>(Qt::FindDirectChildrenOnly)) {
                if (label->buddy() != field->editor()) continue;
                ++looked;
                QVERIFY(std::abs(label->geometry().center().y() - field->geometry().center().y()) <= 2);
            }
        }
        QVERIFY(looked > 5);
    }

    // A line of labels, some air, the curve at its highest.
    void scheduleLabelsKeepClearOfTheCurve() {
        SchedulePreview preview;
        TrainingSettings training;
        training.lr_scheduler_type = "constant";
        preview.setTraining(training);
        preview.resize(400, preview.sizeHint().height());
        const QImage image = preview.grab().toImage();
        const QColor paper = image.pixelColor(399, 0);
        const auto isEmptyLine = [&](int y) {
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) != paper) return false;
            return true;
        };
        const int top = preview.plotArea().top();
        QVERIFY(isEmptyLine(top - 3) && isEmptyLine(top - 4));
        QVERIFY(!isEmptyLine(top) && isEmptyLine(preview.plotArea().bottom() + 3));
    }

    void theLossIsPredictedFromEarlierRuns() {
        QTemporaryDir folder;
        Lab lab(folder.filePath("lab.db").toStdString());
        DesignPage page(lab);
        page.resize(1000, 700);
        page.show();
        const QString text = QStringLiteral(
            "recipe: sft\nname: n\ntraining:\n  max_steps: 400\n  warmup_steps: 20\n  lr_scheduler_type: %1\n"
            "data:\n  tasks:\n  - task: addition\n    max_digits: 3\n");
        page.setYaml(text.arg(QStringLiteral("wsd")));
        QTRY_VERIFY(page.schedule()->forecastText().contains(QStringLiteral("takes two runs")));
        for (const char* type : {"constant", "cosine"})
            addEndedRun(lab, folder.path(), text.arg(QLatin1String(type)).toStdString());
        page.setYaml(text.arg(QStringLiteral("linear")));
        QTRY_VERIFY(page.schedule()->forecastText().contains(QStringLiteral("from 2 earlier run")));
        QVERIFY(page.schedule()->forecastText().endsWith(QStringLiteral("off on them.")));
        // Another task has no history.
        page.setYaml(text.arg(QStringLiteral("wsd"))
                         .replace(QStringLiteral("max_digits: 3"), QStringLiteral("max_digits: 4")));
        QTRY_VERIFY(page.schedule()->forecastText().contains(QStringLiteral("takes two runs")));
    }

    void draftSurvives() {
        QTemporaryDir folder;
        const std::filesystem::path store = folder.filePath("lab.db").toStdString();
        {
            Lab lab(store);
            DesignPage page(lab);
            QTRY_COMPARE(lab.pendingReads(), 0);
            page.setYaml(QString::fromUtf8(base));
        }
        Lab lab(store);
        DesignPage page(lab);
        QTRY_COMPARE(page.yaml(), QString::fromUtf8(base));
    }

  private:
    /// A run of this configuration whose loss follows the annealing law.
    static void addEndedRun(Lab& lab, const QString& folder, const std::string& yaml) {
        const ParsedConfig parsed = parseConfig(yaml, "config.yaml");
        RunIdentity identity;
        identity.id = newUuid();
        identity.recipe = parsed.config.recipe;
        const RunDirectory run =
            RunDirectory::create(folder.toStdString() + "/runs", "earlier", toYaml(parsed.config), identity);
        Schedule schedule{{}, parsed.config.training.warmup_steps};
        for (std::int64_t step = 1; step <= parsed.config.training.max_steps; ++step)
            schedule.rates.push_back(scheduledLearningRate(parsed.config.training, step));
        const auto losses = predictLoss({0.4, 0.05, 0.5, 0.5, 0.98}, schedule);
        RunLogWriter log(run.eventsFile());
        log.write(StartEvent{1, 0, parsed.config.training.max_steps, 1, "here", "test"});
        for (std::size_t i = 0; i < losses.size(); ++i)
            log.write(ScalarsEvent{
                static_cast<std::int64_t>(i) + 1, 0, {{"loss", std::isnan(losses[i]) ? 3 : losses[i]}}});
        log.write(EndEvent{"finished", ""});
        log.sync();
        lab.writer().ingest(lab.writer().addRun(run, "test").get()).get();
    }
};

QTEST_MAIN(TestDesign)
#include "tst_design.moc"
