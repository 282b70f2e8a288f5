// The priority of runs, as the kernel sees it: every thread of every process of a run, in /proc.
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QtTest>

#include "cli_process.h"
#include "core/runlog/priority.h"
#include "core/util/files.h"
#include "tests/app/niceness.h"
#include "tests/app/tiny_config.h"

using namespace retort;
using namespace retort::test;

namespace {

constexpr int patienceMs = 60'000;

const std::string tiny = tinyConfig(1000000, 2);

const char* const command =
    "recipe: external\n"
    "name: tiny\n"
    "external:\n"
    "  grace: 1\n"
    "  shell: |\n"
    "    (setsid sleep 1000 & sleep 1000) & sleep 1000\n";

QByteArray sessionNicenessOf(pid_t process) {
    QFile file(QString("/proc/%1/autogroup").arg(process));
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split(' ').last() : QByteArray();
}

}  // namespace

class TestCliPriority : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void allThreadsHaveIt_data();
    void allThreadsHaveIt();
    void holdsForTheNextAttempt();
    void refusalIsTold();
    void detachedSessionHasIt();
    void saysWhatItIs();
    void wrongOnes_data();
    void wrongOnes();

  private:
    struct Training {
        QProcess process;
        ~Training() {
            if (process.state() == QProcess::NotRunning) return;
            process.terminate();
            if (!process.waitForFinished(30'000)) process.kill();
            process.waitForFinished();
        }
        pid_t pid() const { return pid_t(process.processId()); }
    };
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    QString config(const char* text) const {
        const QString file = m_home->filePath("c.yaml");
        writeFileAtomically(file.toStdString(), text);
        return file;
    }
    void begin(Training& training, const QStringList& arguments) const {
        prepareCli(training.process, m_home->path(), arguments);
        training.process.start();
    }
    QString directory() const {
        const QStringList runs = QDir(m_home->filePath("runs")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        return runs.isEmpty() ? QString() : m_home->filePath("runs/" + runs.front());
    }
    bool isAtWork() const {
        QFile log(directory() + "/events.jsonl");
        return !directory().isEmpty() && log.open(QIODevice::ReadOnly) &&
               log.readAll().contains("\"training\"");
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestCliPriority::allThreadsHaveIt_data() {
    QTest::addColumn<QByteArray>("configuration");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("processes");  // at least
    QTest::newRow("a command and what it leaves") << QByteArray(command) << QStringList() << 6;
    if (RETORT_HAS_TRAINING)
        QTest::newRow("trainer") << QByteArray::fromStdString(tiny) << QStringList() << 1;
    if (RETORT_HAS_C10D)
        QTest::newRow("two ranks") << QByteArray::fromStdString(tiny) << QStringList{"--processes", "2"} << 3;
}

void TestCliPriority::allThreadsHaveIt() {
    QFETCH(QByteArray, configuration);
    QFETCH(QStringList, options);
    QFETCH(int, processes);
    Training training;
    begin(training, QStringList{"train", config(configuration)} + options);
    QTRY_VERIFY_WITH_TIMEOUT(isAtWork(), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(familyOf(training.pid()).size() >= processes, patienceMs);
    const int own = ::getpriority(PRIO_PROCESS, 0);
    if (own >= 19) QSKIP("NOT TESTED: this test runs at nice 19, and cannot become nicer");
    QCOMPARE(nicenessOf(training.pid()).values, QByteArray::number(own));

    const int low = std::min(own + 3, 18);
    const CliResult asked = cli({"priority", "tiny", QString::number(low)});
    QVERIFY2(asked.status == 0, asked.err.constData());
    const Niceness now = nicenessOf(training.pid());
    QCOMPARE(now.values, QByteArray::number(low));
    QVERIFY(now.processes >= processes);
    QVERIFY2(now.threads > now.processes, qPrintable(QString::number(now.threads)));
    QVERIFY(cli({"priority", "tiny", "lowest"}).status == 0);
    QCOMPARE(nicenessOf(training.pid()).values, QByteArray("19"));
    // A terminal's session is not the run's.
    QVERIFY(sessionNicenessOf(::getpid()) != "19");
}

void TestCliPriority::holdsForTheNextAttempt() {
    Training training;
    begin(training, {"train", config(command)});
    QTRY_VERIFY_WITH_TIMEOUT(isAtWork(), patienceMs);
    QVERIFY(cli({"priority", "tiny", "low"}).status == 0);
    QVERIFY(cli({"stop", "tiny"}).status == 0);
    QVERIFY(training.process.waitForFinished(patienceMs));
    const CliResult later = cli({"priority", "tiny", "lowest"});
    QVERIFY2(later.status == 0 && later.err.contains("when the run begins"), later.err.constData());
    Training again;
    begin(again, {"resume", "tiny"});
    QTRY_COMPARE_WITH_TIMEOUT(nicenessOf(again.pid()).values, QByteArray("19"), patienceMs);
}

void TestCliPriority::refusalIsTold() {
    const int own = ::getpriority(PRIO_PROCESS, 0), low = own + 3, back = own + 1;
    if (low > 19) QSKIP("NOT TESTED: this test itself runs at nice 17 or above");
    Training training;
    prepareCli(training.process, m_home->path(), {"train", config(command)});
    // Who has the right, as root has, gives it up.
    training.process.setChildProcessModifier([] {
        ::prctl(PR_CAPBSET_DROP, CAP_SYS_NICE);
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NICE, &none);
    });
    training.process.start();
    QTRY_VERIFY_WITH_TIMEOUT(isAtWork(), patienceMs);
    QVERIFY(cli({"priority", "tiny", QString::number(low)}).status == 0);
    const CliResult refused = cli({"priority", "tiny", QString::number(back)});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains("nice " + QByteArray::number(back) + " was refused") &&
                 refused.err.contains("stays at nice " + QByteArray::number(low)),
             refused.err.constData());
    QCOMPARE(nicenessOf(training.pid()).values, QByteArray::number(low));
    const auto state = readPriorityState(directory().toStdString());
    QVERIFY(state.has_value());
    QCOMPARE(state->nice, low);
    QCOMPARE(state->asked.value_or(-1), back);
    QVERIFY(!state->problem.empty());
    const CliResult said = cli({"priority", "tiny"});
    QVERIFY2(said.out.startsWith("nice " + QByteArray::number(low) + "\n") && said.out.contains("refused"),
             said.out.constData());
}

void TestCliPriority::detachedSessionHasIt() {
    if (!RETORT_HAS_TRAINING) QSKIP("NOT TESTED: this build trains nothing");
    QVERIFY(cli({"train", config(tiny.c_str()), "--detach"}).status == 0);
    QTRY_VERIFY_WITH_TIMEOUT(isAtWork(), patienceMs);
    QVERIFY(cli({"priority", "tiny", "lowest"}).status == 0);
    pid_t trainer = 0;
    for (const pid_t each : familyOf(1)) {
        QFile words(QString("/proc/%1/cmdline").arg(each));
        if (words.open(QIODevice::ReadOnly) && words.readAll().contains(directory().toUtf8())) trainer = each;
    }
    QVERIFY(trainer != 0);
    QCOMPARE(nicenessOf(trainer).values, QByteArray("19"));
    const QByteArray session = sessionNicenessOf(trainer);
    QVERIFY(cli({"stop", "tiny"}).status == 0);
    QTRY_VERIFY_WITH_TIMEOUT(::kill(trainer, 0) != 0, patienceMs);
    if (session.isEmpty()) QSKIP("NOT TESTED: this kernel does not share the processor among sessions");
    QCOMPARE(session, QByteArray("19"));
}

void TestCliPriority::saysWhatItIs() {
    Training training;
    begin(training, {"train", config(command)});
    QTRY_VERIFY_WITH_TIMEOUT(isAtWork(), patienceMs);
    const QByteArray own = QByteArray::number(::getpriority(PRIO_PROCESS, 0));
    QTRY_COMPARE_WITH_TIMEOUT(cli({"priority", "tiny"}).out, "nice " + own + "\n", patienceMs);
    QVERIFY(cli({"priority", "tiny", "lowest"}).status == 0);
    QCOMPARE(cli({"priority", "tiny", "--json"}).out, QByteArray("{\"nice\":19,\"asked\":19}\n"));
    QVERIFY(cli({"show", "tiny"}).out.contains("nice 19"));
}

void TestCliPriority::wrongOnes_data() {
    QTest::addColumn<QString>("word");
    for (const char* word : {"high", "20", "1.5", "", "10x", " 10"}) QTest::newRow(word) << QString(word);
}

void TestCliPriority::wrongOnes() {
    QFETCH(QString, word);
    QVERIFY(cli({"train", config(tiny.c_str()), "--prepare"}).status == 0);
    const CliResult result = cli({"priority", "tiny", word});
    QCOMPARE(result.status, 1);
    QVERIFY2(result.err.contains("is no priority"), result.err.constData());
    QVERIFY(!QFile::exists(directory() + "/control/priority"));
}

QTEST_GUILESS_MAIN(TestCliPriority)
#include "tst_cli_priority.moc"
