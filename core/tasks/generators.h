// The procedural tasks: a declaration and a maker of each. registry.cpp lists them.
#pragma once

#include <memory>

#include "core/tasks/task.h"

namespace retort {

ParameterVariant additionVariant();
std::unique_ptr<Task> makeAddition(const Json& values);

ParameterVariant modularChainVariant();
std::unique_ptr<Task> makeModularChain(const Json& values);

}  // namespace retort
