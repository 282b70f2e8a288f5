// Tokens -> a template. Jinja's grammar, of its tags: if, for, set, macro, break, continue, and `generation`
// of transformers. Everything else is refused by its name and line.
#pragma once

#include <string>
#include <string_view>

#include "core/chat/syntax.h"

namespace retort::chat {

/// Throws Error with the line (as `where`: "WHERE:LINE").
Block parsed(std::string_view source, const std::string& where);

}  // namespace retort::chat
