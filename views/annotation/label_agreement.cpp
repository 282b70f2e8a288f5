#include "views/annotation/label_agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

namespace retort {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

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

/// Number of the step that a byte is in, among those that anybody spoke of; -1 for "none".
std::int64_t stepOf(const Said& said, std::int64_t byte) {
    if (byte < 0) return -1;
    std::set<std::int64_t> begins;
    for (const auto& [begin, ratings] : said.ratings) begins.insert(begin);
    for (const auto& [annotator, begin] : said.firstError)
        if (begin >= 0) begins.insert(begin);
    return static_cast<std::int64_t>(std::distance(begins.begin(), begins.upper_bound(byte))) - 1;
}

LabelAgreement::Pair compare(const std::string& a, const std::string& b, const std::vector<Said>& all,
                             const BootstrapOptions& bootstrap) {
    LabelAgreement::Pair pair{a, b, {}, {}, {}, {}};
    std::vector<double> first, second;
    std::vector<std::int64_t> firstErrors, secondErrors;
    RatingTable both;
    for (const Said& said : all) {
        for (const auto& [begin, ratings] : said.ratings) {
            const auto x = ratings.find(a), y = ratings.find(b);
            if (x == ratings.end() || y == ratings.end()) continue;
            first.push_back(x->second);
            second.push_back(y->second);
            both.push_back({double(x->second), double(y->second)});
        }
        const auto x = said.firstError.find(a), y = said.firstError.find(b);
        if (x == said.firstError.end() || y == said.firstError.end()) continue;
        firstErrors.push_back(stepOf(said, x->second));
        secondErrors.push_back(stepOf(said, y->second));
    }
    pair.raw = rawAgreement(both, bootstrap);
    pair.kappa = cohenKappa(first, second, KappaWeights::None, bootstrap);
    pair.weighted = cohenKappa(first, second, KappaWeights::Quadratic, bootstrap);
    pair.firstError = firstErrorAgreement(firstErrors, secondErrors);
    return pair;
}

// Fleiss's kappa wants the same number of ratings everywhere: that number of two or more that most steps
// have.
void addFleiss(LabelAgreement& result, const RatingTable& table, const BootstrapOptions& bootstrap) {
    std::map<std::size_t, std::int64_t> steps;
    for (const auto& ratings : table)
        if (ratings.size() >= 2) ++steps[ratings.size()];
    if (steps.empty()) {
        result.fleiss.value = kMissing;
        return;
    }
    const std::size_t raters = std::max_element(steps.begin(), steps.end(), [](const auto& x, const auto& y) {
                                   return x.second < y.second;
                               })->first;
    std::vector<std::vector<std::int64_t>> counts;
    for (const auto& ratings : table) {
        if (ratings.size() != raters) continue;
        std::vector<std::int64_t> count(3, 0);
        for (const double rating : ratings) ++count[static_cast<std::size_t>(rating + 1)];
        counts.push_back(std::move(count));
    }
    result.fleiss = fleissKappa(counts, bootstrap);
    result.fleissRaters = static_cast<std::int64_t>(raters);
}

void addDifferences(LabelAgreement& result, RowId trace, const Said& said) {
    for (const auto& [begin, ratings] : said.ratings) {
        const auto differs = [&](const auto& each) { return each.second != ratings.begin()->second; };
        if (std::none_of(ratings.begin(), ratings.end(), differs)) continue;
        LabelAgreement::Difference difference{trace, begin, {}};
        for (const auto& [annotator, rating] : ratings)
            difference.said[annotator] = rating > 0 ? "+1" : std::to_string(rating);
        result.differences.push_back(std::move(difference));
    }
    const auto differs = [&](const auto& each) { return each.second != said.firstError.begin()->second; };
    if (std::none_of(said.firstError.begin(), said.firstError.end(), differs)) return;
    LabelAgreement::Difference difference{trace, -1, {}};
    for (const auto& [annotator, byte] : said.firstError)
        difference.said[annotator] = byte < 0 ? "none" : "byte " + std::to_string(byte);
    result.differences.push_back(std::move(difference));
}

}  // namespace

LabelAgreement labelAgreement(const std::vector<StoreReader::AnnotatedTrace>& traces, std::int64_t draws) {
    LabelAgreement result;
    const BootstrapOptions bootstrap{.draws = draws};
    std::vector<Said> all;
    std::set<std::string> annotators;
    RatingTable table;
    for (const auto& trace : traces) {
        all.push_back(read(trace));
        for (const Annotation& each : trace.annotations) annotators.insert(each.annotator);
        for (const auto& [begin, ratings] : all.back().ratings) {
            std::vector<double> values;
            for (const auto& [annotator, rating] : ratings) values.push_back(rating);
            result.steps += values.size() >= 2;
            table.push_back(std::move(values));
        }
        addDifferences(result, trace.trace, all.back());
    }
    result.traces = static_cast<std::int64_t>(traces.size());
    result.annotators.assign(annotators.begin(), annotators.end());
    result.raw = rawAgreement(table, bootstrap);
    addFleiss(result, table, bootstrap);
    result.nominal = krippendorffAlpha(table, RatingScale::Nominal, bootstrap);
    result.ordinal = krippendorffAlpha(table, RatingScale::Ordinal, bootstrap);
    result.interval = krippendorffAlpha(table, RatingScale::Interval, bootstrap);
    for (std::size_t i = 0; i < result.annotators.size(); ++i)
        for (std::size_t j = i + 1; j < result.annotators.size(); ++j)
            result.pairs.push_back(compare(result.annotators[i], result.annotators[j], all, bootstrap));
    return result;
}

}  // namespace retort
