// The last number in prose, when it can be taken for what the prose says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort::answers {

/// With its sign, percent sign and unit. Nothing when there is none, when it is denied or hedged ("not 5", "3
/// or 5"), or when it is part of an expression ("x^2 + 5", "2x", "3rd").
std::optional<std::string> lastNumber(std::string_view text);

/// What stands before and behind mathematics in prose takes it back, or makes it a part of something else:
/// "not …", "if …", "less than …", "… or more".
bool isTakenBack(std::string_view before, std::string_view after);

}  // namespace retort::answers
