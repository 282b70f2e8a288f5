// Where what judges say goes: lanes into the store, search trees into a run of their own.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/runlog/writer.h"
#include "core/store/store.h"

namespace retort::cli {

/// RunIdentity::recipe of runs that hold trees alone.
inline constexpr const char* treeRecipe = "omega_prm";

/// Lanes on their way into the store, a transaction for some of them together.
class LaneWriter {
  public:
    explicit LaneWriter(const std::filesystem::path& store) : m_writer(store) {}
    void add(RowId trace, std::vector<StepLane> lanes);
    void flush();
    StoreWriter& store() { return m_writer; }

  private:
    StoreWriter m_writer;
    std::vector<std::pair<RowId, std::vector<StepLane>>> m_lanes;
};

/// Search trees as a run of their own, as imported traces are: the log of the run that was labelled is its
/// trainer's.
class TreeRun {
  public:
    TreeRun(std::filesystem::path runs, std::string name)
        : m_runs(std::move(runs)), m_name(std::move(name)) {}
    void add(SearchTree tree);
    /// Takes the run into the store and gives its name; empty: there was no tree.
    std::string finish(StoreWriter& store);

  private:
    void begin();

    std::filesystem::path m_runs;
    std::string m_name;
    std::optional<RunDirectory> m_run;
    std::unique_ptr<RunLogWriter> m_log;
};

}  // namespace retort::cli
