// retort-cli adopt: other trackers' runs in the store, once, and as they grow.
#include <signal.h>
#include <sys/resource.h>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "../core/trackers/tracker_test.h"
#include "cli_process.h"
#include "core/store/store.h"

using namespace retort;

class TestCliAdopt : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }

    void dryRun() {
        const CliResult result = cli({"adopt", golden("trainer"), "--dry-run"});
        QVERIFY2(result.status == 0, result.err.constData());
        QVERIFY2(result.out.startsWith(
                     "trainer: tensorboard (2), trainer-state, checkpoint (4), trl-completions (8)\n"),
                 result.out.constData());
        QCOMPARE(runs(), 0);
    }

    // All golden folders at once; a second time nothing is new.
    void adoptsOnce() {
        const QJsonArray first = adopted(QStringList{golden("")});
        QCOMPARE(first.size(), 11);
        QCOMPARE(runs(), 11);
        double points = 0;
        for (const QJsonValue& each : first) {
            QVERIFY(each["new"].toBool() && each["points"].toInt() > 0);
            QVERIFY2(each["problems"].toArray().isEmpty(), qPrintable(each["name"].toString()));
            points += each["points"].toDouble();
        }
        const QByteArray counts =
            query("SELECT count(*), sum(points) FROM runs JOIN series ON run_id = runs.id");
        for (const QJsonValue& each : adopted(QStringList{golden("")})) {
            QVERIFY(!each["new"].toBool());
            QCOMPARE(each["points"].toInt() + each["traces"].toInt() + each["checkpoints"].toInt(), 0);
        }
        QCOMPARE(query("SELECT count(*), sum(points) FROM runs JOIN series ON run_id = runs.id"), counts);
        QCOMPARE(query("SELECT group_concat(state) FROM (SELECT state FROM runs WHERE name IN ('good', "
                       "'bad', 'sweet-run', "
                       "'bright-run', 'trainer') ORDER BY name, id)"),
                 QByteArray("failed,failed,finished,finished,finished,finished,finished"));
        QCOMPARE(query("SELECT DISTINCT backend || recipe FROM runs"), QByteArray("adoptedadopted"));
    }

    void namesAndMappings() {
        write("t.csv", "n,who,loss\n1,x,2\n2,y,3\n");
        QJsonArray list = adopted({m_home->filePath("t.csv"), "--map", "step=n,run=who"});
        QCOMPARE(list.size(), 2);
        QCOMPARE(list.at(0)["name"].toString(), QString("x"));
        write("u.csv", "step,loss\n1,2\n");
        list = adopted({m_home->filePath("u.csv"), "--name", "mine"});
        QCOMPARE(query("SELECT count(*) FROM runs WHERE name = 'mine'"), QByteArray("1"));
        write("v.csv", "step,loss\n1,2\n");
        QCOMPARE(cli({"adopt", m_home->path(), "--name", "mine"}).status, 1);
        QCOMPARE(cli({"adopt", m_home->filePath("t.csv"), "--map", "stop=n"}).status, 1);
        QCOMPARE(cli({"adopt", m_home->filePath("nowhere")}).status, 1);
        QDir(m_home->path()).mkpath("empty");
        const CliResult none = cli({"adopt", m_home->filePath("empty")});
        QCOMPARE(none.status, 1);
        QVERIFY2(none.err.contains("holds no log"), none.err.constData());
    }

    void moreRunsThanFilesMayBeOpen() {
        QByteArray table = "step,run,loss\n";
        for (int run = 0; run < 60; ++run) table += "1,r" + QByteArray::number(run) + ",2\n";
        write("many.csv", table);
        QProcess process;
        prepareCli(process, m_home->path(), {"adopt", m_home->filePath("many.csv"), "--map", "run=run"});
        process.setChildProcessModifier([] {
            rlimit limit{};
            ::getrlimit(RLIMIT_NOFILE, &limit);
            limit.rlim_cur = 64;
            ::setrlimit(RLIMIT_NOFILE, &limit);
        });
        process.start();
        QVERIFY(process.waitForFinished(120'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        QCOMPARE(runs(), 60);
    }

    // Damage is listed with file and byte, and the status says so.
    void problems() {
        std::string bytes = scalarEvent(1, 1, "a", 1) + scalarEvent(1, 2, "a", 2);
        bytes[20] = char(~bytes[20]);
        write("d/events.out.tfevents.1.h", QByteArray::fromStdString(bytes));
        const CliResult result = cli({"adopt", m_home->filePath("d")});
        QCOMPARE(result.status, 3);
        QVERIFY2(result.out.contains("events.out.tfevents.1.h: byte 0: a record does not fit"),
                 result.out.constData());
    }

    // Long ago written, and no word of an end: lost, not running.
    void silentRuns() {
        write("old/events.out.tfevents.1.h", QByteArray::fromStdString(scalarEvent(1e9, 1, "a", 1)));
        write("new/events.out.tfevents.1.h", QByteArray::fromStdString(scalarEvent(1e9, 1, "a", 1)));
        std::filesystem::last_write_time(
            m_home->filePath("old/events.out.tfevents.1.h").toStdString(),
            std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
        QCOMPARE(cli({"adopt", m_home->filePath("old")}).status, 0);
        QCOMPARE(cli({"adopt", m_home->filePath("new")}).status, 0);
        QCOMPARE(query("SELECT group_concat(state) FROM (SELECT state FROM runs ORDER BY name)"),
                 QByteArray("running,lost"));
    }

    // A folder that another process writes is followed; interrupted, killed and begun again, all points are
    // there once.
    void follows() {
        const QString file = "live/events.out.tfevents.1.h";
        int step = 0;
        const auto grow = [&](int count) {
            std::string bytes;
            for (int i = 0; i < count; ++i, ++step) bytes += scalarEvent(1e9 + step, step, "a", float(step));
            appendBytes(m_home->filePath(file).toStdString(), bytes);
        };
        write(file, "");
        grow(3);
        for (const int signal : {SIGINT, SIGKILL, SIGTERM}) {
            QProcess process;
            prepareCli(process, m_home->path(), {"adopt", m_home->filePath("live"), "--follow", "--quiet"});
            process.start();
            QVERIFY(process.waitForStarted());
            QTRY_COMPARE_WITH_TIMEOUT(points(), step, 20000);
            for (int i = 0; i < 3; ++i) {
                grow(7);
                QTRY_COMPARE_WITH_TIMEOUT(points(), step, 20000);
            }
            grow(5);
            ::kill(pid_t(process.processId()), signal);
            QVERIFY(process.waitForFinished(20000));
            QCOMPARE(process.exitStatus(), signal == SIGKILL ? QProcess::CrashExit : QProcess::NormalExit);
            if (signal != SIGKILL) QCOMPARE(process.exitCode(), 0);
        }
        QCOMPARE(cli({"adopt", m_home->filePath("live")}).status, 0);
        QCOMPARE(points(), step);
        QCOMPARE(query("SELECT count(DISTINCT step), max(step) FROM points"),
                 QByteArray::number(step) + " " + QByteArray::number(step - 1));
        QCOMPARE(runs(), 1);
    }

  private:
    static QString golden(const char* name) { return QString(RETORT_GOLDEN) + "/" + name; }
    CliResult cli(const QStringList& arguments) const { return runCli(m_home->path(), arguments); }
    QJsonArray adopted(const QStringList& arguments) const {
        const CliResult result = cli(QStringList{"adopt"} + arguments + QStringList{"--json"});
        if (result.status != 0) qWarning("%s", result.err.constData());
        return QJsonDocument::fromJson(result.out)["runs"].toArray();
    }
    QString store() const { return m_home->filePath("lab.db"); }
    int runs() const {
        if (!QFile::exists(store())) return 0;
        return int(StoreReader(store().toStdString()).runs(true).size());
    }
    int points() const {
        if (!QFile::exists(store())) return -1;
        try {
            StoreReader reader(store().toStdString());
            const auto rows = reader.query("SELECT count(*) FROM points").rows;
            return rows.empty() ? 0 : std::stoi(rows[0][0]);
        } catch (const std::exception&) {  // it is just being made
            return -1;
        }
    }
    /// The first row, its cells with a blank between.
    QByteArray query(const std::string& sql) const {
        StoreReader reader(store().toStdString());
        const StoreReader::Table table = reader.query(sql);
        QByteArray text;
        for (const std::string& cell : table.rows.at(0))
            text += (text.isEmpty() ? "" : " ") + QByteArray::fromStdString(cell);
        return text;
    }
    void write(const QString& name, const QByteArray& content) const {
        const QString path = m_home->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    std::unique_ptr<QTemporaryDir> m_home;
};

QTEST_GUILESS_MAIN(TestCliAdopt)
#include "tst_cli_adopt.moc"
