// Scripts here and on a machine behind a real sshd: what arrives, what comes back, and what is said when it
// does not.
#include <signal.h>

#include <QElapsedTimer>
#include <QTest>
#include <filesystem>

#include "core/util/files.h"
#include "tests/backends/support/sshd.h"
#include "training/backends/remote/shell.h"
#include "training/backends/remote/shell_quote.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

std::string errorOf(Shell& shell, const std::string& script = "echo hello") {
    try {
        shell.wait(script);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestShell : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void scripts_data();
    void scripts();
    void inputArrivesWhole_data() { places(); }
    void inputArrivesWhole();
    void manyAtOnce();
    void talksWhileItRuns_data() { places(); }
    void talksWhileItRuns();
    void cancelledCommandIsSilent();
    void stopEndsTheWait();
    void bannersDoNotMatter();
    void changedHostKeyIsRefused();
    void unknownHostKeyIsRefused();
    void strangersAreNotLetIn();
    void nobodyListens();
    void brokenConnectionIsAnError();
    void killedSshIsAnError();
    void usersOwnSettingsWin();
    void missingShellEndsInAMessage();

  private:
    void places() {
        QTest::addColumn<bool>("far");
        QTest::newRow("here") << false;
        QTest::newRow("there") << true;
    }
    std::unique_ptr<Shell> shell(bool far) { return far ? Shell::ssh(m_server->machine()) : Shell::local(); }

    std::unique_ptr<TestSshd> m_server;
};

void TestShell::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable("SSH IS NOT TESTED: " + why));
    m_server = std::make_unique<TestSshd>();
}

void TestShell::scripts_data() {
    QTest::addColumn<bool>("far");
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QByteArray>("out");
    QTest::addColumn<QByteArray>("err");
    QTest::addColumn<int>("exitCode");
    for (const bool far : {false, true}) {
        const auto row = [far](const char* name, const char* script, const char* out, const char* err,
                               int code) {
            QTest::newRow(
                qPrintable(QString(QLatin1String(far ? "there: " : "here: ")) + QLatin1String(name)))
                << far << QByteArray(script) << QByteArray(out) << QByteArray(err) << code;
        };
        row("output", "echo a; printf b", "a\nb", "", 0);
        row("nothing", "", "", "", 0);
        row("exit status", "exit 7", "", "", 7);
        row("255 is the script's own", "exit 255", "", "", 255);
        row("error output", "echo x >&2; false", "", "x\n", 1);
        row("quotes", "echo 'a '\"'\"\"b\"' $HOME' \\\\", "a 'b $HOME \\\n", "", 0);
        row("many lines", "for i in 1 2 3\ndo echo $i\ndone", "1\n2\n3\n", "", 0);
        row("here document", "cat <<'X'\n$(touch x); 'y'\nX", "$(touch x); 'y'\n", "", 0);
        row("comment at the end", "echo a # and no more", "a\n", "", 0);
        row("no input", "cat; echo end", "end\n", "", 0);
        row("NULs come back", "printf 'a\\000b'", nullptr, "", 0);
    }
}

void TestShell::scripts() {
    QFETCH(bool, far);
    QFETCH(QByteArray, script);
    QFETCH(QByteArray, out);
    QFETCH(QByteArray, err);
    QFETCH(int, exitCode);
    if (out.isNull()) out = QByteArray("a\0b", 3);
    if (script.isEmpty()) script = "true";
    const CommandResult result = shell(far)->wait(script.toStdString());
    QCOMPARE(QByteArray::fromStdString(result.out), out);
    QCOMPARE(QByteArray::fromStdString(result.err), err);
    QCOMPARE(result.exitCode, exitCode);
}

void TestShell::inputArrivesWhole() {
    QFETCH(bool, far);
    QByteArray input;
    for (int i = 0; i < 3 << 20; ++i) input += char((i * 2654435761u) >> 13);
    const CommandResult result = shell(far)->wait("cat", input);
    QCOMPARE(QByteArray::fromStdString(result.out), input);
    // And in pieces, to a program that counts them.
    CommandStreams streams;
    int pieces = 0;
    streams.input = [&pieces] { return ++pieces <= 100 ? QByteArray(100000, 'x') : QByteArray(); };
    QCOMPARE(QByteArray::fromStdString(shell(far)->wait("wc -c", streams).out).trimmed(),
             QByteArray("10000000"));
}

// Servers let ten sessions share a connection; no call may depend on that.
void TestShell::manyAtOnce() {
    const auto far = shell(true);
    int done = 0;
    QStringList failures;
    for (int i = 0; i < 25; ++i)
        far->run(
            "sleep 0.3; echo " + std::to_string(i),
            [&done, i](const CommandResult& result) { done += result.out == std::to_string(i) + "\n"; },
            [&failures](const Error& error) { failures << QString::fromUtf8(error.what()); });
    QTRY_COMPARE_WITH_TIMEOUT(done + int(failures.size()), 25, 30000);
    QVERIFY2(failures.isEmpty(), qPrintable(failures.join(QLatin1Char('\n'))));
}

void TestShell::talksWhileItRuns() {
    QFETCH(bool, far);
    const auto place = shell(far);
    QByteArray heard;
    bool over = false;
    CommandStreams streams;
    streams.output = [&heard](const QByteArray& bytes) { heard += bytes; };
    streams.keepInputOpen = true;
    RemoteCommand* command = place->start(
        "while read -r line; do printf 'got %s\\n' \"$line\"; done", streams,
        [&over](const CommandResult& result) { over = result.exitCode == 0; },
        [](const Error& error) { qWarning("%s", error.what()); });
    command->write("one\n");
    QTRY_COMPARE(heard, QByteArray("got one\n"));
    command->write("two\n");
    QTRY_COMPARE(heard, QByteArray("got one\ngot two\n"));
    command->closeInput();
    QTRY_VERIFY(over);
}

void TestShell::cancelledCommandIsSilent() {
    const auto far = shell(true);
    int calls = 0;
    bool started = false;
    RemoteCommand* command = far->run(
        "sleep 60", [&](const CommandResult&) { ++calls; }, [&](const Error&) { ++calls; });
    connect(command, &RemoteCommand::started, this, [&] { started = true; });
    QTRY_VERIFY(started);
    command->cancel();
    QTest::qWait(200);
    QCOMPARE(calls, 0);
    QCOMPARE(far->wait("echo on").out, std::string("on\n"));
}

void TestShell::stopEndsTheWait() {
    QElapsedTimer clock;
    clock.start();
    QVERIFY_EXCEPTION_THROWN(
        shell(true)->wait("sleep 60", QByteArray(), [&] { return clock.elapsed() > 200; }), Error);
}

void TestShell::bannersDoNotMatter() {
    TestSshd::Settings settings;
    TestSshd* server = nullptr;
    // What a login shell with a talkative start-up file does: it prints, on both streams, without a last
    // newline.
    settings.lines = {
        QStringLiteral("ForceCommand echo 'Welcome to the box!'; printf 'no newline'; echo 'noise' >&2; "
                       "exec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"")};
    TestSshd talkative(settings);
    server = &talkative;
    const CommandResult result = Shell::ssh(server->machine())->wait("echo a; echo b >&2; exit 3");
    QCOMPARE(result.out, std::string("a\n"));
    QCOMPARE(result.err, std::string("b\n"));
    QCOMPARE(result.exitCode, 3);
    m_server = std::make_unique<TestSshd>();
}

void TestShell::changedHostKeyIsRefused() {
    TestSshd server;
    QCOMPARE(errorOf(*Shell::ssh(server.machine())), std::string());
    server.changeHostKey();
    const std::string error =
        errorOf(*Shell::ssh(server.machine()), "touch " + shellQuote((server.folder() / "x").string()));
    QVERIFY2(contains(error, "host key is not the one that is known") && contains(error, "ssh-keygen -R"),
             error.c_str());
    QVERIFY(!fs::exists(server.folder() / "x"));
    m_server = std::make_unique<TestSshd>();
}

void TestShell::unknownHostKeyIsRefused() {
    TestSshd::Settings settings;
    settings.isHostKnown = false;
    TestSshd server(settings);
    const std::string error = errorOf(*Shell::ssh(server.machine()));
    QVERIFY2(contains(error, "not known yet"), error.c_str());
    m_server = std::make_unique<TestSshd>();
}

void TestShell::strangersAreNotLetIn() {
    TestSshd::Settings settings;
    settings.isKeyAllowed = false;
    TestSshd server(settings);
    const std::string error = errorOf(*Shell::ssh(server.machine()));
    QVERIFY2(contains(error, "lets none of the keys in") && contains(error, "ssh-copy-id box"),
             error.c_str());
    m_server = std::make_unique<TestSshd>();
}

void TestShell::nobodyListens() {
    Machine machine = m_server->machine();
    machine.port = 1;
    const std::string error = errorOf(*Shell::ssh(machine));
    QVERIFY2(contains(error, "nothing answers on the port"), error.c_str());
}

void TestShell::brokenConnectionIsAnError() {
    const auto far = shell(true);
    std::string failure;
    RemoteCommand* command = far->run(
        "sleep 60", [](const CommandResult&) {}, [&failure](const Error& error) { failure = error.what(); });
    bool started = false;
    connect(command, &RemoteCommand::started, this, [&] { started = true; });
    QTRY_VERIFY(started);
    m_server->cutConnections();
    QTRY_VERIFY(!failure.empty());
    QVERIFY2(contains(failure, "the connection broke while a command ran"), failure.c_str());
    QCOMPARE(far->wait("echo again").out, std::string("again\n"));
}

void TestShell::killedSshIsAnError() {
    const auto far = shell(true);
    std::string failure;
    RemoteCommand* command = far->run(
        "sleep 60", [](const CommandResult&) {}, [&failure](const Error& error) { failure = error.what(); });
    bool started = false;
    connect(command, &RemoteCommand::started, this, [&] { started = true; });
    QTRY_VERIFY(started);
    ::kill(pid_t(command->processId()), SIGKILL);
    QTRY_VERIFY(!failure.empty());
    QVERIFY2(contains(failure, "the connection broke"), failure.c_str());
    QCOMPARE(far->wait("echo again").out, std::string("again\n"));
}

// ssh itself says which value counts.
void TestShell::usersOwnSettingsWin() {
    const fs::path config = qEnvironmentVariable("RETORT_SSH_CONFIG").toStdString();
    const std::string before = readFile(config);
    writeFileAtomically(
        config, before + "\nHost box\n  ControlPath /own/%C\n  ConnectTimeout 77\n  ControlMaster no\n");
    const QString marker = QStringLiteral("-F");
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"connecttimeout", "77"}, {"controlmaster", "false"}, {"serveraliveinterval", "3"}};
    QProcess ssh;
    ssh.start(QStringLiteral("ssh"),
              {QStringLiteral("-G"), marker, QString::fromStdString([] {
                   const fs::path run =
                       fs::path(qEnvironmentVariable("XDG_RUNTIME_DIR").toStdString()) / "retort";
                   for (const auto& entry : fs::directory_iterator(run))
                       if (entry.path().filename().string().rfind("ssh_config-", 0) == 0)
                           return entry.path().string();
                   return std::string();
               }()),
               QStringLiteral("box")});
    QVERIFY(ssh.waitForFinished());
    const std::string effective = ssh.readAllStandardOutput().toStdString();
    writeFileAtomically(config, before);
    for (const auto& [key, value] : expected)
        QVERIFY2(contains(effective, "\n" + key + " " + value + "\n"), effective.c_str());
    QVERIFY2(contains(effective, "\ncontrolpath /own/"), effective.c_str());
}

void TestShell::missingShellEndsInAMessage() {
    const QByteArray path = qgetenv("PATH");
    qputenv("PATH", "/nowhere");
    const std::string error = errorOf(*Shell::ssh(m_server->machine()));
    qputenv("PATH", path);
    QVERIFY2(contains(error, "openssh-client"), error.c_str());
}

QTEST_GUILESS_MAIN(TestShell)
#include "tst_shell.moc"
