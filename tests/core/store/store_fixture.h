// A store and runs in a folder of their own, for one test.
#pragma once

#include "core/runlog/run_directory.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "tests/core/runlog/log_lines.h"

namespace retort {

struct StoreFolder : Folder {
    std::filesystem::path file() const { return path() / "lab.db"; }
    RunDirectory makeRun(const std::string& name = "run", RunIdentity identity = {}) const {
        return RunDirectory::create(path() / "runs", name, "recipe: sft\n", std::move(identity));
    }
};

/// The error that `action` throws; empty when it throws none.
template <class Action>
std::string errorOf(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline RowId seriesId(StoreReader& reader, RowId run, const std::string& name) {
    for (const SeriesRow& series : reader.series(run))
        if (series.name == name) return series.id;
    return 0;
}

}  // namespace retort
