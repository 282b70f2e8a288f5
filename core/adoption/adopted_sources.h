// The files of one adopted run: which there are, where reading each goes on, and what was read beyond what
// the log's lines say.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>

#include "core/adoption/adopted_log.h"
#include "core/adoption/adoption_record.h"

namespace retort {

/// Of a file; 0 for a folder, or when there is none.
std::uint64_t bytesOf(const std::filesystem::path& path);
/// When it was changed last, Unix time in s; 0 when there is none.
double changeOf(const std::filesystem::path& path);

/// Files are named by their index in the record, as the log's lines name them.
class AdoptedSources {
  public:
    /// `mapping` is that of a run that has no record yet.
    AdoptedSources(const std::filesystem::path& run, AdoptedLog& log, const FoundRun& found,
                   const ColumnMapping& mapping);

    AdoptionRecord& record() { return m_record; }
    /// The record is to be written with the next remember().
    void noteChange() { m_isChanged = true; }

    /// Takes in files that came since; with `save` the record is written also when there are none.
    void takeIn(const FoundRun& found, bool save);
    /// In the order in which they are read.
    const std::vector<int>& order() const { return m_order; }
    const FoundSource& source(int file) const { return m_record.files[std::size_t(file)].source; }
    /// Whether one of them is a folder of transformers' Trainer.
    bool hasTrainer() const { return m_hasTrainer; }

    TrackerReader& reader(int file);
    /// Nothing more will be written to any of them.
    void settle();
    /// Whether an error of a file is another one than it had last.
    bool isNewError(int file, const std::string& error);

    /// What the last log that says how the run ended has of it; null: none does.
    const TrackerFacts* end() const;
    /// Writes how far was read beyond the log's lines; only after these are on the disk.
    void remember(bool now);

    std::uint64_t bytes() const;                ///< of all files
    std::uint64_t bytesRead(bool isAll) const;  ///< of these; `isAll`: to the end of each
    double lastChange() const;
    std::vector<std::string> notTaken() const;

  private:
    using Clock = std::chrono::steady_clock;
    struct Source {
        std::unique_ptr<TrackerReader> reader;
        std::string told;  ///< the error that it had last
    };
    TrackerOptions optionsOf(int file);

    std::filesystem::path m_run;
    AdoptedLog& m_log;
    AdoptionRecord m_record;
    std::unordered_map<std::string, int> m_index;
    std::vector<int> m_order;
    std::map<int, Source> m_sources;
    bool m_hasTrainer = false, m_isChanged = false, m_isSettled = false;
    Clock::time_point m_saved = Clock::now();
};

}  // namespace retort
