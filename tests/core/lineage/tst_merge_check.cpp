// Whether checkpoints can be merged, and what differs between two: each reason by itself.
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/lineage/lineage_difference.h"
#include "core/lineage/merge_check.h"
#include "tests/core/lineage/small_checkpoint.h"

using namespace retort;
namespace fs = std::filesystem;

class TestMergeCheck : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void findings_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("severity");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* change, const char* severity, const char* text) {
            QTest::newRow(change) << QString(change) << QString(severity) << QString(text);
        };
        row("nothing", "note", "Nearest common ancestor: base.");
        row("architecture", "error", "a and b have different architectures: llama and qwen3.");
        row("shape", "error", "a and b differ in the shape of 1 tensor(s): embed is [8, 4] and [8, 6].");
        row("tokenizer", "error", "a and b have different tokenizers");
        row("no tokenizer", "warning", "share their tokenizer is not known: b has none");
        row("dtype", "note", "The weights are stored as BF16 and F32");
        row("ancestor", "warning", "No common ancestor of these checkpoints is known.");
        row("unknown", "warning", "nothing is recorded about b");
        row("missing", "error", "b cannot be read");
        row("hash", "warning", "a and b have the same weights.");
        row("tensors", "error", "a and b do not have the same tensors: embed is not in b, and 1 more.");
    }
    void findings() {
        QFETCH(QString, change);
        QFETCH(QString, severity);
        QFETCH(QString, text);
        SmallCheckpoint b;
        if (change == "architecture") b.modelType = "qwen3";
        if (change == "shape") b.hidden = 6;
        if (change == "tokenizer") b.tokenizer = "{}";
        if (change == "no tokenizer") b.tokenizer.clear();
        if (change == "dtype") b.dtype = Dtype::BFloat16;
        const std::string pathA = makeCheckpoint(folder() / "a").string();
        const std::string pathB = makeCheckpoint(folder() / "b", b).string();
        if (change == "missing") fs::remove(folder() / "b" / "model.safetensors");
        if (change == "tensors") {
            const float value = 0;
            writeCheckpointWeights(folder() / "b", {{"other", Dtype::Float32, {1}, &value}});
        }
        const LineageGraph graph = family(change);
        const auto found = checkMergeable(graph, std::vector{pathA, pathB});
        const auto is = [&](const MergeFinding& each) {
            const char* names[] = {"error", "warning", "note"};
            return QString::fromStdString(each.text).contains(text) && severity == names[int(each.severity)];
        };
        QVERIFY2(std::any_of(found.begin(), found.end(), is), found.empty() ? "none" : found[0].text.c_str());
        QVERIFY(std::is_sorted(found.begin(), found.end(),
                               [](const auto& x, const auto& y) { return x.severity < y.severity; }));
        const auto errors = std::count_if(found.begin(), found.end(), [](const MergeFinding& each) {
            return each.severity == MergeFinding::Severity::Error;
        });
        QCOMPARE(errors > 0, severity == "error");
    }
    void oneIsTooFew() {
        const auto found = checkMergeable(LineageGraph(), std::vector<std::string>{"/nowhere"});
        QCOMPARE(found.size(), 1u);
    }

    void differences() {
        makeCheckpoint(folder() / "a");
        makeCheckpoint(folder() / "b", {.dtype = Dtype::BFloat16});
        const LineageGraph graph = family("");
        const auto configOf = [](std::int64_t run) {
            return "recipe: sft\nname: x\nseed: " + std::to_string(run) +
                   "\ndata: {tasks: [{task: addition, max_digits: " + std::to_string(run + 1) + "}]}\n";
        };
        const std::size_t a = graph.find((folder() / "a").string()).value(),
                          b = graph.find((folder() / "b").string()).value();
        const LineageDifference difference = whatDiffers(graph, a, b, configOf);
        QCOMPARE(difference.way.size(), 2u);
        QVERIFY(!difference.way[0].forward && difference.way[1].forward);
        QCOMPARE(difference.common, std::vector<std::size_t>{0});
        QCOMPARE(difference.columns, (std::vector<std::size_t>{a, b}));  // the base is no run
        const auto values = [&](const std::string& key) {
            for (const auto& row : difference.rows)
                if (row.key == key)
                    return QString::fromStdString(row.values.front() + " | " + row.values.back());
            return QString();
        };
        QCOMPARE(values("dtype"), QString("F32 | BF16"));
        QCOMPARE(values("seed"), QString("1 | 2"));
        QCOMPARE(values("data.tasks.0.max_digits"), QString("2 | 3"));
        QCOMPARE(values("architecture"), QString());
        QCOMPARE(values("name"), QString());
        QVERIFY(difference.rows.front().group == "checkpoint" &&
                difference.rows.back().group == "configuration");
        for (const auto& row : difference.rows) QCOMPARE(row.values.size(), difference.columns.size());
    }
    void unrelated() {
        const LineageGraph graph = family("alone");
        const LineageDifference difference =
            whatDiffers(graph, 1, 2, [](std::int64_t) { return std::string(); });
        QVERIFY(difference.way.empty() && difference.common.empty());
        QVERIFY(!difference.problems.empty());  // the folders are not there
    }

  private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    LineageGraph family(const QString& change) const {
        std::vector<LineageNode> nodes(3);
        const char* names[] = {"base", "a", "b"};
        for (std::size_t i = 0; i < 3; ++i) {
            nodes[i].name = names[i];
            nodes[i].key = nodes[i].path = (folder() / names[i]).string();
            if (change != "hash" || i == 0) continue;
            nodes[i].hash = "same";
        }
        if (change.isEmpty())
            for (std::size_t i = 1; i < 3; ++i) nodes[i].run = std::int64_t(i);
        if (change == "unknown") nodes.pop_back();
        std::vector<LineageEdge> edges;
        for (std::size_t i = 1; i < nodes.size() && change != "alone"; ++i)
            edges.push_back(
                {0, i, change == "ancestor" ? LineageKind::Distilled : LineageKind::Trained, {}, false, {}});
        return {nodes, edges};
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestMergeCheck)
#include "tst_merge_check.moc"
