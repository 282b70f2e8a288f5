#include "training/recipes/example_scores.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/config/schedule.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/model/lora.h"
#include "training/objectives/sft_loss.h"
#include "training/recipes/pair_stream.h"
#include "training/recipes/teacher.h"
#include "training/recipes/token_sequence.h"

namespace retort {
namespace {

constexpr std::size_t examplesAtOnce = 64;
constexpr double neverKept = -1;

TokenSequence exampleOf(const TrainerParts& parts, const DataSource& source, std::uint64_t index) {
    const Problem problem =
        source.task->problem(Split::Train, dataSeed(std::uint64_t(parts.config.seed)), index);
    const bool worked = source.workedShare > 0 && !problem.worked.empty();
    std::vector<std::int32_t> completion = parts.tokenizer->encode(worked ? problem.worked : problem.answer);
    completion.push_back(parts.tokenizer->eosId());
    return TokenSequence::of(parts.tokenizer->encode(problem.prompt), completion, false);
}

/// An example of the run; which of its source's, and which of all.
struct Place {
    std::size_t source = 0;
    std::uint64_t index = 0;
};

std::vector<Place> placesThatFit(const TrainerParts& parts) {
    std::vector<Place> places;
    for (std::size_t source = 0; source < parts.sources.size(); ++source)
        for (std::int64_t i = 0; i < parts.sources[source].examples; ++i)
            if (std::int64_t(exampleOf(parts, parts.sources[source], std::uint64_t(i)).ids.size()) <=
                parts.config.training.max_length)
                places.push_back({source, std::uint64_t(i)});
    if (places.empty())
        throw Error("no example is short enough to be learned",
                    "training.max_length: " + std::to_string(parts.config.training.max_length),
                    "raise it, or make the problems smaller");
    return places;
}

std::shared_ptr<CausalLM> copyOf(const TrainerParts& parts) {
    const torch::NoGradGuard noGrad;
    const CausalLM& student = *parts.model;
    const auto seed = std::uint64_t(parts.config.seed);
    auto copy = std::make_shared<CausalLM>(student.shape(), seed);
    copy->setCheckpointing(parts.config.training.gradient_checkpointing);
    copy->setDevice(student.device());
    copy->setPrecision(student.precision());
    copy->flatParameters().detach().copy_(student.effectiveParameters());
    if (!student.adapter()) return copy;
    auto adapter =
        std::make_shared<LoraAdapter>(WeightLayout(student.shape()), student.adapter()->settings(), seed);
    adapter->setDropout(parts.config.lora.dropout, seed);
    adapter->setDevice(student.device());
    copy->setAdapter(adapter);
    return copy;
}

/// Learns by cross entropy from the examples, epoch after epoch.
class Rehearsal {
  public:
    Rehearsal(TrainerParts& parts, RunSession& session, const std::vector<Place>& places)
        : m_parts(parts),
          m_session(session),
          m_places(places),
          m_order(stableHash("prune order", std::uint64_t(parts.config.seed)), places.size()),
          m_schedule(parts.config.training),
          m_model(copyOf(parts)),
          m_optimizer(m_model, {m_schedule.adam_beta1, m_schedule.adam_beta2, m_schedule.adam_epsilon,
                                m_schedule.weight_decay}),
          m_counts(places.size()) {
        m_schedule.max_steps = parts.config.distillation.pruning_steps;
    }

    /// False when a stop came first.
    bool run() {
        for (std::int64_t step = 1; step <= m_schedule.max_steps; ++step) {
            if (m_session.isStopped()) return false;
            m_session.status("preparing", 0);
            m_lastLoss = learn(step);
            if (step == 1) m_firstLoss = m_lastLoss;
        }
        return true;
    }

    CausalLM& model() { return *m_model; }
    const ForgettingCounts& counts() const { return m_counts; }

    std::string summary() const {
        char text[256];
        std::snprintf(
            text, sizeof text,
            "a copy of the student learned from %zu examples for %lld steps, each about %.1f times: its "
            "loss went from %.3g to %.3g",
            m_places.size(), static_cast<long long>(m_schedule.max_steps),
            double(m_position) / double(m_places.size()), m_firstLoss, m_lastLoss);
        return text;
    }

  private:
    struct Micro {
        PackedBatch batch;
        std::vector<std::size_t> examples;
    };

    Micro draw() {
        Micro micro;
        std::vector<TokenSequence> sequences;
        for (std::int64_t i = 0; i < m_schedule.batch_size; ++i) {
            micro.examples.push_back(m_order.at(m_position++));
            const Place& place = m_places[micro.examples.back()];
            sequences.push_back(exampleOf(m_parts, m_parts.sources[place.source], place.index));
        }
        micro.batch = packSequences(sequences);
        return micro;
    }

    double learn(std::int64_t step) {
        std::vector<Micro> micros;
        double targets = 0, sum = 0;
        for (std::int64_t i = 0; i < m_schedule.gradient_accumulation_steps; ++i) {
            micros.push_back(draw());
            targets += micros.back().batch.targets.ne(-100).sum().item<double>();
        }
        m_optimizer.zeroGradients();
        for (const Micro& micro : micros) {
            const TokenScores scores = m_model->score(micro.batch);
            const torch::Tensor loss = sftLoss(scores.logprobs, targets);
            loss.backward();
            sum += loss.item<double>();
            note(micro, scores.hits);
        }
        const double norm =
            m_optimizer.step(scheduledLearningRate(m_schedule, step), m_schedule.max_grad_norm);
        if (!std::isfinite(sum) || !std::isfinite(norm))
            throw Error("the copy of the student diverges at step " + std::to_string(step),
                        "distillation.pruning_steps", "lower training.learning_rate");
        return sum;
    }

    /// Before this step's update: what the earlier visits have taught.
    void note(const Micro& micro, const torch::Tensor& hits) {
        std::int64_t first = 0;
        const std::vector<std::int64_t> lengths = targetCounts(micro.batch);
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            m_counts.visit(micro.examples[i], hits.slice(0, first, first + lengths[i]).all().item<bool>());
            first += lengths[i];
        }
    }

    TrainerParts& m_parts;
    RunSession& m_session;
    const std::vector<Place>& m_places;
    EpochOrder m_order;
    TrainingSettings m_schedule;
    std::shared_ptr<CausalLM> m_model;
    AdamW m_optimizer;
    ForgettingCounts m_counts;
    std::uint64_t m_position = 0;
    double m_firstLoss = 0, m_lastLoss = 0;
};

/// Mean score a token of each sequence, by "loss" or "el2n".
std::vector<double> scoresOf(CausalLM& model, const std::vector<TokenSequence>& sequences,
                             const std::string& kind) {
    const torch::NoGradGuard noGrad;
    const PackedBatch batch = packSequences(sequences);
    const torch::Tensor logprobs = targetLogprobs(model, batch);
    const torch::Tensor targets = batch.targets.masked_select(batch.targets.ne(-100)).unsqueeze(1);
    const torch::Tensor own = logprobs.gather(1, targets.to(logprobs.device())).squeeze(1);
    // ‖p - y‖² = ‖p‖² - 2 p_y + 1
    const torch::Tensor values =
        kind == "loss" ? -own : (logprobs.exp().square().sum(1) - 2 * own.exp() + 1).clamp_min(0).sqrt();
    std::vector<double> means;
    std::int64_t first = 0;
    for (const std::int64_t count : targetCounts(batch)) {
        means.push_back(values.slice(0, first, first + count).mean().item<double>());
        first += count;
    }
    return means;
}

using Scores = std::vector<std::vector<double>>;

Scores randomScores(const TrainerParts& parts) {
    Scores scores;
    for (const DataSource& source : parts.sources) {
        scores.emplace_back();
        for (std::int64_t i = 0; i < source.examples; ++i)
            scores.back().push_back(
                Random(stableHash("prune", std::uint64_t(parts.config.seed)), std::uint64_t(i)).uniform());
    }
    return scores;
}

bool scoreBy(CausalLM& model, const TrainerParts& parts, const RunSession& session,
             const std::vector<Place>& places, Scores& scores) {
    for (std::size_t first = 0; first < places.size(); first += examplesAtOnce) {
        if (session.isStopped()) return false;
        std::vector<TokenSequence> some;
        const std::size_t last = std::min(places.size(), first + examplesAtOnce);
        for (std::size_t i = first; i < last; ++i)
            some.push_back(exampleOf(parts, parts.sources[places[i].source], places[i].index));
        const std::vector<double> found = scoresOf(model, some, parts.config.distillation.pruning);
        for (std::size_t i = first; i < last; ++i)
            scores[places[i].source][places[i].index] = found[i - first];
    }
    return true;
}

}  // namespace

void ForgettingCounts::visit(std::size_t example, bool learnt) {
    Example& seen = m_examples.at(example);
    seen.forgotten += seen.isLearnt && !learnt;
    seen.isLearnt = learnt;
    seen.wasEverLearnt |= learnt;
}

double ForgettingCounts::score(std::size_t example) const {
    const Example& seen = m_examples.at(example);
    return seen.wasEverLearnt ? double(seen.forgotten) : std::numeric_limits<double>::infinity();
}

std::int64_t ForgettingCounts::neverLearnt() const {
    return std::count_if(m_examples.begin(), m_examples.end(),
                         [](const Example& seen) { return !seen.wasEverLearnt; });
}

std::optional<Scores> scoreExamples(TrainerParts& parts, RunSession& session) {
    const DistillationSettings& settings = parts.config.distillation;
    if (settings.pruning == "random") return randomScores(parts);
    const std::vector<Place> places = placesThatFit(parts);
    Scores scores;
    for (const DataSource& source : parts.sources)
        scores.emplace_back(std::size_t(source.examples), neverKept);
    std::optional<Rehearsal> rehearsal;
    if (settings.pruning_steps > 0) {
        rehearsal.emplace(parts, session, places);
        if (!rehearsal->run()) return std::nullopt;
    }
    std::string said = rehearsal ? rehearsal->summary() : std::string();
    if (settings.pruning == "forgetting") {
        if (!rehearsal)
            throw Error("nothing is forgotten where nothing is learnt", "distillation.pruning_steps",
                        "set it above 0, for example 100");
        for (std::size_t i = 0; i < places.size(); ++i)
            scores[places[i].source][places[i].index] = rehearsal->counts().score(i);
        said += "; " + std::to_string(rehearsal->counts().neverLearnt()) + " of them it never knew by heart";
    } else if (!scoreBy(rehearsal ? rehearsal->model() : *parts.model, parts, session, places, scores)) {
        return std::nullopt;
    }
    if (!said.empty()) session.message("info", said);
    return scores;
}

}  // namespace retort
