// How thread counts are chosen, and the loader's errors.
#include <QtTest>
#include <cstdlib>

#include "core/util/error.h"
#include "training/api/machine_load.h"
#include "training/api/training_module.h"

using namespace retort;

class TestMachineLoad : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsCpuMax_data();
    void readsCpuMax();
    void readsProcStat();
    void choosesFreeCores_data();
    void choosesFreeCores();
    void seesOtherTrainers();
    void saysWhichModuleIsMissing();
    void refusesForeignLibrary();
};

void TestMachineLoad::readsCpuMax_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("cores");
    QTest::newRow("no limit") << "max 100000\n" << 0.0;
    QTest::newRow("one and a half") << "150000 100000\n" << 1.5;
    QTest::newRow("no file") << "" << 0.0;
    QTest::newRow("zero period") << "100000 0" << 0.0;
    QTest::newRow("negative") << "-1 100000" << 0.0;
}

void TestMachineLoad::readsCpuMax() {
    QFETCH(QString, text);
    QTEST(coresOfCpuMax(text.toStdString()), "cores");
}

void TestMachineLoad::readsProcStat() {
    const CpuTimes times = parseCpuTimes("cpu  10 1 5 100 20 0 2 3 7 7\ncpu0 …");
    QCOMPARE(times.busy, 21.0);
    QCOMPARE(times.total, 141.0);
    QCOMPARE(parseCpuTimes("").total, 0.0);
    QCOMPARE(parseCpuTimes("intr 1 2 3").total, 0.0);
}

void TestMachineLoad::choosesFreeCores_data() {
    QTest::addColumn<int>("cores");
    QTest::addColumn<double>("busy");
    QTest::addColumn<int>("othersThreads");
    QTest::addColumn<int>("threads");
    QTest::newRow("quiet") << 2 << 0.1 << 0 << 2;
    QTest::newRow("one busy") << 2 << 0.9 << 0 << 1;
    QTest::newRow("full") << 2 << 2.0 << 0 << 1;
    QTest::newRow("idle trainer counts") << 8 << 0.0 << 4 << 4;
    QTest::newRow("working trainer counts once") << 8 << 4.0 << 4 << 4;
    QTest::newRow("more claimed than there are") << 2 << 0.0 << 5 << 1;
    QTest::newRow("one core") << 1 << 0.0 << 0 << 1;
}

void TestMachineLoad::choosesFreeCores() {
    QFETCH(int, cores);
    QFETCH(double, busy);
    QFETCH(int, othersThreads);
    QTEST(threadsFor(cores, busy, {othersThreads > 0 ? 1 : 0, othersThreads}), "threads");
}

void TestMachineLoad::seesOtherTrainers() {
    const auto before = TrainerPresence::others();
    {
        const TrainerPresence presence(3);
        QCOMPARE(TrainerPresence::others().trainers, before.trainers + 1);
        QCOMPARE(TrainerPresence::others().threads, before.threads + 3);
    }
    QCOMPARE(TrainerPresence::others().threads, before.threads);
}

void TestMachineLoad::saysWhichModuleIsMissing() {
    ::setenv("RETORT_TRAINING_MODULE", "/nowhere/libretort_training.so", 1);
    try {
        loadTrainingModule();
        QFAIL("loaded a module that is not there");
    } catch (const Error& error) {
        QVERIFY(QString(error.what()).contains("/nowhere/libretort_training.so"));
    }
    QVERIFY(!isTrainingModuleLoaded());
}

void TestMachineLoad::refusesForeignLibrary() {
    QTemporaryDir folder;
    const QString path = folder.filePath("notalibrary.so");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not an ELF file");
    file.close();
    ::setenv("RETORT_TRAINING_MODULE", path.toUtf8().constData(), 1);
    QVERIFY_EXCEPTION_THROWN(loadTrainingModule(), Error);
    QVERIFY(!isTrainingModuleLoaded());
}

QTEST_APPLESS_MAIN(TestMachineLoad)
#include "tst_machine_load.moc"
