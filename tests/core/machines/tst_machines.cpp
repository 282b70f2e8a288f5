// What a machine may be, and the file by which a mirror knows its run.
#include <QTemporaryDir>
#include <QTest>
#include <functional>

#include "core/machines/machine.h"
#include "core/machines/remote_run.h"
#include "core/util/error.h"
#include "core/util/files.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

Machine good() {
    Machine machine;
    machine.name = "box";
    machine.destination = "me@box.example";
    machine.port = 2222;
    machine.environment = {"module load cuda/12", "export X='a b'"};
    machine.scheduler = Scheduler::Slurm;
    machine.libtorch = "/opt/libtorch";
    machine.runsAtOnce = 3;
    return machine;
}

}  // namespace

class TestMachines : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void jsonRoundTrip() {
        QVERIFY(problemsOf(good()).empty());
        QVERIFY(machineFrom(toJson(good())) == good());
        QVERIFY(machineFrom(Json::parse(toJson(good()).dump())) == good());
        Machine least;
        least.name = "here";
        QVERIFY(machineFrom({{"name", "here"}}) == least);
        QVERIFY(least.isLocal());
    }

    void malformedJson_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no name") << QByteArray("{}");
        QTest::newRow("number for a name") << QByteArray(R"({"name": 3})");
        QTest::newRow("unknown key") << QByteArray(R"({"name": "a", "hostname": "b"})");
        QTest::newRow("scheduler") << QByteArray(R"({"name": "a", "scheduler": "pbs"})");
        QTest::newRow("no object") << QByteArray("[]");
    }
    void malformedJson() {
        QFETCH(QByteArray, json);
        QVERIFY_EXCEPTION_THROWN(machineFrom(Json::parse(json.toStdString())), Error);
    }

    void problems_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("no name") << QByteArray("name") << QByteArray("\"\"");
        QTest::newRow("slash") << QByteArray("name") << QByteArray("\"a/b\"");
        QTest::newRow("line break") << QByteArray("name") << QByteArray("\"a\\nb\"");
        QTest::newRow("option") << QByteArray("destination") << QByteArray("\"-oProxyCommand=x\"");
        QTest::newRow("two words") << QByteArray("destination") << QByteArray("\"box touch\"");
        QTest::newRow("port") << QByteArray("port") << QByteArray("70000");
        QTest::newRow("negative port") << QByteArray("port") << QByteArray("-1");
        QTest::newRow("port of this machine") << QByteArray("destination") << QByteArray("\"\"");
        QTest::newRow("no folder") << QByteArray("work_folder") << QByteArray("\"\"");
        QTest::newRow("two lines") << QByteArray("environment") << QByteArray("[\"a\\nb\"]");
        QTest::newRow("nicer than there is") << QByteArray("nice") << QByteArray("20");
        QTest::newRow("not nice") << QByteArray("nice") << QByteArray("-1");
        QTest::newRow("no runs") << QByteArray("runs_at_once") << QByteArray("0");
    }
    void problems() {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        Json json = toJson(good());
        json[key.toStdString()] = Json::parse(value.toStdString());
        const Machine machine = machineFrom(json);
        QCOMPARE(problemsOf(machine).size(), 1u);
        QVERIFY_EXCEPTION_THROWN(checkMachine(machine), Error);
    }

    void remoteRun() {
        const QTemporaryDir folder;
        const fs::path path = folder.path().toStdString();
        QVERIFY(!isRemoteRun(path) && !readRemoteRun(path));
        RemoteRun run;
        run.machine = "box";
        run.directory = "/w/$(touch x); 'y'";
        run.program = "/w/retort-cli";
        run.scheduler = "slurm";
        run.job = "77_3";
        run.eventsOffset = 1LL << 40;
        run.standardErrorOffset = 5;
        run.ended = true;
        writeRemoteRun(path, run);
        QVERIFY(isRemoteRun(path) && readRemoteRun(path) == run);
        writeFileAtomically(path / "remote.json", "{\"machine\": 1");
        QVERIFY_EXCEPTION_THROWN(readRemoteRun(path), Error);
    }
};

QTEST_APPLESS_MAIN(TestMachines)
#include "tst_machines.moc"
