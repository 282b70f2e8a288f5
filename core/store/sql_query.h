// Somebody's own SQL, which may only read.
#pragma once

#include <string>

#include "core/store/sqlite.h"
#include "core/store/store.h"

namespace retort {

StoreReader::Table runReadOnlyQuery(Database& database, const std::string& sql, std::int64_t maxRows);

}  // namespace retort
