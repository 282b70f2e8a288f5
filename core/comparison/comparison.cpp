#include "core/comparison/comparison.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

using Kind = ComparisonNote::Kind;

/// A chosen checkpoint and its evaluations by name.
struct Candidate {
    ComparedCheckpoint checkpoint;
    std::map<std::string, EvaluationRow> evaluations;
};

Candidate candidateOf(StoreReader& reader, const CheckpointRef& ref, std::vector<ComparisonNote>& notes) {
    const std::optional<RunRow> run = reader.run(ref.run);
    if (!run) throw Error("there is no such run any more");
    Candidate candidate;
    candidate.checkpoint = {ref, run->uuid, run->name + " @ " + std::to_string(ref.step), {}};
    for (const CheckpointRow& row : reader.checkpoints(ref.run))
        if (row.step == ref.step && row.exists) candidate.checkpoint.folder = row.path;
    for (EvaluationRow& row : reader.evaluations(ref.run)) {
        if (row.step != ref.step) continue;
        const auto [place, isNew] = candidate.evaluations.try_emplace(row.name, row);
        if (isNew) continue;
        place->second = std::move(row);
        notes.push_back({Kind::Repeated, candidate.checkpoint.name, place->first, 0});
    }
    return candidate;
}

class Loading {
  public:
    Loading(StoreReader& reader, const std::vector<CheckpointRef>& refs, std::size_t baseline)
        : m_reader(reader) {
        if (baseline >= refs.size()) throw Error("the baseline is none of the compared checkpoints");
        for (const CheckpointRef& ref : refs)
            m_candidates.push_back(candidateOf(reader, ref, m_comparison.notes));
        m_comparison.baseline = baseline;
    }

    Comparison run(const std::string& evaluation) {
        if (evaluation.empty())
            chooseCommon();
        else
            chooseNamed(evaluation);
        for (const Candidate& candidate : m_candidates)
            m_comparison.checkpoints.push_back(candidate.checkpoint);
        m_comparison.results.resize(m_candidates.size());
        for (const std::string& name : m_names) addSet(name);
        noteSamples();
        if (m_comparison.problems.empty()) note(Kind::NothingInCommon);
        return std::move(m_comparison);
    }

  private:
    void note(Kind kind, const std::string& checkpoint = {}, const std::string& evaluation = {},
              std::int64_t count = 0) {
        m_comparison.notes.push_back({kind, checkpoint, evaluation, count});
    }

    /// The checkpoints that were measured as the baseline was.
    void chooseNamed(const std::string& name) {
        const Candidate& base = m_candidates[m_comparison.baseline];
        const auto wanted = base.evaluations.find(name);
        if (wanted == base.evaluations.end()) return note(Kind::NoEvaluation, base.checkpoint.name, name);
        std::vector<Candidate> kept;
        std::size_t baseline = 0;
        for (std::size_t i = 0; i < m_candidates.size(); ++i) {
            const auto found = m_candidates[i].evaluations.find(name);
            const bool missing = found == m_candidates[i].evaluations.end();
            if (missing || found->second.setHash != wanted->second.setHash) {
                note(missing ? Kind::NoEvaluation : Kind::OtherSet, m_candidates[i].checkpoint.name, name);
                continue;
            }
            if (i == m_comparison.baseline) baseline = kept.size();
            kept.push_back(m_candidates[i]);
        }
        m_candidates = std::move(kept);
        m_comparison.baseline = baseline;
        m_names = {name};
    }

    void chooseCommon() {
        std::map<std::string, int> names;
        for (const Candidate& candidate : m_candidates) {
            if (candidate.evaluations.empty()) note(Kind::NoEvaluation, candidate.checkpoint.name);
            for (const auto& [name, row] : candidate.evaluations) ++names[name];
        }
        for (const auto& [name, count] : names) {
            const auto hashOf = [&name = name](const Candidate& each) {
                return each.evaluations.at(name).setHash;
            };
            const bool everywhere = count == int(m_candidates.size());
            const bool oneSet =
                everywhere && std::all_of(m_candidates.begin(), m_candidates.end(), [&](auto& each) {
                    return hashOf(each) == hashOf(m_candidates[0]);
                });
            if (oneSet)
                m_names.push_back(name);
            else
                note(Kind::NotCommon, {}, name);
        }
    }

    void addSet(const std::string& name) {
        std::vector<RowId> ids;
        for (const Candidate& candidate : m_candidates) ids.push_back(candidate.evaluations.at(name).id);
        ItemTable table = m_reader.itemTable(ids);
        ComparedSet set{name, m_candidates[0].evaluations.at(name).setHash, m_comparison.problems.size(), 0};
        std::int64_t leftOut = 0;
        for (std::size_t item = 0; item < table.problems.size(); ++item) {
            const bool answered =
                std::all_of(table.results.begin(), table.results.end(),
                            [item](const auto& results) { return results[item].samples > 0; });
            if (!answered) {
                ++leftOut;
                continue;
            }
            m_comparison.problems.push_back(std::move(table.problems[item]));
            for (std::size_t i = 0; i < table.results.size(); ++i)
                m_comparison.results[i].push_back(table.results[i][item]);
            ++set.count;
        }
        if (leftOut > 0) note(Kind::ProblemsLeftOut, {}, name, leftOut);
        if (set.count > 0) m_comparison.sets.push_back(std::move(set));
    }

    void noteSamples() {
        const auto& base = m_comparison.results.empty() ? std::vector<ItemResult>()
                                                        : m_comparison.results[m_comparison.baseline];
        for (std::size_t i = 0; i < m_comparison.results.size(); ++i) {
            const auto& mine = m_comparison.results[i];
            const auto other = std::mismatch(mine.begin(), mine.end(), base.begin(),
                                             [](auto& a, auto& b) { return a.samples == b.samples; });
            if (other.first != mine.end())
                note(Kind::OtherSamples, m_comparison.checkpoints[i].name, {}, other.first->samples);
        }
    }

    StoreReader& m_reader;
    std::vector<Candidate> m_candidates;
    std::vector<std::string> m_names;
    Comparison m_comparison;
};

}  // namespace

std::string noteText(const ComparisonNote& note) {
    const std::string of = note.evaluation.empty() ? "" : " on " + note.evaluation;
    switch (note.kind) {
        case Kind::NoEvaluation:
            return note.checkpoint + " was not evaluated" + of + ".";
        case Kind::OtherSet:
            return note.checkpoint + " was evaluated" + of +
                   " with another set of problems than the baseline, and is left out.";
        case Kind::NotCommon:
            return note.evaluation + " is left out: not all were evaluated on it with one set of problems.";
        case Kind::Repeated:
            return note.checkpoint + " was evaluated more than once" + of + "; the newest counts.";
        case Kind::OtherSamples:
            return note.checkpoint + " has another number of samples a problem than the baseline (" +
                   std::to_string(note.count) + ").";
        case Kind::ProblemsLeftOut:
            return std::to_string(note.count) + " problems of " + note.evaluation +
                   " are left out: not every checkpoint has answered them.";
        case Kind::NothingInCommon:
            return "There is no set of problems that these checkpoints have in common.";
    }
    return {};
}

const ComparedSet& Comparison::setOf(std::size_t item) const {
    const auto after =
        std::upper_bound(sets.begin(), sets.end(), item,
                         [](std::size_t value, const ComparedSet& set) { return value < set.first; });
    return *std::prev(after);
}

std::string Comparison::setHash() const {
    if (sets.size() < 2) return sets.empty() ? std::string() : sets[0].hash;
    std::uint64_t hash = 0;
    for (const ComparedSet& set : sets) hash = stableHash(set.name + '\n' + set.hash, hash);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
}

bool Comparison::isSingleSample() const {
    return std::all_of(results.begin(), results.end(), [](const auto& items) {
        return std::all_of(items.begin(), items.end(),
                           [](const ItemResult& item) { return item.samples == 1; });
    });
}

Comparison loadComparison(StoreReader& reader, const std::vector<CheckpointRef>& checkpoints,
                          std::size_t baseline, const std::string& evaluation) {
    return Loading(reader, checkpoints, baseline).run(evaluation);
}

std::optional<CheckpointRef> lastEvaluated(StoreReader& reader, RowId run) {
    std::optional<CheckpointRef> last;
    for (const EvaluationRow& row : reader.evaluations(run))
        if (!last || row.step >= last->step) last = CheckpointRef{run, row.step};
    return last;
}

}  // namespace retort
