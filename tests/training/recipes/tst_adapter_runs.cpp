// Runs that train a LoRA adapter, from their directory to their end; the self-test; and runs that turn NaN.
#include <QtTest>
#include <set>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/json.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

TrainingModule& module() {
    return loadTrainingModule();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<float> weightsOf(const fs::path& file) {
    const SafetensorsFile tensors(file);
    std::vector<float> all;
    for (const TensorInfo& tensor : tensors.tensors()) {
        const auto values = tensors.readFloats(tensor);
        all.insert(all.end(), values.begin(), values.end());
    }
    return all;
}

/// A copy of a safetensors file with the first value of the tensors that `match` names changed.
void poison(const fs::path& path, const std::string& match, float value) {
    const SafetensorsFile file(path);
    std::vector<TensorData> tensors;
    std::vector<std::vector<float>> values;
    for (const TensorInfo& tensor : file.tensors()) {
        values.push_back(file.readFloats(tensor));
        if (contains(tensor.name, match)) values.back().front() = value;
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        tensors.push_back(
            {file.tensors()[i].name, Dtype::Float32, file.tensors()[i].shape, values[i].data()});
    writeSafetensors(path, tensors);
}

double meanLoss(const RunDirectory& run, std::int64_t first, std::int64_t last) {
    double sum = 0;
    for (std::int64_t step = first; step <= last; ++step) sum += metricsAt(run, step).at("loss");
    return sum / double(last - first + 1);
}

}  // namespace

class TestAdapterRuns : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase() {
        RunConfig config = tinyConfig("sft");
        config.training.max_steps = 12;
        config.evaluation.eval_steps = 0;
        m_start = std::make_unique<RunDirectory>(makeRun(m_folder, config));
        module().train(*m_start, false, {});
    }

    void adapterRuns_data() {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<double>("dropout");
        QTest::addColumn<bool>("frugal");
        QTest::newRow("sft") << "sft" << 0.0 << false;
        QTest::newRow("sft, dropout, checkpointing") << "sft" << 0.1 << true;
        QTest::newRow("grpo") << "grpo" << 0.0 << false;
        QTest::newRow("grpo, bf16 rollouts, checkpointing") << "grpo" << 0.0 << true;
    }
    /// Trained, resumed to the same bits, merged to the checkpoint's own weights.
    void adapterRuns() {
        QFETCH(QString, recipe);
        QFETCH(double, dropout);
        QFETCH(bool, frugal);
        RunConfig config = tinyConfig(recipe.toStdString());
        config.model.from = start().string();
        config.training.batch_size = 64;  // for losses that can be compared
        config.lora.r = 8;
        config.lora.dropout = dropout;
        config.training.max_steps = 8;
        config.training.gradient_checkpointing = frugal;
        config.training.rollout_precision = frugal ? "bf16" : "fp32";
        config.evaluation.eval_steps = 0;
        const RunDirectory run = makeRun(m_folder, config);
        module().train(run, false, {});
        QCOMPARE(payloadsOf<EndEvent>(run).back().outcome, std::string("finished"));
        if (recipe == "sft") QVERIFY(meanLoss(run, 5, 8) < meanLoss(run, 1, 4));

        const fs::path checkpoint = run.checkpointFolder(8);
        const auto merged = weightsOf(checkpoint / "model.safetensors");
        QVERIFY(merged != weightsOf(start() / "model.safetensors"));
        QVERIFY(weightsOf(run.path() / "base" / "model.safetensors") ==
                weightsOf(start() / "model.safetensors"));
        const SafetensorsFile optimizer(checkpoint / "optimizer.safetensors");
        for (const TensorInfo& tensor : optimizer.tensors())
            QVERIFY2(contains(tensor.name, "lora_"), tensor.name.c_str());

        // An interruption after step 4.
        const std::string adapter = readFile(checkpoint / "adapter" / "adapter_model.safetensors");
        fs::remove_all(checkpoint);
        module().train(run, true, {});
        QVERIFY(readFile(checkpoint / "adapter" / "adapter_model.safetensors") == adapter);
        QVERIFY(weightsOf(checkpoint / "model.safetensors") == merged);

        const fs::path out = run.path() / "merged";
        module().mergeAdapter({run.path() / "base", checkpoint / "adapter", out, ""});
        QVERIFY(weightsOf(out / "model.safetensors") == merged);
        QVERIFY(contains(errorOf([&] {
                             module().mergeAdapter({run.path() / "base", checkpoint / "adapter", out, ""});
                         }),
                         "there already"));
    }

    /// Another run goes on with an adapter's folder.
    void goesOnWithAnAdapter() {
        RunConfig config = tinyConfig("sft");
        config.model.from = start().string();
        config.lora.r = 4;
        config.lora.target_modules = {"q_proj", "down_proj"};
        config.training.max_steps = 4;
        config.evaluation.eval_steps = 0;
        const RunDirectory first = makeRun(m_folder, config);
        module().train(first, false, {});
        config.lora = {};
        config.lora.from = (first.checkpointFolder(4) / "adapter").string();
        const RunDirectory second = makeRun(m_folder, config);
        module().train(second, false, {});
        const auto names = [](const fs::path& file) {
            std::set<std::string> found;
            const SafetensorsFile tensors(file);
            for (const TensorInfo& tensor : tensors.tensors()) found.insert(tensor.name);
            return found;
        };
        QVERIFY(names(second.checkpointFolder(4) / "adapter" / "adapter_model.safetensors") ==
                names(first.checkpointFolder(4) / "adapter" / "adapter_model.safetensors"));
        // It began where the first ended, not anew.
        QVERIFY(metricsAt(second, 1).at("loss") < metricsAt(first, 1).at("loss"));
    }

    void unknownModulesAreNamed() {
        RunConfig config = tinyConfig("sft");
        config.model.from = start().string();
        config.lora.r = 4;
        config.lora.target_modules = {"c_attn"};
        const RunDirectory run = makeRun(m_folder, config);
        const std::string text = errorOf([&] { module().train(run, false, {}); });
        QVERIFY2(contains(text, "c_attn") && contains(text, "q_proj"), text.c_str());
        QVERIFY(run.checkpointSteps().empty());
    }

    void turningNanLeavesTheLastGoodCheckpoint_data() {
        QTest::addColumn<int>("saveSteps");
        QTest::addColumn<QString>("says");
        // The update of step 5 makes a weight infinite: seen by the loss of step 6, or before a checkpoint of
        // step 5.
        QTest::newRow("seen by the next step") << 4 << "not finite at step 6";
        QTest::newRow("seen by the checkpoint") << 5 << "not finite at step 5";
    }
    void turningNanLeavesTheLastGoodCheckpoint() {
        QFETCH(int, saveSteps);
        QFETCH(QString, says);
        RunConfig config = tinyConfig("sft");
        config.training.max_steps = 4;
        config.evaluation.eval_steps = 0;
        const RunDirectory run = makeRun(m_folder, config);
        module().train(run, false, {});
        poison(run.checkpointFolder(4) / "optimizer.safetensors", "exp_avg.model.layers.1.mlp.down_proj",
               std::numeric_limits<float>::infinity());
        config.training.max_steps = 20;
        config.training.save_steps = saveSteps;
        writeFileAtomically(run.configFile(), toYaml(config));
        const std::string text = errorOf([&] { module().train(run, true, {}); });
        QVERIFY2(contains(text, says.toStdString()), text.c_str());
        QVERIFY2(contains(text, "model.layers.1.mlp.down_proj.weight"), text.c_str());
        QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{4});
        QCOMPARE(payloadsOf<EndEvent>(run).back().outcome, std::string("failed"));
        QVERIFY(contains(payloadsOf<EndEvent>(run).back().error, "down_proj"));
        for (float value : weightsOf(run.checkpointFolder(4) / "model.safetensors"))
            QVERIFY(std::isfinite(value));
    }

    void selfTestPasses() {
        const auto results = module().selftest("cpu");
        QVERIFY(results.size() > 10);
        for (const SelfTestResult& result : results)
            QVERIFY2(result.passed(), qPrintable(QString("%1: %2 > %3 %4")
                                                     .arg(result.name.c_str())
                                                     .arg(result.worst)
                                                     .arg(result.limit)
                                                     .arg(result.error.c_str())));
        QVERIFY(contains(errorOf([] { module().selftest("tpu"); }), "tpu"));
    }

  private:
    fs::path start() const { return m_start->checkpointFolder(12); }

    QTemporaryDir m_folder;
    std::unique_ptr<RunDirectory> m_start;
};

QTEST_GUILESS_MAIN(TestAdapterRuns)
#include "tst_adapter_runs.moc"
