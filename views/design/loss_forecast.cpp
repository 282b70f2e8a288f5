#include "views/design/loss_forecast.h"

#include <algorithm>

#include "core/config/schedule.h"
#include "core/config/values.h"

namespace retort {

namespace {

constexpr std::size_t mostRuns = 8;        // to fit to: the newest
constexpr std::size_t mostLookedAt = 400;  // of the store's runs
constexpr std::int64_t longestSchedule = 2'000'000;
constexpr int bucketsPerCurve = 512;

bool isSupervised(const std::string& recipe) {
    return recipe == "sft" || recipe == "pretrain";
}

/// All that shapes a loss curve besides the schedule and the seed.
std::string likenessOf(const ParsedConfig& parsed) {
    Json same = {{"recipe", parsed.config.recipe}};
    for (const char* path :
         {"model", "tokenizer", "data", "training.batch_size", "training.gradient_accumulation_steps",
          "training.max_length", "training.completion_only_loss", "training.weight_decay",
          "training.adam_beta1", "training.adam_beta2", "training.max_grad_norm"})
        if (const Json* value = valueAt(parsed.values, path)) same[path] = *value;
    return same.dump();
}

Schedule scheduleOf(const TrainingSettings& training) {
    Schedule schedule;
    schedule.warmup = training.warmup_steps;
    for (std::int64_t step = 1; step <= std::min(training.max_steps, longestSchedule); ++step)
        schedule.rates.push_back(scheduledLearningRate(training, step));
    return schedule;
}

/// Means would be better than the last value of each bucket, but the fit takes the mean of several of these.
std::vector<std::pair<std::int64_t, double>> lossesOf(StoreReader& reader, RowId run) {
    std::vector<std::pair<std::int64_t, double>> losses;
    for (const SeriesRow& series : reader.series(run)) {
        if (series.name != "loss") continue;
        for (const SeriesBucket& bucket : reader.buckets(series.id, XAxis::Step, 1, 0, bucketsPerCurve))
            if (bucket.count > bucket.nonFinite)
                losses.emplace_back(static_cast<std::int64_t>(bucket.lastX), bucket.lastValue);
    }
    return losses;
}

}  // namespace

std::shared_ptr<const LossHistory::Known> LossHistory::knownOf(StoreReader& reader, const RunRow& run) {
    const std::string key = run.uuid + '@' + std::to_string(run.step);  // a stopped run may be resumed
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_known.find(key); found != m_known.end()) return found->second;
    }
    auto known = std::make_shared<Known>();
    const ParsedConfig parsed = parseConfig(run.config, "config.yaml");
    if (parsed.problems.empty()) {
        known->likeness = likenessOf(parsed);
        known->curve.schedule = scheduleOf(parsed.config.training);
        known->curve.losses = lossesOf(reader, run.id);
    }
    const std::lock_guard lock(m_mutex);
    return m_known.emplace(key, std::move(known)).first->second;
}

LossForecast LossHistory::forecast(StoreReader& reader, const ParsedConfig& design) {
    LossForecast forecast;
    if (!design.problems.empty()) return forecast;
    if (!isSupervised(design.config.recipe)) {
        forecast.state = LossForecast::State::NotSupervised;
        return forecast;
    }
    std::vector<RunRow> runs = reader.runs(true);
    std::erase_if(runs, [&](const RunRow& run) {
        return run.recipe != design.config.recipe || (run.state != "finished" && run.state != "stopped");
    });
    std::sort(runs.begin(), runs.end(),
              [](const RunRow& a, const RunRow& b) { return a.created > b.created; });
    if (runs.size() > mostLookedAt) runs.resize(mostLookedAt);

    const std::string likeness = likenessOf(design);
    std::vector<LossCurve> curves;
    for (const RunRow& run : runs) {
        const auto known = knownOf(reader, run);
        if (known->likeness == likeness && !known->curve.losses.empty()) curves.push_back(known->curve);
        if (curves.size() == mostRuns) break;
    }
    forecast.runs = static_cast<int>(curves.size());
    forecast.state = LossForecast::State::NoHistory;
    if (curves.size() < 2) return forecast;
    forecast.state = LossForecast::State::NoFit;
    const auto fit = fitAnnealingLaw(curves);
    if (!fit) return forecast;
    forecast.state = LossForecast::State::Known;
    forecast.error = fit->error;
    forecast.sawAnnealing = fit->sawAnnealing;
    forecast.losses = predictLoss(fit->law, scheduleOf(design.config.training));
    return forecast;
}

}  // namespace retort
