// The cores that a run may use, and the loader's errors.
#include <QtTest>
#include <cstdlib>

#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/api/training_module.h"

using namespace retort;

class TestTrainingModule : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void readsCpuMax_data();
    void readsCpuMax();
    void saysWhichModuleIsMissing();
    void refusesForeignLibrary();
};

void TestTrainingModule::readsCpuMax_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("cores");
    QTest::newRow("no limit") << "max 100000\n" << 0.0;
    QTest::newRow("one and a half") << "150000 100000\n" << 1.5;
    QTest::newRow("no file") << "" << 0.0;
    QTest::newRow("zero period") << "100000 0" << 0.0;
    QTest::newRow("negative") << "-1 100000" << 0.0;
}

void TestTrainingModule::readsCpuMax() {
    QFETCH(QString, text);
    QTEST(coresOfCpuMax(text.toStdString()), "cores");
}

void TestTrainingModule::saysWhichModuleIsMissing() {
    ::setenv("RETORT_TRAINING_MODULE", "/nowhere/libretort_training.so", 1);
    try {
        loadTrainingModule();
        QFAIL("loaded a module that is not there");
    } catch (const Error& error) {
        QVERIFY(QString(error.what()).contains("/nowhere/libretort_training.so"));
    }
    QVERIFY(!isTrainingModuleLoaded());
}

void TestTrainingModule::refusesForeignLibrary() {
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

QTEST_APPLESS_MAIN(TestTrainingModule)
#include "tst_training_module.moc"
