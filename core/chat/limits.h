// What a template may cost: it was downloaded, and could loop for ever or fill the memory.
#pragma once

#include <cstdint>

#include "core/util/error.h"

namespace retort::chat {

struct ChatLimits {
    std::uint64_t steps = 20'000'000;               ///< evaluated nodes and passes of loops
    std::uint64_t producedBytes = 512ull << 20;     ///< of all texts that are made on the way
    std::size_t textBytes = std::size_t(64) << 20;  ///< of any one text, the result's too
    std::size_t listItems = 1'000'000;
    int recursion = 400;  ///< nested macros, tags and expressions
};

/// Counts what has been used. Every member throws Error when there is no more.
class Budget {
  public:
    explicit Budget(const ChatLimits& limits) : m_limits(limits) {}

    const ChatLimits& limits() const { return m_limits; }
    void step(std::uint64_t count = 1) {
        if ((m_steps += count) > m_limits.steps) throw Error("the chat template takes too many steps");
    }
    /// Before a text of `bytes` is made.
    void text(std::uint64_t bytes) {
        step(1 + bytes / 256);
        if (bytes > m_limits.textBytes || (m_bytes += bytes) > m_limits.producedBytes)
            throw Error("the chat template makes too much text");
    }
    void list(std::uint64_t items) {
        step(1 + items / 8);
        if (items > m_limits.listItems) throw Error("the chat template makes too long a list");
        text(items * 24);
    }

    /// One level of recursion, as long as it exists.
    class Level {
      public:
        explicit Level(Budget& budget) : m_budget(budget) {
            if (++m_budget.m_level > m_budget.m_limits.recursion) {
                --m_budget.m_level;
                throw Error("the chat template is nested too deeply");
            }
        }
        ~Level() { --m_budget.m_level; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        Budget& m_budget;
    };

  private:
    ChatLimits m_limits;
    std::uint64_t m_steps = 0, m_bytes = 0;
    int m_level = 0;
};

}  // namespace retort::chat
