// How the Traces page has traces judged: by the training module, loaded at the first question.
#pragma once

#include "views/traces/judging/judge_session.h"

namespace retort {

JudgeService makeJudgeService();

}  // namespace retort
