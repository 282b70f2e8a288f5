#include "core/annotations/annotation_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t mostText = 1 << 20;  // bytes of a note or a correction
constexpr std::size_t mostTypes = 64, mostRanked = 10'000;

enum class Place { Trace, Range, Either };

Place placeOf(AnnotationKind kind) {
    switch (kind) {
        case AnnotationKind::StepRating:
        case AnnotationKind::StepUnsure:
        case AnnotationKind::ErrorTypes:
        case AnnotationKind::Correction:
            return Place::Range;
        case AnnotationKind::Note:
        case AnnotationKind::Correctness:
        case AnnotationKind::Helpfulness:
            return Place::Either;
        default:
            return Place::Trace;
    }
}

class Check {
  public:
    explicit Check(const NewAnnotation& annotation) : m_annotation(annotation) {}

    void target() const {
        const auto& [kind, begin, end] = m_annotation.target;
        if (std::size_t(kind) > std::size_t(AnnotationKind::Outcome))
            throw Error("there is no such kind of annotation", std::to_string(int(kind)));
        const bool whole = begin == -1 && end == -1;
        if (!whole && (begin < 0 || end < begin))
            refuse("bytes " + std::to_string(begin) + " to " + std::to_string(end) + " are no range");
        if (whole && placeOf(kind) == Place::Range) refuse("is said of a step: its range is missing");
        if (!whole && placeOf(kind) == Place::Trace) refuse("is said of the whole trace, not of a range");
        if (!std::isfinite(m_annotation.seconds) || m_annotation.seconds < 0)
            refuse("seconds must be 0 or more");
    }

    Json value() const {
        const Json& value = m_annotation.value;
        if (value.is_null()) return nullptr;
        switch (m_annotation.target.kind) {
            case AnnotationKind::StepRating:
                return integer(-1, 1);
            case AnnotationKind::FirstError:
                return integer(-1, std::int64_t(1) << 40);
            case AnnotationKind::Correctness:
            case AnnotationKind::Helpfulness:
                return integer(0, 6);
            case AnnotationKind::StepUnsure:
                if (!value.is_boolean()) refuse("must be true");
                return value.get<bool>() ? value : Json();
            case AnnotationKind::ErrorTypes:
                return types();
            case AnnotationKind::Note:
            case AnnotationKind::Correction:
                return text(value);
            case AnnotationKind::Preference:
                return preference();
            case AnnotationKind::Ranking:
                return ranking();
            case AnnotationKind::Outcome:
                return outcome();
        }
        return nullptr;
    }

  private:
    [[noreturn]] void refuse(const std::string& why) const {
        throw Error("annotation \"" + std::string(name(m_annotation.target.kind)) + "\": " + why,
                    m_annotation.value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 200));
    }

    static bool isIn(const Json& value, std::int64_t low, std::int64_t high) {
        if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t(high)) return false;
        return value.is_number_integer() && value.get<std::int64_t>() >= low &&
               value.get<std::int64_t>() <= high;
    }

    Json integer(std::int64_t low, std::int64_t high) const {
        const Json& value = m_annotation.value;
        if (!isIn(value, low, high))
            refuse("must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
        return value.get<std::int64_t>();
    }

    Json text(const Json& value) const {
        if (!value.is_string()) refuse("must be a text");
        const auto& text = value.get_ref<const std::string&>();
        if (text.size() > mostText) refuse("is longer than a megabyte");
        return text.empty() ? Json() : value;
    }

    Json types() const {
        const Json& value = m_annotation.value;
        if (!value.is_array() || value.size() > mostTypes) refuse("must be a list of kinds of errors");
        std::set<std::string> seen;
        for (const Json& each : value) {
            if (!each.is_string() || each.get_ref<const std::string&>().empty() ||
                each.get_ref<const std::string&>().size() > 200)
                refuse("must be a list of kinds of errors");
            if (!seen.insert(each.get<std::string>()).second)
                refuse("names \"" + each.get<std::string>() + "\" twice");
        }
        return seen.empty() ? Json() : Json(std::vector<std::string>(seen.begin(), seen.end()));
    }

    std::string memberOf(const char* key, std::initializer_list<std::string_view> values) const {
        const auto found = m_annotation.value.find(key);
        const std::string text = found != m_annotation.value.end() && found->is_string()
                                     ? found->get<std::string>()
                                     : std::string();
        if (std::find(values.begin(), values.end(), text) == values.end()) {
            std::string list;
            for (const auto each : values) list += (list.empty() ? "" : ", ") + std::string(each);
            refuse(std::string(key) + " must be one of " + list);
        }
        return text;
    }

    void knownMembers(std::string_view first, std::string_view second) const {
        if (!m_annotation.value.is_object()) refuse("must be an object");
        for (const auto& [key, value] : m_annotation.value.items())
            if (key != first && key != second) refuse("has no member \"" + key + "\"");
    }

    std::int64_t mark(const Json& value) const {
        if (!isIn(value, 1, std::numeric_limits<std::int64_t>::max())) refuse("a trace is named by its mark");
        return value.get<std::int64_t>();
    }

    Json preference() const {
        knownMembers("other", "choice");
        return {{"other", mark(m_annotation.value.value("other", Json()))},
                {"choice", memberOf("choice", {"this", "other", "tie"})}};
    }

    Json ranking() const {
        const Json& value = m_annotation.value;
        if (!value.is_array() || value.size() > mostRanked) refuse("must be a list of lists of marks");
        std::set<std::int64_t> seen;
        Json ranks = Json::array();
        for (const Json& rank : value) {
            if (!rank.is_array() || rank.empty()) refuse("must be a list of lists of marks");
            std::set<std::int64_t> equals;
            for (const Json& each : rank) {
                if (!seen.insert(mark(each)).second) refuse("has a trace twice");
                equals.insert(mark(each));
            }
            ranks.push_back(std::vector<std::int64_t>(equals.begin(), equals.end()));
        }
        return ranks.empty() ? Json() : ranks;
    }

    Json outcome() const {
        knownMembers("outcome", "reason");
        const Json reason = m_annotation.value.value("reason", Json(""));
        if (!reason.is_string() || reason.get_ref<const std::string&>().size() > mostText)
            refuse("reason must be a text");
        return {{"outcome", memberOf("outcome", {"submitted", "skipped", "bad_problem", "give_up"})},
                {"reason", reason}};
    }

    const NewAnnotation& m_annotation;
};

}  // namespace

Json canonicalValue(const NewAnnotation& annotation) {
    const Check check(annotation);
    check.target();
    return check.value();
}

void checkAnnotation(const NewAnnotation& annotation) {
    canonicalValue(annotation);
}

void checkWithin(const NewAnnotation& annotation, std::int64_t bytes) {
    const AnnotationTarget& target = annotation.target;
    const auto refuse = [&](std::int64_t at) {
        throw Error("annotation \"" + std::string(name(target.kind)) + "\": byte " + std::to_string(at) +
                    " is beyond the end of the completion, which has " + std::to_string(bytes));
    };
    if (target.end > bytes) refuse(target.end);
    if (target.kind == AnnotationKind::FirstError && annotation.value.is_number_integer() &&
        annotation.value.get<std::int64_t>() > bytes)
        refuse(annotation.value.get<std::int64_t>());
}

std::optional<std::int64_t> firstErrorOf(const std::vector<Annotation>& ofOneAnnotator) {
    std::optional<std::int64_t> first;
    for (const Annotation& each : ofOneAnnotator) {
        if (each.target.kind == AnnotationKind::FirstError) return each.value.get<std::int64_t>();
        if (each.target.kind != AnnotationKind::StepRating) continue;
        const bool isError = each.value.get<std::int64_t>() == -1;
        if (!first) first = -1;
        if (isError && (*first == -1 || each.target.begin < *first)) first = each.target.begin;
    }
    return first;
}

std::string outcomeOf(const std::vector<Annotation>& ofOneAnnotator) {
    for (const Annotation& each : ofOneAnnotator)
        if (each.target.kind == AnnotationKind::Outcome) return each.value.value("outcome", "");
    return {};
}

}  // namespace retort
