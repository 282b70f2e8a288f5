// Logs that the trackers themselves wrote (tests/peers/trackers.py made them), read.
#include <QDir>
#include <QTest>
#include <map>

#include "core/adoption/found_run.h"
#include "core/trackers/tolerant_json.h"
#include "core/util/error.h"
#include "tracker_test.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {

using Points = std::map<std::string, std::map<std::int64_t, double>>;

/// The last value that was told of each step: what supersedes counts.
class PointSink final : public TrackerSink {
  public:
    void row(const TrackedRow& row, const TrackerCursor&) override {
        if (m_restart) forget(row.step - 1);
        m_restart = false;
        hasTimes = hasTimes && row.t && *row.t > 1.7e9 && *row.t < 2e9;
        for (const TrackedValue& value : row.values) points[std::string(value.name)][row.step] = value.value;
    }
    void restart(std::optional<std::int64_t> lastStep) override {
        if (lastStep)
            forget(*lastStep);
        else
            m_restart = true;
    }
    void problem(std::string text) override { problems.push_back(std::move(text)); }

    Points points;
    std::vector<std::string> problems;
    bool hasTimes = true;

  private:
    void forget(std::int64_t lastStep) {
        for (auto& [name, series] : points) series.erase(series.upper_bound(lastStep), series.end());
    }
    bool m_restart = false;
};

bool same(double a, double b, bool single) {
    if (std::isnan(b)) return std::isnan(a);
    if (std::isinf(b)) return a == b;
    return std::abs(a - b) <= (single ? 1e-6 * std::abs(b) : 0);
}

double numberOf(const Json& value) {
    return value.is_number() ? value.get<double>() : numberInJson(value).value_or(-1e9);
}

}  // namespace

class TestTrackerPeers : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void golden_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("times");
        QTest::newRow("tensorboard") << "tensorboard" << true;
        QTest::newRow("wandb") << "wandb" << true;
        QTest::newRow("trackio") << "trackio" << true;
        QTest::newRow("mlflow, file store") << "mlflow_files" << true;
        QTest::newRow("mlflow, database") << "mlflow_database" << true;
        QTest::newRow("swanlab") << "swanlab" << true;
        QTest::newRow("dvclive") << "dvclive" << false;
    }
    void golden() {
        QFETCH(QString, name);
        QFETCH(bool, times);
        const fs::path folder = fs::path(RETORT_GOLDEN) / name.toStdString();
        const Json told = *tolerantJson(readBytes(folder.string() + ".json"));
        const FoundFolder found = recognise(folder);
        QCOMPARE(found.notes.size(), std::size_t(0));
        QCOMPARE(found.runs.size(), told.size());
        for (const FoundRun& run : found.runs) {
            QVERIFY2(told.contains(run.name), run.name.c_str());
            const Json& expected = told[run.name];
            PointSink sink;
            TrackerFacts facts;
            for (const FoundSource& source : run.sources) {
                TrackerOptions options;
                options.select = source.select;
                const auto reader = openTracker(source.kind, source.path, options);
                QVERIFY(readAll(*reader, sink));
                if (!reader->facts().outcome.empty()) facts.outcome = reader->facts().outcome;
                if (!reader->facts().config.empty()) facts.config = reader->facts().config;
            }
            QCOMPARE(sink.problems, std::vector<std::string>());
            QCOMPARE(sink.hasTimes, times);
            if (expected.contains("state")) QCOMPARE(facts.outcome, expected["state"].get<std::string>());
            if (expected.contains("config") && name != "dvclive")
                for (const auto& [key, value] : expected["config"].items())
                    QVERIFY2(facts.config[key] == value, key.c_str());
            for (const auto& [series, values] : expected["points"].items()) {
                QCOMPARE(sink.points[series].size(), values.size());
                for (const Json& point : values) {
                    const auto at = sink.points[series].find(point[0].get<std::int64_t>());
                    QVERIFY2(at != sink.points[series].end(), series.c_str());
                    QVERIFY2(same(at->second, numberOf(point[1]), expected.value("single", false)),
                             (series + " " + point.dump() + " " + std::to_string(at->second)).c_str());
                }
            }
        }
    }

    // Any file of theirs, cut or with bytes turned over: what is wrong is an Error or a problem with the
    // file's name, never more points than there were, never a crash.
    void damaged_data() {
        QTest::addColumn<QString>("file");
        for (const char* name :
             {"tensorboard", "wandb", "trackio", "mlflow_files", "mlflow_database", "swanlab", "dvclive"})
            for (const auto& entry : fs::recursive_directory_iterator(fs::path(RETORT_GOLDEN) / name))
                if (entry.is_regular_file())
                    QTest::addRow("%s: %s", name, entry.path().filename().c_str())
                        << QString::fromStdString(entry.path().string());
    }
    void damaged() {
        QFETCH(QString, file);
        const fs::path original = file.toStdString();
        const std::string bytes = readBytes(original);
        const QTemporaryDir folder;
        const fs::path copy = fs::path(folder.path().toStdString()) / original.filename();
        const auto look = [&](const std::string& content) {
            writeBytes(copy, content);
            Told told;
            try {
                for (const FoundRun& run : recognise(copy).runs)
                    for (const FoundSource& source : run.sources) {
                        TrackerOptions options;
                        options.select = source.select;
                        QVERIFY(readAll(*openTracker(source.kind, source.path, options), told, 500));
                    }
            } catch (const Error& error) {
                QVERIFY2(std::string(error.what()).find(original.filename().string()) != std::string::npos,
                         error.what());
            }
            QVERIFY(told.lines.size() <= 200);
            for (const std::string& problem : told.problems)
                QVERIFY2(problem.starts_with(copy.string()), problem.c_str());
        };
        const std::size_t step = bytes.size() / (bytes.size() > 50'000 ? 20 : 60) + 1;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            look(bytes.substr(0, at));
            for (const int mask : {0x01, 0xff}) {
                std::string damaged = bytes;
                damaged[at] = char(damaged[at] ^ mask);
                look(damaged);
            }
            std::string hole = bytes;
            hole.replace(at, std::min<std::size_t>(64, bytes.size() - at),
                         std::min<std::size_t>(64, bytes.size() - at), '\0');
            look(hole);
        }
    }

    // TRL's GRPOTrainer, resumed from checkpoint-4: event files and trainer_state.json tell the same numbers.
    void trainer() {
        const fs::path folder = fs::path(RETORT_GOLDEN) / "trainer";
        const Json told = *tolerantJson(readBytes(folder.string() + ".json"));
        const FoundFolder found = recognise(folder);
        QCOMPARE(found.runs.size(), std::size_t(1));
        QCOMPARE(found.runs[0].summary(),
                 std::string("tensorboard (2), trainer-state, checkpoint (4), trl-completions (8)"));
        PointSink events, states;
        for (const FoundSource& source : found.runs[0].sources)
            if (source.type == FoundSource::Type::Curves)
                QVERIFY(readAll(*openTracker(source.kind, source.path),
                                source.kind == TrackerKind::TensorBoard ? events : states));
        int compared = 0;
        for (const Json& row : told["log_history"])
            for (const auto& [key, value] : row.items()) {
                const auto step = row["step"].get<std::int64_t>();
                if (key == "step" || !value.is_number()) continue;
                QCOMPARE(states.points[key][step], value.get<double>());
                const auto event = events.points["train/" + key];
                if (event.contains(step)) {
                    QVERIFY2(same(event.at(step), value.get<double>(), true), key.c_str());
                    ++compared;
                }
            }
        QVERIFY(compared > 150);
    }
};

QTEST_GUILESS_MAIN(TestTrackerPeers)
#include "tst_tracker_peers.moc"
