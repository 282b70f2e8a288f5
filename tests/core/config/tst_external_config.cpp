// The recipe "external": what contradicts itself, and what becomes of the files that it names.
#include <QTemporaryDir>
#include <QtTest>

#include "core/config/launch.h"
#include "core/config/references.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

class TestExternalConfig : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void contradictions_data();
    void contradictions();
    void filesAndFolderAreFound();
    void missingFileIsNamed();
    void filesAreMappedForAnotherMachine();
    void needsNeitherModelNorData();
};

void TestExternalConfig::contradictions_data() {
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("path");  // empty: all is well
    const auto row = [](const char* name, const char* yaml, const char* path) {
        QTest::newRow(name) << QString::fromUtf8(yaml) << QString::fromUtf8(path);
    };
    row("a command", "{command: [true]}", "");
    row("a shell line", "{shell: 'echo $HOME | cat'}", "");
    row("neither", "{grace: 3}", "external.command");
    row("both", "{command: [true], shell: 'true'}", "external.shell");
    row("empty program", "{command: ['', x]}", "external.command.0");
    row("environment", "{shell: x, environment: [A=1, _B2=, 'C=a=b c']}", "");
    row("no variable", "{shell: x, environment: [A=1, B]}", "external.environment.1");
    row("name with a digit first", "{shell: x, environment: [1A=2]}", "external.environment.0");
    row("name with a space", "{shell: x, environment: ['A B=2']}", "external.environment.0");
    row("our own variable", "{shell: x, environment: [RETORT_RUN_DIR=/tmp]}", "external.environment.0");
    row("logging switched off", "{shell: x, environment: [RETORT_LOG=0]}", "");
    row("files", "{shell: x, files: [a/train.py, b/data.jsonl]}", "");
    row("files of one name", "{shell: x, files: [a/train.py, b/train.py]}", "external.files.1");
    row("folder and file of one name", "{shell: x, files: [lib/, x/lib]}", "external.files.1");
    row("the folder itself", "{shell: x, files: [.]}", "external.files.0");
    row("columns", "{shell: x, columns: 'step=iteration'}", "");
    row("unknown column", "{shell: x, columns: 'epoch=iteration'}", "external.columns");
    row("grace below zero", "{shell: x, grace: -1}", "external.grace");
    row("unknown signal", "{shell: x, checkpoint_signal: HUP}", "external.checkpoint_signal");
    row("unknown parameter", "{shell: x, comand: [y]}", "external.comand");
}

void TestExternalConfig::contradictions() {
    QFETCH(QString, yaml);
    QFETCH(QString, path);
    const ParsedConfig parsed =
        parseConfig("recipe: external\nexternal: " + yaml.toStdString() + "\n", "c.yaml");
    if (path.isEmpty()) {
        QVERIFY2(parsed.problems.empty(), parsed.problems.empty() ? "" : parsed.problems[0].text().c_str());
        return;
    }
    QCOMPARE(parsed.problems.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(parsed.problems[0].path), path);
    QVERIFY(!parsed.problems[0].message.empty());
}

void TestExternalConfig::filesAndFolderAreFound() {
    QTemporaryDir home;
    const fs::path base = fs::canonical(home.path().toStdString());
    fs::create_directories(base / "lib");
    writeFileAtomically(base / "lib" / "train.py", "pass\n");
    const PreparedRun prepared = prepareRun(
        parseConfig("recipe: external\nexternal: {shell: x, files: [lib/train.py, lib/], folder: lib}\n",
                    "c.yaml"),
        base, [](const std::string&) { return std::nullopt; });
    QCOMPARE(prepared.config.external.files.at(0), (base / "lib" / "train.py").string());
    QCOMPARE(fs::path(prepared.config.external.files.at(1)), base / "lib/");
    QCOMPARE(prepared.config.external.folder, (base / "lib").string());
    const PreparedRun home2 =
        prepareRun(parseConfig("recipe: external\nexternal: {shell: x, folder: ~/there}\n", "c.yaml"), base,
                   [](const std::string&) { return std::nullopt; });
    QCOMPARE(home2.config.external.folder, std::string("~/there"));
}

void TestExternalConfig::missingFileIsNamed() {
    QTemporaryDir home;
    try {
        prepareRun(parseConfig("recipe: external\nexternal: {shell: x, files: [nowhere.py]}\n", "c.yaml"),
                   home.path().toStdString(), [](const std::string&) { return std::nullopt; });
        QFAIL("it was found");
    } catch (const Error& error) {
        QVERIFY(error.where().ends_with("nowhere.py"));
        QVERIFY(QString::fromStdString(error.what()).contains(QStringLiteral("external.files")));
    }
}

void TestExternalConfig::filesAreMappedForAnotherMachine() {
    ParsedConfig parsed =
        parseConfig("recipe: external\nexternal: {shell: x, files: [/a/train.py, /a/lib]}\n", "c.yaml");
    std::vector<std::string> places;
    mapReferences(parsed.values, recipeSchema("external"),
                  {[&](const std::string& name, const std::string& path) {
                       places.push_back(path);
                       return "/there" + name;
                   },
                   [](const std::string& name) { return name; }});
    const ParsedConfig there = parseConfig(toYaml("external", parsed.values, false), "there.yaml");
    QVERIFY(there.problems.empty());
    QCOMPARE(there.config.external.files, (std::vector<std::string>{"/there/a/train.py", "/there/a/lib"}));
    QCOMPARE(places, (std::vector<std::string>{"external.files", "external.files"}));
    QVERIFY(!parsed.values.contains("data"));
}

void TestExternalConfig::needsNeitherModelNorData() {
    const RecipeSchema& schema = recipeSchema("external");
    QVERIFY(schema.find("model.from"));
    QCOMPARE(schema.find("model.from")->defaultValue, Json(""));
    QVERIFY(!schema.find("model.hidden_size"));
    QVERIFY(!schema.find("data.tasks"));
    QVERIFY(schema.find("external.command"));
    QVERIFY(schema.find("seed"));
    // The form's default value and the configuration's are one.
    QCOMPARE(schema.find("external.grace")->defaultValue, Json(30));
}

QTEST_GUILESS_MAIN(TestExternalConfig)
#include "tst_external_config.moc"
