// Runs of commands under the supervisor, in a folder of their own; what their logs say, and what lives.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <future>

#include "core/config/launch.h"
#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/process_identity.h"
#include "training/external/external_trainer.h"

namespace retort {

inline constexpr int patienceMs = 60'000;

struct Ended {
    std::optional<TrainOutcome> outcome;  // none: it threw
    std::string error;
};

/// What a run's log says, and whether it is a whole one.
struct Told {
    std::vector<Event> events;
    std::vector<std::string> problems;

    explicit Told(const RunDirectory& run) {
        const RunLogFollower follower(run.eventsFile());
        FollowerBatch batch;
        do {
            batch = follower.read(batch.offset, batch.lastSeq);
            events.insert(events.end(), batch.events.begin(), batch.events.end());
            problems.insert(problems.end(), batch.problems.begin(), batch.problems.end());
        } while (!batch.atEnd);
    }
    template <class T>
    std::vector<T> of() const {
        std::vector<T> found;
        for (const Event& event : events)
            if (const T* each = std::get_if<T>(&event.payload)) found.push_back(*each);
        return found;
    }
    std::vector<std::pair<std::int64_t, double>> series(const std::string& name) const {
        std::vector<std::pair<std::int64_t, double>> points;
        for (const Event& event : events) {
            if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                while (!points.empty() && points.back().first > rewind->toStep) points.pop_back();
            if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
                for (const auto& [each, value] : scalars->values)
                    if (each == name) points.emplace_back(scalars->step, value);
        }
        return points;
    }
    std::string messages() const {
        std::string text;
        for (const MessageEvent& each : of<MessageEvent>()) text += each.text + "\n";
        return text;
    }
    EndEvent end() const {
        const auto ends = of<EndEvent>();
        return ends.empty() ? EndEvent{} : ends.back();
    }
    bool isWhole() const {
        return problems.empty() && !events.empty() && std::holds_alternative<EndEvent>(events.back().payload);
    }
};

inline bool eventually(const std::function<bool()>& condition) {
    return QTest::qWaitFor(condition, patienceMs);
}

inline bool lives(pid_t pid) {
    const auto process = processIdentity(pid);
    return process && isAlive(*process);
}

inline std::string textOf(const std::filesystem::path& file) {
    std::error_code code;
    return std::filesystem::exists(file, code) ? readFile(file) : std::string();
}

inline pid_t pidIn(const std::filesystem::path& file) {
    return pid_t(std::strtol(textOf(file).c_str(), nullptr, 10));
}

/// 'R', 'S', 'T' …; 0: there is no such process.
inline char stateOf(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const std::size_t close = text.rfind(')');
    return close == std::string::npos ? '\0' : text.at(close + 2);
}

/// A new folder for each test.
class ExternalRuns {
  protected:
    void makeHome() { m_home = std::make_unique<QTemporaryDir>(); }
    std::filesystem::path home() const { return std::filesystem::canonical(m_home->path().toStdString()); }
    RunDirectory run(const std::string& external, const std::filesystem::path& root = {}) const {
        const PreparedRun prepared = prepareRun(
            parseConfig("recipe: external\nname: a\nseed: 7\nexternal: " + external + "\n", "c.yaml"), home(),
            [](const std::string&) { return std::nullopt; });
        return createRun(prepared, root.empty() ? home() / "runs" : root, "test");
    }
    /// A script for the shell, as YAML.
    static std::string shell(const std::string& script, const std::string& more = "") {
        return "{shell: " + Json(script).dump() + (more.empty() ? "" : ", " + more) + "}";
    }
    Ended train(const RunDirectory& directory, bool resume = false, const std::stop_token& stop = {}) const {
        try {
            return {trainExternally(directory, resume, stop), ""};
        } catch (const Error& error) {
            return {std::nullopt, error.what()};
        }
    }
    std::future<Ended> begin(const RunDirectory& directory, const std::stop_token& stop = {}) const {
        return std::async(std::launch::async, [=, this] { return train(directory, false, stop); });
    }

  private:
    std::unique_ptr<QTemporaryDir> m_home;
};

}  // namespace retort
