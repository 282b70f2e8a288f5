#include "training/search/merge_evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// What an example teaches: worked or bare, as often as the source says, the same for every evaluation.
const std::string& completionOf(const DataSource& source, const Problem& problem) {
    const bool worked = !problem.worked.empty() &&
                        Random(stableHash(problem.id, stableHash("worked"))).uniform() < source.workedShare;
    return worked ? problem.worked : problem.answer;
}

double meanOf(const std::vector<TaskScore>& tasks, double TaskScore::*member) {
    double sum = 0, count = 0;
    for (const TaskScore& task : tasks)
        if (task.rows > 0) {
            sum += task.*member;
            count += 1;
        }
    return sum / count;
}

MergeResult scoreOf(std::vector<TaskScore> tasks, std::int64_t rows) {
    MergeResult score;
    score.rows = rows;
    score.loss = meanOf(tasks, &TaskScore::loss);
    score.accuracy = meanOf(tasks, &TaskScore::accuracy);
    score.meanLength = meanOf(tasks, &TaskScore::meanLength);
    score.tasks = std::move(tasks);
    return score;
}

double metricOf(const EvaluationReport& report, const std::string& name) {
    for (const auto& [metric, value] : report.event.metrics)
        if (metric == name) return value;
    return unknown;
}

bool asksFor(const std::vector<SearchObjective>& objectives, const std::string& what) {
    return std::any_of(objectives.begin(), objectives.end(), [&](const SearchObjective& objective) {
        return objective.name == what || objective.name.starts_with(what + "/");
    });
}

}  // namespace

/// Rows that are computed together. `task` has each target's and each row's task.
struct MergeEvaluator::Batch {
    PackedBatch packed;
    std::vector<std::size_t> taskOfTarget, taskOfRow;
};

/// Losses by task, as far as they were computed.
class MergeEvaluator::Sums {
  public:
    explicit Sums(const std::vector<EvaluationSet>& sets) {
        for (const EvaluationSet& set : sets)
            m_tasks.push_back({set.source->name, 0, 0, 0, unknown, unknown});
    }
    void addRow(std::size_t task) { ++m_tasks[task].rows, ++m_rows; }
    void addToken(std::size_t task, double loss) {
        m_tasks[task].loss += loss;
        ++m_tasks[task].tokens;
    }
    MergeResult score() const {
        std::vector<TaskScore> tasks = m_tasks;
        for (TaskScore& task : tasks) task.loss = task.tokens > 0 ? task.loss / double(task.tokens) : unknown;
        return scoreOf(std::move(tasks), m_rows);
    }

  private:
    std::vector<TaskScore> m_tasks;
    std::int64_t m_rows = 0;
};

double MergeResult::value(const std::string& objective) const {
    const std::size_t slash = objective.find('/');
    const std::string what = objective.substr(0, slash);
    if (what != "loss" && what != "accuracy" && what != "mean_length")
        throw Error("unknown objective '" + objective + "'", "objectives", "loss, accuracy or mean_length");
    if (slash == std::string::npos) return what == "loss" ? loss : what == "accuracy" ? accuracy : meanLength;
    for (const TaskScore& task : tasks)
        if (task.name == objective.substr(slash + 1))
            return what == "loss" ? task.loss : what == "accuracy" ? task.accuracy : task.meanLength;
    throw Error("there is no task '" + objective.substr(slash + 1) + "'", "objectives: " + objective);
}

MergeEvaluator::MergeEvaluator(MergeParents parents, std::shared_ptr<const Tokenizer> tokenizer,
                               const std::vector<DataSource>& sources, MergeEvaluatorSettings settings)
    : m_parents(std::move(parents)),
      m_tokenizer(std::move(tokenizer)),
      m_sources(sources),
      m_settings(std::move(settings)),
      m_model(std::make_shared<CausalLM>(m_parents.shape, 1)) {
    if (m_tokenizer->vocabularySize() > m_parents.shape.vocabSize)
        throw Error("the tokenizer has more tokens than the models", "merge evaluation");
    checkCoverage(*m_tokenizer, m_sources);
    {
        const torch::NoGradGuard noGradient;
        m_model->flatParameters().copy_(m_parents.models.front());
    }
    m_model->setSpecialTokens({m_tokenizer->eosId()}, m_tokenizer->padId());
    m_settings.generation.traces = 0;
    m_settings.generation.trees = 0;
    if (m_settings.lossRows <= 0) return;  // nothing held out is asked for
    m_sets = makeEvaluationSets(m_sources, std::max<std::int64_t>(m_settings.generation.num_problems, 1));
    if (m_sets.empty())
        throw Error("there are no held-out problems to judge merges by", "data",
                    "name a task, or a file with held_out_share above 0");
    makeBatches();
}

MergeEvaluator::~MergeEvaluator() = default;

std::vector<TokenSequence> MergeEvaluator::rowsOf(const DataSource& source, std::int64_t count) const {
    std::vector<TokenSequence> rows;
    for (const Problem& problem : heldOutProblems(*source.task, count)) {
        std::vector<std::int32_t> completion = m_tokenizer->encode(completionOf(source, problem));
        completion.push_back(m_tokenizer->eosId());
        rows.push_back(TokenSequence::of(m_tokenizer->encode(problem.prompt), completion, false));
        if (std::int64_t(rows.back().ids.size()) > m_parents.shape.maxPositions)
            throw Error("an example of " + std::to_string(rows.back().ids.size()) +
                            " tokens is too long for the model",
                        "data: " + source.name, "make the problems smaller");
    }
    return rows;
}

/// Rows of the tasks in turn, so that the first of them speak for all tasks.
void MergeEvaluator::makeBatches() {
    const std::int64_t tasks = std::int64_t(m_sets.size());
    const std::int64_t each = (std::max(m_settings.lossRows, tasks) + tasks - 1) / tasks;
    std::vector<std::pair<std::size_t, TokenSequence>> rows;
    std::vector<std::vector<TokenSequence>> byTask;
    for (const EvaluationSet& set : m_sets) byTask.push_back(rowsOf(*set.source, each));
    for (std::size_t i = 0; i < std::size_t(each); ++i)
        for (std::size_t task = 0; task < byTask.size(); ++task)
            if (i < byTask[task].size()) rows.emplace_back(task, std::move(byTask[task][i]));
    const std::size_t size = std::size_t(std::max(m_settings.coarseRows, std::int64_t(1)));
    for (std::size_t first = 0; first < rows.size(); first += size) {
        Batch batch;
        std::vector<TokenSequence> sequences;
        for (std::size_t i = first; i < std::min(rows.size(), first + size); ++i) {
            batch.taskOfRow.push_back(rows[i].first);
            batch.taskOfTarget.insert(batch.taskOfTarget.end(), std::size_t(rows[i].second.targetCount()),
                                      rows[i].first);
            sequences.push_back(std::move(rows[i].second));
        }
        batch.packed = packSequences(sequences);
        m_batches.push_back(std::move(batch));
    }
}

void MergeEvaluator::merge(const MergeSpace& space, std::span<const double> coefficients) {
    const torch::Tensor out = m_model->flatParameters();
    if (isSumMerge(space.method)) return mergeSum(m_parents, space, coefficients, out);
    const MergeMethod* method = m_settings.findMethod ? m_settings.findMethod(space.method) : nullptr;
    if (!method) throw Error("unknown merge method '" + space.method + "'", "merge search");
    std::vector<std::uint64_t> keys = m_settings.modelKeys;
    if (keys.empty())
        for (const std::string& model : space.models) keys.push_back(stableHash(model));
    mergeByFormula(m_parents, space, coefficients, *method, keys, m_settings.seed, out);
}

void MergeEvaluator::add(const Batch& batch, Sums& sums) {
    const torch::NoGradGuard noGradient;
    const torch::Tensor logprobs = m_model->score(batch.packed).logprobs.contiguous();
    const float* values = logprobs.data_ptr<float>();
    for (std::size_t i = 0; i < batch.taskOfTarget.size(); ++i)
        sums.addToken(batch.taskOfTarget[i], -double(values[i]));
    for (const std::size_t task : batch.taskOfRow) sums.addRow(task);
}

std::optional<MergeResult> MergeEvaluator::loss(std::int64_t rows, std::stop_token stop) {
    Sums sums(m_sets);
    std::int64_t done = 0;
    for (const Batch& batch : m_batches) {
        if (rows > 0 && done >= rows) break;
        if (stop.stop_requested()) return std::nullopt;
        add(batch, sums);
        done += std::int64_t(batch.taskOfRow.size());
    }
    return sums.score();
}

bool MergeEvaluator::refine(const std::function<void(const MergeResult&)>& onScore, std::stop_token stop) {
    Sums sums(m_sets);
    std::size_t next = 1;
    for (std::size_t i = 0; i < m_batches.size(); ++i) {
        if (stop.stop_requested()) return false;
        add(m_batches[i], sums);
        if (i + 1 != next && i + 1 != m_batches.size()) continue;
        next *= 4;
        onScore(sums.score());
    }
    return true;
}

std::optional<MergeResult> MergeEvaluator::accuracy(std::stop_token stop) {
    if (!m_generator) m_generator = std::make_unique<Generator>(m_model, m_tokenizer);
    m_generator->refresh();
    const auto reports = evaluateSets(m_sets, *m_generator, *m_tokenizer, m_settings.generation, false,
                                      m_settings.seed, 0, stop);
    if (!isComplete(reports, m_sets)) return std::nullopt;
    std::vector<TaskScore> tasks;
    std::int64_t rows = 0;
    for (const EvaluationReport& report : reports) {
        tasks.push_back({report.event.name, report.asked, 0, unknown, metricOf(report, "accuracy"),
                         metricOf(report, "mean_length")});
        rows += report.asked;
    }
    return scoreOf(std::move(tasks), rows);
}

PointEvaluation MergeEvaluator::evaluation(MergeSpace space, std::vector<SearchObjective> objectives,
                                           std::stop_token stop) {
    // A wrong name is said now, and not after the first long evaluation.
    const MergeResult known = Sums(m_sets).score();
    for (const SearchObjective& objective : objectives) known.value(objective.name);
    const bool wantsLoss = asksFor(objectives, "loss");
    const bool generates = asksFor(objectives, "accuracy") || asksFor(objectives, "mean_length");
    return [=, this](const std::vector<double>& coefficients) -> std::vector<double> {
        merge(space, coefficients);
        std::optional<MergeResult> losses, generated;
        if (wantsLoss && !(losses = loss(0, stop))) return {};
        if (generates && !(generated = accuracy(stop))) return {};
        std::vector<double> values;
        for (const SearchObjective& objective : objectives) {
            const bool isLoss = objective.name == "loss" || objective.name.starts_with("loss/");
            const auto& score = isLoss ? losses : generated;
            values.push_back((score ? *score : MergeResult()).value(objective.name));
        }
        return values;
    };
}

}  // namespace retort
