// How the Compare page has checkpoints answer: by the training module, loaded at the first question.
#pragma once

#include "views/compare/answer_service.h"

namespace retort {

AnswerService makeAnswerService();

}  // namespace retort
