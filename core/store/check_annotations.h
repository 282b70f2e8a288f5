// What people and judges said of traces: whether the tables agree with each other.
#pragma once

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

void checkAnnotations(Database& database, StoreCheckReport& report);

}  // namespace retort
