// Runs of other programs, followed: their files grow, go, and say that they are over.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/adoption/adopted_run.h"
#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/adopted_backend.h"

using namespace retort;
namespace fs = std::filesystem;

class TestAdoptedBackend : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        fs::create_directories(source());
        append(line(1));
        // As `retort-cli adopt` leaves it.
        FoundFolder found = recognise(source());
        QCOMPARE(found.runs.size(), std::size_t(1));
        AdoptSettings settings;
        settings.runsFolder = m_folder->filePath("runs").toStdString();
        AdoptedRun run(found.runs[0], settings);
        while (!run.poll(std::chrono::milliseconds(100)).atEnd) {
        }
        m_run = QString::fromStdString(run.run().path().string());
    }
    void cleanup() { m_folder.reset(); }

    void growingFilesAreRead() {
        AdoptedBackend backend;
        QVERIFY(!backend.launches());
        QVERIFY(!backend.adopt(m_folder->path()));  // no adopted run
        QVERIFY(backend.adopt(m_run));
        QVERIFY(backend.isRunning(m_run));
        const std::size_t before = lossesThere();
        append(line(2) + line(3));
        QTRY_COMPARE_WITH_TIMEOUT(lossesThere(), before + 2, 20000);
        append(line(4));
        QTRY_COMPARE_WITH_TIMEOUT(lossesThere(), before + 3, 20000);
    }

    void aLaterWindowGoesOn() {
        const std::size_t before = lossesThere();
        {
            AdoptedBackend backend;
            QVERIFY(backend.adopt(m_run));
            append(line(2));
            QTRY_COMPARE_WITH_TIMEOUT(lossesThere(), before + 1, 20000);
        }
        append(line(3));
        AdoptedBackend backend;
        QVERIFY(backend.adopt(m_run));
        QTRY_COMPARE_WITH_TIMEOUT(lossesThere(), before + 2, 20000);
    }

    // TensorBoard's, and Trainers', folders lie in one another, and have no other key.
    void runsBelowItStayOthers() {
        const fs::path outer = m_folder->filePath("outer").toStdString(), inner = outer / "again";
        writeState(outer / "checkpoint-10", {{10, "loss"}});
        writeState(inner / "checkpoint-10", {{10, "theirs"}});
        AdoptSettings settings;
        settings.runsFolder = m_folder->filePath("runs").toStdString();
        FoundFolder found = recognise(outer);
        QCOMPARE(found.runs.size(), std::size_t(2));
        QVERIFY(found.runs[0].root.filename() == "outer" && found.runs[0].key == found.runs[1].key);
        {
            AdoptedRun run(found.runs[0], settings);
            while (!run.poll(std::chrono::milliseconds(100)).atEnd) {
            }
            m_run = QString::fromStdString(run.run().path().string());
        }
        AdoptedBackend backend;
        QVERIFY(backend.adopt(m_run));
        // It takes a search to find the new checkpoint.
        writeState(outer / "checkpoint-20", {{10, "loss"}, {20, "loss"}});
        QTRY_VERIFY_WITH_TIMEOUT(metricsThere().contains(QStringLiteral("checkpoint@20")), 20000);
        QVERIFY2(metricsThere().filter(QStringLiteral("theirs")).isEmpty(),
                 qPrintable(metricsThere().join(' ')));
    }

    void leavingAndLosing() {
        AdoptedBackend backend;
        QSignalSpy ended(&backend, &Backend::ended);
        QVERIFY(backend.adopt(m_run));
        backend.kill(m_run);
        QCOMPARE(ended.size(), 1);
        QVERIFY(!backend.isRunning(m_run));
        QTest::qWait(50);
        fs::remove_all(source());
        QVERIFY(backend.adopt(m_run));
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 2, 20000);
        QVERIFY(!ended[1][1].toString().isEmpty());
        QVERIFY_THROWS_EXCEPTION(Error, backend.launch(m_run, false));
    }

  private:
    /// As verl's file logger writes them.
    static std::string line(int step) {
        return "{\"step\":" + std::to_string(step) + ",\"data\":{\"loss\":0.5}}\n";
    }
    fs::path source() const { return m_folder->filePath("theirs").toStdString(); }
    void append(const std::string& text) {
        std::ofstream(source() / "experiment.jsonl", std::ios::binary | std::ios::app) << text;
    }
    /// A checkpoint of transformers' Trainer; of each entry of its history the step and the metric.
    static void writeState(const fs::path& checkpoint,
                           const std::vector<std::pair<int, std::string>>& history) {
        fs::create_directories(checkpoint);
        Json log = Json::array();
        for (const auto& [step, metric] : history)
            log.push_back({{metric, 0.5}, {"epoch", 0.1 * step}, {"step", step}});
        const Json state = {
            {"best_metric", nullptr},       {"epoch", 1.0},     {"global_step", history.back().first},
            {"log_history", log},           {"max_steps", 100}, {"num_train_epochs", 1},
            {"is_world_process_zero", true}};
        writeFileAtomically(checkpoint / "trainer_state.json", state.dump());
    }
    /// "loss@10", "checkpoint@10", in order.
    QStringList metricsThere() const {
        QStringList all;
        for (const Event& event :
             RunLogFollower(fs::path(m_run.toStdString()) / "events.jsonl").read(0, 0).events) {
            if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
                for (const auto& [name, value] : scalars->values)
                    all << QString::fromStdString(name) + '@' + QString::number(scalars->step);
            if (const auto* checkpoint = std::get_if<CheckpointEvent>(&event.payload))
                all << "checkpoint@" + QString::number(checkpoint->step);
        }
        return all;
    }
    std::size_t lossesThere() const {
        std::size_t count = 0;
        for (const Event& event :
             RunLogFollower(fs::path(m_run.toStdString()) / "events.jsonl").read(0, 0).events)
            count += std::holds_alternative<ScalarsEvent>(event.payload);
        return count;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_run;
};

QTEST_GUILESS_MAIN(TestAdoptedBackend)
#include "tst_adopted_backend.moc"
