// The document as rows of a bounded size: heads of regions, and pieces of steps of about a kilobyte, so that
// laying out what is visible costs the same in a short trace and in one of 200 MB.
#pragma once

#include <string_view>
#include <vector>

#include "core/traces/trace_document.h"

namespace retort {

struct ReaderRow {
    enum class Kind : std::uint8_t { RegionHead, Text };
    Kind kind = Kind::Text;
    bool first = false, last = false;  ///< of its step
    std::int32_t region = 0;
    std::int32_t step = -1;           ///< -1: of a region's head
    std::int64_t begin = 0, end = 0;  ///< bytes of the completion
};

/// Steps are cut behind a line break where there is one, else behind a space, else between characters.
std::vector<ReaderRow> readerRows(const TraceDocument& document, std::string_view completion);

/// The text row that holds this byte, or the nearest; -1: there is no text.
int rowOfByte(const std::vector<ReaderRow>& rows, std::int64_t byte);

/// What of a document is folded away.
struct ReaderFolds {
    std::vector<bool> steps, regions;

    void reset(const TraceDocument& document);
    bool isShown(const ReaderRow& row) const;
    bool isFolded(const ReaderRow& row) const;  ///< a step's first row, when the rest is folded away

    bool operator==(const ReaderFolds&) const = default;
};

}  // namespace retort
