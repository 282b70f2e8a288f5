// Plans: which tensors the output has, what each is made from and with which numbers; and what makes a merge
// impossible.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/util/error.h"
#include "core/util/files.h"
#include "tiny_checkpoint.h"
#include "training/merging/merge_plan.h"

using namespace retort;
namespace fs = std::filesystem;

class TestMergePlan : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_models = std::make_unique<MergeModels>();
        TinyCheckpoint().write(path("one"), 1);
        TinyCheckpoint().write(path("two"), 2);
        TinyCheckpoint().write(path("base"), 3);
    }

    void namesAndOrder() {
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: one}, {model: two}]\nparameters: {weight: 1}");
        QStringList names;
        for (const PlannedTensor& tensor : made.tensors) names << QString::fromStdString(tensor.name);
        QCOMPARE(
            names,
            (QStringList{"model.embed_tokens.weight", "model.layers.0.input_layernorm.weight",
                         "model.layers.0.mlp.up_proj.weight", "model.layers.0.self_attn.q_proj.weight",
                         "model.layers.1.input_layernorm.weight", "model.layers.1.mlp.up_proj.weight",
                         "model.layers.1.self_attn.q_proj.weight", "lm_head.weight", "model.norm.weight"}));
        QCOMPARE(made.config["num_hidden_layers"].get<int>(), 2);
        QCOMPARE(made.totalBytes() * 2, made.inputBytes());
        QVERIFY(made.warnings.empty());
    }

    // A source's parameters, its slice's, the module's, the recipe's: the first that gives a value holds, and
    // one whose filters do not fit gives none.
    void precedence() {
        const MergePlan made = plan(R"(merge_method: linear
parameters: {weight: 4, normalize: false}
modules:
  default:
    parameters: {weight: [{filter: norm, value: 3}]}
    slices:
      - sources:
          - {model: one, layer_range: [0, 1], parameters: {weight: [{filter: q_proj, value: 1}]}}
          - {model: two, layer_range: [0, 1]}
        parameters: {weight: [{filter: up_proj, value: 2}]}
)");
        const auto weights = [&](const char* name) { return weightsOf(made, name); };
        QVERIFY((weights("model.layers.0.self_attn.q_proj.weight") == std::vector<double>{1, 4}));
        QVERIFY((weights("model.layers.0.mlp.up_proj.weight") == std::vector<double>{2, 2}));
        QVERIFY((weights("model.layers.0.input_layernorm.weight") == std::vector<double>{3, 3}));
        QVERIFY((weights("model.embed_tokens.weight") == std::vector<double>{4, 4}));
        QCOMPARE(tensor(made, "model.norm.weight").parameters.number("normalize", 9), 0.0);
    }

    // t is the layer over the slice's last; 0 for what has no layer, 1 for a slice of one.
    void gradients() {
        TinyCheckpoint five;
        five.layers = 5;
        five.write(path("five"), 1);
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: five, parameters: {weight: [1, 3]}}]");
        for (int i = 0; i < 5; ++i)
            QCOMPARE(weightsOf(made, "model.layers." + std::to_string(i) + ".mlp.up_proj.weight")[0],
                     1 + 0.5 * i);
        QCOMPARE(weightsOf(made, "model.embed_tokens.weight")[0], 1.0);
        QCOMPARE(weightsOf(made, "lm_head.weight")[0], 1.0);
        const MergePlan sliced = plan(
            "merge_method: linear\nslices:\n"
            "  - sources: [{model: five, layer_range: [1, 4], parameters: {weight: [1, 3]}}]\n"
            "  - sources: [{model: five, layer_range: [0, 1], parameters: {weight: [1, 3]}}]\n");
        QCOMPARE(weightsOf(sliced, "model.layers.1.mlp.up_proj.weight")[0], 2.0);
        QCOMPARE(weightsOf(sliced, "model.layers.2.mlp.up_proj.weight")[0], 3.0);
        QCOMPARE(weightsOf(sliced, "model.layers.3.mlp.up_proj.weight")[0], 3.0);
    }

    // mergekit matches a model's filters with the name in that model, the merge's with the output's.
    void filtersInSlices() {
        const MergePlan made = plan(
            "merge_method: passthrough\nslices:\n  - sources: [{model: one, layer_range: [0, 2]}]\n"
            "  - sources: [{model: two, layer_range: [1, 2]}]\n    parameters: {scale: [{filter: layers.1., "
            "value: 0.5}]}\n");
        const PlannedTensor& last = tensor(made, "model.layers.2.mlp.up_proj.weight");
        QCOMPARE(last.inputs[0].tensor->name, std::string("model.layers.1.mlp.up_proj.weight"));
        QCOMPARE(last.inputs[0].parameters.number("scale", 9), 0.5);
        QVERIFY(!last.isCopy);
        QVERIFY(tensor(made, "model.layers.1.mlp.up_proj.weight").isCopy);
    }

    void frankenmerge() {
        const MergePlan made = plan(
            "merge_method: passthrough\nslices:\n  - sources: [{model: one, layer_range: [0, 2]}]\n"
            "  - sources: [{model: two, layer_range: [0, 2]}]\n  - sources: [{model: two, layer_range: [1, "
            "2]}]\n");
        QCOMPARE(made.config["num_hidden_layers"].get<int>(), 5);
        QVERIFY((made.config["layer_types"] == Json{"type 0", "type 1", "type 0", "type 1", "type 1"}));
        QCOMPARE(made.tensors.size(), std::size_t(3 + 5 * 3));
        QCOMPARE(tensor(made, "model.embed_tokens.weight").inputs[0].model->reference(), std::string("one"));
        QCOMPARE(tensor(made, "lm_head.weight").inputs[0].model->reference(), std::string("two"));
    }

    void baseIsAdded() {
        const MergePlan made = plan(
            "merge_method: task_arithmetic\nbase_model: base\nmodels: [{model: one, parameters: {weight: "
            "1}}]");
        const PlannedTensor& norm = tensor(made, "model.norm.weight");
        QCOMPARE(norm.inputs.size(), std::size_t(2));
        QVERIFY(norm.inputs[1].isBase && norm.base() == &norm.inputs[1]);
        QVERIFY(!norm.inputs[1].parameters.has("weight"));
        QCOMPARE(made.donor->reference(), std::string("base"));
    }

    // Output embeddings that one model has and the other ties: the input embeddings stand for them.
    void tiedEmbeddings() {
        TinyCheckpoint tied;
        tied.isTied = true;
        tied.write(path("tied"), 4);
        const MergePlan both =
            plan("merge_method: linear\nmodels: [{model: tied}, {model: one}]\nparameters: {weight: 1}");
        QCOMPARE(tensor(both, "lm_head.weight").inputs[0].tensor->name,
                 std::string("model.embed_tokens.weight"));
        QCOMPARE(both.config["tie_word_embeddings"].get<bool>(), false);
        QVERIFY(!both.warnings.empty());
        tied.write(path("tied2"), 5);
        const MergePlan none =
            plan("merge_method: linear\nmodels: [{model: tied}, {model: tied2}]\nparameters: {weight: 1}");
        QVERIFY(std::none_of(none.tensors.begin(), none.tensors.end(),
                             [](const PlannedTensor& each) { return each.name == "lm_head.weight"; }));
        QCOMPARE(none.config["tie_word_embeddings"].get<bool>(), true);
    }

    void dtypes_data() {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("keys");
        QTest::addColumn<QString>("expected");
        QTest::newRow("the inputs'") << "F32"
                                     << ""
                                     << "float32";
        QTest::newRow("16 bits") << "BF16"
                                 << ""
                                 << "bfloat16";
        QTest::newRow("dtype") << "F32"
                               << "dtype: bfloat16"
                               << "bfloat16";
        QTest::newRow("out_dtype") << "F32"
                                   << "dtype: float32\nout_dtype: float16"
                                   << "float16";
    }
    void dtypes() {
        QFETCH(QString, first);
        QFETCH(QString, keys);
        QFETCH(QString, expected);
        TinyCheckpoint checkpoint;
        if (first == "BF16") checkpoint.dtype = Dtype::BFloat16;
        checkpoint.write(path("a"), 1);
        checkpoint.write(path("b"), 2);
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: a}, {model: b}]\nparameters: {weight: 1}\n" +
                 keys.toStdString());
        for (const PlannedTensor& each : made.tensors)
            QCOMPARE(QString(floatDtypeName(each.dtype)), expected);
        QCOMPARE(QString::fromStdString(made.config["torch_dtype"].get<std::string>()), expected);
    }
    // Neither of two 16-bit types holds the other.
    void mixedDtypes() {
        TinyCheckpoint checkpoint;
        checkpoint.dtype = Dtype::BFloat16;
        checkpoint.write(path("a"), 1);
        checkpoint.dtype = Dtype::Float16;
        checkpoint.write(path("b"), 2);
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: a}, {model: b}]\nparameters: {weight: 1}");
        QVERIFY(made.tensors[0].dtype == Dtype::Float32);
        QCOMPARE(made.config["torch_dtype"].get<std::string>(), std::string("float32"));
    }

    void warnsOfFilters() {
        const MergePlan made = plan(
            "merge_method: linear\nmodels: [{model: one}]\nparameters:\n  weight:\n    - {filter: mlp, "
            "value: 1}\n"
            "    - {filter: self_atn, value: 2}\n    - value: 1\n");
        QCOMPARE(made.warnings.size(), std::size_t(1));
        QVERIFY2(made.warnings[0].find("r.yml:6") == std::string::npos ||
                     made.warnings[0].find("'self_atn'") != std::string::npos,
                 made.warnings[0].c_str());
    }

    void impossible_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& yaml, const char* message) {
            QTest::newRow(name) << QString::fromStdString(yaml) << QString(message);
        };
        const std::string linear = "merge_method: linear\nparameters: {weight: 1}\n";
        row("no model", linear + "models: [{model: nowhere}]", "no such checkpoint");
        row("hub", linear + "models: [{model: org/name}]", "must be downloaded first");
        row("run", linear + "models: [{model: 'run:x'}]", "there is no run 'x'");
        row("missing parameter", "merge_method: linear\nmodels: [{model: one}]",
            "parameter 'weight' of one is missing for 'model.embed_tokens.weight'");
        row("no base", "merge_method: task_arithmetic\nmodels: [{model: one, parameters: {weight: 1}}]",
            "task_arithmetic needs a base_model");
        row("base is no source",
            "merge_method: task_arithmetic\nbase_model: base\nslices: [{sources: [{model: one, layer_range: "
            "[0, 1], parameters: {weight: 1}}]}]",
            "not among the sources");
        row("too many",
            "merge_method: slerp\nbase_model: base\nparameters: {t: 0.5}\nmodels: [{model: one}, {model: "
            "two}]",
            "at most 1 model besides the base, not 2");
        row("passthrough", "merge_method: passthrough\nmodels: [{model: one}, {model: two}]",
            "takes one model");
        row("layers", linear + "models: [{model: one}, {model: deep}]", "deep has 3 layers, one has 2");
        row("past the end", linear + "slices: [{sources: [{model: one, layer_range: [0, 3]}]}]",
            "one has 2 layers");
        row("architecture", linear + "models: [{model: one}, {model: other}]",
            "other is of the architecture 'qwen2'");
        row("shape", linear + "models: [{model: one}, {model: wide}]",
            "has the shape [9] in wide and [4] in one");
        row("missing tensor", linear + "models: [{model: one}, {model: holes}]",
            "holes has no tensor 'model.norm.weight'");
        row("vocabulary", linear + "models: [{model: one}, {model: words}]",
            "say how to bring them together");
        row("zero weights",
            "merge_method: linear\nmodels: [{model: one, parameters: {weight: 1}}, {model: two, parameters: "
            "{weight: -1}}]",
            "sum to zero");
        row("config", linear + "models: [{model: broken}]", "config.json: is not a JSON object");
        row("weights", linear + "models: [{model: truncated}]", "truncated");
        row("tokenizer", linear + "models: [{model: one}, {model: two}]\ntokenizer_source: union",
            "tokenizer.json");
    }
    void impossible() {
        TinyCheckpoint deep, other, wide, holes, words;
        deep.layers = 3;
        deep.write(path("deep"), 1);
        other.modelType = "qwen2";
        other.write(path("other"), 1);
        wide.more["model.norm.weight"] = {{9}, std::vector<float>(9)};
        wide.write(path("wide"), 1);
        holes.missing = {"model.norm.weight"};
        holes.write(path("holes"), 1);
        words.vocabulary = 7;
        words.write(path("words"), 1);
        TinyCheckpoint().write(path("broken"), 1);
        writeFileAtomically(path("broken") / "config.json", "[1");
        TinyCheckpoint().write(path("truncated"), 1);
        fs::resize_file(path("truncated") / "model.safetensors",
                        fs::file_size(path("truncated") / "model.safetensors") - 4);
        QFETCH(QString, yaml);
        QFETCH(QString, message);
        try {
            plan(yaml.toStdString());
        } catch (const Error& error) {
            const QString all =
                QString::fromStdString(error.where() + ": " + error.what_happened() + " " + error.hint());
            QVERIFY2(all.contains(message), qPrintable(all));
            return;
        }
        QFAIL("was accepted");
    }

    void allowed() {
        TinyCheckpoint other, words;
        other.modelType = "qwen2";
        other.write(path("other"), 1);
        words.vocabulary = 9;
        words.write(path("words"), 1);
        MergePlanOptions options;
        options.allowOtherArchitectures = options.truncateEmbeddings = true;
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: words}, {model: other}]\nparameters: {weight: 1}",
                 options);
        QVERIFY((tensor(made, "model.embed_tokens.weight").shape == std::vector<std::int64_t>{6, 4}));
        QCOMPARE(made.config["vocab_size"].get<int>(), 6);
        QCOMPARE(made.warnings.size(), std::size_t(2));
    }

    // Tensors that only a later model has (a value head) take no part, and that is said.
    void extraTensors() {
        TinyCheckpoint extra;
        extra.more["v_head.weight"] = {{2}, {1, 2}};
        extra.more["model.layers.1.extra.weight"] = {{1}, {1}};
        extra.more["model.layers.0.rotary_emb.inv_freq"] = {{1}, {1}};
        extra.write(path("extra"), 1);
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: one}, {model: extra}]\nparameters: {weight: 1}");
        QCOMPARE(made.tensors.size(), std::size_t(9));
        QCOMPARE(made.warnings.size(), std::size_t(1));
        QVERIFY(made.warnings[0].starts_with("2 tensors"));
    }

    void gpt2Names() {
        TinyCheckpoint bare;
        bare.modelType = "gpt2";
        bare.layers = 0;
        bare.missing = {"model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"};
        bare.more["wte.weight"] = {{2, 2}, {1, 2, 3, 4}};
        bare.more["h.0.attn.bias"] = {{1, 1}, {0}};
        bare.more["h.0.attn.c_attn.bias"] = {{1}, {1}};
        bare.write(path("bare"), 1);
        TinyCheckpoint full = bare;
        full.more = {{"transformer.wte.weight", {{2, 2}, {1, 2, 3, 4}}},
                     {"transformer.h.0.attn.c_attn.bias", {{1}, {2}}}};
        full.write(path("full"), 1);
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: bare}, {model: full}]\nparameters: {weight: 1}");
        QCOMPARE(made.tensors.size(), std::size_t(2));
        QCOMPARE(made.tensors[1].name, std::string("transformer.h.0.attn.c_attn.bias"));
    }

    void hubCache() {
        TinyCheckpoint().write(path("hub/models--org--name/snapshots/abc"), 1);
        fs::create_directories(path("hub/models--org--name/refs"));
        writeFileAtomically(path("hub/models--org--name/refs/main"), "abc\n");
        qputenv("HF_HUB_CACHE", path("hub").c_str());
        const MergePlan made =
            plan("merge_method: linear\nmodels: [{model: org/name, parameters: {weight: 1}}]");
        qunsetenv("HF_HUB_CACHE");
        QCOMPARE(made.tensors.size(), std::size_t(9));
    }

    void unionOfVocabularies() {
        writeVocabularies();
        const MergePlan made = plan(
            "merge_method: linear\nbase_model: va\nmodels: [{model: va}, {model: vb}]\nparameters: {weight: "
            "1}\n"
            "tokenizer: {source: union, tokens: {c: {source: va, force: true}, q: {source: {kind: "
            "model_token, model: va, token_id: 1}}}}");
        const VocabularyPlan& vocabulary = *made.vocabulary;
        // va: a b c <x> and a padded row; vb: b a d <x> <y>; then d, <y> and the recipe's q.
        QCOMPARE(vocabulary.rows, 7);
        QCOMPARE(vocabulary.added.size(), std::size_t(3));
        QCOMPARE(vocabulary.added[0]["content"].get<std::string>(), std::string("d"));
        QCOMPARE(vocabulary.added[1]["id"].get<int>(), 5);
        QVERIFY(vocabulary.added[1]["special"].get<bool>() && !vocabulary.added[0]["special"].get<bool>());
        const MergeModel *va = made.models[0].get(), *vb = made.models[1].get();
        QVERIFY((vocabulary.own.at(va) == std::vector<std::int32_t>{0, 1, -1, 3, -1, -1, -1}));
        QVERIFY((vocabulary.own.at(vb) == std::vector<std::int32_t>{1, 0, -1, 3, 2, 4, -1}));
        using Places = std::vector<VocabularyPlan::Place>;
        QVERIFY((vocabulary.defaults.at(4) == Places{{vb, 2}}));
        QVERIFY((vocabulary.defaults.at(6) == Places{{va, 1}}));
        QCOMPARE(made.config["vocab_size"].get<int>(), 7);
        QCOMPARE(vocabulary.tokenizer["added_tokens"].size(), std::size_t(4));
    }

    // The base has more rows than tokens: they stay, unless the recipe says how to pad.
    void paddedRows() {
        writeVocabularies();
        const std::string recipe =
            "merge_method: linear\nbase_model: va\nmodels: [{model: va}, {model: vb}]\nparameters: {weight: "
            "1}\n";
        const MergePlan kept = plan(recipe + "tokenizer_source: base");
        QCOMPARE(kept.vocabulary->rows, 5);
        QVERIFY((kept.vocabulary->defaults.at(4) ==
                 std::vector<VocabularyPlan::Place>{{kept.models[0].get(), 4}}));
        const MergePlan cut = plan(recipe + "tokenizer: {source: base, pad_to_multiple_of: 1}");
        QCOMPARE(cut.vocabulary->rows, 4);
        const MergePlan padded = plan(recipe + "tokenizer: {source: base, pad_to_multiple_of: 8}");
        QCOMPARE(padded.vocabulary->rows, 8);
        QCOMPARE(padded.vocabulary->meanFrom, 4);
        const MergePlan other = plan(recipe + "tokenizer_source: vb");
        QCOMPARE(other.vocabulary->rows, 5);
        QVERIFY(other.vocabulary->own.at(other.models[0].get())[2] == -1);  // d
    }

    void tokensFromNowhere() {
        writeVocabularies();
        const std::string recipe =
            "merge_method: linear\nmodels: [{model: va}, {model: vb}]\nparameters: {weight: 1}\n";
        const MergePlan made = plan(recipe + "tokenizer: {source: base, tokens: {new: {}}}");
        QCOMPARE(made.warnings.size(), std::size_t(1));
        for (const char* bad : {"{new: {source: vb}}", "{new: {source: one}}",
                                "{new: {source: {kind: model_token, model: va, token_id: 5}}}"})
            QVERIFY_EXCEPTION_THROWN(plan(recipe + "tokenizer: {source: base, tokens: " + bad + "}"), Error);
    }

  private:
    fs::path path(const std::string& name) const { return fs::path(m_folder->path().toStdString()) / name; }
    MergePlan plan(const std::string& yaml, const MergePlanOptions& options = {}) {
        return planMerge(parseMergeRecipe(yaml, "r.yml", path("")), *m_models, options);
    }
    static const PlannedTensor& tensor(const MergePlan& made, const std::string& name) {
        const auto found = std::find_if(made.tensors.begin(), made.tensors.end(),
                                        [&](const PlannedTensor& each) { return each.name == name; });
        if (found == made.tensors.end()) throw Error("no tensor " + name);
        return *found;
    }
    static std::vector<double> weightsOf(const MergePlan& made, const std::string& name) {
        std::vector<double> weights;
        for (const PlannedInput& input : tensor(made, name).inputs)
            weights.push_back(input.parameters.number("weight", -1));
        return weights;
    }
    void writeVocabularies() {
        TinyCheckpoint a, b;
        a.vocabulary = 5;
        a.tokens = {"a", "b", "c"};
        a.addedTokens = {"<x>"};
        a.write(path("va"), 1);
        b.vocabulary = 5;
        b.tokens = {"b", "a", "d"};
        b.addedTokens = {"<x>", "<y>"};
        b.write(path("vb"), 2);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MergeModels> m_models;
};

QTEST_GUILESS_MAIN(TestMergePlan)
#include "tst_merge_plan.moc"
