#include "training/engine/generation_worker.h"

namespace retort {

GenerationWorker::GenerationWorker(GenerationJob& job, const DecodeWeights& weights, long slots,
                                   long capacity)
    : m_job(job),
      m_session(weights, slots, capacity),
      m_sampler(job.settings, weights.shape().vocabSize, job.tokenizer.vocabularySize()),
      m_vocab(weights.shape().vocabSize) {
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

/// Takes the next unit when there is room for the largest there can be.
bool GenerationWorker::admit() {
    if (m_job.units.empty() || long(m_free.size()) < m_job.units.front().count) return false;
    const std::size_t index = m_job.next.fetch_add(1, std::memory_order_relaxed);
    if (index >= m_job.units.size() || m_job.stop.stop_requested()) return false;
    start(m_job.units[index]);
    return true;
}

void GenerationWorker::start(const GenerationJob::Unit& unit) {
    const std::vector<std::int32_t>& prompt = m_job.prompts[unit.prompt];
    const long home = m_free.back();
    m_step.clear();
    for (std::size_t i = 0; i < prompt.size(); ++i) m_step.push_back({home, long(i), prompt[i]});
    const float* logits = m_session.step(m_step, 1);
    bool homeTaken = false;
    for (long sample = unit.first; sample < unit.first + unit.count; ++sample) {
        Row row{home, unit.prompt, sample};
        if (!draw(row, logits)) continue;
        if (homeTaken) {
            // The slot that the prompt was computed in is the first sample's; others get a copy.
            row.slot = m_free.back();
            m_session.copyPrefix(home, row.slot, long(prompt.size()));
        }
        homeTaken = true;
        m_free.pop_back();
        m_rows.push_back(row);
    }
}

void GenerationWorker::decode() {
    m_step.clear();
    for (const Row& row : m_rows) {
        const Completion& c = completion(row);
        m_step.push_back({row.slot, long(m_job.prompts[row.prompt].size() + c.ids.size()) - 1, c.ids.back()});
    }
    const float* logits = m_session.step(m_step, long(m_step.size()));
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
