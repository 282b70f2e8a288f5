// Annotations as JSON: what programs exchange and `--json` prints.
#pragma once

#include "core/annotations/annotation.h"

namespace retort {

/// {"kind", "begin", "end"}; without a range when it is about the whole trace.
Json toJson(const AnnotationTarget& target);
Json toJson(const Annotation& annotation);
Json toJson(const AnnotationEvent& event);

/// The target's members with "value", and perhaps "reason" and "seconds". Throws Error for a wrong one
/// (checkAnnotation).
NewAnnotation newAnnotation(const Json& json);

}  // namespace retort
