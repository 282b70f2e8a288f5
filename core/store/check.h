// Whether a store is sound, and says what the logs say.
#pragma once

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

StoreCheckReport checkStore(Database& database);

}  // namespace retort
