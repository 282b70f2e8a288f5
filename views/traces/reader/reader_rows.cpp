#include "views/traces/reader/reader_rows.h"

#include <algorithm>

#include "views/traces/reader/shown_text.h"
#include "views/widgets/math/math_spans.h"

namespace retort {

namespace {

constexpr std::int64_t wantedBytes = 768, mostBytes = 2048;
constexpr std::int64_t plainWanted = 3584, plainMost = 4096;  // in traces too large to be cut into steps

/// The first line break from `at` on that is in no displayed formula.
std::int64_t outsideMath(std::string_view text, std::int64_t begin, std::int64_t at, std::int64_t until) {
    const std::string_view row =
        text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(until - begin));
    for (const MathSpan& span : findMath(row)) {
        if (begin + span.begin >= at) break;
        if (begin + span.end < at) continue;
        const auto newline = row.find('\n', static_cast<std::size_t>(span.end));
        if (newline == row.npos) return at;
        at = begin + static_cast<std::int64_t>(newline) + 1;
    }
    return at;
}

/// Where the row that begins at `begin` ends.
std::int64_t rowEnd(std::string_view text, std::int64_t begin, std::int64_t end, bool plain) {
    const std::int64_t wanted = plain ? plainWanted : wantedBytes, most = plain ? plainMost : mostBytes;
    if (end - begin <= wanted) return end;
    const std::int64_t until = std::min(end, begin + most);
    const std::string_view window = text.substr(static_cast<std::size_t>(begin + wanted),
                                                static_cast<std::size_t>(until - begin - wanted));
    if (const auto newline = window.find('\n'); newline != window.npos) {
        const std::int64_t at = begin + wanted + static_cast<std::int64_t>(newline) + 1;
        return plain ? at : outsideMath(text, begin, at, until);
    }
    if (until == end) return end;
    if (const auto space = window.rfind(' '); space != window.npos)
        return begin + wanted + static_cast<std::int64_t>(space) + 1;
    return characterStart(text, until);
}

}  // namespace

std::vector<ReaderRow> readerRows(const TraceDocument& document, std::string_view completion) {
    std::vector<ReaderRow> rows;
    int region = -1;
    for (std::size_t i = 0; i < document.steps().size(); ++i) {
        const DocumentStep& step = document.steps()[i];
        if (step.region != region) {
            region = step.region;
            const TraceRegion& of = document.regions()[static_cast<std::size_t>(region)];
            // A bare answer needs no head.
            if (document.regions().size() > 1 || of.kind == TraceRegion::Kind::Think)
                rows.push_back({ReaderRow::Kind::RegionHead, false, false, region, -1, of.begin, of.begin});
        }
        std::int64_t at = step.shownBegin;
        const std::size_t first = rows.size();
        do {
            const std::int64_t end = rowEnd(completion, at, step.shownEnd, document.isPlain());
            rows.push_back(
                {ReaderRow::Kind::Text, false, false, region, static_cast<std::int32_t>(i), at, end});
            at = end;
        } while (at < step.shownEnd);
        rows[first].first = true;
        rows.back().last = true;
    }
    return rows;
}

int rowOfByte(const std::vector<ReaderRow>& rows, std::int64_t byte) {
    const auto after = std::upper_bound(rows.begin(), rows.end(), byte,
                                        [](std::int64_t at, const ReaderRow& row) { return at < row.begin; });
    for (auto row = after; row != rows.begin();) {
        --row;
        if (row->kind == ReaderRow::Kind::Text) return static_cast<int>(row - rows.begin());
    }
    for (auto row = after; row != rows.end(); ++row)
        if (row->kind == ReaderRow::Kind::Text) return static_cast<int>(row - rows.begin());
    return -1;
}

void ReaderFolds::reset(const TraceDocument& document) {
    steps.assign(document.steps().size(), false);
    regions.assign(document.regions().size(), false);
}

bool ReaderFolds::isShown(const ReaderRow& row) const {
    if (row.kind == ReaderRow::Kind::RegionHead) return true;
    if (regions[static_cast<std::size_t>(row.region)]) return false;
    return row.first || !steps[static_cast<std::size_t>(row.step)];
}

bool ReaderFolds::isFolded(const ReaderRow& row) const {
    return row.kind == ReaderRow::Kind::Text && row.first && steps[static_cast<std::size_t>(row.step)];
}

}  // namespace retort
