// How far several annotators agree on the same traces: on steps, on the first error, and on the 0 to 6
// scores.
//
// Steps are aligned by their bytes: two ratings are of one step when their ranges are the same. Whatever is
// not defined is NaN, to be shown as "n/a" (core/analysis/agreement.h).
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/analysis/agreement.h"
#include "core/annotations/annotation.h"

namespace retort {

/// What all annotators said of one trace (StoreReader::annotatedTraces()).
struct JointlyAnnotated {
    std::vector<Annotation> annotations;
    /// Bytes at which its steps begin, ascending: what the distance of two first errors is counted in. Empty:
    /// those that anybody rated.
    std::vector<std::int64_t> stepBegins;
};

/// Two annotators, on what both of them judged.
struct PairAgreement {
    std::string first, second;
    Agreement raw;                   ///< share of steps with the same rating
    Agreement kappa;                 ///< Cohen's
    Agreement weighted;              ///< Cohen's, disagreements by the square of their distance
    FirstErrorAgreement firstError;  ///< `meanDistance` in steps
};

/// Of one of the two scores of CheckMate (#216), whole traces and turns alike.
struct ScoreAgreement {
    Agreement ordinal;          ///< Krippendorff's alpha of all annotators
    Agreement weighted;         ///< Cohen's kappa, squared distances, of the two who share the most items
    std::string first, second;  ///< these two; empty: nobody shares any
};

struct AgreementReport {
    std::vector<std::string> annotators;  ///< by name
    std::int64_t traces = 0;              ///< that two or more said something of
    std::int64_t steps = 0;               ///< that two or more rated
    Agreement raw;                        ///< mean share of agreeing pairs
    Agreement fleiss;                     ///< over the steps that all annotators rated
    Agreement nominal, ordinal;           ///< Krippendorff's alpha
    Agreement errorOrNone;                ///< Krippendorff's alpha, nominal, of "has an error" by trace
    std::vector<PairAgreement> pairs;     ///< who share a rated step or a trace with first errors
    ScoreAgreement correctness, helpfulness;
    /// Pearson's correlation of the two scores that one annotator gave one item, and how many there are.
    double correctnessHelpfulness = 0;
    std::int64_t scoredTwice = 0;
};

/// The bootstrap draws steps (scores: items) as if they were independent of each other; those of one trace
/// are not quite, so the intervals are a little too narrow. When `stop` comes, intervals are NaN.
AgreementReport agreementReport(const std::vector<JointlyAnnotated>& traces,
                                const BootstrapOptions& bootstrap = {.draws = 1000},
                                std::stop_token stop = {});

}  // namespace retort
