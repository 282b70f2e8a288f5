// Rows of foreign logs as events of a run.
#pragma once

#include "core/adoption/adopted_log.h"
#include "core/adoption/adoption_record.h"

namespace retort {

/// Scalars of one step become one event. The kind of log that told the first scalars of a run is its first
/// source: steps of one of its metrics that go back, and restarts that it tells, are a new attempt, before
/// which a rewind stands. Of other kinds only what the first has not told is taken: metrics that it does not
/// have, and steps beyond its last. Where the run's own command logs for itself (FoundSource::Type::RunLog),
/// that log is the first.
class CurveTranslator final : public TrackerSink {
  public:
    /// `recordFolder`: that of adopted.json. `saysAttempts` false: where attempts begin is said by others.
    CurveTranslator(AdoptedLog& log, AdoptionRecord& record, std::filesystem::path recordFolder,
                    bool saysAttempts = true);

    /// Rows come from this file now; `facts` are those of its reader. `hasTrainer`: the run is one of
    /// transformers' Trainer, whatever the file tells.
    void begin(int file, const TrackerFacts& facts, bool hasTrainer);
    /// Writes the step that was gathered.
    void flush();

    void row(const TrackedRow& row, const TrackerCursor& behind) override;
    void restart(std::optional<std::int64_t> lastStep) override;
    void problem(std::string text) override;

    /// Writes the event with which an attempt begins, when there is none yet.
    void start(double t);

    std::int64_t points() const { return m_points; }
    std::vector<std::string> takeProblems();
    std::int64_t problems() const { return m_problemCount; }
    static constexpr std::size_t mostProblems = 50;  ///< that are kept until they are taken

  private:
    bool isRunLog(int file) const;
    bool isFirstKind() const;
    void decideNames();
    std::string_view nameOf(std::string_view name);
    bool accepts(const AdoptedSeries& series, std::int64_t step) const;
    AdoptedSeriesMap::value_type* find(std::string_view name);
    void rewind(std::int64_t lastStep, double t);
    double timeOf(const TrackedRow& row) const;

    AdoptedLog& m_log;
    AdoptionRecord& m_record;
    std::filesystem::path m_recordFolder;
    bool m_saysAttempts;
    AdoptedSeriesMap m_series;

    int m_file = -1;
    TrackerKind m_kind = TrackerKind::TensorBoard;
    std::optional<TrackerKind> m_firstKind;
    const TrackerFacts* m_facts = nullptr;
    bool m_hasTrainer = false;
    bool m_restart = false;

    ScalarsEvent m_pending;
    TrackerCursor m_pendingCursor;
    double m_pendingTime = 0;
    int m_pendingFile = -1;
    std::uint64_t m_rowNumber = 1;
    std::int64_t m_tokens = 0;
    std::string m_name;
    std::vector<AdoptedSeriesMap::value_type*> m_found;  // of the row that is told

    std::int64_t m_points = 0, m_problemCount = 0;
    std::vector<std::string> m_problems;
    bool m_toldMany = false;
};

}  // namespace retort
