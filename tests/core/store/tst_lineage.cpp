// The store's part of the lineage: edges of runs and folders are indexed as they come, found again after a
// reindex and in a store that an earlier version wrote, and a content hash counts as long as its files are
// the same.
#include <QTest>

#include "core/lineage/lineage_record.h"
#include "core/runlog/writer.h"
#include "core/store/store_file.h"
#include "tests/core/lineage/small_checkpoint.h"
#include "tests/core/store/store_fixture.h"

namespace fs = std::filesystem;
using namespace retort;

namespace {

/// A run that says where it starts from, with one checkpoint.
RunDirectory makeTrained(const StoreFolder& folder, const std::string& name, const std::string& config) {
    RunIdentity identity;
    identity.id = "00000000-0000-4000-8000-00000000000" + name;
    identity.name = name;
    identity.recipe = "sft";
    identity.created = 1000 + name[0];
    const RunDirectory run =
        RunDirectory::create(folder.path() / "runs", name, "recipe: sft\n" + config, identity);
    RunLogWriter log(run.eventsFile());
    log.write(StartEvent{1, 0, 10, 1, "here", "test"});
    log.write(CheckpointEvent{10, "checkpoints/step-00000010"});
    log.write(EvaluationEvent{10, "addition", "x", {{"accuracy", 0.5}}, {}});
    log.write(EndEvent{"finished", ""});
    log.sync();
    return run;
}

/// "parent>child kind", by names.
QStringList edgesOf(const fs::path& store) {
    const LineageGraph graph = StoreReader(store).lineage();
    QStringList list;
    for (const LineageEdge& edge : graph.edges())
        list << QString("%1>%2 %3")
                    .arg(QString::fromStdString(graph.nodes()[edge.parent].name),
                         QString::fromStdString(graph.nodes()[edge.child].name), lineageKindName(edge.kind));
    list.sort();
    return list;
}

}  // namespace

class TestStoreLineage : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void runsAndFolders() {
        const StoreFolder folder;
        const fs::path base = makeCheckpoint(folder / "base"), merged = makeCheckpoint(folder / "merged");
        const RunDirectory a = makeTrained(folder, "1", "model: {from: " + base.string() + "}\n");
        const RunDirectory b =
            makeTrained(folder, "2", "model: {from: " + a.checkpointFolder(10).string() + "}\n");
        writeLineageRecord(merged, {"ties",
                                    {{LineageKind::Merged, a.checkpointFolder(10), {}, 0.5, false},
                                     {LineageKind::Merged, b.checkpointFolder(10), {}, 0.5, false}},
                                    "",
                                    0,
                                    ""});
        {
            StoreWriter writer(folder.file());
            int told = 0;
            writer.onChange([&told](const StoreChange& change) { told += change.lineageChanged; });
            for (const RunDirectory& run : {a, b}) writer.ingest(writer.addRun(run, "").get()).get();
            QVERIFY(told >= 2);
            const int before = told;
            writer.addLineageFolder(merged).get();
            QCOMPARE(told, before + 1);
        }
        const QStringList expected{"1>2 trained", "1>merged merged", "2>merged merged", "base>1 trained"};
        QCOMPARE(edgesOf(folder.file()), expected);
        const LineageGraph graph = StoreReader(folder.file()).lineage();
        QCOMPARE(graph.nodes()[graph.find(a.checkpointFolder(10).string()).value()].accuracy(),
                 std::optional(0.5));

        // Again, and from nothing.
        StoreWriter(folder.file()).reindex(folder.path() / "runs").get();
        QCOMPARE(edgesOf(folder.file()), expected);
        const fs::path fresh = folder / "fresh.db";
        StoreWriter(fresh).reindex(folder.path() / "runs").get();
        QCOMPARE(edgesOf(fresh),
                 (QStringList{"1>2 trained", "base>1 trained"}));  // nobody names the merged one
    }

    // The configuration was changed by hand: reindex reads it again.
    void reindexReadsAgain() {
        const StoreFolder folder;
        const fs::path a = makeCheckpoint(folder / "a"), b = makeCheckpoint(folder / "b");
        const RunDirectory run = makeTrained(folder, "1", "model: {from: " + a.string() + "}\n");
        StoreWriter writer(folder.file());
        writer.ingest(writer.addRun(run, "").get()).get();
        QCOMPARE(edgesOf(folder.file()), QStringList{"a>1 trained"});
        writeFileAtomically(run.configFile(), "recipe: sft\nmodel: {from: " + b.string() + "}\n");
        writer.reindex(folder.path() / "runs").get();
        QCOMPARE(edgesOf(folder.file()), QStringList{"b>1 trained"});
    }

    // Of a folder that is gone, what was known stays.
    void goneFolderKeepsItsParents() {
        const StoreFolder folder;
        const fs::path base = makeCheckpoint(folder / "base"), merged = makeCheckpoint(folder / "merged");
        writeLineageRecord(merged, {"linear", {{LineageKind::Merged, base, {}, 1.0, false}}, "", 0, ""});
        const RunDirectory run = makeTrained(folder, "1", "model: {from: " + merged.string() + "}\n");
        StoreWriter writer(folder.file());
        writer.ingest(writer.addRun(run, "").get()).get();
        const QStringList expected{"base>merged merged", "merged>1 trained"};
        QCOMPARE(edgesOf(folder.file()), expected);
        fs::remove_all(merged);
        writer.reindex(folder.path() / "runs").get();
        QCOMPARE(edgesOf(folder.file()), expected);
    }

    void olderStoreIsRead() {
        const StoreFolder folder;
        const fs::path base = makeCheckpoint(folder / "base");
        const RunDirectory run = makeTrained(folder, "1", "model: {from: " + base.string() + "}\n");
        {
            StoreWriter writer(folder.file());
            writer.ingest(writer.addRun(run, "").get()).get();
        }
        Database(folder.file(), Database::Mode::ReadWrite)
            .execute("DELETE FROM lineage_edges; UPDATE runs SET lineage_version = 0");
        QVERIFY(edgesOf(folder.file()).empty());
        { StoreWriter writer(folder.file()); }
        QCOMPARE(edgesOf(folder.file()), QStringList{"base>1 trained"});
    }

    void noCheckpointIsRefused() {
        const StoreFolder folder;
        StoreWriter writer(folder.file());
        QVERIFY(
            contains(errorOf([&] { writer.addLineageFolder(folder.path()).get(); }), "holds no checkpoint"));
        QVERIFY(contains(errorOf([&] { writer.addLineageFolder(folder / "gone").get(); }),
                         "holds no checkpoint"));
        QVERIFY(edgesOf(folder.file()).empty());
    }

    void contentHashes() {
        const StoreFolder folder;
        const fs::path base = makeCheckpoint(folder / "base");
        StoreWriter writer(folder.file());
        writer.addLineageFolder(base).get();
        StoreReader reader(folder.file());
        QCOMPARE(reader.contentHashOf(base), std::string());
        writer.setContentHash(base, contentHash(base)).get();
        QCOMPARE(reader.contentHashOf(base), contentHash(base));
        QCOMPARE(reader.lineage().nodes().at(0).hash, contentHash(base));
        makeCheckpoint(base, {.hidden = 6});
        QCOMPARE(reader.contentHashOf(base), std::string());
        QCOMPARE(reader.lineage().nodes().at(0).hash, std::string());
        fs::remove(base / "model.safetensors");
        QVERIFY(contains(errorOf([&] { reader.contentHashOf(base); }), "holds no safetensors"));
    }

    // Folders that name each other.
    void cyclesEnd() {
        const StoreFolder folder;
        const fs::path a = makeCheckpoint(folder / "a"), b = makeCheckpoint(folder / "b");
        writeLineageRecord(a, {"", {{LineageKind::Trained, b, {}, {}, false}}, "", 0, ""});
        writeLineageRecord(b, {"", {{LineageKind::Trained, a, {}, {}, false}}, "", 0, ""});
        StoreWriter(folder.file()).addLineageFolder(a).get();
        QCOMPARE(edgesOf(folder.file()).size(), 1);
        QCOMPARE(StoreReader(folder.file()).lineage().problems().size(), 1u);
    }
};

QTEST_APPLESS_MAIN(TestStoreLineage)
#include "tst_lineage.moc"
