#include "training/recipes/distance_watch.h"

#include "core/analysis/power_law.h"
#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/recipes/token_sequence.h"

namespace retort {
namespace {

constexpr const char* goldenName = "distance/golden";

/// A metric's points in a log up to `lastStep`, without what was superseded.
std::vector<std::pair<double, double>> pointsIn(const std::filesystem::path& eventsFile,
                                                const std::string& name, std::int64_t lastStep) {
    std::vector<std::pair<double, double>> points;
    const RunLogFollower follower(eventsFile);
    FollowerBatch batch;
    do {
        batch = follower.read(batch.offset, batch.lastSeq);
        for (const Event& event : batch.events) {
            if (const auto* rewind = std::get_if<RewindEvent>(&event.payload))
                std::erase_if(points,
                              [&](const auto& point) { return point.first > double(rewind->toStep); });
            const auto* scalars = std::get_if<ScalarsEvent>(&event.payload);
            if (!scalars || scalars->step > lastStep) continue;
            for (const auto& [metric, value] : scalars->values)
                if (metric == name) points.emplace_back(double(scalars->step), value);
        }
    } while (!batch.atEnd);
    return points;
}

}  // namespace

DistanceWatch::DistanceWatch(TrainerParts& parts, RunSession& session, Teacher& teacher,
                             std::int64_t lastStep)
    : m_parts(parts), m_session(session) {
    const DistillationSettings& settings = parts.config.distillation;
    for (const DataSource& source : parts.sources)
        if (source.heldOut)
            for (const Problem& problem : heldOutProblems(*source.task, settings.distance_problems))
                m_prompts.push_back(parts.tokenizer->encode(problem.prompt));
    if (m_prompts.empty())
        throw Error("no problem is held out to measure distances on", "distillation.distance_steps");
    m_teacher = sample(teacher, 0);
    if (!settings.oracle.empty()) {
        Teacher oracle(settings.oracle, "distillation.oracle", parts);
        m_oracle = sample(oracle, std::uint64_t(m_prompts.size()));
    }
    m_golden = pointsIn(session.run().eventsFile(), goldenName, lastStep);
    for (std::size_t count = 1; count <= m_golden.size() && !m_alarmed; ++count)
        m_alarmed = teacherHacking({m_golden.begin(), m_golden.begin() + std::ptrdiff_t(count)}).has_value();
}

DistanceWatch::Fixed DistanceWatch::sample(Teacher& model, std::uint64_t stream) const {
    SamplingSettings sampling;
    sampling.maxNewTokens = m_parts.config.distillation.max_completion_length;
    sampling.seed = stableHash("distance");  // any run of this configuration measures on the same ones
    const auto completions =
        model.generator().generate(m_prompts, 1, sampling, stream, m_session.stopToken());
    if (m_session.isStopped()) return {};  // and the step that it was for is not taken
    std::vector<TokenSequence> sequences;
    for (std::size_t i = 0; i < completions.size(); ++i)
        sequences.push_back(TokenSequence::of(m_prompts[i], completions[i].ids, false));
    Fixed fixed{packSequences(sequences), {}};
    const torch::NoGradGuard noGrad;
    fixed.logprobs = targetLogprobs(model.model(), fixed.batch);
    return fixed;
}

double DistanceWatch::distance(const Fixed& fixed) const {
    const torch::NoGradGuard noGrad;
    const torch::Tensor student = targetLogprobs(*m_parts.model, fixed.batch);
    return generalizedJsd(student, fixed.logprobs, 0).mean().item<double>();
}

void DistanceWatch::measure(std::int64_t step, Metrics& metrics) {
    metrics.emplace_back("distance/proxy", distance(m_teacher));
    if (!m_oracle) return;
    metrics.emplace_back(goldenName, distance(*m_oracle));
    m_golden.emplace_back(double(step), metrics.back().second);
    const auto alarm = m_alarmed ? std::nullopt : teacherHacking(m_golden);
    if (!alarm) return;
    m_alarmed = true;
    m_session.log().write(AlarmEvent{step, "teacher_hacking", "warning", *alarm});
}

}  // namespace retort
