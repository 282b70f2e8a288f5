// The closed grammar of answers: LaTeX or plain mathematics to a syntax tree. Nothing is ever evaluated as
// code.
#pragma once

#include <string_view>

#include "core/answers/lexer.h"
#include "core/answers/node.h"

namespace retort::answers {

/// Parses a whole answer (already folded, at most maxAnswerBytes). Several statements joined by commas,
/// semicolons, "and", "or" become a List. Throws Error with what is not understood: unknown words and
/// commands, ambiguous divisions (a/bc), brackets that do not match, trees that are too deep or too large.
Node parseAnswer(std::string_view text, const Reading& reading = {});

}  // namespace retort::answers
