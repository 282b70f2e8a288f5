// JSON as Python writes it: NaN, Infinity and -Infinity stand bare, which no parser of ours takes.
#pragma once

#include <optional>
#include <string_view>

#include "core/util/json.h"

namespace retort {

/// Nothing where it is none, or nested deeper than 200 levels. Non-finite numbers become the strings "NaN",
/// "Infinity" and "-Infinity".
std::optional<Json> tolerantJson(std::string_view text);

/// A number as JSON or Python writes it, or such a word, in quotes or not; nothing for anything else.
std::optional<double> tolerantNumber(std::string_view text);

/// Of a value that was read: numbers, truth values as 1 and 0, the three words.
std::optional<double> numberInJson(const Json& value);

}  // namespace retort
