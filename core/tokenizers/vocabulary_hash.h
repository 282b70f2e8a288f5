// The hash behind Tokenizer::hash().
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/util/random.h"

namespace retort {

/// Feeds texts, each with its length, so that no two different sequences of texts look alike.
class VocabularyHash {
  public:
    void add(std::string_view text) {
        m_low = stableHash(text, m_low + text.size() + 1);
        m_high = stableHash(text, m_high ^ m_low);
    }
    std::string text() const {
        char buffer[33];
        std::snprintf(buffer, sizeof buffer, "%016llx%016llx", static_cast<unsigned long long>(m_high),
                      static_cast<unsigned long long>(m_low));
        return buffer;
    }

  private:
    std::uint64_t m_low = 0, m_high = 1;
};

}  // namespace retort
