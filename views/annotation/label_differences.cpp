#include "views/annotation/label_differences.h"

#include <algorithm>

namespace retort {

namespace {

/// One trace: what each annotator says.
struct Said {
    std::map<std::int64_t, std::map<std::string, int>> ratings;  ///< by the step's first byte
    std::map<std::string, std::int64_t> firstError;              ///< byte; -1: none
};

Said read(const StoreReader::AnnotatedTrace& trace) {
    Said said;
    for (const Annotation& each : trace.annotations) {
        if (each.target.kind == AnnotationKind::StepRating && each.value.is_number_integer())
            said.ratings[each.target.begin][each.annotator] = each.value.get<int>();
        if (each.target.kind == AnnotationKind::FirstError && each.value.is_number_integer())
            said.firstError[each.annotator] = each.value.get<std::int64_t>();
    }
    return said;
}

void addDifferences(std::vector<LabelDifference>& differences, RowId trace, const Said& said) {
    for (const auto& [begin, ratings] : said.ratings) {
        const auto differs = [&](const auto& each) { return each.second != ratings.begin()->second; };
        if (std::none_of(ratings.begin(), ratings.end(), differs)) continue;
        LabelDifference difference{trace, begin, {}};
        for (const auto& [annotator, rating] : ratings)
            difference.said[annotator] = rating > 0 ? "+1" : std::to_string(rating);
        differences.push_back(std::move(difference));
    }
    const auto differs = [&](const auto& each) { return each.second != said.firstError.begin()->second; };
    if (std::none_of(said.firstError.begin(), said.firstError.end(), differs)) return;
    LabelDifference difference{trace, -1, {}};
    for (const auto& [annotator, byte] : said.firstError)
        difference.said[annotator] = byte < 0 ? "none" : "byte " + std::to_string(byte);
    differences.push_back(std::move(difference));
}

}  // namespace

std::vector<LabelDifference> labelDifferences(const std::vector<StoreReader::AnnotatedTrace>& traces) {
    std::vector<LabelDifference> differences;
    for (const auto& trace : traces) addDifferences(differences, trace.trace, read(trace));
    return differences;
}

}  // namespace retort
