#include <QtTest>

#include "core/config/load.h"
#include "core/config/merge_models.h"
#include "core/util/error.h"

using namespace retort;

class TestMergeModels : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void findsEveryPlace();
    void renamesAndKeepsTheRest();
    void refuses_data();
    void refuses();
    void survivesTheRoundTrip();
};

namespace {
const char* const recipe = R"(# Ümläute before, so that bytes and letters differ
merge_method: ties   # comment: model
base_model: "@pre"
models:
  - model: run:first@100
    parameters: {weight: [0.2, 0.8], density: 0.5}
  - {model: 'it''s/here', parameters: {weight: 1}}
slices:
  - sources:
      - model: "/a b/\"c\""
        layer_range: [0, 2]
tokenizer_source: base
tokenizer:
  source: /tok
  tokens:
    "<pad>": {source: {kind: zero}}
)";
}

void TestMergeModels::findsEveryPlace() {
    const std::vector<std::string> expected = {"@pre", "run:first@100", "it's/here", "/a b/\"c\"", "/tok"};
    QCOMPARE(mergeModels(recipe), expected);
    QVERIFY(mergeModels("merge_method: linear").empty());
}

void TestMergeModels::renamesAndKeepsTheRest() {
    const std::string renamed =
        withMergeModels(recipe, [](const std::string& name) { return "<" + name + ">"; });
    const std::vector<std::string> expected = {"<@pre>", "<run:first@100>", "<it's/here>", "</a b/\"c\">",
                                               "</tok>"};
    QCOMPARE(mergeModels(renamed), expected);
    QVERIFY(renamed.find("# comment: model\n") != std::string::npos);
    QVERIFY(renamed.find("parameters: {weight: [0.2, 0.8], density: 0.5}\n") != std::string::npos);
    QCOMPARE(withMergeModels(recipe, [](const std::string& name) { return name; }), std::string(recipe));
    // An anchored list is one place, however often it is used.
    const std::string anchored = "a: &m {model: x}\nb: *m\n";
    QCOMPARE(withMergeModels(anchored, [](const std::string&) { return std::string("y"); }),
             std::string("a: &m {model: \"y\"}\nb: *m\n"));
}

void TestMergeModels::refuses_data() {
    QTest::addColumn<QString>("text");
    QTest::newRow("no YAML") << "models: [";
    QTest::newRow("over several lines") << "model: one\n  two\n";
    QTest::newRow("too deep") << QString(60, '[') + QString(60, ']');
    QTest::newRow("too large") << "# " + QString(5 << 20, 'x');
}

void TestMergeModels::refuses() {
    QFETCH(QString, text);
    QVERIFY_EXCEPTION_THROWN(mergeModels(text.toStdString()), Error);
}

void TestMergeModels::survivesTheRoundTrip() {
    ParsedConfig parsed = parseConfig(
        "recipe: merge\nmerge:\n  recipe: |\n    merge_method: linear\n"
        "    models:\n\n      - model: a\n      - model: b\n",
        "m.yaml");
    QVERIFY2(parsed.problems.empty(), parsed.problems.empty() ? "" : parsed.problems[0].text().c_str());
    const std::string yaml = toYaml(parsed.config);
    QVERIFY(yaml.find("  recipe: |\n    merge_method: linear\n") != std::string::npos);
    const ParsedConfig again = parseConfig(yaml, "again.yaml");
    QVERIFY(again.problems.empty());
    QCOMPARE(again.config.merge.recipe, parsed.config.merge.recipe);
    // Texts that a block cannot hold stand in quotes, and survive, too.
    for (const char* text : {"a\n\n", " a\nb", "\na: b", "a\tb\nc", "a\nb"}) {
        parsed.config.merge.recipe = text;
        QCOMPARE(parseConfig(toYaml(parsed.config), "t.yaml").config.merge.recipe, std::string(text));
    }
    QCOMPARE(parseConfig("recipe: merge\n", "m.yaml").problems.size(), std::size_t(1));
    QCOMPARE(
        parseConfig("recipe: merge\nmerge: {recipe: 'merge_method: linear'}\n", "m.yaml").problems.size(),
        std::size_t(1));
}

QTEST_APPLESS_MAIN(TestMergeModels)
#include "tst_merge_models.moc"
