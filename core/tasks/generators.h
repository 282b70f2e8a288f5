// The procedural tasks: a declaration and a maker of each. registry.cpp lists them.
#pragma once

#include <memory>

#include "core/tasks/task.h"

namespace retort {

ParameterVariant additionVariant();
std::unique_ptr<Task> makeAddition(const Json& values);

ParameterVariant multiplicationVariant();
std::unique_ptr<Task> makeMultiplication(const Json& values);

ParameterVariant expressionVariant();
std::unique_ptr<Task> makeExpression(const Json& values);

ParameterVariant modularChainVariant();
std::unique_ptr<Task> makeModularChain(const Json& values);

ParameterVariant countdownVariant();
std::unique_ptr<Task> makeCountdown(const Json& values);

ParameterVariant booleanVariant();
std::unique_ptr<Task> makeBoolean(const Json& values);

ParameterVariant sortingVariant();
std::unique_ptr<Task> makeSorting(const Json& values);

}  // namespace retort
