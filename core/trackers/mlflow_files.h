// MLflow's file store (mlflow/store/tracking/file_store.py): mlruns/<experiment>/<run>/ with meta.yaml,
// metrics/<key>, params/<key>, tags/<key>; a key with "/" is in a subfolder.
#pragma once

#include "core/trackers/line_log.h"

namespace retort {

/// metrics/<key>: "<ms> <value> <step>" a line; newer writers append a data set's name and digest.
class MlflowMetricReader final : public TrackerReader {
  public:
    MlflowMetricReader(const std::filesystem::path& file, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return {m_lines.at(), 0}; }
    FileHead head() const override { return m_lines.head(); }

  private:
    LineLog m_lines;
    std::string m_key;
};

/// State, times, name and parameters of a run's folder; tells no rows.
class MlflowRunReader final : public TrackerReader {
  public:
    MlflowRunReader(std::filesystem::path folder, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return {}; }

  private:
    std::filesystem::path m_folder;
    std::filesystem::file_time_type m_modified{};
};

/// MLflow's RunStatus, by number (file store) or word (database): 3 FINISHED, 4 FAILED, 5 KILLED; others run.
std::string mlflowOutcome(std::string_view status);

}  // namespace retort
