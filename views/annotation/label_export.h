// An annotator's labels as a file that other programs read.
#pragma once

#include <string>

#include "core/store/store.h"
#include "core/trace_formats/trace_export.h"

namespace retort {

struct LabelExport {
    std::string file;
    std::string annotator;
    RowId queue = 0;  ///< its finished items; 0: everything that the annotator spoke of
    TraceExportFormat format = TraceExportFormat::Prm800k;
    NeutralMeaning neutral = NeutralMeaning::Correct;
    bool corrections = false;  ///< pairs of corrected steps instead of preferred samples
};

/// Writes them, or throws Error and writes nothing.
TraceExportReport exportLabels(StoreReader& reader, const LabelExport& wanted);

}  // namespace retort
