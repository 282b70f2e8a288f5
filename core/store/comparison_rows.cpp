#include "core/store/comparison_rows.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <string_view>
#include <unordered_map>

#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::string_view textOf(const Statement& row, int column) {
    const auto bytes = row.blob(column);  // of a TEXT column: its bytes as they are
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Finds the place of a problem that does not stand where it stands in the first evaluation.
class Places {
  public:
    explicit Places(std::vector<std::string>& problems) : m_problems(problems) {}

    /// A place that `taken` has not yet; a new one when there is none.
    std::size_t find(std::string_view problem, std::vector<bool>& taken) {
        if (m_known < m_problems.size()) {
            for (; m_known < m_problems.size(); ++m_known) m_byText[m_problems[m_known]].push_back(m_known);
        }
        for (const std::size_t place : m_byText[std::string(problem)])
            if (place >= taken.size() || !taken[place]) return place;
        m_problems.emplace_back(problem);
        return m_problems.size() - 1;
    }

  private:
    std::vector<std::string>& m_problems;
    std::size_t m_known = 0;
    std::unordered_map<std::string, std::vector<std::size_t>> m_byText;
};

void readItems(Database& database, RowId evaluation, ItemTable& table, Places& places) {
    Statement& rows = database.prepared(
        "SELECT problem, samples, correct, mean_tokens FROM evaluation_items WHERE evaluation_id = ?1 ORDER "
        "BY idx");
    std::vector<ItemResult>& results = table.results.emplace_back(table.problems.size());
    std::vector<bool> taken(table.problems.size());
    const bool first = table.results.size() == 1;
    std::size_t next = 0;
    for (rows.with(evaluation); rows.step(); ++next) {
        const std::string_view problem = textOf(rows, 0);
        std::size_t place = next;
        if (first)
            table.problems.emplace_back(problem);
        else if (next >= table.problems.size() || table.problems[next] != problem || taken[next])
            place = places.find(problem, taken);
        if (place >= results.size()) results.resize(place + 1);
        if (place >= taken.size()) taken.resize(place + 1);
        taken[place] = true;
        results[place] = {std::int32_t(rows.integer(1)), std::int32_t(rows.integer(2)), float(rows.real(3))};
    }
    rows.reset();
}

template <class T>
std::vector<T> arrayOf(const Statement& row, int column) {
    const auto bytes = row.blob(column);
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
}

/// exp(mean log-probability) of the tokens of the completion's last `answer`; of all tokens where it is not
/// found.
double answerProbability(const std::string& completion, const std::string& answer,
                         const std::vector<std::int32_t>& ends, const std::vector<float>& logprobs) {
    if (logprobs.empty()) return nan;
    const std::size_t at = answer.empty() ? std::string::npos : completion.rfind(answer);
    const auto inAnswer = [&](std::size_t token) {
        if (at == std::string::npos || ends.size() != logprobs.size()) return true;
        const auto begin = token == 0 ? 0 : ends[token - 1], end = ends[token];
        return end > std::int64_t(at) && begin < std::int64_t(at + answer.size());
    };
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < logprobs.size(); ++i) {
        if (!inAnswer(i)) continue;
        sum += logprobs[i];
        count += 1;
    }
    return count > 0 ? std::exp(sum / count) : nan;
}

std::vector<CheckpointKey> readKeys(Database& database, RowId comparison) {
    Statement rows(database,
                   "SELECT run_uuid, step FROM comparison_checkpoints WHERE comparison_id = ?1 ORDER BY idx");
    std::vector<CheckpointKey> keys;
    for (rows.with(comparison); rows.step();) keys.push_back({rows.text(0), rows.integer(1)});
    return keys;
}

}  // namespace

ItemTable readItemTable(Database& database, const std::vector<RowId>& evaluations) {
    ItemTable table;
    Places places(table.problems);
    for (const RowId evaluation : evaluations) readItems(database, evaluation, table, places);
    for (auto& results : table.results) results.resize(table.problems.size());
    return table;
}

std::vector<AnswerConfidence> readConfidences(Database& database, RowId run, std::int64_t step,
                                              const std::string& task) {
    Statement& rows = database.prepared(
        "SELECT problem, correct, completion, extracted, ends, logprobs FROM traces "
        "JOIN trace_texts ON trace_texts.trace_id = id LEFT JOIN trace_tokens ON trace_tokens.trace_id = id "
        "WHERE run_id = ?1 AND superseded = 0 AND step = ?2 AND phase = 'eval' AND task = ?3 ORDER BY id");
    std::vector<AnswerConfidence> answers;
    std::map<std::string, std::map<std::string, int>> votes;  // problem, answer
    std::map<std::string, int> samples;
    std::vector<std::string> extracted;
    for (rows.with(run, step, task); rows.step();) {
        AnswerConfidence answer;
        answer.problem = rows.text(0);
        answer.correct = rows.integer(1) != 0;
        extracted.push_back(rows.text(3));
        answer.probability = answerProbability(rows.text(2), extracted.back(), arrayOf<std::int32_t>(rows, 4),
                                               arrayOf<float>(rows, 5));
        ++votes[answer.problem][extracted.back()];
        ++samples[answer.problem];
        answers.push_back(std::move(answer));
    }
    rows.reset();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const int count = samples[answers[i].problem];
        answers[i].agreement =
            count > 1 ? double(votes[answers[i].problem][extracted[i]]) / double(count) : nan;
    }
    return answers;
}

std::vector<EvaluatedCheckpoint> readEvaluatedCheckpoints(Database& database) {
    Statement rows(database,
                   "SELECT run_id, runs.name, uuid, evaluations.step, evaluations.name, value FROM evaluations "
                   "JOIN runs ON runs.id = run_id LEFT JOIN evaluation_metrics AS metrics "
                   "ON evaluation_id = evaluations.id AND metrics.name = 'accuracy' "
                   "WHERE superseded = 0 AND archived = 0 "
                   "ORDER BY created DESC, run_id DESC, evaluations.step DESC, evaluations.id");
    std::vector<EvaluatedCheckpoint> all;
    double sum = 0, count = 0;
    while (rows.step()) {
        if (all.empty() || all.back().run != rows.integer(0) || all.back().step != rows.integer(3)) {
            all.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3), {}, nan});
            sum = count = 0;
        }
        all.back().evaluations.push_back(rows.text(4));
        if (std::isnan(rows.real(5))) continue;
        sum += rows.real(5);
        all.back().accuracy = sum / ++count;
    }
    return all;
}

std::vector<SavedComparison> readComparisons(Database& database) {
    Statement rows(database,
                   "SELECT id, name, created, changed, baseline, evaluation, set_hash, options FROM "
                   "comparisons ORDER BY name COLLATE NOCASE, id");
    std::vector<SavedComparison> comparisons;
    while (rows.step()) {
        SavedComparison each;
        each.id = rows.integer(0);
        each.name = rows.text(1);
        each.created = rows.real(2);
        each.changed = rows.real(3);
        each.baseline = std::int32_t(rows.integer(4));
        each.evaluation = rows.text(5);
        each.setHash = rows.text(6);
        each.options = Json::parse(rows.text(7), nullptr, false);
        if (!each.options.is_object()) each.options = Json::object();
        each.checkpoints = readKeys(database, each.id);
        comparisons.push_back(std::move(each));
    }
    return comparisons;
}

RowId saveComparison(Database& database, const SavedComparison& comparison) {
    if (comparison.name.empty()) throw Error("a comparison needs a name to be saved");
    if (comparison.checkpoints.empty()) throw Error("there is nothing to save: no checkpoint is chosen");
    const double now = unixTime();
    Statement(database,
              "INSERT INTO comparisons (name, created, changed, baseline, evaluation, set_hash, options) "
              "VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO UPDATE SET changed = "
              "excluded.changed, baseline = excluded.baseline, evaluation = excluded.evaluation, set_hash = "
              "excluded.set_hash, options = excluded.options")
        .run(comparison.name, now, comparison.baseline, comparison.evaluation, comparison.setHash,
             comparison.options.dump());
    Statement row(database, "SELECT id FROM comparisons WHERE name = ?1");
    row.with(comparison.name).step();
    const RowId id = row.integer(0);
    row.reset();
    Statement(database, "DELETE FROM comparison_checkpoints WHERE comparison_id = ?1").run(id);
    std::int64_t idx = 0;
    Statement insert(database, "INSERT INTO comparison_checkpoints VALUES (?1, ?2, ?3, ?4)");
    for (const CheckpointKey& key : comparison.checkpoints) insert.run(id, idx++, key.runUuid, key.step);
    return id;
}

void removeComparison(Database& database, RowId id) {
    Statement row(database, "DELETE FROM comparisons WHERE id = ?1 RETURNING id");
    if (!row.with(id).step()) throw Error("there is no such comparison any more");
    while (row.step()) {
    }
}

}  // namespace retort
