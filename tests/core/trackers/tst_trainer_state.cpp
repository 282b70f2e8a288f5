// transformers' trainer_state.json: cumulative, rewritten whole, resumed.
#include <sys/stat.h>

#include <QTest>
#include <filesystem>

#include "tracker_test.h"

using namespace retort;
namespace fs = std::filesystem;

namespace {
using Lines = std::vector<std::string>;

/// Rows of {"step": n, "loss": n + shift}.
std::string state(int from, int to, double shift = 0, const std::string& before = {}, int maxSteps = 100) {
    std::string rows = before;
    for (int step = from; step <= to; ++step)
        rows += (rows.empty() ? "" : ",") + std::string(R"({"epoch": 0.5, "loss": )") +
                std::to_string(step + shift) + R"(, "step": )" + std::to_string(step) + "}";
    return R"({"global_step": )" + std::to_string(to) + R"(, "max_steps": )" + std::to_string(maxSteps) +
           R"(, "log_history": [)" + rows + "]}";
}

Lines losses(int from, int to, double shift = 0) {
    Lines lines;
    for (int step = from; step <= to; ++step) {
        char text[64];
        std::snprintf(text, sizeof text, "%d loss %.9g", step, step + shift);
        lines.push_back(std::to_string(step) + " epoch 0.5");
        lines.push_back(text);
    }
    return lines;
}

Lines operator+(Lines a, const Lines& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Minutes before now.
void setAge(const fs::path& file, int minutes) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::minutes(minutes));
}
}  // namespace

class TestTrainerState : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void growsWithEachSave() {
        const auto reader = openTracker(TrackerKind::TrainerState, root());
        Told told;
        QVERIFY(reader->read(told, 1));  // nothing is there yet
        save("checkpoint-2", state(1, 2), 30);
        QVERIFY(reader->read(told, 1));
        save("checkpoint-4", state(1, 4), 20);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 4));
        save("", state(1, 6, 0, {}, 6), 10);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 6));
        QCOMPARE(reader->facts().outcome, std::string("finished"));
        QCOMPARE(reader->facts().totalSteps, std::int64_t(6));
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 6));

        TrackerOptions options;
        options.from = told.cursors[2];
        Told rest;
        QVERIFY(openTracker(TrackerKind::TrainerState, root(), options)->read(rest, 1));
        QCOMPARE(rest.lines, losses(4, 6));
    }

    // Stopped at 6, begun again from checkpoint-4: 5 and 6 are superseded.
    void resumed() {
        save("checkpoint-4", state(1, 4), 60);
        save("checkpoint-6", state(1, 6), 50);
        TrackerOptions options;
        Told told;
        options.earlier = [&] { return told.cursors; };
        const auto reader = openTracker(TrackerKind::TrainerState, root(), options);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 6));
        std::string shared;
        for (int step = 1; step <= 4; ++step)
            shared += (step > 1 ? "," : "") + std::string(R"({"epoch": 0.5, "loss": )") +
                      std::to_string(step + 0.0) + R"(, "step": )" + std::to_string(step) + "}";
        save("checkpoint-8", state(5, 8, 0.5, shared), 10);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 6) + Lines{"restart 4"} + losses(5, 8, 0.5));
    }

    // A copied folder has all files of one time: the longest of one history is the newest.
    void copied() {
        for (const int steps : {2, 4, 10}) save("checkpoint-" + std::to_string(steps), state(1, steps), 5);
        fs::last_write_time(
            root() / "checkpoint-2/trainer_state.json",
            fs::last_write_time(root() / "checkpoint-10/trainer_state.json") + std::chrono::seconds(1));
        Told told;
        QVERIFY(openTracker(TrackerKind::TrainerState, root())->read(told, 1));
        QCOMPARE(told.lines, losses(1, 10));
    }

    void wordsOfPython() {
        save("", R"({"global_step": 1, "max_steps": 1, "best_metric": NaN, "log_history": [
            {"loss": NaN, "grad_norm": Infinity, "x": -Infinity, "note": "text", "step": 1}, {"no": 1}, 7]})",
             1);
        Told told;
        QVERIFY(openTracker(TrackerKind::TrainerState, root())->read(told, 1));
        QCOMPARE(told.lines, (Lines{"1 loss nan", "1 grad_norm inf", "1 x -inf"}));
    }

    // A half-written file is waited for; an old one that is none is said once, with its name.
    void everyTruncation() {
        const std::string whole = state(1, 4);
        for (std::size_t cut = 0; cut < whole.size(); ++cut) {
            save("", whole.substr(0, cut), 0);
            const auto reader = openTracker(TrackerKind::TrainerState, root());
            Told told;
            QVERIFY(reader->read(told, 1));
            QCOMPARE(told.lines, Lines());
            QCOMPARE(told.problems, Lines());
            setAge(root() / "trainer_state.json", 5);
            QVERIFY(reader->read(told, 1));
            QVERIFY(reader->read(told, 1));
            QCOMPARE(told.problems.size(), std::size_t(1));
            QVERIFY(told.problems[0].starts_with((root() / "trainer_state.json").string()));
            save("", whole, 1);
            QVERIFY(reader->read(told, 1));
            QCOMPARE(told.lines, losses(1, 4));
        }
    }

    // While the newest is half written the one before is no restart.
    void olderMeanwhile() {
        save("checkpoint-4", state(1, 4), 20);
        save("checkpoint-6", state(1, 6), 10);
        TrackerOptions options;
        Told told;
        options.earlier = [&] { return told.cursors; };
        const auto reader = openTracker(TrackerKind::TrainerState, root(), options);
        QVERIFY(reader->read(told, 1));
        save("checkpoint-6", "{\"log_hist", 0);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 6));
        save("checkpoint-6", state(1, 7), 0);
        QVERIFY(reader->read(told, 1));
        QCOMPARE(told.lines, losses(1, 7));
    }

    void flippedBytes() {
        const std::string whole = state(1, 3);
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (const int mask : {0x01, 0x20, 0xff}) {
                std::string damaged = whole;
                damaged[at] = char(damaged[at] ^ mask);
                save("", damaged, 5);
                Told told;
                QVERIFY(openTracker(TrackerKind::TrainerState, root())->read(told, 1));
                QVERIFY(told.lines.size() <= 6 && told.problems.size() <= 1);
            }
    }

  private:
    fs::path root() const { return m_folder->path().toStdString(); }
    void save(const std::string& checkpoint, const std::string& text, int age) {
        fs::create_directories(root() / checkpoint);
        writeBytes(root() / checkpoint / "trainer_state.json", text);
        setAge(root() / checkpoint / "trainer_state.json", age);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestTrainerState)
#include "tst_trainer_state.moc"
