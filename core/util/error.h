// The one exception type of the program: what happened, where, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace retort {

/// Thrown where a problem is found, caught at the edges (a command, a backend's worker, the window).
/// `where` is a place the reader can go to ("config.yaml:12", a path, a host, a key); `hint` says what to do.
class Error : public std::runtime_error {
  public:
    explicit Error(std::string what, std::string where = {}, std::string hint = {});

    const std::string& what_happened() const { return m_what; }
    const std::string& where() const { return m_where; }
    const std::string& hint() const { return m_hint; }

  private:
    std::string m_what, m_where, m_hint;
};

}  // namespace retort
