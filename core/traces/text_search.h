// Where a text occurs in another one, as bytes; upper and lower case by Unicode's simple folding.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

struct TextHits {
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges;  ///< from left to right, not overlapping
    bool complete = true;  ///< false: there are more than the limit, or it was stopped
};

/// An empty needle occurs nowhere. Invalid UTF-8 matches itself; a match never begins or ends inside a
/// character.
TextHits findAll(std::string_view text, std::string_view needle, bool caseSensitive,
                 std::size_t limit = 20'000, std::stop_token stop = {});

}  // namespace retort
