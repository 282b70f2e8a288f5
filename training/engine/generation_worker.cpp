#include "training/engine/generation_worker.h"

#include <algorithm>

namespace retort {

GenerationWorker::GenerationWorker(GenerationJob& job, const DecodeWeights& weights, long slots,
                                   long capacity)
    : m_job(job),
      m_shape(weights.shape()),
      m_session(weights, slots, capacity),
      m_sampler(job.settings, weights.shape().vocabSize, job.tokenizer.vocabularySize()),
      m_vocab(weights.shape().vocabSize),
      m_stretches(m_shape.positionEmbedding == "rope" &&
                  std::any_of(job.prompts.begin(), job.prompts.end(), [this](const auto& prompt) {
                      return rotaryDependsOn(m_shape, std::int64_t(prompt.size()));
                  })) {
    for (long slot = slots - 1; slot >= 0; --slot) m_free.push_back(slot);
}

void GenerationWorker::run() {
    while (!m_job.stop.stop_requested()) {
        while (admit()) {
        }
        if (m_rows.empty()) return;
        decode();
    }
}

/// Takes units while there is room for the largest there can be, and computes their prompts together: alone,
/// a short one would read all weights for a few rows.
bool GenerationWorker::admit() {
    const std::vector<Start> starts = takeUnits();
    if (starts.empty()) return false;
    m_step.clear();
    for (const Start& start : starts) addPrompt(start);
    const float* logits = prefill();
    for (std::size_t i = 0; i < starts.size(); ++i) begin(starts[i], logits + long(i) * m_vocab);
    return true;
}

std::vector<GenerationWorker::Start> GenerationWorker::takeUnits() {
    std::vector<Start> starts;
    std::size_t tokens = 0;
    while (!m_job.units.empty() && long(m_free.size()) >= m_job.units.front().count &&
           tokens < std::size_t(m_stretches ? 1 : DecodeSession::stepRows)) {
        const std::size_t index = m_job.next.fetch_add(1, std::memory_order_relaxed);
        if (index >= m_job.units.size() || m_job.stop.stop_requested()) break;
        const GenerationJob::Unit& unit = m_job.units[index];
        starts.push_back({unit, {m_free.rbegin(), m_free.rbegin() + unit.count}});
        m_free.resize(m_free.size() - std::size_t(unit.count));
        tokens += m_job.prompts[unit.prompt].size();
    }
    return starts;
}

void GenerationWorker::addPrompt(const Start& start) {
    const std::vector<std::int32_t>& prompt = m_job.prompts[start.unit.prompt];
    for (std::size_t i = 0; i < prompt.size(); ++i)
        m_step.push_back({start.slots.front(), long(i), prompt[i], i + 1 == prompt.size()});
}

/// Runs m_step. A prompt that dynamic NTK stretches is rotated as the one sequence that it is, like in
/// training.
const float* GenerationWorker::prefill() {
    const auto length = std::int64_t(m_step.size());
    if (!m_stretches || !rotaryDependsOn(m_shape, length)) return m_session.step(m_step);
    RotaryTable stretched;
    appendRotary(m_shape, length, length, stretched);
    return m_session.step(m_step, &stretched);
}

/// Draws the first token of each sample; those that go on keep a slot, with a copy of the prompt.
void GenerationWorker::begin(const Start& start, const float* logits) {
    const long home = start.slots.front(), length = long(m_job.prompts[start.unit.prompt].size());
    std::size_t used = 0;
    for (long i = 0; i < start.unit.count; ++i) {
        const Row row{start.slots[used], start.unit.prompt, start.unit.first + i};
        if (!draw(row, logits)) continue;
        if (row.slot != home) m_session.copyPrefix(home, row.slot, length);
        m_rows.push_back(row);
        ++used;
    }
    m_free.insert(m_free.end(), start.slots.rbegin(), start.slots.rend() - std::ptrdiff_t(used));
}

void GenerationWorker::decode() {
    m_step.clear();
    for (const Row& row : m_rows) {
        const Completion& c = completion(row);
        m_step.push_back({row.slot, long(m_job.prompts[row.prompt].size() + c.ids.size()) - 1, c.ids.back()});
    }
    const float* logits = m_session.step(m_step);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (draw(m_rows[i], logits + long(i) * m_vocab))
            m_rows[kept++] = m_rows[i];
        else
            m_free.push_back(m_rows[i].slot);
    }
    m_rows.resize(kept);
}

bool GenerationWorker::draw(const Row& row, const float* logits) {
    Completion& c = completion(row);
    const double uniform = tokenUniform(m_job.settings.seed, m_job.streamBase + row.prompt,
                                        std::uint64_t(row.sample), c.ids.size());
    return !m_job.endRule.append(c, m_sampler.choose(logits, uniform), m_job.prompts[row.prompt].size());
}

}  // namespace retort
