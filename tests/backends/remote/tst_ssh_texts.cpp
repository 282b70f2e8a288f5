// What ssh says, turned into advice; and words that must reach a program as they are.
#include <QProcess>
#include <QTest>

#include "training/backends/remote/shell_quote.h"
#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/ssh_options.h"

using namespace retort;

Q_DECLARE_METATYPE(retort::SshTrouble)

class TestSshTexts : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void quotedWordsArriveAsTheyAre_data();
    void quotedWordsArriveAsTheyAre();
    void nulIsRefused();
    void paths_data();
    void paths();
    void advice_data();
    void advice();
    void lastWordsStandInTheMessage();
    void optionLikeDestinationsAreRefused();
    void usersConfigurationComesFirst();
};

void TestSshTexts::quotedWordsArriveAsTheyAre_data() {
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"",          "plain",
                             "two words", "$(touch x); 'y'",
                             "`id`",      "\"",
                             "'",         "''",
                             "\\",        "\\'",
                             "a\nb",      "-n",
                             "*",         "$HOME",
                             "!history",  "~",
                             "#x",        "\xc3\xa4\xe2\x82\xac",
                             "\xff\xfe",  "'\"'\"'",
                             "${IFS}"})
        QTest::newRow(text) << QByteArray(text);
}

// The shell is the judge: it prints what it got.
void TestSshTexts::quotedWordsArriveAsTheyAre() {
    QFETCH(QByteArray, text);
    QProcess shell;
    shell.start(QStringLiteral("sh"), {QStringLiteral("-s")});
    shell.write("printf %s " + QByteArray::fromStdString(shellQuote(text.toStdString())));
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput(), text);
}

void TestSshTexts::nulIsRefused() {
    QVERIFY_EXCEPTION_THROWN(shellQuote(std::string("a\0b", 3)), Error);
}

void TestSshTexts::paths_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    QTest::newRow("absolute") << "/x/y z"
                              << "/x/y z";
    QTest::newRow("home") << "~"
                          << "/h o";
    QTest::newRow("below home") << "~/r$(id)"
                                << "/h o/r$(id)";
    QTest::newRow("relative") << "runs"
                              << "/h o/runs";
    QTest::newRow("another's home is none of ours") << "~joe/x"
                                                    << "/h o/~joe/x";
}

void TestSshTexts::paths() {
    QFETCH(QString, path);
    QFETCH(QString, expected);
    QProcess shell;
    shell.start(QStringLiteral("sh"),
                {QStringLiteral("-c"),
                 QString::fromStdString("HOME='/h o'; printf %s " + shellPath(path.toStdString()))});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), expected);
}

// Texts as OpenSSH 9.2 and 8.x write them.
void TestSshTexts::advice_data() {
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<SshTrouble>("trouble");
    QTest::addColumn<bool>("permanent");

    const auto row = [](const char* name, const char* said, SshTrouble trouble, bool permanent) {
        QTest::newRow(name) << QByteArray(said) << trouble << permanent;
    };
    row("unknown host", "ssh: Could not resolve hostname nowhere.invalid: Name or service not known\r\n",
        SshTrouble::UnknownHost, false);
    row("no name server", "ssh: Could not resolve hostname box: Temporary failure in name resolution\r\n",
        SshTrouble::UnknownHost, false);
    row("refused", "ssh: connect to host 127.0.0.1 port 2299: Connection refused\r\n", SshTrouble::Refused,
        false);
    row("timeout", "ssh: connect to host 10.255.255.1 port 22: Connection timed out\r\n",
        SshTrouble::TimedOut, false);
    row("silent server",
        "Connection timed out during banner exchange\r\nConnection to 10.0.0.1 port 22 timed out\r\n",
        SshTrouble::TimedOut, false);
    row("stopped answering", "Timeout, server box not responding.\r\n", SshTrouble::TimedOut, false);
    row("no route", "ssh: connect to host 10.1.1.1 port 22: No route to host\r\n", SshTrouble::Unreachable,
        false);
    row("no network", "ssh: connect to host 10.1.1.1 port 22: Network is unreachable\r\n",
        SshTrouble::Unreachable, false);
    row("no key", "root@127.0.0.1: Permission denied (publickey).\r\n", SshTrouble::NotLetIn, true);
    row("too many keys",
        "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\nDisconnected from "
        "10.0.0.1 port 22\r\n",
        SshTrouble::NotLetIn, true);
    row("open key",
        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n@         WARNING: UNPROTECTED "
        "PRIVATE "
        "KEY FILE!          @\r\nPermissions 0644 for '/home/u/.ssh/id' are too open.\r\nroot@box: "
        "Permission "
        "denied (publickey).\r\n",
        SshTrouble::KeyUnreadable, true);
    row("changed host key",
        "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST "
        "IDENTIFICATION HAS CHANGED!     @\r\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\nHost "
        "key "
        "for [127.0.0.1]:2222 has changed and you have requested strict checking.\r\nHost key verification "
        "failed.\r\n",
        SshTrouble::HostKeyChanged, true);
    row("no host key",
        "No ED25519 host key is known for [127.0.0.1]:2222 and you have requested strict checking.\r\nHost "
        "key "
        "verification failed.\r\n",
        SshTrouble::HostKeyUnknown, true);
    row("cannot ask", "Host key verification failed.\r\n", SshTrouble::HostKeyUnknown, true);
    row("closed before",
        "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by "
        "127.0.0.1 port 2222\r\n",
        SshTrouble::Closed, false);
    row("closed behind", "Connection to 127.0.0.1 closed by remote host.\r\n", SshTrouble::Closed, false);
    row("broken pipe", "client_loop: send disconnect: Broken pipe\r\n", SshTrouble::Closed, false);
    row("configuration",
        "/home/u/.ssh/config: line 3: Bad configuration option: hostnaem\r\n/home/u/.ssh/config: "
        "terminating, 1 "
        "bad configuration options\r\n",
        SshTrouble::Configuration, true);
    row("banner noise",
        "*****\nUnauthorised access: permission denied to strangers!\n*****\nssh: connect to host b port 22: "
        "Connection refused\r\n",
        SshTrouble::Refused, false);
    row("nothing", "", SshTrouble::Other, false);
    row("something else", "Segmentation fault\n", SshTrouble::Other, false);
}

void TestSshTexts::advice() {
    QFETCH(QByteArray, said);
    QFETCH(SshTrouble, trouble);
    QFETCH(bool, permanent);
    const SshAdvice advice = adviceFor(said.toStdString(), "box");
    QCOMPARE(int(advice.trouble), int(trouble));
    QCOMPARE(advice.isPermanent(), permanent);
    QVERIFY(!advice.happened.empty() && !advice.advice.empty());
    // Whoever has only the message knows the same.
    const Error error = sshError(said.toStdString(), "box");
    QCOMPARE(int(adviceFor(error.what_happened(), "box").trouble), int(trouble));
}

void TestSshTexts::lastWordsStandInTheMessage() {
    const Error error =
        sshError("Welcome\x1b[2J\nto\nthe\nbig\nbox\nssh: connect: No route to host\r\n", "me@box");
    const std::string text = error.what();
    QVERIFY2(text.find("the\nbig\nbox\nssh: connect: No route to host") != std::string::npos, text.c_str());
    QVERIFY(text.find("Welcome") == std::string::npos && text.find('\x1b') == std::string::npos);
    QVERIFY(text.find("me@box") != std::string::npos);
}

void TestSshTexts::optionLikeDestinationsAreRefused() {
    Machine machine;
    machine.name = "x";
    machine.destination = "-oProxyCommand=touch x";
    QVERIFY_EXCEPTION_THROWN(checkMachine(machine), Error);
}

void TestSshTexts::usersConfigurationComesFirst() {
    const std::string text = sshConfiguration("/home/u/.ssh/config", "/run/user/1/retort");
    const std::size_t user = text.find("Include \"/home/u/.ssh/config\"");
    QVERIFY(user != std::string::npos);
    QVERIFY(user < text.find("Include /etc/ssh/ssh_config"));
    QVERIFY(text.find("Include /etc/ssh/ssh_config") < text.find("Host *"));
    // Whether ssh agrees is seen in tst_shell.
}

QTEST_GUILESS_MAIN(TestSshTexts)
#include "tst_ssh_texts.moc"
