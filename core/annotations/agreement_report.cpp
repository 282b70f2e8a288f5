#include "core/annotations/agreement_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "core/annotations/annotation_check.h"

namespace retort {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

class Report {
  public:
    Report(const std::vector<JointlyAnnotated>& traces, const BootstrapOptions& bootstrap,
           std::stop_token stop)
        : m_traces(traces), m_bootstrap(bootstrap), m_stop(std::move(stop)) {
        std::set<std::string> names;
        for (const JointlyAnnotated& trace : traces)
            for (const Annotation& each : trace.annotations) names.insert(each.annotator);
        m_report.annotators.assign(names.begin(), names.end());
        for (std::size_t i = 0; i < m_report.annotators.size(); ++i) m_place[m_report.annotators[i]] = i;
    }

    AgreementReport make() {
        const RatingTable ratings = tableOf(AnnotationKind::StepRating);
        readFirstErrors();
        for (const JointlyAnnotated& trace : m_traces) m_report.traces += annotatorsOf(trace) > 1;
        for (const auto& row : ratings) m_report.steps += ratedIn(row) > 1;
        m_report.raw = rawAgreement(ratings, m_bootstrap, m_stop);
        m_report.fleiss = fleissKappa(countsOf(ratings), m_bootstrap, m_stop);
        m_report.nominal = krippendorffAlpha(ratings, RatingScale::Nominal, m_bootstrap, m_stop);
        m_report.ordinal = krippendorffAlpha(ratings, RatingScale::Ordinal, m_bootstrap, m_stop);
        m_report.errorOrNone = krippendorffAlpha(errorTable(), RatingScale::Nominal, m_bootstrap, m_stop);
        addPairs(ratings);
        m_report.correctness = scores(AnnotationKind::Correctness);
        m_report.helpfulness = scores(AnnotationKind::Helpfulness);
        correlate();
        return std::move(m_report);
    }

  private:
    static std::int64_t ratedIn(const std::vector<double>& row) {
        return std::count_if(row.begin(), row.end(), [](double value) { return !std::isnan(value); });
    }

    static std::size_t annotatorsOf(const JointlyAnnotated& trace) {
        std::set<std::string_view> names;
        for (const Annotation& each : trace.annotations) names.insert(each.annotator);
        return names.size();
    }

    /// A row a step (or whatever the kind is about), a column an annotator.
    RatingTable tableOf(AnnotationKind kind) const {
        RatingTable table;
        for (const JointlyAnnotated& trace : m_traces) {
            std::map<AnnotationTarget, std::size_t> rows;
            for (const Annotation& each : trace.annotations) {
                if (each.target.kind != kind) continue;
                const auto [row, isNew] = rows.emplace(each.target, table.size());
                if (isNew) table.emplace_back(m_report.annotators.size(), none);
                table[row->second][m_place.at(each.annotator)] = each.value.get<double>();
            }
        }
        return table;
    }

    /// Of what all annotators rated: how many chose each of -1, 0, 1.
    std::vector<std::vector<std::int64_t>> countsOf(const RatingTable& ratings) const {
        std::vector<std::vector<std::int64_t>> counts;
        if (m_report.annotators.size() < 2) return counts;
        for (const auto& row : ratings) {
            if (ratedIn(row) != std::int64_t(row.size())) continue;
            auto& count = counts.emplace_back(3);
            for (const double value : row) ++count[std::size_t(value + 1)];
        }
        return counts;
    }

    /// By trace and annotator, as the number of a step; -1: none; -2: nothing was said.
    void readFirstErrors() {
        for (const JointlyAnnotated& trace : m_traces) {
            const std::vector<std::int64_t> begins = beginsOf(trace);
            auto& row = m_firstErrors.emplace_back(m_report.annotators.size(), -2);
            std::map<std::string_view, std::vector<Annotation>> byAnnotator;
            for (const Annotation& each : trace.annotations)
                if (each.target.kind == AnnotationKind::FirstError ||
                    each.target.kind == AnnotationKind::StepRating)
                    byAnnotator[each.annotator].push_back(each);
            for (const auto& [annotator, said] : byAnnotator) {
                const auto byte = firstErrorOf(said);
                if (!byte) continue;
                const auto step = std::lower_bound(begins.begin(), begins.end(), *byte) - begins.begin();
                row[m_place.at(std::string(annotator))] = *byte < 0 ? -1 : std::int64_t(step);
            }
        }
    }

    static std::vector<std::int64_t> beginsOf(const JointlyAnnotated& trace) {
        if (!trace.stepBegins.empty()) return trace.stepBegins;
        std::set<std::int64_t> begins;
        for (const Annotation& each : trace.annotations)
            if (each.target.kind == AnnotationKind::StepRating) begins.insert(each.target.begin);
        return {begins.begin(), begins.end()};
    }

    RatingTable errorTable() const {
        RatingTable table;
        for (const auto& row : m_firstErrors) {
            auto& errors = table.emplace_back();
            for (const std::int64_t step : row) errors.push_back(step == -2 ? none : step >= 0);
        }
        return table;
    }

    static std::vector<double> column(const RatingTable& table, std::size_t annotator) {
        std::vector<double> values;
        for (const auto& row : table) values.push_back(row[annotator]);
        return values;
    }

    /// Items that both of two annotators judged.
    static std::int64_t shared(const RatingTable& table, std::size_t a, std::size_t b) {
        return std::count_if(table.begin(), table.end(), [&](const std::vector<double>& row) {
            return !std::isnan(row[a]) && !std::isnan(row[b]);
        });
    }

    FirstErrorAgreement firstErrors(std::size_t a, std::size_t b) const {
        std::vector<std::int64_t> first, second;
        for (const auto& row : m_firstErrors) {
            if (row[a] == -2 || row[b] == -2) continue;
            first.push_back(row[a]);
            second.push_back(row[b]);
        }
        return firstErrorAgreement(first, second);
    }

    void addPairs(const RatingTable& ratings) {
        const std::size_t people = m_report.annotators.size();
        for (std::size_t a = 0; a < people; ++a)
            for (std::size_t b = a + 1; b < people; ++b) {
                PairAgreement pair;
                pair.firstError = firstErrors(a, b);
                if (pair.firstError.items == 0 && shared(ratings, a, b) == 0) continue;
                pair.first = m_report.annotators[a];
                pair.second = m_report.annotators[b];
                const std::vector<double> first = column(ratings, a), second = column(ratings, b);
                RatingTable both(first.size());
                for (std::size_t i = 0; i < both.size(); ++i) both[i] = {first[i], second[i]};
                pair.raw = rawAgreement(both, m_bootstrap, m_stop);
                pair.kappa = cohenKappa(first, second, KappaWeights::None, m_bootstrap, m_stop);
                pair.weighted = cohenKappa(first, second, KappaWeights::Quadratic, m_bootstrap, m_stop);
                m_report.pairs.push_back(std::move(pair));
            }
    }

    ScoreAgreement scores(AnnotationKind kind) const {
        const RatingTable table = tableOf(kind);
        ScoreAgreement result;
        result.ordinal = krippendorffAlpha(table, RatingScale::Ordinal, m_bootstrap, m_stop);
        result.weighted.value = none;
        result.weighted.interval = {none, none};
        std::int64_t most = 0;
        std::size_t first = 0, second = 0;
        for (std::size_t a = 0; a < m_report.annotators.size(); ++a)
            for (std::size_t b = a + 1; b < m_report.annotators.size(); ++b)
                if (const std::int64_t items = shared(table, a, b); items > most)
                    std::tie(most, first, second) = std::tuple(items, a, b);
        if (most == 0) return result;
        result.first = m_report.annotators[first];
        result.second = m_report.annotators[second];
        result.weighted = cohenKappa(column(table, first), column(table, second), KappaWeights::Quadratic,
                                     m_bootstrap, m_stop);
        return result;
    }

    void correlate() {
        double n = 0, meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (const JointlyAnnotated& trace : m_traces) {
            std::map<std::tuple<std::string_view, std::int64_t, std::int64_t>, double> correctness;
            for (const Annotation& each : trace.annotations)
                if (each.target.kind == AnnotationKind::Correctness)
                    correctness[{each.annotator, each.target.begin, each.target.end}] =
                        each.value.get<double>();
            for (const Annotation& each : trace.annotations) {
                if (each.target.kind != AnnotationKind::Helpfulness) continue;
                const auto found = correctness.find({each.annotator, each.target.begin, each.target.end});
                if (found == correctness.end()) continue;
                const double x = found->second, y = each.value.get<double>();
                n += 1;
                const double dx = x - meanX, dy = y - meanY;
                meanX += dx / n;
                meanY += dy / n;
                xx += dx * (x - meanX);
                yy += dy * (y - meanY);
                xy += dx * (y - meanY);
            }
        }
        m_report.scoredTwice = std::int64_t(n);
        m_report.correctnessHelpfulness = xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : none;
    }

    const std::vector<JointlyAnnotated>& m_traces;
    const BootstrapOptions& m_bootstrap;
    std::stop_token m_stop;
    std::map<std::string, std::size_t> m_place;
    std::vector<std::vector<std::int64_t>> m_firstErrors;
    AgreementReport m_report;
};

}  // namespace

AgreementReport agreementReport(const std::vector<JointlyAnnotated>& traces,
                                const BootstrapOptions& bootstrap, std::stop_token stop) {
    return Report(traces, bootstrap, std::move(stop)).make();
}

}  // namespace retort
