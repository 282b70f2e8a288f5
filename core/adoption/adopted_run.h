// One run that another program trains or trained, as a run directory of ours that follows its files.
#pragma once

#include <chrono>
#include <memory>

#include "core/adoption/adopted_directory.h"
#include "core/adoption/adopted_log.h"

namespace retort {

struct AdoptSettings {
    std::filesystem::path runsFolder;
    std::string name;  ///< of a new run; empty: as its files call it
    ColumnMapping mapping;
    /// Whether more is to be expected: files that changed just now are left for the next time.
    bool isFollowed = false;
};

struct AdoptProgress {
    bool atEnd = false;       ///< all that was there is told
    std::uint64_t bytes = 0;  ///< of the files, read so far
    std::uint64_t total = 0;
    std::int64_t points = 0, traces = 0, checkpoints = 0;  ///< told since it was opened
    std::int64_t problems = 0;
};

/// Exactly once, whatever ends the process: what was told is in the log's own lines (adopted_log.h), and the
/// same source is the same run however often it is adopted. One process at a time; a second is refused.
class AdoptedRun {
  public:
    /// Opens the run of this source in the folder of runs, or makes it. Throws Error.
    AdoptedRun(const FoundRun& found, const AdoptSettings& settings);
    /// The logs of a run of ours whose own command writes them. Attempts, their ends and config.yaml are the
    /// caller's; `recordFolder` gets adopted.json.
    AdoptedRun(const RunDirectory& run, const std::filesystem::path& recordFolder, const FoundRun& found,
               const AdoptSettings& settings);
    ~AdoptedRun();
    AdoptedRun(AdoptedRun&&) noexcept;

    const RunDirectory& run() const;
    bool isNew() const;  ///< it was made when this was opened

    /// Takes in files that came since.
    void update(const FoundRun& found);
    /// Tells what is new, for about `budget`. Throws Error when the log cannot be written; what is wrong with
    /// the files is a problem instead.
    AdoptProgress poll(std::chrono::milliseconds budget);
    /// Writes an event of the caller's own. Throws Error; then it has to be opened again.
    void say(double t, EventPayload payload);
    void flush();
    /// flush(), and onto the disk.
    void sync();
    /// Nothing more is to be expected: files that changed just now are taken, too, and, where what wrote them
    /// has ended well, last lines without an end.
    void settle(bool endedWell);
    const AdoptedState& state() const;
    /// What the command's own log (RunLog) said at its end, and when.
    std::optional<std::pair<double, EndEvent>> commandsEnd() const;
    /// What could not be read since it was asked last, at most 50 of them.
    std::vector<std::string> takeProblems();
    /// "3 histograms and tensors": what is there and was not taken.
    std::vector<std::string> notTaken() const;
    /// When the files changed last, Unix time in s; 0: unknown.
    double lastChange() const;
    /// Whether its files say how the run ended.
    bool hasEnded() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
