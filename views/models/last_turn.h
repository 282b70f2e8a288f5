// What tells one prompt from another in a list.
#pragma once

#include <QString>

namespace retort {

/// Of a conversation that a chat template wrote (Qwen's, Llama's, Mistral's, Zephyr's marks), or of its
/// beginning, what the user said last: system prompt and marks are the same in all rows. Anything else,
/// unchanged.
QString lastTurn(const QString& prompt);

}  // namespace retort
