// Command lines: what a command accepts is declared, and from the declaration come parsing, messages and
// help.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::cli {

struct Option {
    enum class Kind { Flag, Text, Integer, Real } kind = Kind::Flag;
    std::string name;   ///< "--out"
    std::string value;  ///< "DIR": how help calls the value
    std::string help;
    std::vector<std::string> choices;  ///< the only values allowed; empty: any
    bool repeatable = false;
};

/// A command's place for an argument without a name.
struct Positional {
    std::string name;  ///< "RUN"
    bool optional = false;
    bool repeatable = false;  ///< the last one only: one or more of it
};

struct Syntax {
    std::vector<Positional> positionals;
    std::vector<Option> options;
};

/// What stood on the line, checked against a Syntax.
class Arguments {
  public:
    bool has(std::string_view option) const { return m_values.find(option) != m_values.end(); }
    /// The last value given, or `fallback`.
    std::string text(std::string_view option, const std::string& fallback = {}) const;
    std::int64_t integer(std::string_view option, std::int64_t fallback) const;
    double real(std::string_view option, double fallback) const;
    std::vector<std::string> all(std::string_view option) const;
    /// The nth positional; empty when it was left out.
    std::string positional(std::size_t index) const;
    const std::vector<std::string>& positionals() const { return m_positionals; }

    /// Fills this from `words`; what was wrong, or nothing.
    std::optional<std::string> parse(const std::vector<std::string>& words, const Syntax& syntax);

  private:
    std::optional<std::string> takeOption(const std::vector<std::string>& words, std::size_t& index,
                                          const Syntax& syntax);
    std::map<std::string, std::vector<std::string>, std::less<>> m_values;
    std::vector<std::string> m_positionals;
};

}  // namespace retort::cli
