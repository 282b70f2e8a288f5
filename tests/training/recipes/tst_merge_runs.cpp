// Runs that merge: from their directory to their checkpoint and its evaluation.
#include <QtTest>
#include <algorithm>
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
    void searches_data();
    void searches();
    void measuresStatistics_data();
    void measuresStatistics();
    void saysWhatIsWrong();
    void searchesThatCannotBe_data();
    void searchesThatCannotBe();

  private:
    QTemporaryDir m_folder;
    fs::path m_first, m_second, m_base;
};

void TestMergeRuns::initTestCase() {
    fs::path* const found[] = {&m_base, &m_first, &m_second};
    for (int i = 0; i < 3; ++i) {
        RunConfig config = tinyConfig("sft");
        config.training.max_steps = 2;
        config.evaluation.eval_steps = 0;
        if (i == 2) config.training.learning_rate = 1e-2;
        if (i > 0) config.model.from = m_base.string();
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

void TestMergeRuns::searches_data() {
    QTest::addColumn<QString>("search");
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("granularity");
    QTest::addColumn<int>("evaluations");
    QTest::addColumn<int>("points");
    QTest::newRow("sweep") << "sweep"
                           << "task_arithmetic"
                           << "task" << 4 << 4;
    QTest::newRow("BAI") << "bai"
                         << "linear"
                         << "task" << 4 << 9;
    QTest::newRow("AdaMerging, by layer") << "adamerging"
                                          << "task_arithmetic"
                                          << "layer" << 3 << 3;
    QTest::newRow("CMA-ES") << "evolutionary"
                            << "task_arithmetic"
                            << "task" << 8 << 8;
    QTest::newRow("CMA-ES with densities") << "evolutionary"
                                           << "dare_ties"
                                           << "task" << 8 << 8;
    QTest::newRow("MAP") << "map"
                         << "task_arithmetic"
                         << "task" << 16 << 16;
}

void TestMergeRuns::searches() {
    QFETCH(QString, search);
    QFETCH(QString, method);
    QFETCH(QString, granularity);
    QFETCH(int, evaluations);
    QFETCH(int, points);
    RunConfig config = mergeConfig(m_first, m_second);
    config.merge.recipe = "merge_method: " + method.toStdString() + "\nbase_model: " + m_base.string() +
                          "\nmodels: [{model: " + m_first.string() +
                          ", parameters: {weight: 0.5}}, {model: " + m_second.string() +
                          ", parameters: {weight: 0.5}}]\ndtype: float32\n";
    config.merge.search = search.toStdString();
    config.merge.granularity = granularity.toStdString();
    config.merge.max_evaluations = evaluations;
    config.merge.calibration_examples = 40;
    const RunDirectory run = makeRun(m_folder, config);
    QCOMPARE(module().train(run, false, {}), TrainOutcome::Finished);
    QCOMPARE(run.checkpointSteps(), std::vector<std::int64_t>{0});
    std::vector<double> scores;
    for (const ScalarsEvent& scalars : payloadsOf<ScalarsEvent>(run))
        for (const auto& [name, value] : scalars.values)
            if (name == "search/score") scores.push_back(value);
    QCOMPARE(int(scores.size()), points);
    for (const double score : scores) QVERIFY(std::isfinite(score) && score > 0);
    QCOMPARE(std::ranges::count(readFile(run.path() / "merge_search.jsonl"), '\n'), std::ptrdiff_t(points));
    QCOMPARE(fs::exists(run.path() / "merge_front.json"), search == "map");
    // What was found says itself how to make it again.
    const auto lineage = readLineageRecord(run.checkpointFolder(0));
    QVERIFY(lineage && lineage->recipe.find("weight") != std::string::npos);
    RunConfig again = config;
    again.merge.search = "none";
    again.merge.recipe = lineage->recipe;
    const RunDirectory copy = makeRun(m_folder, again);
    QCOMPARE(module().train(copy, false, {}), TrainOutcome::Finished);
    QCOMPARE(contentHash(copy.checkpointFolder(0)), contentHash(run.checkpointFolder(0)));
}

void TestMergeRuns::measuresStatistics_data() {
    QTest::addColumn<QString>("method");
    QTest::newRow("fisher") << "fisher";
    QTest::newRow("regmean") << "regmean";
}

void TestMergeRuns::measuresStatistics() {
    QFETCH(QString, method);
    RunConfig config = mergeConfig(m_first, m_second);
    config.merge.recipe.replace(0, config.merge.recipe.find('\n'), "merge_method: " + method.toStdString());
    config.merge.calibration_examples = 8;
    const RunDirectory run = makeRun(m_folder, config);
    QCOMPARE(module().train(run, false, {}), TrainOutcome::Finished);
    const auto files = fs::directory_iterator(run.path() / "statistics");
    QCOMPARE(std::distance(fs::begin(files), fs::end(files)), std::ptrdiff_t(2));
    const RunDirectory mean = makeRun(m_folder, mergeConfig(m_first, m_second));
    QCOMPARE(module().train(mean, false, {}), TrainOutcome::Finished);
    QVERIFY(contentHash(mean.checkpointFolder(0)) != contentHash(run.checkpointFolder(0)));
    config.data.tasks.clear();
    QVERIFY(errorOf([&] { module().train(makeRun(m_folder, config), false, {}); }).find("nothing to show") !=
            std::string::npos);
}

void TestMergeRuns::searchesThatCannotBe_data() {
    QTest::addColumn<QString>("recipe");
    QTest::addColumn<QString>("search");
    QTest::addColumn<QString>("says");
    const QString models =
        "models: [{model: ONE, parameters: {weight: 1}}, {model: TWO, parameters: {weight: 1}}]\n";
    QTest::newRow("no base") << "merge_method: linear\n" + models << "sweep"
                             << "has no base_model";
    QTest::newRow("linear") << "merge_method: linear\nbase_model: BASE\n" + models << "evolutionary"
                            << "cannot be searched";
    QTest::newRow("della") << "merge_method: della\nbase_model: BASE\n" + models << "evolutionary"
                           << "cannot be searched";
    QTest::newRow("slices") << "merge_method: linear\nbase_model: BASE\nslices: [{sources: [{model: ONE, "
                               "layer_range: [0, 2], parameters: {weight: 1}}]}]\n"
                            << "sweep"
                            << "knows none";
    QTest::newRow("MAP with too few") << "merge_method: task_arithmetic\nbase_model: BASE\n" + models << "map"
                                      << "too small";
}

void TestMergeRuns::searchesThatCannotBe() {
    QFETCH(QString, recipe);
    QFETCH(QString, search);
    QFETCH(QString, says);
    RunConfig config = mergeConfig(m_first, m_second);
    recipe.replace("ONE", QString::fromStdString(m_first.string()));
    recipe.replace("TWO", QString::fromStdString(m_second.string()));
    recipe.replace("BASE", QString::fromStdString(m_base.string()));
    config.merge.recipe = recipe.toStdString();
    config.merge.search = search.toStdString();
    config.merge.max_evaluations = 4;
    const RunDirectory run = makeRun(m_folder, config);
    const std::string said = errorOf([&] { module().train(run, false, {}); });
    QVERIFY2(said.find(says.toStdString()) != std::string::npos, said.c_str());
    QVERIFY(run.checkpointSteps().empty());
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
