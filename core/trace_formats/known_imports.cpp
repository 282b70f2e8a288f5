#include "core/trace_formats/known_imports.h"

#include <iterator>

#include "core/util/error.h"

namespace retort {

std::vector<ImportedSource> knownImports(StoreReader& reader) {
    std::vector<ImportedSource> sources;
    for (const RunRow& row : reader.runs(true)) {
        if (row.recipe != importRecipe) continue;
        try {
            std::vector<ImportedSource> found = importedSources(RunDirectory::open(row.directory).identity());
            std::move(found.begin(), found.end(), std::back_inserter(sources));
        } catch (const Error&) {  // its directory is gone
        }
    }
    return sources;
}

}  // namespace retort
