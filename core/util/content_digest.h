// A hash of bytes as they come (XXH3, 128 bits), by which the same content is known again. No proof against
// someone who wants two to be equal.
#pragma once

#include <cstddef>
#include <string>

struct XXH3_state_s;

namespace retort {

class ContentDigest {
  public:
    ContentDigest();
    ~ContentDigest();
    ContentDigest(const ContentDigest&) = delete;
    ContentDigest& operator=(const ContentDigest&) = delete;

    void add(const void* data, std::size_t size);
    /// Of what was added so far: 32 hexadecimal digits.
    std::string digits() const;

  private:
    XXH3_state_s* m_state;
};

}  // namespace retort
