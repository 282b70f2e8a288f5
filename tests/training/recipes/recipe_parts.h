// The parts of a trainer without a trainer, for tests of what recipes use.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/runlog/event.h"
#include "training/recipes/recipe.h"
#include "training/recipes/token_sequence.h"

namespace retort::test {

/// Keeps what is said.
class EventList final : public EventSink {
  public:
    void write(EventPayload payload) override {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(payload));
    }
    void sync() override {}
    std::string failure() const override { return {}; }

    /// Messages of a level, one after the other.
    std::string messages(const std::string& level) const {
        const std::lock_guard lock(m_mutex);
        std::string all;
        for (const EventPayload& event : m_events)
            if (const auto* said = std::get_if<MessageEvent>(&event); said && said->level == level)
                all += said->text + "\n";
        return all;
    }

  private:
    mutable std::mutex m_mutex;
    std::vector<EventPayload> m_events;
};

/// Sources, tokenizer and a new model; no optimizer and no generator.
inline TrainerParts partsOf(const RunConfig& config) {
    TrainerParts parts;
    parts.config = config;
    parts.sources = makeDataSources(config.data.tasks, config.data.files);
    parts.tokenizer = makeTokenizer(config.tokenizer, parts.sources, std::uint64_t(config.seed));
    parts.model =
        std::make_shared<CausalLM>(ModelShape::fromSettings(config.model, parts.tokenizer->vocabularySize()),
                                   std::uint64_t(config.seed));
    return parts;
}

}  // namespace retort::test
