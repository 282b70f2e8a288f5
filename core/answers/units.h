// Units of measurement: which words are units, and how those of one quantity relate.
#pragma once

#include <gmpxx.h>

#include <optional>
#include <string>
#include <string_view>

namespace retort::answers {

/// True for what stands for a unit after a number in plain text: "cm", "kg", "hours".
bool isUnitWord(std::string_view word);

/// True for words that change what the number before them says ("or", "less", "squared"): no unit.
bool changesMeaning(std::string_view words);

/// "thousand", "million", "dozen" …: the factor that the word stands for.
std::optional<mpq_class> multiplier(std::string_view word);

/// One name for each unit ("centimeters", "cm." -> "cm"), words in singular, exponents kept: "sq cm" ->
/// "cm^2".
std::string unitName(std::string_view written);

/// The factor by which a number in unit `from` becomes one in unit `to`; nothing when the two do not measure
/// the same quantity by a known factor. Takes names by unitName; exponents of both must be equal.
std::optional<mpq_class> conversion(std::string_view from, std::string_view to);

}  // namespace retort::answers
