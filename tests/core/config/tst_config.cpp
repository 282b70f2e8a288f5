// What a person gets to read for a configuration that is wrong, and that hostile text costs no more than its
// length.
#include <QtTest>

#include "core/config/load.h"
#include "core/config/names.h"
#include "core/config/parameter.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;

namespace {

// A configuration with nothing wrong; tests add one thing to it.
const char* const good =
    "recipe: sft\n"
    "data:\n"
    "  tasks:\n"
    "    - task: addition\n";

QString firstProblem(const ParsedConfig& parsed) {
    return parsed.problems.empty() ? QString() : QString::fromStdString(parsed.problems.front().text());
}

std::string repeated(const std::string& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

class TestConfig : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void defaultsComeFromTheStructs();
    void recipesHaveTheirOwnDefaults();
    void problemsSayWhereAndWhat_data();
    void problemsSayWhereAndWhat();
    void contradictions_data();
    void contradictions();
    void allProblemsAreCollected();
    void overrides_data();
    void overrides();
    void wrongOverrides_data();
    void wrongOverrides();
    void hostileText_data();
    void hostileText();
    void everyPrefixAndEveryByteFlipIsSurvived();
    void loadThrowsWithTheFile();
    void namesNear_data();
    void namesNear();
    void onlyChangedLeavesOutDefaults();
};

void TestConfig::defaultsComeFromTheStructs() {
    const ParsedConfig parsed = parseConfig(good, "c.yaml");
    QCOMPARE(firstProblem(parsed), QString());
    QCOMPARE(parsed.config.training.learning_rate, TrainingSettings().learning_rate);
    QCOMPARE(parsed.config.model.hidden_size, ModelSettings().hidden_size);
    QCOMPARE(parsed.config.data.tasks.size(), std::size_t(1));
    QCOMPARE(parsed.values["training"]["learning_rate"].get<double>(), TrainingSettings().learning_rate);
    for (const RecipeSchema& schema : recipeSchemas())
        for (const Parameter& parameter : schema.parameters) {
            QVERIFY2(!parameter.help.empty(), parameter.path.c_str());
            QVERIFY2(!parameter.defaultValue.is_null(), parameter.path.c_str());
            QVERIFY2(!parameter.group.empty(), parameter.path.c_str());
        }
}

void TestConfig::recipesHaveTheirOwnDefaults() {
    QCOMPARE(recipeSchema("grpo").find("training.learning_rate")->defaultValue.get<double>(), 1e-4);
    QCOMPARE(recipeSchema("sft").find("training.learning_rate")->defaultValue.get<double>(), 1e-3);
    QVERIFY(recipeSchema("grpo").find("grpo.num_generations"));
    QVERIFY(!recipeSchema("sft").find("grpo.num_generations"));
    QVERIFY_EXCEPTION_THROWN(recipeSchema("gpro"), Error);
    const ParsedConfig parsed = parseConfig("recipe: grpo\ndata: {tasks: [{task: addition}]}\n", "c.yaml");
    QCOMPARE(parsed.config.training.lr_scheduler_type, std::string("constant"));
    QCOMPARE(parsed.config.grpo.rewards.size(), std::size_t(1));
}

void TestConfig::problemsSayWhereAndWhat_data() {
    QTest::addColumn<QString>("added");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* added, const char* expected) {
        QTest::newRow(name) << added << expected;
    };
    row("unknown key", "training:\n  learnin_rate: 1\n",
        "c.yaml:6:3: training.learnin_rate: the recipe sft has no such parameter (did you mean "
        "learning_rate?)");
    row("in the wrong section", "learning_rate: 1\n",
        "c.yaml:5:1: learning_rate: the recipe sft has no such parameter (did you mean "
        "training.learning_rate?)");
    row("far from every name", "quux: 1\n", "c.yaml:5:1: quux: the recipe sft has no such parameter");
    row("of another recipe", "grpo:\n  beta: 1\n", "c.yaml:5:1: grpo: the recipe sft has no such parameter");
    row("word for a number", "training:\n  learning_rate: fast\n",
        "c.yaml:6:18: training.learning_rate: expected a number > 0 and <= 10, found 'fast'");
    row("NaN", "training:\n  learning_rate: .nan\n",
        "c.yaml:6:18: training.learning_rate: expected a number > 0 and <= 10, found '.nan'");
    row("nan in another writing", "training:\n  learning_rate: nan\n",
        "c.yaml:6:18: training.learning_rate: expected a number > 0 and <= 10, found 'nan'");
    row("infinite", "training:\n  max_grad_norm: 1e999\n",
        "c.yaml:6:18: training.max_grad_norm: expected a number >= 0 and <= 1000000, found '1e999'");
    row("out of range", "training:\n  learning_rate: 0\n",
        "c.yaml:6:18: training.learning_rate: expected a number > 0 and <= 10, found '0'");
    row("real for an integer", "training: {max_steps: 1e-4}\n",
        "c.yaml:5:23: training.max_steps: expected an integer >= 1 and <= 1000000000, found '1e-4'");
    row("too large an integer", "seed: 99999999999999999999\n",
        "c.yaml:5:7: seed: expected an integer >= 0 and <= 9007199254740991, found '99999999999999999999'");
    row("quoted number", "seed: '3'\n",
        "c.yaml:5:7: seed: expected an integer >= 0 and <= 9007199254740991, found '3' (without quotes?)");
    row("hexadecimal", "seed: 0x10\n",
        "c.yaml:5:7: seed: expected an integer >= 0 and <= 9007199254740991, found '0x10'");
    row("yes for true", "model: {qk_norm: yes}\n",
        "c.yaml:5:18: model.qk_norm: expected true or false, found 'yes'");
    row("choice", "training: {lr_scheduler_type: cosin}\n",
        "c.yaml:5:31: training.lr_scheduler_type: expected one of constant, cosine, linear, wsd, found "
        "'cosin' (did you "
        "mean cosine?)");
    row("list for a value", "seed: [1]\n",
        "c.yaml:5:7: seed: expected an integer >= 0 and <= 9007199254740991, found a list");
    row("value for a list", "tags: fast\n",
        "c.yaml:5:7: tags: expected a list of texts, found 'fast' (write it as [fast])");
    row("wrong item", "evaluation: {pass_at: [1, two]}\n",
        "c.yaml:5:27: evaluation.pass_at.1: expected an integer >= 1 and <= 4096, found 'two'");
    row("value for a section", "training: 3\n",
        "c.yaml:5:11: training: expected a map of parameters, found '3'");
    row("nothing for a value", "name:\n",
        "c.yaml:5:1: name: expected text, found nothing (write \"\" for empty text)");
    row("duplicate key", "seed: 1\nseed: 2\n",
        "c.yaml:6:1: key 'seed' is given twice (it was given before at line 5)");
    row("misspelt in the wrong section", "lerning_rate: 1\n",
        "c.yaml:5:1: lerning_rate: the recipe sft has no such parameter (did you mean "
        "training.learning_rate?)");
    row("broken YAML", "training: [1\n",
        "c.yaml:6:1: not valid YAML: end of sequence flow not found (a [ or { is not closed)");
    row("truncated", "evaluation: {tasks: [{task: additi",
        "c.yaml:5:22: a list or map cannot be a key (a [ or { is not closed)");
    row("unquoted @", "model:\n  from: @sft\n",
        "c.yaml:6:9: not valid YAML: unknown token (put the text that begins with @ in "
        "quotes)");
    row("alias", "name: &a x\nstudy: *a\n",
        "c.yaml:6:8: aliases (*name) are not used here (write the value out)");
    row("tag", "name: !!python/object x\n",
        "c.yaml:5:7: tags (tag:yaml.org,2002:python/object) are not used here (remove the tag)");
    row("second document", "---\nseed: 3\n",
        "c.yaml:6:1: a second document in one file (keep one configuration a file)");
}

void TestConfig::problemsSayWhereAndWhat() {
    QFETCH(QString, added);
    QFETCH(QString, expected);
    const ParsedConfig parsed = parseConfig(good + added.toStdString(), "c.yaml");
    QCOMPARE(firstProblem(parsed), expected);
    QCOMPARE(parsed.problems.size(), std::size_t(1));
}

void TestConfig::contradictions_data() {
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("line");
    const QString tasks = "data: {tasks: [{task: addition}]}\n";
    QTest::newRow("heads") << tasks + "model:\n  hidden_size: 130\n"
                           << "model.hidden_size" << 3;
    QTest::newRow("odd head") << tasks + "model:\n  head_dim: 33\n"
                              << "model.head_dim" << 3;
    QTest::newRow("kv heads") << tasks + "model:\n  num_key_value_heads: 3\n"
                              << "model.num_key_value_heads" << 3;
    QTest::newRow("too long") << tasks + "training:\n  max_length: 600\n"
                              << "training.max_length" << 3;
    QTest::newRow("warm-up") << tasks + "training:\n  max_steps: 10\n"
                             << "training.warmup_steps" << 2;
    QTest::newRow("pass@4 of one") << tasks + "evaluation:\n  pass_at: [1, 4]\n"
                                   << "evaluation.pass_at.1" << 3;
    QTest::newRow("greedy samples") << tasks + "evaluation:\n  num_samples: 4\n"
                                    << "evaluation.num_samples" << 3;
    QTest::newRow("nothing to learn") << QString("seed: 1\n") << "data.tasks" << 0;
    QTest::newRow("no weight") << QString("data: {tasks: [{task: addition, weight: 0}]}\n") << "data.tasks"
                               << 1;
    QTest::newRow("same names") << QString("data:\n  tasks:\n    - task: addition\n    - task: addition\n")
                                << "data.tasks.1" << 4;
    QTest::newRow("file without a path")
        << QString("data:\n  files:\n    - weight: 2\n") << "data.files.0" << 3;
    QTest::newRow("completions a step")
        << "recipe: grpo\n" + tasks + "grpo:\n  prompts_per_step: 16384\n  num_generations: 64\n"
        << "grpo.prompts_per_step" << 4;
    QTest::newRow("length reward") << "recipe: grpo\n" + tasks +
                                          "grpo:\n  rewards:\n    - reward: length\n      cache: 99\n"
                                   << "grpo.rewards.0.cache" << 6;
}

void TestConfig::contradictions() {
    QFETCH(QString, yaml);
    QFETCH(QString, path);
    QFETCH(int, line);
    const ParsedConfig parsed = parseConfig(yaml.toStdString(), "c.yaml");
    QVERIFY2(parsed.problems.size() == 1, qPrintable(firstProblem(parsed)));
    QCOMPARE(QString::fromStdString(parsed.problems[0].path), path);
    QCOMPARE(parsed.problems[0].line, line);
}

void TestConfig::allProblemsAreCollected() {
    const ParsedConfig parsed =
        parseConfig(std::string(good) +
                        "      min_digitz: 3\ntraining: {max_steps: 0, learning_rate: x}\nnmae: a\nseed: 7\n",
                    "c.yaml");
    QStringList paths;
    for (const ConfigProblem& problem : parsed.problems) paths << QString::fromStdString(problem.path);
    QCOMPARE(paths, (QStringList{"data.tasks.0.min_digitz", "training.max_steps", "training.learning_rate",
                                 "nmae"}));
    // What was right is there, what was wrong keeps its default.
    QCOMPARE(parsed.config.seed, std::int64_t(7));
    QCOMPARE(parsed.config.training.max_steps, TrainingSettings().max_steps);
}

void TestConfig::overrides_data() {
    QTest::addColumn<QString>("override");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("json");
    QTest::newRow("number") << "training.learning_rate=3e-4"
                            << "/training/learning_rate"
                            << "0.0003";
    QTest::newRow("integer as 1e3") << "training.max_steps=1e3"
                                    << "/training/max_steps"
                                    << "1000";
    QTest::newRow("text with =") << "name=a=b"
                                 << "/name"
                                 << "\"a=b\"";
    QTest::newRow("stage") << "model.from=@sft"
                           << "/model/from"
                           << "\"@sft\"";
    QTest::newRow("empty") << "study="
                           << "/study"
                           << "\"\"";
    QTest::newRow("hash") << "name=#5"
                          << "/name"
                          << "\"#5\"";
    QTest::newRow("list") << "tags=[a, b]"
                          << "/tags"
                          << "[\"a\",\"b\"]";
    QTest::newRow("list item") << "data.tasks.0.weight=2"
                               << "/data/tasks/0/weight"
                               << "2.0";
    QTest::newRow("added item") << "data.tasks.1={task: addition, name: more}"
                                << "/data/tasks/1/name"
                                << "\"more\"";
    QTest::newRow("item of a default") << "grpo.rewards.0.weight=2"
                                       << "/grpo/rewards/0/reward"
                                       << "\"correctness\"";
}

void TestConfig::overrides() {
    QFETCH(QString, override);
    QFETCH(QString, path);
    QFETCH(QString, json);
    std::vector<std::string> list = {override.toStdString()};
    if (override.startsWith("grpo")) list.push_back("recipe=grpo");
    const ParsedConfig parsed = parseConfig(good, "c.yaml", list);
    QCOMPARE(firstProblem(parsed), QString());
    QCOMPARE(QString::fromStdString(parsed.values.at(Json::json_pointer(path.toStdString())).dump()), json);
}

void TestConfig::wrongOverrides_data() {
    QTest::addColumn<QString>("override");
    QTest::addColumn<QString>("expected");
    QTest::newRow("no value") << "name"
                              << "--set: name: expected key.path=value";
    QTest::newRow("unknown")
        << "training.learning_rat=1"
        << "--set: training.learning_rat: the recipe sft has no such parameter (did you mean "
           "training.learning_rate?)";
    QTest::newRow("range")
        << "training.max_steps=0"
        << "--set: training.max_steps: expected an integer >= 1 and <= 1000000000, found '0'";
    QTest::newRow("index")
        << "data.tasks.7.weight=1"
        << "--set: data.tasks.7.weight: data.tasks has no item 7: its 1 items count from 0, and 1 adds one";
    QTest::newRow("below a value")
        << "data.tasks.0.task.x=1"
        << "--set: data.tasks.0.task.x: data.tasks.0.task is a value, and has nothing below it";
    QStringList recipes;
    for (const RecipeSchema& schema : recipeSchemas()) recipes << QString::fromStdString(schema.name);
    QTest::newRow("recipe") << "recipe=stf"
                            << "--set: recipe: expected one of " + recipes.join(", ") +
                                   ", found 'stf' (did you mean sft?)";
}

void TestConfig::wrongOverrides() {
    QFETCH(QString, override);
    QFETCH(QString, expected);
    const ParsedConfig parsed = parseConfig(good, "c.yaml", {override.toStdString()});
    QString found = firstProblem(parsed);
    QCOMPARE(found.replace("did you mean learning_rate?", "did you mean training.learning_rate?"), expected);
}

void TestConfig::hostileText_data() {
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, std::string text) {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    };
    row("deep flow lists", "name: " + std::string(2'000'000, '['));
    row("deep flow maps", repeated("{a: ", 500'000));
    row("deep block", [] {
        std::string text;
        for (int i = 0; i < 1500; ++i) text += std::string(std::size_t(i), ' ') + "a:\n";
        return text;
    }());
    row("compact nesting", repeated("- ", 500'000));
    row("complex keys", repeated("? ", 500'000));
    row("alias bomb", "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c]\n");
    row("many anchors", repeated("- &a x\n", 300'000));
    row("many values", "tags: [" + repeated("x,", 600'000) + "]");
    row("many keys", [] {
        std::string text;
        for (int i = 0; i < 200'000; ++i) text.append("k").append(std::to_string(i)).append(": 1\n");
        return text;
    }());
    row("too large", std::string(5u << 20, '#'));
    row("one long word", std::string(3u << 20, 'x'));
    row("not UTF-8", "name: a\xff\xfe\n");
    row("UTF-16", std::string("\xff\xfer\0e\0c\0", 8));
    row("NUL", std::string("name: \"a\\0b\"\n"));
    row("binary", [] {
        std::string text;
        for (int i = 0; i < 100'000; ++i) text += char(i * 7919 >> 3);
        return text;
    }());
    row("a list", "- a\n- b\n");
    row("a word", "hello");
}

void TestConfig::hostileText() {
    QFETCH(QByteArray, text);
    const ParsedConfig parsed = parseConfig(text.toStdString(), "c.yaml");
    QVERIFY(!parsed.problems.empty());
    QVERIFY(parsed.problems.size() <= 100);
    for (const ConfigProblem& problem : parsed.problems) QVERIFY(problem.text().size() < 1000);
    QCOMPARE(parsed.config.recipe, std::string("sft"));
}

void TestConfig::everyPrefixAndEveryByteFlipIsSurvived() {
    const std::string text = toYaml(parseConfig(good, "c.yaml").config);
    for (std::size_t length = 0; length < text.size(); length += 7)
        parseConfig(text.substr(0, length), "c.yaml");
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::string broken = text;
        broken[i] = char(broken[i] ^ char(1 << (i % 8)));
        parseConfig(broken, "c.yaml");
    }
}

void TestConfig::loadThrowsWithTheFile() {
    QTemporaryDir folder;
    const std::string file = folder.filePath("bad.yaml").toStdString();
    writeFileAtomically(file, "recipe: sft\nseed: x\nsead: 2\n");
    try {
        loadConfig(file);
        QFAIL("no error");
    } catch (const Error& error) {
        const QString text = error.what();
        QVERIFY2(text.contains("bad.yaml:2:7: seed") && text.contains("bad.yaml:3:1: sead"), error.what());
    }
    QVERIFY_EXCEPTION_THROWN(loadConfig(folder.filePath("none.yaml").toStdString()), Error);
    QVERIFY_EXCEPTION_THROWN(loadConfig(folder.path().toStdString()), Error);
}

void TestConfig::namesNear_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("nearest");
    QTest::newRow("letter missing") << "learning_rat"
                                    << "learning_rate";
    QTest::newRow("swapped") << "bata"
                             << "beta";
    QTest::newRow("transposed") << "btea"
                                << "beta";
    QTest::newRow("case") << "Beta"
                          << "beta";
    QTest::newRow("hyphen") << "learning-rate"
                            << "learning_rate";
    QTest::newRow("another word") << "optimizer"
                                  << "";
    QTest::newRow("empty") << ""
                           << "";
}

void TestConfig::namesNear() {
    QFETCH(QString, name);
    QFETCH(QString, nearest);
    QCOMPARE(QString::fromStdString(nearestName(name.toStdString(), {"learning_rate", "beta", "seed"})),
             nearest);
    QCOMPARE(editDistance("abcd", "abdc"), std::size_t(1));
    QCOMPARE(editDistance("", "abc"), std::size_t(3));
}

void TestConfig::onlyChangedLeavesOutDefaults() {
    const ParsedConfig parsed =
        parseConfig(std::string(good) + "training: {learning_rate: 2e-4}\n", "c.yaml");
    QCOMPARE(
        QString::fromStdString(toYaml("sft", parsed.values, true)),
        QString("recipe: sft\ndata:\n  tasks:\n    - task: addition\ntraining:\n  learning_rate: 2e-04\n"));
}

QTEST_APPLESS_MAIN(TestConfig)
#include "tst_config.moc"
