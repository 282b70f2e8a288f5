// The sign of a verdict: what tells them apart without colour.
#pragma once

#include <QString>

#include "core/traces/trace.h"

namespace retort {

/// ✓, ✗ or · for a verdict.
QString verdictGlyph(StepVerdict verdict);

}  // namespace retort
