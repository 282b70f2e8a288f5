// What reasoning datasets hide in their texts: think regions, final answers, calculator annotations.
#pragma once

#include <string>
#include <string_view>

namespace retort {

/// The content of the think region (`<think>…</think>`, `<|begin_of_thought|>…<|end_of_thought|>`); empty:
/// there is none. A region without its beginning (the chat template wrote it) begins with the text.
std::string thinkingOf(std::string_view completion);

/// What follows the last `####`, or stands in the last `\boxed{}`; empty: neither is there.
std::string finalAnswerOf(std::string_view solution);

/// GSM8K's "48/2 = <<48/2=24>>24" without what no model should write: "48/2 = 24".
std::string withoutCalculations(std::string_view text);

}  // namespace retort
