// Secrets of machines: what may be one, that they reach a run's environment and no file, argument or log, and
// what is said where no keychain is. With one it is tested by
//   dbus-run-session sh -c 'printf x | gnome-keyring-daemon --unlock --components=secrets && tst_secrets'
#include <QTest>

#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "tests/backends/remote/far_machine.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/secrets.h"

using namespace retort;
namespace fs = std::filesystem;

class TestSecrets : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void namesAndValues_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("isName");
        QTest::addColumn<bool>("isValue");
        QTest::newRow("usual") << QByteArray("HF_TOKEN") << QByteArray("hf_abc'\"$(x) `y` \\n") << true
                               << true;
        QTest::newRow("lower case") << QByteArray("_a1") << QByteArray("ü") << true << true;
        QTest::newRow("empty") << QByteArray() << QByteArray() << false << false;
        QTest::newRow("digit first") << QByteArray("1A") << QByteArray("a\nb") << false << false;
        QTest::newRow("sh's own") << QByteArray("A;touch x") << QByteArray("a\tb") << false << false;
        QTest::newRow("blank") << QByteArray("A B") << QByteArray(" ") << false << true;
        QTest::newRow("path") << QByteArray("PATH") << QByteArray(20000, 'x') << false << false;
        QTest::newRow("loader") << QByteArray("LD_PRELOAD") << QByteArray("a\0b", 3) << false << false;
    }
    void namesAndValues() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QTEST(problemOfSecretName(name.toStdString()).empty(), "isName");
        QTEST(problemOfSecretValue(value.toStdString()).empty(), "isValue");
    }

    void namesAreInTheStore() {
        const QTemporaryDir folder;
        const fs::path file = folder.filePath("lab.db").toStdString();
        StoreWriter writer(file);
        writer.setSetting(secretsSetting("box"), Json({"HF_TOKEN", "bad name", 7, "WANDB_API_KEY"})).get();
        StoreReader reader(file);
        QCOMPARE(secretNames(reader, "box"), (std::vector<std::string>{"HF_TOKEN", "WANDB_API_KEY"}));
        QVERIFY(secretNames(reader, "other").empty());
    }

    void withoutAKeychain() {
        const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        if (!bus.isEmpty() && keychainTrouble().empty()) QSKIP("a keychain answers here");
        QVERIFY(!keychainTrouble().empty());
        QVERIFY_THROWS_EXCEPTION(Error, writeSecret("box", "HF_TOKEN", "x"));
        QVERIFY_THROWS_EXCEPTION(Error, readSecrets("box", {"HF_TOKEN"}));
        // Who has no secrets needs no keychain.
        QVERIFY(readSecrets("box", {}).empty());
    }

    void withAKeychain() {
        if (const std::string trouble = keychainTrouble(); !trouble.empty())
            QSKIP(("THE KEYCHAIN IS NOT TESTED: " + trouble).c_str());
        const std::string value = "hf_ü'\"$(touch x)";
        writeSecret("box", "RETORT_TEST_A", value);
        writeSecret("box", "RETORT_TEST_B", "old");
        writeSecret("box", "RETORT_TEST_B", "new");
        writeSecret("other", "RETORT_TEST_A", "another machine's");
        const Secrets read = readSecrets("box", {"RETORT_TEST_A", "RETORT_TEST_B"});
        QCOMPARE(read.at("RETORT_TEST_A"), value);
        QCOMPARE(read.at("RETORT_TEST_B"), std::string("new"));
        // From a thread of its own, as a launch asks; this one runs its loop.
        Secrets elsewhere;
        std::unique_ptr<QThread> thread(
            QThread::create([&] { elsewhere = readSecrets("other", {"RETORT_TEST_A"}); }));
        thread->start();
        QTRY_VERIFY(thread->isFinished());
        QCOMPARE(elsewhere.at("RETORT_TEST_A"), std::string("another machine's"));
        for (const char* machine : {"box", "other"})
            for (const char* name : {"RETORT_TEST_A", "RETORT_TEST_B"}) removeSecret(machine, name);
        QVERIFY_THROWS_EXCEPTION(Error, readSecrets("box", {"RETORT_TEST_A"}));
        removeSecret("box", "RETORT_TEST_A");  // it is gone already
    }

    void reachTheRunAndNothingElse() {
        if (const QString why = TestSshd::missing(); !why.isEmpty())
            QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
        const std::string value = "s3cret-ü'\"$(touch x) `y` \\n", other = "an0ther s3cret";
        FarMachine far;
        const QString run = far.newRun("with secrets", {"study=wait"});
        const std::unique_ptr<Shell> shell = Shell::ssh(far.machine());
        const WorkPlace place = openWorkPlace(*shell, far.machine());
        const RemoteRun remote = launchThere(place, RunDirectory::open(run.toStdString()), false,
                                             {{"HF_TOKEN", value}, {"WANDB_API_KEY", other}});
        const Json note = Json::parse(readFile(fs::path(remote.directory) / "control" / "process.json"));
        const fs::path process = "/proc/" + std::to_string(note.at("pid").get<int>());
        const auto environment = [&process] { return "\n" + textOf(process / "environ"); };
        QTRY_VERIFY(environment().find(std::string("\0", 1) + "HF_TOKEN=" + value) != std::string::npos);
        QVERIFY(environment().find("WANDB_API_KEY=" + other) != std::string::npos);
        QVERIFY(textOf(process / "cmdline").find("s3cret") == std::string::npos);
        QTRY_VERIFY(fs::exists(fs::path(remote.directory) / "events.jsonl"));
        requestThere(*shell, remote, Request::Stop, true);
        QTRY_VERIFY_WITH_TIMEOUT(!fs::exists(process / "stat"), 20000);
        for (const auto& entry : fs::recursive_directory_iterator(far.server().folder()))
            if (entry.is_regular_file())
                QVERIFY2(textOf(entry.path()).find("s3cret") == std::string::npos, entry.path().c_str());
        QVERIFY(!far.server().log().contains(QStringLiteral("s3cret")));
    }

  private:
    /// Of files of /proc, too, whose size is not known before.
    static std::string textOf(const fs::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
