// Characters that no answer to a prompt needs (methods.md #80: sampling far from the mode writes garbage, and
// garbage that is not punished is learnt).
#pragma once

#include <string_view>

namespace retort {

/// Share of the completion's characters (Unicode code points; each broken part of UTF-8 counts as one) that
/// are garbage, 0 … 1; 0 of an empty one:
/// - control characters other than newline and tab, unassigned and private-use ones, U+FFFD, broken UTF-8;
/// - letters of a script that is neither Latin nor used by the prompt. Hiragana, Katakana and Han are one
///   script here, and a Greek letter without another one beside it is a symbol, not part of a word (2πr).
/// Signs, digits, marks and symbols of any script are no garbage. Callable from several threads.
double garbageShare(std::string_view prompt, std::string_view completion);

/// -1 when more than `maxShare` of the completion is garbage, else 0.
double garbagePenalty(std::string_view prompt, std::string_view completion, double maxShare);

}  // namespace retort
