// From what is written down (configurations, lineage.json, mergekit's files, model cards, adapters) to the
// graph.
#include <QTemporaryDir>
#include <QTest>

#include "core/lineage/lineage_builder.h"
#include "tests/core/lineage/small_checkpoint.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

/// "trained /a, distilled /b (teacher)"
QString asText(const std::vector<LineageLink>& links) {
    QStringList list;
    for (const LineageLink& link : links) {
        QString text = QString("%1 %2").arg(lineageKindName(link.kind), QString::fromStdString(link.parent));
        if (link.weight) text += QString(" *%1").arg(*link.weight);
        if (link.isBase) text += " base";
        if (!link.detail.empty()) text += " (" + QString::fromStdString(link.detail) + ")";
        list << text;
    }
    return list.join(", ");
}

/// "parent>child kind" of all edges, sorted.
QStringList edgesOf(const LineageGraph& graph) {
    QStringList list;
    for (const LineageEdge& edge : graph.edges())
        list << QString("%1>%2 %3")
                    .arg(QString::fromStdString(graph.nodes()[edge.parent].key),
                         QString::fromStdString(graph.nodes()[edge.child].key), lineageKindName(edge.kind));
    list.sort();
    return list;
}

LineageRun makeRun(const std::string& name, std::vector<std::int64_t> steps,
                   std::vector<LineageLink> links = {}) {
    LineageRun run;
    run.id = std::int64_t(name[0]);
    run.uuid = "uuid-" + name;
    run.name = name;
    run.recipe = "sft";
    run.directory = "/runs/dir-" + name;
    for (const std::int64_t step : steps) {
        char folder[40];
        std::snprintf(folder, sizeof folder, "/checkpoints/step-%08lld", static_cast<long long>(step));
        run.checkpoints.push_back({step, run.directory + folder, 0});
    }
    run.links = std::move(links);
    return run;
}

}  // namespace

class TestLineageSources : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void configurations_data() {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* yaml, const char* expected) {
            QTest::newRow(name) << QString(yaml) << QString(expected);
        };
        row("from nothing", "recipe: pretrain\nmodel: {from: ''}\n", "");
        row("supervised", "recipe: sft\nmodel: {from: /a}\n", "trained /a");
        row("relative", "model: {from: ../base/}\n", "trained /lab/base");
        row("LoRA", "model: {from: /a}\nlora: {r: 8, from: /l}\n",
            "trained /a (LoRA, r = 8), adapter /l (adapter)");
        row("distillation", "model: {from: /a}\ndistillation: {teacher: /t, reference: /r}\n",
            "trained /a, distilled /t (teacher)");
        row("reinforcement",
            "grpo:\n  teacher: /t\n  rewards:\n    - {reward: reward_model, path: /rm}\n    - {reward: "
            "correctness}\n",
            "distilled /t (teacher), judged /rm (reward_model)");
        row("values", "ppo: {value_from: /v}\n", "judged /v (value model)");
        row("merge",
            "merge:\n  recipe: |\n    merge_method: linear\n    models:\n      - {model: /x, parameters: "
            "{weight: 0.5}}\n"
            "      - {model: 'run:b@3'}\n    base_model: org/name\n",
            "merged /x *0.5 (linear), merged run:b@3 (linear), merged hub:org/name base (linear)");
        row("nothing", "", "");
        row("not a map", "[1, 2]", "");
        row("broken", "model: {from: [", "");
        row("of another type", "model: [from]\nlora: 3\ngrpo: {rewards: {a: b}}\n", "");
    }
    void configurations() {
        QFETCH(QString, yaml);
        QFETCH(QString, expected);
        QCOMPARE(asText(lineageOfConfig(yaml.toStdString(), "/lab/run").links), expected);
    }
    void badRecipeIsTold() {
        const RunLineage lineage = lineageOfConfig("model: {from: /a}\nmerge: {recipe: 'models: 3'}\n", "/");
        QCOMPARE(asText(lineage.links), QString("trained /a"));
        QVERIFY(QString::fromStdString(lineage.problem).contains("names no models"));
    }

    void folders_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* file, const char* text, const char* expected) {
            QTest::newRow(name) << QString(file) << QString(text) << QString(expected);
        };
        row("our record", "lineage.json",
            "{\"method\": \"ties\", \"parents\": [{\"kind\": \"merged\", \"path\": \"/a\", \"weight\": 2}]}",
            "merged /a *2 (ties)");
        row("mergekit", "mergekit_config.yml", "merge_method: slerp\nmodels: [{model: org/a}, {model: /b}]\n",
            "merged hub:org/a (slerp), merged /b (slerp)");
        row("card with mergekit's recipe", "README.md",
            "---\nbase_model: [x/y]\n---\n# Merge\n```yaml\nfoo: 1\n```\ntext\n```yaml\nmerge_method: "
            "dare_ties\nmodels:\n  - model: org/a+org/l\n```\n",
            "merged hub:org/a (dare_ties), adapter hub:org/l (adapter of org/a)");
        row("card", "README.md", "---\nlicense: mit\nbase_model: org/base\n---\ntext",
            "trained hub:org/base");
        row("card of a merge", "README.md", "---\nbase_model:\n- a/b\n- c/d\n---\n",
            "merged hub:a/b, merged hub:c/d");
        row("card with a relation", "README.md", "---\nbase_model: gpt2\nbase_model_relation: adapter\n---\n",
            "adapter hub:gpt2 (adapter)");
        row("card without", "README.md", "# A model\n", "");
        row("card cut off", "README.md", "---\nbase_model: a", "");
        row("nothing", "other.txt", "", "");
    }
    void folders() {
        QFETCH(QString, file);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        makeCheckpoint(folder());
        writeFileAtomically(folder() / file.toStdString(), text.toStdString());
        const FolderLineage lineage = lineageOfFolder(folder());
        QCOMPARE(asText(lineage.links), expected);
        QVERIFY2(lineage.problem.empty(), lineage.problem.c_str());
        QVERIFY(lineage.state == FolderLineage::State::Checkpoint);
        QCOMPARE(QString::fromStdString(lineage.source), expected.isEmpty() ? QString() : file);
    }
    void adapterFolder() {
        writeFileAtomically(folder() / "adapter_config.json", "{\"base_model_name_or_path\": \"org/base\"}");
        const FolderLineage lineage = lineageOfFolder(folder());
        QVERIFY(lineage.state == FolderLineage::State::Adapter);
        QCOMPARE(asText(lineage.links), QString("adapter hub:org/base (adapter)"));
    }
    void damagedFilesAreTold_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"lineage.json", "mergekit_config.yml"}) QTest::newRow(file) << QString(file);
    }
    void damagedFilesAreTold() {
        QFETCH(QString, file);
        makeCheckpoint(folder());
        writeFileAtomically(folder() / file.toStdString(), "[{");
        const FolderLineage lineage = lineageOfFolder(folder());
        QVERIFY(lineage.links.empty());
        QVERIFY(QString::fromStdString(lineage.problem).contains(file));
    }
    void missingFolder() {
        QVERIFY(lineageOfFolder(folder() / "gone").state == FolderLineage::State::Missing);
        QVERIFY(lineageOfFolder(folder()).state == FolderLineage::State::Missing);  // empty
    }

    // --- the graph ---

    void runsAreTheirUsedCheckpoints() {
        LineageInput input;
        input.runs = {
            makeRun("a", {100, 200, 300}),
            makeRun("b", {50},
                    {{LineageKind::Trained, "/runs/dir-a/checkpoints/step-00000200", {}, {}, false, {}}}),
            makeRun("c", {})};
        input.runs[0].evaluations = {{100, "x", 0.1}, {200, "x", 0.5}, {200, "y", 1}, {300, "x", 0.9}};
        const LineageGraph graph = buildLineage(input);
        QCOMPARE(edgesOf(graph),
                 (QStringList{
                     "/runs/dir-a/checkpoints/step-00000200>/runs/dir-a/checkpoints/step-00000300 resumed",
                     "/runs/dir-a/checkpoints/step-00000200>/runs/dir-b/checkpoints/step-00000050 trained"}));
        QCOMPARE(graph.nodes().size(), 4u);
        const LineageNode& last = graph.nodes()[graph.find("/runs/dir-a/checkpoints/step-00000300").value()];
        QCOMPARE(last.otherSteps, std::vector<std::int64_t>{100});
        QCOMPARE(graph.nodes()[graph.find("/runs/dir-a/checkpoints/step-00000200").value()].accuracy(),
                 std::optional(0.75));
        QVERIFY(graph.find("run:uuid-c"));
    }

    void namesAreResolved_data() {
        QTest::addColumn<QString>("parent");
        QTest::addColumn<QString>("hash");
        QTest::addColumn<QString>("expected");
        const QString a3 = "/runs/dir-a/checkpoints/step-00000003";
        QTest::newRow("by name: the last checkpoint") << "run:a"
                                                      << ""
                                                      << "/runs/dir-a/checkpoints/step-00000007";
        QTest::newRow("by name and step") << "run:a@3"
                                          << "" << a3;
        QTest::newRow("by id") << "run:uuid-a@3"
                               << "" << a3;
        QTest::newRow("an unknown run") << "run:zz"
                                        << ""
                                        << "run:zz";
        QTest::newRow("an unknown step") << "run:a@4"
                                         << ""
                                         << "run:a@4";
        QTest::newRow("its adapter") << a3 + "/adapter"
                                     << "" << a3;
        QTest::newRow("a lab that moved") << "/old/place/runs/dir-a/checkpoints/step-00000003"
                                          << "" << a3;
        QTest::newRow("a folder that moved") << "/old/merged" << QString(32, 'b') << "/models/merged";
        QTest::newRow("a folder that is gone") << "/old/merged"
                                               << ""
                                               << "/old/merged";
        QTest::newRow("a hub") << "hub:org/x"
                               << ""
                               << "hub:org/x";
    }
    void namesAreResolved() {
        QFETCH(QString, parent);
        QFETCH(QString, hash);
        QFETCH(QString, expected);
        LineageInput input;
        input.runs = {
            makeRun("a", {3, 7}),
            makeRun("b", {1},
                    {{LineageKind::Distilled, parent.toStdString(), hash.toStdString(), {}, false, {}}})};
        input.folders = {{"/models/merged", FolderLineage::State::Checkpoint, {}, {}, {}, 0, {}}};
        input.hashes["/models/merged"] = std::string(32, 'b');
        const LineageGraph graph = buildLineage(input);
        const QStringList found = edgesOf(graph).filter("distilled");
        QCOMPARE(found, QStringList{expected + ">/runs/dir-b/checkpoints/step-00000001 distilled"});
    }

    // The run's own word (run.json) where even the directory has another name.
    void parentRunByIdentity() {
        LineageInput input;
        input.runs = {
            makeRun("a", {3}),
            makeRun("b", {1}, {{LineageKind::Trained, "/x/y/checkpoints/step-00000003", {}, {}, false, {}}})};
        input.runs[1].parentRun = "uuid-a";
        QCOMPARE(edgesOf(buildLineage(input)),
                 QStringList{
                     "/runs/dir-a/checkpoints/step-00000003>/runs/dir-b/checkpoints/step-00000001 trained"});
    }

    void evaluationsBelongToTheirCheckpoint() {
        LineageInput input;
        input.runs = {
            makeRun("a", {3}),
            makeRun("e", {},
                    {{LineageKind::Trained, "/runs/dir-a/checkpoints/step-00000003", {}, {}, false, {}}})};
        input.runs[1].recipe = "evaluate";
        input.runs[1].evaluations = {{0, "x", 0.25}};
        const LineageGraph graph = buildLineage(input);
        QCOMPARE(graph.nodes().size(), 1u);
        QCOMPARE(graph.nodes()[0].accuracy(), std::optional(0.25));
    }

    void mergedFolders() {
        LineageInput input;
        input.runs = {makeRun("a", {3}), makeRun("b", {4})};
        input.folders = {
            {"/merged",
             FolderLineage::State::Checkpoint,
             "ties",
             "lineage.json",
             {},
             0,
             {{LineageKind::Merged, "/runs/dir-a/checkpoints/step-00000003", {}, 0.3, false, "ties"},
              {LineageKind::Merged, "/runs/dir-b/checkpoints/step-00000004", {}, 0.7, false, "ties"},
              {LineageKind::Merged, "/gone", {}, {}, true, "ties"}}},
            {"/unused", FolderLineage::State::Missing, {}, {}, {}, 0, {}}};
        const LineageGraph graph = buildLineage(input);
        QCOMPARE(edgesOf(graph).size(), 3);
        QCOMPARE(graph.nodes().size(), 4u);
        QVERIFY(graph.nodes()[graph.find("/gone").value()].kind == LineageNode::Kind::Missing);
        QVERIFY(!graph.find("/unused"));
        QCOMPARE(graph.nodes()[graph.find("/merged").value()].method, std::string("ties"));
    }

    // Two records that each claim to come from the other.
    void cyclesAreBroken() {
        LineageInput input;
        for (const char* path : {"/a", "/b"})
            input.folders.push_back(
                {path,
                 FolderLineage::State::Checkpoint,
                 {},
                 {},
                 {},
                 0,
                 {{LineageKind::Trained, path[1] == 'a' ? "/b" : "/a", {}, {}, false, {}}}});
        const LineageGraph graph = buildLineage(input);
        QCOMPARE(graph.edges().size(), 1u);
        QCOMPARE(graph.problems().size(), 1u);
    }

  private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestLineageSources)
#include "tst_lineage_sources.moc"
