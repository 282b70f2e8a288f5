// Plain numbers and arrays of them as bytes and back.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "core/util/error.h"

namespace retort {

class ByteWriter {
  public:
    template <class T>
    void add(T value) {
        static_assert(std::is_arithmetic_v<T>);
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <class T>
    void add(const std::vector<T>& values) {
        add(std::uint64_t(values.size()));
        m_bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    }
    std::string take() { return std::move(m_bytes); }

  private:
    std::string m_bytes;
};

/// Throws Error where the bytes end early.
class ByteReader {
  public:
    explicit ByteReader(const std::string& bytes) : m_bytes(bytes) {}

    bool atEnd() const { return m_place == m_bytes.size(); }
    template <class T>
    T number() {
        T value;
        copy(&value, sizeof value);
        return value;
    }
    template <class T>
    std::vector<T> array() {
        const auto count = number<std::uint64_t>();
        if (count > (m_bytes.size() - m_place) / sizeof(T)) throw Error("a rank's bytes end early");
        std::vector<T> values(count);
        copy(values.data(), count * sizeof(T));
        return values;
    }

  private:
    void copy(void* to, std::size_t size) {
        if (size > m_bytes.size() - m_place) throw Error("a rank's bytes end early");
        if (size > 0) std::memcpy(to, m_bytes.data() + m_place, size);
        m_place += size;
    }

    const std::string& m_bytes;
    std::size_t m_place = 0;
};

}  // namespace retort
