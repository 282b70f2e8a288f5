// The far end of following runs on another machine: reads what their directories gain and says it in one
// stream, for many runs at once. `retort-cli serve-runs` is a loop around it.
//
// Requests are lines of JSON:
//   {"follow": KEY, "directory": PATH, "files": {NAME: {"offset": N, "tail": HASH}}}   KEY is the caller's,
//   any text
//   {"unfollow": KEY}
//   {"ask": KEY, "request": "stop" | "pause" | "checkpoint", "serial": N}
//   {"withdraw": KEY, "request": …, "serial": N}
//   {"priority": KEY, "nice": N, "serial": N}
// Answers are lines of JSON, of which those with "bytes" have so many bytes of a file behind them:
//   {"run": KEY, "file": NAME, "offset": N, "bytes": N}   what the file has from there
//   {"run": KEY, "differs": NAME, "size": N}     the file is not the one that was read: shorter, or other
//   bytes
//   {"run": KEY, "identity": TEXT}               run.json, whenever it changes
//   {"run": KEY, "control": ["pause", …], "priority": N, "serial": N}   requests that stand and the nice
//   value that is wanted, if any is, whenever they change; the last one heard
//   {"run": KEY, "nice": {"nice": N, "asked": N, "problem": TEXT}}   what holds (core/runlog/priority.h)
//   {"run": KEY, "alive": BOOL}                  whether a trainer holds it; behind false, nothing more comes
//   {"run": KEY, "gone": true}                   there is no such run directory
//   {"time": T}                                  Unix time, s: a sign of life
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/runlog/priority.h"
#include "core/util/json.h"
#include "core/util/process_identity.h"

namespace retort {

/// What is followed of a run directory.
inline const std::vector<std::string>& followedFiles() {
    static const std::vector<std::string> names = {"events.jsonl", "stdout.log", "stderr.log"};
    return names;
}

/// Of the last bytes (at most 4096) before `offset`, by which a file is known again; empty when it has not so
/// many.
std::string tailDigest(const std::filesystem::path& file, std::int64_t offset);

class RunServer {
  public:
    using Output = std::function<void(std::string_view)>;
    /// A network file system that does not answer for a while is no run directory that is gone: that is said
    /// after `patience`.
    explicit RunServer(Output output, std::chrono::milliseconds patience = std::chrono::seconds(15));

    /// One request. Malformed ones are answered with {"problem": TEXT}.
    void handle(const std::string& line);
    /// Says what is new; true when there is more to say at once.
    bool look();

  private:
    using Clock = std::chrono::steady_clock;
    struct Run {
        std::filesystem::path directory;
        std::map<std::string, std::int64_t> offsets;  ///< of the files that are read on
        Json asked;                                   ///< files that were not compared yet
        std::optional<ProcessIdentity> trainer;       ///< as noted when the note could be read last
        std::optional<Clock::time_point> missingSince;
        std::string identity;
        std::int64_t identitySize = -1;
        std::filesystem::file_time_type identityTime{};
        std::vector<std::string> control;
        std::optional<int> priority;
        std::optional<PriorityState> nice;
        std::int64_t serial = 0;
        bool toldControl = false, toldAlive = false, alive = false, gone = false;
        Clock::time_point nextState{};
    };

    void follow(const Json& request);
    bool compareFiles(const std::string& key, Run& run, bool isLastTry);
    bool isMissing(const std::string& key, Run& run);
    void control(const Json& request, bool ask);
    void prioritise(const Json& request);
    Run& followed(const std::string& key);
    void say(const Json& answer, std::string_view bytes = {});
    bool readFiles(const std::string& key, Run& run);
    void lookAtState(const std::string& key, Run& run);
    void lookAtControl(const std::string& key, Run& run);
    void lookAtIdentity(const std::string& key, Run& run);
    void lookAtPriority(const std::string& key, Run& run);

    Output m_output;
    std::chrono::milliseconds m_patience;
    std::map<std::string, Run> m_runs;
    Clock::time_point m_nextSign{};
};

}  // namespace retort
