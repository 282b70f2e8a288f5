// Where a completion thinks and where it answers: the marks that the models of the field put around their
// reasoning (traces.md b.12).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

/// What stands before and behind a think region.
struct RegionDelimiters {
    std::string opening, closing;

    bool operator==(const RegionDelimiters&) const = default;
};

/// Regions follow each other without gaps, marks included.
struct TraceRegion {
    enum class Kind { Think, Answer };
    Kind kind = Kind::Answer;
    std::int64_t begin = 0, end = 0;          ///< bytes, half-open
    std::int64_t textBegin = 0, textEnd = 0;  ///< without the marks and the white space at both ends
    bool closed = true;                       ///< false: thinking that never ended

    bool operator==(const TraceRegion&) const = default;
};

struct TraceRegions {
    std::vector<TraceRegion> regions;
    bool singleMarks = false;  ///< the quickstart's way: `<` thinks `;` in steps `>` and then answers
};

/// The first of these that occurs holds for the whole completion: `custom`, <think>, <thinking>, <thought>,
/// <reasoning>, <|begin_of_thought|>, Harmony's channels (with and without their special tokens), and the
/// quickstart's `<`…`>` where the completion begins with it. A closing mark alone closes what the template
/// opened; `prompt` tells whether it opened one that never closes. Empty text has no region.
TraceRegions cutRegions(std::string_view completion, std::string_view prompt = {},
                        const std::vector<RegionDelimiters>& custom = {});

/// [begin, end) without known marks and white space at both ends; never reversed.
std::pair<std::int64_t, std::int64_t> withoutMarks(std::string_view text, std::int64_t begin,
                                                   std::int64_t end, bool singleMarks,
                                                   const std::vector<RegionDelimiters>& custom = {});

}  // namespace retort
