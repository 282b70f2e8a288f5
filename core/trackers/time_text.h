// Moments as logs write them.
#pragma once

#include <optional>
#include <string_view>

namespace retort {

/// Unix time in s of a number (s; ms or ns where it is too large for that), or of ISO 8601:
/// "2026-01-31T12:00:00.5+01:00", also with a blank, without an offset (UTC), or without a time.
std::optional<double> timeOf(std::string_view text);
/// A number's part of it.
std::optional<double> timeOf(double number);

}  // namespace retort
