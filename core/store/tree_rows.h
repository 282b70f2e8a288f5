// Search trees as rows of `search_trees`.
#pragma once

#include <optional>
#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"
#include "core/traces/search_tree.h"

namespace retort {

void insertTree(Database& database, RowId run, const SearchTree& tree, double t, std::int32_t attempt);
/// Newest first; `run` 0: of all; of one problem when it is not empty.
std::vector<TreeRow> listTrees(Database& database, RowId run, const std::string& problemId);
std::optional<SearchTree> readTree(Database& database, RowId id);

}  // namespace retort
