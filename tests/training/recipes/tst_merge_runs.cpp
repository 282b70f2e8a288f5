// Runs that merge: from their directory to their checkpoint and its evaluation.
#include <QtTest>
#include <cmath>

#include "core/formats/safetensors.h"
#include "core/lineage/lineage_record.h"
#include "tests/training/recipes/tiny_run.h"
#include "training/api/training_module.h"

using namespace retort;
using namespace retort::test;
namespace fs = std::filesystem;

namespace {

TrainingModule& module() {
    return loadTrainingModule();
}

/// A run that merges the two checkpoints half and half.
RunConfig mergeConfig(const fs::path& first, const fs::path& second) {
    RunConfig config = tinyConfig("merge");
    config.training.max_steps = config.training.warmup_steps = 0;
    config.merge.recipe = "merge_method: linear\nmodels:\n  - model: " + first.string() +
                          "\n    parameters: {weight: 0.5}\n  - model: " + second.string() +
                          "\n    parameters: {weight: 0.5}\n";
    return config;
}

}  // namespace

class TestMergeRuns : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void initTestCase();
    void mergesAndEvaluates();
    void withoutTasksItOnlyMerges();
    void resumes();
    void trainingGoesOnFromIt();
    void saysWhatIsWrong();

  private:
    QTemporaryDir m_folder;
    fs::path m_first, m_second;
};

void TestMergeRuns::initTestCase() {
    fs::path* const found[] = {&m_first, &m_second};
    for (int i = 0; i < 2; ++i) {
        RunConfig config = tinyConfig("sft");
        config.training.max_steps = 2;
        config.evaluation.eval_steps = 0;
        if (i == 1) config.training.learning_rate = 1e-2;
        const RunDirectory run = makeRun(m_folder, config);
        QCOMPARE(module().train(run, false, {}), TrainOutcome::Finished);
        *found[i] = lastCheckpoint(run);
    }
}

void TestMergeRuns::mergesAndEvaluates() {
    const RunDirectory run = makeRun(m_folder, mergeConfig(m_first, m_second));
    QCOMPARE(module().train(run, false, {}), TrainOutcome::Finished);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{0});
    const SafetensorsFile a(m_first / "model.safetensors"), b(m_second / "model.safetensors"),
        merged(run.checkpointFolder(0) / "model.safetensors");
    QCOMPARE(merged.tensors().size(), a.tensors().size());
    bool differ = false;
    for (const TensorInfo& tensor : merged.tensors()) {
        const auto x = a.readFloats(a.at(tensor.name)), y = b.readFloats(b.at(tensor.name)),
                   z = merged.readFloats(tensor);
        for (std::size_t i = 0; i < z.size(); ++i) {
            QVERIFY(std::abs(z[i] - (x[i] + y[i]) / 2) <= 1e-7f);
            differ = differ || x[i] != y[i];
        }
    }
    QVERIFY(differ);
    QCOMPARE(payloadsOf<CheckpointEvent>(run).size(), std::size_t(1));
    const auto evaluations = payloadsOf<EvaluationEvent>(run);
    QCOMPARE(evaluations.size(), std::size_t(2));
    QCOMPARE(evaluations[0].items.size(), std::size_t(8));
    const auto lineage = readLineageRecord(run.checkpointFolder(0));
    QVERIFY(lineage.has_value());
    QCOMPARE(lineage->method, std::string("linear"));
    QCOMPARE(lineage->parents.size(), std::size_t(2));
    QCOMPARE(lineage->parents[1].path, m_second);
    QCOMPARE(lineage->parents[1].hash, contentHash(m_second));
}

void TestMergeRuns::withoutTasksItOnlyMerges() {
    RunConfig config = mergeConfig(m_first, m_second);
    config.data.tasks.clear();
    const RunDirectory run = makeRun(m_folder, config);
    QCOMPARE(module().train(run, false, {}), TrainOutcome::Finished);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{0});
    QVERIFY(payloadsOf<EvaluationEvent>(run).empty());
    QCOMPARE(payloadsOf<EndEvent>(run).at(0).outcome, std::string("finished"));
}

void TestMergeRuns::resumes() {
    const RunDirectory run = makeRun(m_folder, mergeConfig(m_first, m_second));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(module().train(run, false, stop.get_token()), TrainOutcome::Stopped);
    QVERIFY(run.checkpointSteps().empty());
    // Killed between the folder and its trainer.json: merged again.
    fs::create_directories(run.checkpointFolder(0));
    writeFileAtomically(run.checkpointFolder(0) / "config.json", "{}");
    QCOMPARE(module().train(run, true, {}), TrainOutcome::Finished);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{0});
    const auto written = fs::last_write_time(run.checkpointFolder(0) / "model.safetensors");
    // Whole: only evaluated again.
    QCOMPARE(module().train(run, true, {}), TrainOutcome::Finished);
    QCOMPARE(fs::last_write_time(run.checkpointFolder(0) / "model.safetensors"), written);
    QCOMPARE(payloadsOf<EvaluationEvent>(run).size(), std::size_t(4));
}

void TestMergeRuns::trainingGoesOnFromIt() {
    const RunDirectory merged = makeRun(m_folder, mergeConfig(m_first, m_second));
    QCOMPARE(module().train(merged, false, {}), TrainOutcome::Finished);
    RunConfig config = tinyConfig("sft");
    config.training.max_steps = 1;
    config.model.from = merged.checkpointFolder(0).string();
    QCOMPARE(module().train(makeRun(m_folder, config), false, {}), TrainOutcome::Finished);
}

void TestMergeRuns::saysWhatIsWrong() {
    RunConfig config = mergeConfig(m_first, m_second);
    config.merge.recipe += "parameters: {densty: 0.5}\n";
    const RunDirectory run = makeRun(m_folder, config);
    const std::string said = errorOf([&] { module().train(run, false, {}); });
    QVERIFY2(said.find("densty") != std::string::npos && said.find("merge.recipe") != std::string::npos,
             said.c_str());
    QVERIFY(run.checkpointSteps().empty());
    QCOMPARE(payloadsOf<EndEvent>(run).at(0).outcome, std::string("failed"));
}

QTEST_GUILESS_MAIN(TestMergeRuns)
#include "tst_merge_runs.moc"
