// What transformers' Trainer (and with it TRL) keeps of its own history: log_history in trainer_state.json of
// the output folder and of each checkpoint-N/ (transformers/trainer_callback.py, TrainerState).
#pragma once

#include "core/trackers/tracker_reader.h"

namespace retort {

/// The files are cumulative and rewritten whole: the newest one is read, what it has beyond what was told
/// before is told. When its history is another one from some entry on (training was resumed from an earlier
/// checkpoint) that is a restart. Rows have no time of their own; the newest file's is told for those that it
/// adds. A file that is half written is read again later.
class TrainerStateReader final : public TrackerReader {
  public:
    TrainerStateReader(std::filesystem::path folder, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return m_cursor; }

  private:
    struct History {
        std::filesystem::path file;
        double modified = 0;
        std::int64_t globalStep = 0, maxSteps = 0;
        struct Entry {
            std::int64_t step = 0;
            std::vector<std::pair<std::string, double>> values;
            std::uint64_t hash = 0;  // of this entry and all before it
        };
        std::vector<Entry> entries;
    };
    struct Seen {
        std::filesystem::path file;
        std::int64_t modified = 0;
        std::uint64_t size = 0;
        std::int64_t step = 0;  // by the folder's name; of the output folder's own: the largest number
        bool operator==(const Seen&) const = default;
    };
    std::vector<Seen> files() const;
    std::optional<History> load(const Seen& file, TrackerSink& sink);
    std::optional<History> newest(const std::vector<Seen>& files, TrackerSink& sink);
    void tell(const History& history, TrackerSink& sink);

    std::filesystem::path m_folder;
    TrackerCursor m_cursor;
    std::function<std::vector<TrackerCursor>()> m_earlier;
    std::vector<Seen> m_seen;
    std::vector<Seen> m_damaged;  // told once
    bool m_retry = false;         // a file was half written when it was looked at
};

}  // namespace retort
