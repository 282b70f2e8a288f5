// The search index over the texts of traces follows behind them: a trigram index takes ten times as long as
// the rows themselves, and an import must not wait for it. Searching looks through what is not in it yet.
#pragma once

#include <cstddef>

#include "core/store/sqlite.h"

namespace retort {

/// Whether the index has all texts.
bool isTextIndexComplete(Database& database);
/// Adds the next texts, at least one and about `bytes` of them, in a transaction of its own; false when there
/// are none left. Not within a transaction.
bool indexTexts(Database& database, std::size_t bytes);

}  // namespace retort
