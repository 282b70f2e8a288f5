// Studies, and what a configuration refers to: stages, runs, checkpoints, data files.
#include <QtTest>
#include <set>

#include "core/config/launch.h"
#include "core/config/merge_models.h"
#include "core/config/parameter.h"
#include "core/config/study.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

const char* const tasks = "recipe: sft\ndata: {tasks: [{task: addition}]}\n";

void makeCheckpoint(const RunDirectory& run, std::int64_t step) {
    const fs::path folder = run.checkpointFolder(step);
    fs::create_directories(folder);
    for (const char* file : {"config.json", "model.safetensors", "tokenizer.json", "trainer.json"})
        writeFileAtomically(folder / file, "{}");
}

RunDirectory makeRun(const fs::path& root, const std::string& name) {
    PreparedRun prepared = prepareRun(parseConfig(tasks, "c.yaml", {"name=" + name}), root, {});
    return createRun(prepared, root, "tst_study");
}

FindRun finderOf(const RunDirectory& run) {
    return [&run](const std::string& name) -> std::optional<KnownRun> {
        if (name == run.identity().name || name == run.identity().id) return KnownRun{run.path()};
        return std::nullopt;
    };
}

QString messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

}  // namespace

class TestStudy : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void quickstartIsValid();
    void stagesAreOrderedByNumber();
    void wrongStudies();
    void stageStartsFromAnEarlierOne();
    void mergesNameStages();
    void runReferences_data();
    void runReferences();
    void filesBecomeAbsolute();
    void preparedConfigurationIsWhole();

  private:
    fs::path root() const { return m_folder->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestStudy::quickstartIsValid() {
    const Study& study = quickstartStudy();
    QVERIFY(study.stages.size() >= 2);
    QCOMPARE(parseConfig(study.stages.back().yaml, "x").config.recipe, std::string("grpo"));
    std::set<std::string> earlier;
    for (const StudyStage& stage : study.stages) {
        const ParsedConfig parsed = parseConfig(stage.yaml, stage.file);
        for (const ConfigProblem& problem : parsed.problems) QFAIL(problem.text().c_str());
        std::vector<std::string> named = mergeModels(parsed.config.merge.recipe);
        for (const std::string& name : {parsed.config.model.from, parsed.config.distillation.teacher})
            if (!name.empty()) named.push_back(name);
        QCOMPARE(named.empty(), earlier.empty());
        for (const std::string& name : named)
            QVERIFY(name.at(0) == '@' && earlier.count(name.substr(1)) == 1);
        QCOMPARE(parsed.config.study, std::string("quickstart"));
        earlier.insert(stage.name);
    }
}

void TestStudy::stagesAreOrderedByNumber() {
    for (const char* file :
         {"10-last.yaml", "2-second.yaml", "1-first-one.yaml", "notes.yaml", "3-other.txt"})
        writeFileAtomically(root() / file, tasks);
    QStringList names;
    for (const StudyStage& stage : readStudy(root()).stages) names << QString::fromStdString(stage.name);
    QCOMPARE(names, (QStringList{"first-one", "second", "last"}));
}

void TestStudy::wrongStudies() {
    QVERIFY(messageOf([&] { readStudy(root()); }).contains("holds no stage"));
    QVERIFY(messageOf([&] { readStudy(root() / "none"); }).contains("none"));
    writeFileAtomically(root() / "1-a.yaml", tasks);
    writeFileAtomically(root() / "2-a.yaml", tasks);
    QVERIFY(messageOf([&] { readStudy(root()); }).contains("two stages are called 'a'"));
}

void TestStudy::stageStartsFromAnEarlierOne() {
    const RunDirectory run = makeRun(root(), "first");
    const StudyStage stage{"second", "2-second.yaml", std::string(tasks) + "model: {from: \"@first\"}\n"};
    const std::map<std::string, fs::path> runs = {{"first", run.path()}};
    QVERIFY(messageOf([&] { resolveStage(stage, runs); }).contains("no checkpoint yet"));
    fs::create_directory_symlink("../output/checkpoint-5", run.checkpointFolder(5));
    QVERIFY(messageOf([&] { resolveStage(stage, runs); }).contains("its command has removed them"));
    makeCheckpoint(run, 10);
    makeCheckpoint(run, 200);
    const ParsedConfig parsed = resolveStage(stage, runs);
    QCOMPARE(parsed.config.model.from, run.checkpointFolder(200).string());
    QCOMPARE(prepareRun(parsed, root(), {}).parent.value_or(""), run.identity().id);
    QVERIFY(messageOf([&] { resolveStage(stage, {{"firts", run.path()}}); }).contains("did you mean firts?"));
}

void TestStudy::mergesNameStages() {
    const RunDirectory run = makeRun(root(), "first");
    makeCheckpoint(run, 10);
    const StudyStage stage{
        "both", "2-both.yaml",
        "recipe: merge\nmerge:\n  recipe: |\n    merge_method: linear  # kept\n    models:\n"
        "      - model: \"@first\"\n        parameters: {weight: 1}\n"};
    const ParsedConfig parsed = resolveStage(stage, {{"first", run.path()}});
    const std::vector<std::string> expected = {run.checkpointFolder(10).string()};
    QCOMPARE(mergeModels(parsed.config.merge.recipe), expected);
    QVERIFY(parsed.config.merge.recipe.find("# kept") != std::string::npos);
    QCOMPARE(mergeModels(prepareRun(parsed, root(), {}).config.merge.recipe), expected);
    QVERIFY(messageOf([&] { resolveStage(stage, {}); }).contains("no earlier stage is called 'first'"));
    QVERIFY(messageOf([&] {
                prepareRun(parseConfig(stage.yaml, stage.file), root(), {});
            }).contains("names a stage of a study"));
}

void TestStudy::runReferences_data() {
    QTest::addColumn<QString>("from");
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("error");
    QTest::newRow("last of a run") << "run:a@b" << 20 << "";
    QTest::newRow("a step of it") << "run:a@b@10" << 10 << "";
    QTest::newRow("unknown run") << "run:z" << 0 << "there is no run 'z'";
    QTest::newRow("unknown step") << "run:a@b@11" << 0
                                  << "has no checkpoint of step 11 (it has those of 10, 20)";
    QTest::newRow("a stage outside of a study") << "@first" << 0 << "there is no study here";
    QTest::newRow("no such folder") << "nowhere" << 0 << "there is no such checkpoint folder";
    QTest::newRow("run directory") << "RUN" << 20 << "";
    QTest::newRow("checkpoint folder") << "RUN/checkpoints/step-00000010" << 10 << "";
    QTest::newRow("file") << "RUN/config.yaml" << 0 << "is a file, and no checkpoint folder";
    QTest::newRow("adapter") << "adapter" << 0 << "it is an adapter";
    QTest::newRow("pickle") << "pickle" << 0 << "save them as safetensors";
    QTest::newRow("folder without a model")
        << "RUN/checkpoints" << 0 << "is no checkpoint: config.json is missing";
}

void TestStudy::runReferences() {
    QFETCH(QString, from);
    QFETCH(int, step);
    QFETCH(QString, error);
    const RunDirectory run = makeRun(root(), "a@b");
    makeCheckpoint(run, 10);
    makeCheckpoint(run, 20);
    for (const char* file : {"adapter/adapter_config.json", "adapter/adapter_model.safetensors",
                             "pickle/config.json", "pickle/pytorch_model.bin"}) {
        fs::create_directories((root() / file).parent_path());
        writeFileAtomically(root() / file, "{}");
    }
    from.replace("RUN", QString::fromStdString(run.path().filename().string()));
    ParsedConfig parsed = parseConfig(tasks, "c.yaml", {"model.from=" + from.toStdString()});
    const QString message = messageOf([&] {
        const PreparedRun prepared = prepareRun(parsed, root(), finderOf(run));
        QCOMPARE(prepared.config.model.from, run.checkpointFolder(step).string());
        QCOMPARE(prepared.parent.value_or(""), run.identity().id);
    });
    QVERIFY2(error.isEmpty() ? message.isEmpty() : message.contains(error), qPrintable(message));
}

void TestStudy::filesBecomeAbsolute() {
    writeFileAtomically(root() / "data.jsonl", "{\"prompt\": \"1+1=\", \"completion\": \"2\"}\n");
    const std::string yaml = "recipe: sft\ndata: {files: [{path: ./data.jsonl}]}\n";
    const PreparedRun prepared = prepareRun(parseConfig(yaml, "c.yaml"), root(), {});
    QCOMPARE(prepared.config.data.files.at(0).path, (root() / "data.jsonl").string());
    fs::remove(root() / "data.jsonl");
    QVERIFY(messageOf([&] {
                prepareRun(parseConfig(yaml, "c.yaml"), root(), {});
            }).contains("there is no such file"));
}

void TestStudy::preparedConfigurationIsWhole() {
    const PreparedRun prepared =
        prepareRun(parseConfig(tasks, "c.yaml", {"training.learning_rate=3e-4"}), root(), {});
    const ParsedConfig again = parseConfig(prepared.yaml, "config.yaml");
    QVERIFY(again.problems.empty());
    QCOMPARE(again.config.training.learning_rate, 3e-4);
    for (const Parameter& parameter : recipeSchema("sft").parameters) {
        const std::string name = parameter.path.substr(parameter.path.rfind('.') + 1) + ":";
        QVERIFY2(prepared.yaml.find(name) != std::string::npos, name.c_str());
    }
    QVERIFY(
        messageOf([&] { prepareRun(parseConfig("seed: x", "c.yaml"), root(), {}); }).contains("c.yaml:1:7"));
}

QTEST_APPLESS_MAIN(TestStudy)
#include "tst_study.moc"
