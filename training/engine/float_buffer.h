// Memory that only grows and is reused from step to step: fresh pages cost more than the arithmetic on them.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>

namespace retort {

class FloatBuffer {
  public:
    FloatBuffer() = default;
    explicit FloatBuffer(std::size_t count) { reserve(count); }

    /// At least `count` floats, aligned to cache lines; what was there is lost when it grows.
    float* reserve(std::size_t count) {
        if (count > m_count) {
            m_data.reset();
            const std::size_t bytes = (count * sizeof(float) + 4095) / 4096 * 4096;
            m_data.reset(static_cast<float*>(std::aligned_alloc(4096, bytes)));
            if (!m_data) throw std::bad_alloc();
            m_count = count;
        }
        return m_data.get();
    }
    float* data() const { return m_data.get(); }
    std::size_t size() const { return m_count; }

  private:
    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::unique_ptr<float, Free> m_data;
    std::size_t m_count = 0;
};

}  // namespace retort
