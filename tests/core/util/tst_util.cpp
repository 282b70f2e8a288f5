// Files that are never half-written, errors that say where and what to do, identities.
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <set>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/uuid.h"

using namespace retort;
namespace fs = std::filesystem;

class TestUtil : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void errorText_data();
    void errorText();
    void writtenFileIsRead();
    void failedWriteLeavesTheOldFile();
    void readRefuses_data();
    void readRefuses();
    void userDataFolderFollowsTheEnvironment();
    void uuidsAreVersion4AndUnique();
};

void TestUtil::errorText_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("hint");
    QTest::addColumn<QString>("text");
    QTest::newRow("what") << "no"
                          << ""
                          << ""
                          << "no";
    QTest::newRow("where") << "expected a number"
                           << "c.yaml:3"
                           << ""
                           << "c.yaml:3: expected a number";
    QTest::newRow("hint") << "disk full"
                          << ""
                          << "free some"
                          << "disk full (free some)";
    QTest::newRow("all") << "unknown key"
                         << "c.yaml:3"
                         << "did you mean beta?"
                         << "c.yaml:3: unknown key (did you mean beta?)";
}

void TestUtil::errorText() {
    QFETCH(QString, what);
    QFETCH(QString, where);
    QFETCH(QString, hint);
    QFETCH(QString, text);
    const Error error(what.toStdString(), where.toStdString(), hint.toStdString());
    QCOMPARE(QString::fromUtf8(error.what()), text);
    QCOMPARE(error.what_happened(), what.toStdString());
    QCOMPARE(error.where(), where.toStdString());
    QCOMPARE(error.hint(), hint.toStdString());
}

void TestUtil::writtenFileIsRead() {
    QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "x.bin";
    const std::string binary("a\0b\n\xff", 5);
    for (const std::string& content :
         {std::string(), std::string("short"), binary, std::string(3 << 20, 'z')}) {
        writeFileAtomically(file, content);
        QVERIFY(readFile(file) == content);
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("x.bin")});
}

void TestUtil::failedWriteLeavesTheOldFile() {
    QTemporaryDir folder;
    const fs::path blocked = fs::path(folder.path().toStdString()) / "taken";
    fs::create_directories(blocked / "by a folder");
    QVERIFY_EXCEPTION_THROWN(writeFileAtomically(blocked, "x"), Error);
    QVERIFY(fs::is_directory(blocked / "by a folder"));
    QVERIFY_EXCEPTION_THROWN(writeFileAtomically(blocked.parent_path() / "missing" / "x", "x"), Error);
    QVERIFY(!fs::exists(blocked.parent_path() / "missing"));
}

void TestUtil::readRefuses_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << "missing"
                             << "No such file";
    QTest::newRow("folder") << "."
                            << "folder";
    QTest::newRow("too large") << "large"
                               << "at most 10 are accepted";
}

void TestUtil::readRefuses() {
    QFETCH(QString, name);
    QFETCH(QString, reason);
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString();
    writeFileAtomically(root / "large", "eleven bytes");
    try {
        readFile(root / name.toStdString(), 10);
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        const QString text = QString::fromUtf8(error.what());
        QVERIFY2(text.contains(reason) && text.startsWith(folder.path()), error.what());
    }
}

void TestUtil::userDataFolderFollowsTheEnvironment() {
    const QByteArray home = qgetenv("RETORT_HOME"), data = qgetenv("XDG_DATA_HOME");
    qputenv("RETORT_HOME", "/somewhere");
    QCOMPARE(userDataFolder(), fs::path("/somewhere"));
    qunsetenv("RETORT_HOME");
    qputenv("XDG_DATA_HOME", "/data");
    QCOMPARE(userDataFolder(), fs::path("/data/retort"));
    qunsetenv("XDG_DATA_HOME");
    QCOMPARE(userDataFolder(), fs::path(qgetenv("HOME").toStdString()) / ".local/share/retort");
    if (!home.isNull()) qputenv("RETORT_HOME", home);
    if (!data.isNull()) qputenv("XDG_DATA_HOME", data);
}

void TestUtil::uuidsAreVersion4AndUnique() {
    const QRegularExpression version4(
        QStringLiteral("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
    std::set<std::string> seen;
    for (int i = 0; i < 500; ++i) {
        const std::string uuid = newUuid();
        QVERIFY2(version4.match(QString::fromStdString(uuid)).hasMatch(), uuid.c_str());
        seen.insert(uuid);
    }
    QCOMPARE(seen.size(), std::size_t(500));
}

QTEST_GUILESS_MAIN(TestUtil)
#include "tst_util.moc"
