// Which models a recipe in mergekit's YAML names: its own examples, and what is none.
#include <QTest>

#include "core/lineage/merge_parents.h"
#include "core/util/error.h"

using namespace retort;

namespace {

// "method: model*weight, model (base), model+adapter"
QString asText(const RecipeParents& merged) {
    QStringList list;
    for (const MergeParent& parent : merged.parents) {
        QString text = QString::fromStdString(parent.model);
        if (!parent.adapter.empty()) text += '+' + QString::fromStdString(parent.adapter);
        if (parent.weight) text += QStringLiteral("*%1").arg(*parent.weight);
        if (parent.isBase) text += QStringLiteral(" (base)");
        list << text;
    }
    return QString::fromStdString(merged.method) + ": " + list.join(", ");
}

}  // namespace

class TestMergeParents : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void recipes_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* yaml, const char* expected) {
            QTest::newRow(name) << QString(yaml) << QString(expected);
        };
        row("linear",
            "merge_method: linear\nmodels:\n  - model: a\n    parameters:\n      weight: 0.3\n"
            "  - model: org/b\n    parameters: {weight: 0.7}\ndtype: float16\n",
            "linear: a*0.3, org/b*0.7");
        row("ties: base among the models, weights as gradients and filters",
            "models:\n  - model: base\n  - model: x\n    parameters: {density: 0.5, weight: [0, 0.3, 1]}\n"
            "  - model: y\n    parameters:\n      weight:\n        - {filter: mlp, value: 0.5}\n        - "
            "value: 0\n"
            "  - model: z\n    parameters: {weight: 1e-1}\nmerge_method: ties\nbase_model: base\n",
            "ties: base (base), x, y, z*0.1");
        row("base of its own",
            "merge_method: task_arithmetic\nbase_model: /b\nmodels: [{model: /a, parameters: {weight: "
            "-1}}]\n",
            "task_arithmetic: /a*-1, /b (base)");
        row("slices: each model once",
            "slices:\n  - sources: [{model: a, layer_range: [0, 8]}]\n  - sources: [{model: b, layer_range: "
            "[4, 12]}]\n"
            "  - sources: [{model: a, layer_range: [8, 9]}]\nmerge_method: passthrough\n",
            "passthrough: a, b");
        row("slerp: one weight here, another there",
            "slices:\n  - sources:\n      - {model: a, parameters: {weight: 1}}\n      - model: b\n"
            "  - sources:\n      - {model: a, parameters: {weight: 2}}\nmerge_method: slerp\nbase_model: a\n",
            "slerp: a (base), b");
        row("modules",
            "merge_method: linear\nmodules: {text: {models: [{model: a}]}, vision: {slices: [{sources: "
            "[{model: b}]}]}}\n",
            "linear: a, b");
        row("adapter and revision", "merge_method: linear\nmodels: [{model: org/a@v2+org/lora}]\n",
            "linear: org/a@v2+org/lora");
        row("as maps",
            "merge_method: linear\nmodels:\n  - model: {model: {path: a, revision: x}, lora: {path: l}}\n",
            "linear: a+l");
        row("a run", "merge_method: linear\nmodels: [{model: 'run:first@100'}]\n", "linear: run:first@100");
        row("no method", "models: [{model: a}]\n", ": a");
        row("weights that are none",
            "merge_method: linear\nmodels: [{model: a, parameters: {weight: .nan}}, {model: b, parameters: "
            "{weight: 1x}}]\n",
            "linear: a, b");
    }
    void recipes() {
        QFETCH(QString, yaml);
        QFETCH(QString, expected);
        QCOMPARE(asText(readMergeParents(yaml.toStdString(), "recipe.yml")), expected);
    }

    void refused_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const QString& yaml, const char* message) {
            QTest::newRow(name) << yaml << QString(message);
        };
        row("empty", "", "recipe.yml: names no models");
        row("a list", "- model: a\n", "names no models");
        row("no models", "merge_method: linear\n", "names no models");
        row("no YAML", "merge_method: [\n", "recipe.yml:");
        row("an input without a model", "models:\n  - parameters: {weight: 1}\n",
            "recipe.yml:2: a model is missing here");
        row("an empty model", "models:\n  - model: ''\n",
            "recipe.yml:2: the name of a model is missing here");
        row("aliases", "a: &x {model: a}\nmodels: [*x]\n", "aliases");
        QString many = QStringLiteral("models:\n");
        for (int i = 0; i < 1001; ++i) many += QStringLiteral("- model: m%1\n").arg(i);
        row("too many", many, "names more than 1000 models");
    }
    void refused() {
        QFETCH(QString, yaml);
        QFETCH(QString, message);
        try {
            readMergeParents(yaml.toStdString(), "recipe.yml");
            QFAIL("was read");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(message), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestMergeParents)
#include "tst_merge_parents.moc"
