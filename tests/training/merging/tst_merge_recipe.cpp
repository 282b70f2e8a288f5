// Recipes: mergekit's grammar is read as mergekit means it, and what is wrong is said where it stands.
#include <QTemporaryDir>
#include <QTest>

#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/merge_recipe.h"
#include "training/merging/recipe_text.h"

using namespace retort;

class TestMergeRecipe : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void everything() {
        const MergeRecipe recipe = parse(R"(merge_method: task_arithmetic
base_model: base
dtype: float32
out_dtype: torch.bfloat16
chat_template: chatml
tokenizer:
  source: union
  pad_to_multiple_of: 8
  tokens:
    <a>: {source: one, force: true}
    <b>: {source: {kind: zero}}
    <c>: {source: {kind: model_token, model: one, token: x}}
    <d>: {source: {kind: model_token, model: one, token_id: 3}}
parameters:
  normalize: true
  int8_mask: true
models:
  - model: one
    parameters: {weight: [0, 0.5, 1]}
  - model: {model: {path: two, revision: v1}}
    parameters:
      weight:
        - {filter: mlp, value: 1e-1}
        - value: .5
)");
        QCOMPARE(recipe.method, std::string("task_arithmetic"));
        QVERIFY((recipe.models() == std::vector<std::string>{"base", "one", "two@v1"}));
        QVERIFY(recipe.dtype == Dtype::Float32 && recipe.outDtype == Dtype::BFloat16);
        QVERIFY(!recipe.isSliced);
        QCOMPARE(recipe.slices.size(), std::size_t(1));
        QVERIFY(recipe.parameters.contains("normalize"));
        QVERIFY(recipe.warnings.empty());
        QCOMPARE(*recipe.tokenizer->padToMultipleOf, 8);
        const auto& tokens = recipe.tokenizer->tokens;
        QVERIFY(tokens[0].second.force && tokens[0].second.kind == MergeTokenSource::Kind::Model);
        QVERIFY(tokens[1].second.kind == MergeTokenSource::Kind::Zero);
        QCOMPARE(tokens[2].second.token, std::string("x"));
        QCOMPARE(*tokens[3].second.tokenId, 3);
        const MergeSetting& weight = recipe.slices[0].sources[1].parameters.at("weight");
        QCOMPARE(*weight.at("model.layers.0.mlp.up_proj.weight", 0, false), 0.1);
        QCOMPARE(*weight.at("model.norm.weight", 0, false), 0.5);
    }

    void slices() {
        const MergeRecipe recipe = parse(R"(merge_method: passthrough
slices:
  - sources: [{model: one, layer_range: [0, 2]}]
  - sources: [{model: two, layer_range: [1, 3], parameters: {scale: 0.5}}]
    parameters: {scale: 2}
    residual_weight: 1
)");
        QVERIFY(recipe.isSliced);
        QCOMPARE(recipe.slices.size(), std::size_t(2));
        QVERIFY((recipe.slices[1].sources[0].layerRange == std::array{1, 3}));
        QCOMPARE(*recipe.slices[1].sources[0].parameters.at("scale").at("x", 0, false), 0.5);
        QCOMPARE(*recipe.slices[1].parameters.at("scale").at("x", 0, false), 2.0);
    }

    void modules() {
        const MergeRecipe recipe = parse(
            "merge_method: linear\nmodules:\n  default:\n    parameters: {normalize: false}\n"
            "    models: [{model: a, parameters: {weight: 1}}]\n");
        QCOMPARE(*recipe.moduleParameters.at("normalize").at("x", 0, true), 0.0);
        QVERIFY(!recipe.isSliced);
    }

    // As mergekit's evaluate_setting() has them.
    void settings_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<double>("t");
        QTest::addColumn<bool>("isFlag");
        QTest::addColumn<double>("expected");  // NaN: none
        const double none = qQNaN();
        QTest::newRow("number") << "0.25" << 0.7 << false << 0.25;
        QTest::newRow("gradient's start") << "[1, 3]" << 0.0 << false << 1.0;
        QTest::newRow("gradient's middle") << "[1, 3]" << 0.5 << false << 2.0;
        QTest::newRow("gradient's end") << "[1, 3]" << 1.0 << false << 3.0;
        QTest::newRow("three points") << "[0, 1, 0]" << 0.75 << false << 0.5;
        QTest::newRow("of one") << "[2]" << 0.3 << false << 2.0;
        QTest::newRow("empty") << "[]" << 0.3 << false << none;
        QTest::newRow("flags step") << "[false, true]" << 0.9 << true << 0.0;
        QTest::newRow("flags end") << "[false, true]" << 1.0 << true << 1.0;
        QTest::newRow("first filter wins")
            << "[{filter: mlp, value: 1}, {filter: up, value: 2}]" << 0.0 << false << 1.0;
        QTest::newRow("star") << "[{filter: '*', value: 4}, {filter: mlp, value: 1}]" << 0.0 << false << 4.0;
        QTest::newRow("no filter") << "[{value: 4}, {filter: mlp, value: 1}]" << 0.0 << false << 4.0;
        QTest::newRow("one case") << "{filter: mlp, value: [0, 1]}" << 0.5 << false << 0.5;
        QTest::newRow("none fits") << "[{filter: attn, value: 1}]" << 0.0 << false << none;
        QTest::newRow("null filter") << "[{filter: ~, value: 1}]" << 0.0 << false << 1.0;
        QTest::newRow("python's exponent") << "1e-2" << 0.0 << false << 0.01;
        QTest::newRow("quoted number") << "'0.5'" << 0.0 << false << 0.5;
        QTest::newRow("plus") << "+2" << 0.0 << false << 2.0;
    }
    void settings() {
        QFETCH(QString, yaml);
        QFETCH(double, t);
        QFETCH(bool, isFlag);
        QFETCH(double, expected);
        std::vector<YamlComplaint> complaints;
        const MergeSetting setting = readMergeSetting(readYaml(yaml.toStdString(), complaints));
        QVERIFY(complaints.empty());
        const auto value = setting.at("model.layers.3.mlp.up_proj.weight", t, isFlag);
        QCOMPARE(value.has_value(), !std::isnan(expected));
        if (value) QCOMPARE(*value, expected);
    }

    void mistakes_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* yaml, const char* message) {
            QTest::newRow(name) << QString(yaml) << QString(message);
        };
        const std::string linear = "merge_method: linear\n";
        const auto linearRow = [&](const char* name, const std::string& rest, const char* message) {
            row(name, (linear + rest).c_str(), message);
        };
        row("empty", "", "r.yml: is not a recipe");
        row("list", "- a", "r.yml:1: is not a recipe");
        row("not YAML", "a: [", "r.yml:");
        row("no method", "models: [{model: a}]", "merge_method is missing");
        row("unknown method", "merge_method: liner\nmodels: [{model: a}]",
            "r.yml:1: unknown merge_method 'liner' (did you mean linear?)");
        linearRow("nothing to merge", "", "exactly one of models, slices and modules");
        linearRow("both", "models: [{model: a}]\nslices: [{sources: [{model: a, layer_range: [0, 1]}]}]",
                  "exactly one of");
        linearRow("empty models", "models: []", "r.yml:2: models must be a list");
        linearRow("unknown key", "model: [{model: a}]",
                  "r.yml:2: unknown key 'model' of a recipe (did you mean models?)");
        linearRow("unknown key of a model", "models:\n  - model: a\n    paramters: {}",
                  "r.yml:4: unknown key 'paramters' of a model (did you mean parameters?)");
        linearRow("unknown parameter", "models: [{model: a}]\nparameters: {normalise: true}",
                  "r.yml:3: unknown parameter 'normalise' of linear (did you mean normalize?)");
        linearRow("not a number", "models: [{model: a, parameters: {weight: much}}]",
                  "parameter 'weight': 'much' is not a number");
        linearRow("infinite", "models: [{model: a, parameters: {weight: .inf}}]", "is not a number");
        linearRow("null", "models: [{model: a, parameters: {weight: }}]", "parameter 'weight'");
        linearRow("filter without value", "models: [{model: a, parameters: {weight: [{filter: x}]}}]",
                  "a filter without its value");
        linearRow("numbers and filters", "models: [{model: a, parameters: {weight: [{value: 1}, 2]}}]",
                  "not both");
        linearRow("unknown key of a case",
                  "models: [{model: a, parameters: {weight: [{fliter: x, value: 1}]}}]",
                  "unknown key 'fliter'");
        linearRow("dtype", "models: [{model: a}]\ndtype: float23", "r.yml:3: unknown dtype 'float23'");
        linearRow("adapter", "models: [{model: a+b}]", "merge-adapter");
        linearRow("twice", "models: [{model: a}, {model: a}]", "takes part twice");
        linearRow("no model", "models: [{parameters: {weight: 1}}]", "model is missing");
        linearRow("no range", "slices: [{sources: [{model: a}]}]", "layer_range is missing");
        linearRow("range", "slices: [{sources: [{model: a, layer_range: [2, 2]}]}]", "layer_range is");
        linearRow("negative range", "slices: [{sources: [{model: a, layer_range: [-1, 2]}]}]",
                  "not negative");
        linearRow("lengths",
                  "slices:\n  - sources:\n    - {model: a, layer_range: [0, 2]}\n    - {model: b, "
                  "layer_range: [0, 3]}",
                  "r.yml:5: the sources of a slice must have the same number of layers");
        linearRow("tokenizers", "models: [{model: a}]\ntokenizer_source: base\ntokenizer: {source: union}",
                  "r.yml:4: either tokenizer_source or tokenizer");
        linearRow("token kind", "models: [{model: a}]\ntokenizer: {tokens: {x: {source: {kind: on}}}}",
                  "zero or model_token");
        linearRow("several documents", "models: [{model: a}]\n---\nx: 1", "second document");
    }
    void mistakes() {
        QFETCH(QString, yaml);
        QFETCH(QString, message);
        try {
            parse(yaml.toStdString());
        } catch (const Error& error) {
            QVERIFY2(QString::fromStdString(error.what_happened()).contains(message), error.what());
            return;
        }
        QFAIL("was accepted");
    }

    // All of them, not the first alone.
    void severalMistakes() {
        try {
            parse("merge_method: linear\nmodells: 1\nmodels: [{model: a, parameters: {wight: 1}}]\n");
            QFAIL("was accepted");
        } catch (const Error& error) {
            QCOMPARE(QString(error.what()).count('\n'), 1);
        }
    }

    // mergekit passes over what its method does not have; recipes rely on it.
    void parametersOfOtherMethods() {
        const MergeRecipe recipe = parse(
            "merge_method: linear\nmodels: [{model: a, parameters: {weight: 1, density: 0.5}}]\n"
            "parameters: {int8_mask: true}\n");
        QCOMPARE(recipe.warnings.size(), std::size_t(1));
        QVERIFY(recipe.warnings[0].find("'density' means nothing to linear") != std::string::npos);
        QVERIFY(!recipe.slices[0].sources[0].parameters.contains("density"));
    }

    void overrides() {
        const std::string text =
            "# a comment\nmerge_method: linear\nbase_model: \"a: b\"\nmodels:\n  - model: one\n    "
            "parameters:\n"
            "      weight: [0, -0.5]\n  - {model: two, parameters: {weight: [{filter: mlp, value: 1}, "
            "{value: '2'}]}}\n";
        QCOMPARE(recipeWith(text, {}), text);
        const std::string changed = recipeWith(
            text, {"models.0.parameters.weight=0.25", "parameters.normalize=false", "dtype=bfloat16"});
        const MergeRecipe recipe = parse(changed);
        QCOMPARE(recipe.baseModel, std::string("a: b"));
        QCOMPARE(*recipe.slices[0].sources[0].parameters.at("weight").at("x", 0, false), 0.25);
        QCOMPARE(*recipe.slices[0].sources[1].parameters.at("weight").at("x", 0, false), 2.0);
        QCOMPARE(*recipe.slices[0].sources[1].parameters.at("weight").at("mlp", 0, false), 1.0);
        QCOMPARE(*recipe.parameters.at("normalize").at("x", 0, true), 0.0);
        QVERIFY(recipe.dtype == Dtype::BFloat16);
        for (const char* bad :
             {"nothing", "models.7.model=x", "merge_method.x=1", "models.0.parameters.weight=["})
            QVERIFY_EXCEPTION_THROWN(recipeWith(text, {bad}), Error);
    }

    void fromFile() {
        QTemporaryDir folder;
        const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "r.yml";
        writeFileAtomically(file, "merge_method: linear\nmodels: [{model: a, parameters: {weight: 1}}]\n");
        const MergeRecipe recipe = readMergeRecipe(file);
        QCOMPARE(recipe.folder, file.parent_path());
        QVERIFY_EXCEPTION_THROWN(readMergeRecipe(file.parent_path() / "none.yml"), Error);
    }

  private:
    static MergeRecipe parse(const std::string& yaml) { return parseMergeRecipe(yaml, "r.yml", "/"); }
};

QTEST_GUILESS_MAIN(TestMergeRecipe)
#include "tst_merge_recipe.moc"
