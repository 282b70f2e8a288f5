#include "training/recipes/distillation_data.h"

#include <algorithm>
#include <sstream>
#include <unordered_set>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/random.h"
#include "training/recipes/sampled_trace.h"

namespace fs = std::filesystem;

namespace retort {

DistillationData::DistillationData(TrainerParts& parts, RunSession& session, Teacher& teacher)
    : m_parts(parts),
      m_session(session),
      m_settings(parts.config.distillation),
      m_teacher(teacher),
      m_mixture(parts.sources, std::uint64_t(parts.config.seed)),
      m_samplesFile(session.run().path() / "teacher_samples.jsonl") {
    std::error_code code;
    if (m_settings.seq_kd && fs::exists(m_samplesFile, code)) readSamples();
}

// A line holds the samples of one step. A killed trainer may have left the last one half-written: those are
// sampled again, from the same random streams.
void DistillationData::readSamples() {
    std::string text = readFile(m_samplesFile);
    if (const std::size_t end = text.rfind('\n') + 1; end != text.size()) {
        text.resize(end);
        if (m_parts.group->isFirst()) writeFileAtomically(m_samplesFile, text);
    }
    std::istringstream lines(text);
    try {
        for (std::string line; std::getline(lines, line);) {
            const Json row = Json::parse(line);
            for (const auto& [id, completions] : row.items())
                m_teacherSamples[id] = completions.get<Completions>();
        }
    } catch (const Json::exception& error) {
        throw Error(std::string("malformed samples of the teacher: ") + error.what(), m_samplesFile.string());
    }
}

std::vector<DrawnProblem> DistillationData::draw(std::int64_t step) const {
    const TrainingSettings& training = m_parts.config.training;
    const std::int64_t count = training.batch_size * training.gradient_accumulation_steps;
    std::vector<DrawnProblem> drawn;
    for (std::int64_t i = 0; i < count; ++i)
        drawn.push_back(m_mixture.draw(std::uint64_t((step - 1) * count + i)));
    return drawn;
}

std::optional<DistillationBatch> DistillationData::take(std::int64_t step) {
    DistillationBatch batch;
    m_sequences.clear();
    const std::vector<DrawnProblem> drawn = draw(step);
    // One draw for the whole step, as in TRL.
    Random random(stableHash("lmbda", std::uint64_t(m_parts.config.seed)), std::uint64_t(step));
    batch.onPolicy = random.uniform() < m_settings.lmbda;
    if (batch.onPolicy ? !addOwnSamples(drawn, step, batch)
                       : m_settings.seq_kd && !addTeacherSamples(drawn, step, batch))
        return std::nullopt;
    if (!batch.onPolicy && !m_settings.seq_kd) addExamples(drawn, batch);
    finish(batch);
    return batch;
}

SamplingSettings DistillationData::sampling(const char* stream) const {
    SamplingSettings sampling;
    sampling.maxNewTokens = m_settings.max_completion_length;
    sampling.temperature = m_settings.sampling_temperature;
    sampling.seed = stableHash(stream, std::uint64_t(m_parts.config.seed));
    return sampling;
}

bool DistillationData::addOwnSamples(const std::vector<DrawnProblem>& drawn, std::int64_t step,
                                     DistillationBatch& batch) {
    m_session.status("generating", step);
    Completions prompts;
    for (const DrawnProblem& each : drawn) prompts.push_back(m_parts.tokenizer->encode(each.problem.prompt));
    m_parts.generator->refresh();
    const auto completions = m_parts.generator->generate(
        prompts, 1, sampling("student"), std::uint64_t(step) * prompts.size(), m_session.stopToken());
    if (m_session.isStopped()) return false;
    double tokens = 0, cut = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        add(drawn[i].problem, completions[i].ids, batch);
        tokens += double(completions[i].ids.size());
        cut += !completions[i].finished;
    }
    batch.metrics = {{"completions/mean_length", tokens / double(drawn.size())},
                     {"completions/truncated_fraction", cut / double(drawn.size())}};
    return true;
}

bool DistillationData::addTeacherSamples(const std::vector<DrawnProblem>& drawn, std::int64_t step,
                                         DistillationBatch& batch) {
    if (!sampleMissing(drawn, step)) return false;
    double tokens = 0, completions = 0, prompts = 0;
    for (const DrawnProblem& each : drawn) {
        const Completions& known = m_teacherSamples.at(each.problem.id);
        for (const auto& completion : known) {
            add(each.problem, completion, batch);
            tokens += double(completion.size());
        }
        completions += double(known.size());
        prompts += !known.empty();
        batch.dropped += known.empty();
    }
    batch.metrics = {{"completions/mean_length", tokens / std::max(completions, 1.0)},
                     {"teacher/accepted_share", prompts / double(drawn.size())}};
    return true;
}

bool DistillationData::sampleMissing(const std::vector<DrawnProblem>& drawn, std::int64_t step) {
    std::vector<const DrawnProblem*> missing;
    std::unordered_set<std::string> seen;
    Completions prompts;
    for (const DrawnProblem& each : drawn) {
        if (m_teacherSamples.contains(each.problem.id) || !seen.insert(each.problem.id).second) continue;
        missing.push_back(&each);
        prompts.push_back(m_parts.tokenizer->encode(each.problem.prompt));
    }
    if (missing.empty()) return true;
    m_session.status("generating", step);
    auto completions =
        m_teacher.generator().generate(prompts, m_settings.num_generations, sampling("teacher"),
                                       std::uint64_t(step) * drawn.size(), m_session.stopToken());
    if (m_session.isStopped()) return false;
    std::vector<const Problem*> problems;
    std::vector<const Task*> tasks;
    for (const DrawnProblem* each : missing) {
        problems.push_back(&each->problem);
        tasks.push_back(m_parts.sources[each->source].task.get());
    }
    const auto judged =
        judge(*m_parts.tokenizer, problems, tasks, std::move(completions), m_settings.num_generations);
    Json line = Json::object();
    for (std::size_t i = 0; i < missing.size(); ++i) {
        const auto first = judged.begin() + std::ptrdiff_t(i) * m_settings.num_generations;
        const Completions kept = selected({first, first + m_settings.num_generations});
        line[missing[i]->problem.id] = kept;
        m_teacherSamples[missing[i]->problem.id] = kept;
    }
    if (!m_parts.group->isFirst()) return true;
    std::ofstream file(m_samplesFile, std::ios::app);
    file << line.dump() + "\n" << std::flush;
    if (!file) throw Error("cannot write the teacher's samples", m_samplesFile.string());
    return true;
}

DistillationData::Completions DistillationData::selected(const std::vector<JudgedCompletion>& judged) const {
    Completions found;
    for (const JudgedCompletion& sample : judged)
        if (m_settings.selection == "all" || (sample.verdict.correct && sample.completion.finished))
            found.push_back(sample.completion.ids);
    if (m_settings.selection != "shortest_correct" || found.empty()) return found;
    return {*std::min_element(found.begin(), found.end(),
                              [](const auto& a, const auto& b) { return a.size() < b.size(); })};
}

void DistillationData::addExamples(const std::vector<DrawnProblem>& drawn, DistillationBatch& batch) {
    for (const DrawnProblem& each : drawn) {
        std::vector<std::int32_t> completion = m_parts.tokenizer->encode(each.completion());
        completion.push_back(m_parts.tokenizer->eosId());
        add(each.problem, completion, batch);
    }
}

void DistillationData::add(const Problem& problem, const std::vector<std::int32_t>& completion,
                           DistillationBatch& batch) {
    TokenSequence sequence = TokenSequence::of(m_parts.tokenizer->encode(problem.prompt), completion, false);
    if (completion.empty() || std::int64_t(sequence.ids.size()) > m_parts.config.training.max_length) {
        ++batch.dropped;
        return;
    }
    batch.tokens += std::int64_t(sequence.ids.size());
    m_sequences.push_back(std::move(sequence));
}

void DistillationData::finish(DistillationBatch& batch) {
    if (m_sequences.empty())
        throw Error(
            "no completion of this step can be learned: none was accepted, or all are longer than max_length",
            "distillation", "look at distillation.selection and training.max_length");
    const auto parts = std::min<std::size_t>(std::size_t(m_parts.config.training.gradient_accumulation_steps),
                                             m_sequences.size());
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = m_sequences.size() * part / parts,
                          end = m_sequences.size() * (part + 1) / parts;
        const auto [first, last] = m_parts.group->share(end - begin);
        if (first < last)
            batch.microBatches.push_back(packSequences({m_sequences.begin() + std::ptrdiff_t(begin + first),
                                                        m_sequences.begin() + std::ptrdiff_t(begin + last)}));
    }
    m_sequences.clear();
}

}  // namespace retort
