// The events.jsonl of an adopted run. Each line says, beside what any reader of run logs looks at, how far
// the foreign file was read with it: "adopted": [file, position, check]. What happened and where it came from
// are thus there together or not at all, and whoever opens the log again knows from it alone where to go on.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/runlog/event.h"
#include "core/trackers/tracker_reader.h"

namespace retort {

/// What was told of one metric.
struct AdoptedSeries {
    std::int64_t lastStep = 0;
    int file = -1;          ///< that told it last
    std::uint64_t row = 0;  ///< the translator's
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
using AdoptedSeriesMap = std::unordered_map<std::string, AdoptedSeries, TextHash, std::equal_to<>>;

/// What follows from the lines of a log.
struct AdoptedState {
    std::int64_t seq = 0;
    std::int32_t attempts = 0;
    bool ended = false;
    bool rewound = false;  ///< the start that follows a rewind is not there yet
    std::int64_t step = 0, tokens = 0, totalSteps = 0;
    double t = 0, started = 0;  ///< of the latest event, of the attempt's first
    int firstFile = -1;         ///< the first that told scalars
    struct File {
        TrackerCursor cursor;
        std::int64_t seq = 0;    ///< of its last line
        bool beforeEnd = false;  ///< it had lines when the run ended
    };
    std::map<int, File> files;
    struct Rewind {
        std::int64_t seq = 0, toStep = 0;
    };
    std::vector<Rewind> rewinds;

    /// Whether what a file told of a step was superseded since.
    bool isSuperseded(int file, std::int64_t ofStep) const;
    void take(const EventPayload& payload, double time, int file);
    /// The last step of each metric, rewinds considered.
    static void take(const EventPayload& payload, int file, AdoptedSeriesMap& series);
};

class AdoptedLog {
  public:
    /// Opens or makes it, cuts off a torn last line, and reads what it holds. Throws Error.
    explicit AdoptedLog(std::filesystem::path file);
    ~AdoptedLog();
    AdoptedLog(const AdoptedLog&) = delete;
    AdoptedLog& operator=(const AdoptedLog&) = delete;

    const AdoptedState& state() const { return m_state; }
    /// What was told of each metric when the log was opened; the caller goes on with it.
    AdoptedSeriesMap takeSeries() { return std::move(m_series); }
    /// Told of each event that is appended, and of the file that it comes from.
    void whenAppended(std::function<void(const EventPayload&, int file)> told) { m_told = std::move(told); }
    /// `file` -1: it comes from none. Written with flush(), or when enough has gathered. Throws Error; once
    /// it did, it takes nothing more: the log has to be opened again.
    void append(double t, EventPayload payload, int file = -1, const TrackerCursor& cursor = {});
    void flush();
    /// flush(), and onto the disk.
    void sync();
    /// Those of all lines that came from a file, in order.
    std::vector<TrackerCursor> cursorsOf(int file);

  private:
    void scan();
    template <class Take>
    std::int64_t eachLine(Take take);

    std::filesystem::path m_path;
    int m_fd = -1;
    std::int64_t m_end = 0;
    std::string m_pending, m_failure;
    AdoptedState m_state;
    AdoptedSeriesMap m_series;
    std::function<void(const EventPayload&, int)> m_told;
};

}  // namespace retort
