#include "core/annotations/annotation.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace retort {
namespace {

constexpr std::array<std::string_view, 11> kindNames = {
    "step_rating", "step_unsure", "first_error", "error_types", "note",   "correction",
    "correctness", "helpfulness", "preference",  "ranking",     "outcome"};

}  // namespace

std::string_view name(AnnotationKind kind) {
    return kindNames[std::size_t(kind)];
}

std::optional<AnnotationKind> annotationKindNamed(std::string_view name) {
    const auto found = std::find(kindNames.begin(), kindNames.end(), name);
    if (found == kindNames.end()) return std::nullopt;
    return AnnotationKind(found - kindNames.begin());
}

std::vector<Annotation> currentAnnotations(const std::vector<AnnotationEvent>& events) {
    std::map<std::tuple<std::string, AnnotationTarget>, const AnnotationEvent*> last;
    for (const AnnotationEvent& event : events) last[{event.annotator, event.target}] = &event;
    std::vector<Annotation> current;
    for (const auto& [key, event] : last)
        if (!event->newValue.is_null())
            current.push_back({event->annotator, event->target, event->newValue, event->t});
    return current;
}

}  // namespace retort
