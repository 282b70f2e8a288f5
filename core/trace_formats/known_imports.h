// What earlier imports have taken into a store.
#pragma once

#include <vector>

#include "core/store/store.h"
#include "core/trace_formats/import_run.h"

namespace retort {

/// Of all runs that are imports, archived ones too; those whose directory is gone cannot tell.
std::vector<ImportedSource> knownImports(StoreReader& reader);

}  // namespace retort
