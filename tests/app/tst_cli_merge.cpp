// retort-cli merge: what it prints, how it ends, what it leaves behind.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "../training/merging/tiny_checkpoint.h"
#include "cli_process.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

class TestCliMerge : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_home = std::make_unique<QTemporaryDir>();
        TinyCheckpoint().write(path("one"), 1);
        TinyCheckpoint().write(path("two"), 2);
        recipe(
            "merge_method: linear\nmodels: [{model: one, parameters: {weight: 1}}, {model: two, parameters: "
            "{weight: 0.5}}]\n");
    }

    void knownRecipes() {
        const CliResult swap = cli({"merge-recipe", "layer-swap", file("one"), file("two"), "--layers", "2"});
        QVERIFY2(swap.status == 0, swap.err.constData());
        recipe(swap.out.toStdString());
        QCOMPARE(cli({"merge", file("r.yml"), "--dry-run"}).status, 0);
        TinyCheckpoint().write(path("three"), 3);
        const CliResult actor =
            cli({"merge-recipe", "balanced-actor", "one", "two", "three", "--alpha", "0.25"});
        QCOMPARE(actor.status, 0);
        recipe(actor.out.toStdString());
        QCOMPARE(cli({"merge", file("r.yml"), "--out", file("actor")}).status, 0);
        QCOMPARE(cli({"merge-recipe", "layer-swap", "one", "two", "three"}).status, 1);
        QCOMPARE(cli({"merge-recipe", "no-such", "one", "two", "three"}).status, 1);
    }

    /// Packed and got back: right where the mask has ones, the base where it has none.
    void packsExperts() {
        TinyCheckpoint().write(path("three"), 3);
        const CliResult packed = cli({"merge-pack", file("one"), "b=" + file("two"), file("three"), "--out",
                                      file("packed"), "--lambda", "0.5", "--json"});
        QVERIFY2(packed.status == 0, packed.err.constData());
        const QJsonObject said = QJsonDocument::fromJson(packed.out).object();
        const double weights = said.value("weights").toDouble();
        QCOMPARE(said.value("bytes").toDouble(), weights * (32 + 2) / 8);
        QCOMPARE(said.value("bytes_separate").toDouble(), weights * 64 / 8);

        const CliResult back = cli({"merge-unpack", file("packed"), "b", "--out", file("back")});
        QVERIFY2(back.status == 0, back.err.constData());
        const auto base = readTiny(path("one")), b = readTiny(path("two")), c = readTiny(path("three")),
                   got = readTiny(path("back"));
        QCOMPARE(got.size(), base.size());
        std::size_t ones = 0, all = 0;
        for (const auto& [name, tensor] : base) {
            for (std::size_t i = 0; i < tensor.values.size(); ++i, ++all) {
                const float start = tensor.values[i], own = b.at(name).values[i] - start,
                            sum = own + (c.at(name).values[i] - start);
                const bool kept = std::abs(own) > 0.5f * std::abs(sum - own);
                ones += kept;
                QCOMPARE(got.at(name).values[i], start + (kept ? sum : 0.0f));
            }
        }
        QVERIFY(ones > 0 && ones < all);
        QCOMPARE(said.value("experts").toArray().at(0).toObject().value("kept").toDouble(),
                 double(ones) / double(all));
        QVERIFY(fs::exists(path("back") / "config.json") && fs::exists(path("back") / "lineage.json"));

        QCOMPARE(cli({"merge-unpack", file("packed"), "c", "--out", file("c")}).status,
                 1);  // it is called "three"
        QCOMPARE(cli({"merge-unpack", file("packed"), "b", "--out", file("back")}).status, 1);  // exists
        QCOMPARE(cli({"merge-unpack", file("one"), "b", "--out", file("d")}).status, 1);  // is not packed
        QCOMPARE(cli({"merge-pack", file("one"), file("two"), file("two"), "--out", file("e")}).status, 1);
        TinyCheckpoint other;
        other.hidden = 8;
        other.write(path("other"), 4);
        QCOMPARE(cli({"merge-pack", file("one"), file("two"), file("other"), "--out", file("f")}).status, 1);
        for (const char* name : {"c", "d", "e", "f"}) QVERIFY(!fs::exists(path(name)));
    }

    void merges() {
        const CliResult result = cli({"merge", file("r.yml"), "--out", file("out"), "--json"});
        QVERIFY2(result.status == 0, result.err.constData());
        const QJsonObject json = QJsonDocument::fromJson(result.out).object();
        QCOMPARE(json["tensors"].toInt(), 9);
        QCOMPARE(json["checkpoint"].toString(), file("out"));
        QVERIFY(QFile::exists(file("out/config.json")));
        const CliResult again = cli({"merge", file("r.yml"), "--out", file("out")});
        QCOMPARE(again.status, 1);
        QVERIFY2(again.err.contains("--overwrite"), again.err.constData());
        QCOMPARE(cli({"merge", file("r.yml"), "--out", file("out"), "--overwrite"}).status, 0);
    }

    // The recipe that lies beside the result is the one that was run.
    void overrides() {
        QCOMPARE(cli({"merge", file("r.yml"), "--out", file("out"), "--set", "models.1.parameters.weight=0"})
                     .status,
                 0);
        QVERIFY(readTiny(path("out")).at("model.norm.weight").values ==
                readTiny(path("one")).at("model.norm.weight").values);
        QVERIFY(retort::readFile(path("out/mergekit_config.yml")).find("weight: 0\n") != std::string::npos);
    }

    void dryRun() {
        const CliResult result = cli({"merge", file("r.yml"), "--dry-run"});
        QVERIFY2(result.status == 0, result.err.constData());
        QVERIFY2(result.out.contains("weight=1,0.5"), result.out.constData());
        const CliResult json = cli({"merge", file("r.yml"), "--dry-run", "--json"});
        const QJsonArray tensors = QJsonDocument::fromJson(json.out).object()["tensors"].toArray();
        QCOMPARE(tensors.size(), 9);
        QCOMPARE(tensors[0]
                     .toObject()["inputs"]
                     .toArray()[1]
                     .toObject()["parameters"]
                     .toObject()["weight"]
                     .toDouble(),
                 0.5);
        QCOMPARE(QDir(m_home->path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name),
                 (QStringList{"one", "two"}));
    }

    void refuses_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("method") << "merge_method: liner\nmodels: [{model: one}]"
                                << "r.yml:1: unknown merge_method 'liner' (did you mean linear?)";
        QTest::newRow("model") << "merge_method: linear\nmodels: [{model: none, parameters: {weight: 1}}]"
                               << "no such checkpoint";
        QTest::newRow("run") << "merge_method: linear\nmodels: [{model: 'run:none', parameters: {weight: 1}}]"
                             << "no run 'none'";
        QTest::newRow("weights") << "merge_method: linear\nmodels: [{model: one, parameters: {weight: 0}}]"
                                 << "sum to zero";
    }
    void refuses() {
        QFETCH(QString, text);
        QFETCH(QString, message);
        recipe(text.toStdString());
        const CliResult result = cli({"merge", file("r.yml"), "--out", file("out")});
        QCOMPARE(result.status, 1);
        QVERIFY2(QString::fromUtf8(result.err).contains(message), result.err.constData());
        QVERIFY(!QFile::exists(file("out")));
    }

    void usage() {
        QCOMPARE(cli({"merge", file("r.yml")}).status, 2);
        QCOMPARE(cli({"merge", file("r.yml"), "--out", file("out"), "--shard-size", "5 apples"}).status, 1);
        QCOMPARE(cli({"merge", file("r.yml"), "--out", file("out"), "--shard-size", "0.2k"}).status, 0);
        QVERIFY(QFile::exists(file("out/model.safetensors.index.json")));
    }

  private:
    fs::path path(const std::string& name) const { return fs::path(m_home->path().toStdString()) / name; }
    QString file(const char* name) const { return m_home->filePath(QString::fromLatin1(name)); }
    void recipe(const std::string& text) const { retort::writeFileAtomically(path("r.yml"), text); }
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }

    std::unique_ptr<QTemporaryDir> m_home;
};

QTEST_GUILESS_MAIN(TestCliMerge)
#include "tst_cli_merge.moc"
