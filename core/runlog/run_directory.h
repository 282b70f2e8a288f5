// The layout of a run directory and its identity file (design: "A run is a directory").
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// run.json
struct RunIdentity {
    std::string id;  ///< UUID
    int formatVersion = 1;
    double created = 0;  ///< Unix time, s
    std::string name;
    std::string study;  ///< empty: belongs to none
    std::string recipe;
    std::string host;
    std::string program;                ///< "retort 0.1.0"
    std::optional<std::string> parent;  ///< id of the run whose checkpoint this one starts from
    Json environment = Json::object();  ///< CPU, threads, LibTorch version … (filled by the trainer)

    bool operator==(const RunIdentity&) const = default;
};

class RunDirectory {
  public:
    /// Makes a new run directory `root/<date>-<time>-<name>-<first 8 of id>` with run.json and config.yaml.
    /// `configYaml` is the resolved configuration. Characters of `name` that are not [A-Za-z0-9._-] become
    /// '-'.
    static RunDirectory create(const std::filesystem::path& root, const std::string& name,
                               const std::string& configYaml, RunIdentity identity);
    /// Opens an existing one; throws Error when run.json is missing, malformed or of a newer format.
    static RunDirectory open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    const RunIdentity& identity() const { return m_identity; }
    void rewriteIdentity(const RunIdentity& identity);

    std::filesystem::path configFile() const { return m_path / "config.yaml"; }
    std::filesystem::path eventsFile() const { return m_path / "events.jsonl"; }
    std::filesystem::path checkpointsFolder() const { return m_path / "checkpoints"; }
    std::filesystem::path checkpointFolder(std::int64_t step) const;  ///< checkpoints/step-00000100
    std::filesystem::path stdoutFile() const { return m_path / "stdout.log"; }
    std::filesystem::path stderrFile() const { return m_path / "stderr.log"; }

    /// Steps of the checkpoints that are whole (checkpoint_folder.h), ascending; half-written ones carry
    /// another name, or lack what says that they are whole.
    std::vector<std::int64_t> checkpointSteps() const;

    /// Whether a live process holds the run: an advisory lock on `run.lock` (flock), so a killed trainer
    /// frees it.
    bool isRunning() const;

  private:
    RunDirectory(std::filesystem::path path, RunIdentity identity);
    std::filesystem::path m_path;
    RunIdentity m_identity;
};

/// Held by the process that trains; throws Error "already running" when somebody else holds it.
class RunLock {
  public:
    explicit RunLock(const RunDirectory& run);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

  private:
    int m_fd;
};

}  // namespace retort
