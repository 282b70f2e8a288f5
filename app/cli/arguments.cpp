#include "app/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/config/names.h"

namespace retort::cli {
namespace {

template <class Number>
std::optional<Number> parseNumber(const std::string& text) {
    Number number{};
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string withHint(std::string message, const std::string& hint) {
    if (!hint.empty()) message.append(" (").append(hint).append(")");
    return message;
}

std::optional<std::string> objection(const Option& option, const std::string& value) {
    if (option.kind == Option::Kind::Integer && !parseNumber<std::int64_t>(value))
        return option.name + " expects an integer, found '" + value + "'";
    if (option.kind == Option::Kind::Real) {
        const std::optional<double> number = parseNumber<double>(value);
        if (!number || !std::isfinite(*number))
            return option.name + " expects a number, found '" + value + "'";
    }
    const auto& choices = option.choices;
    if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end())
        return std::nullopt;
    std::string list;
    for (const std::string& choice : choices) list.append(list.empty() ? "" : ", ").append(choice);
    return withHint(option.name + " expects one of " + list + ", found '" + value + "'",
                    didYouMean(value, choices));
}

}  // namespace

std::string Arguments::text(std::string_view option, const std::string& fallback) const {
    const auto found = m_values.find(option);
    return found == m_values.end() ? fallback : found->second.back();
}

std::int64_t Arguments::integer(std::string_view option, std::int64_t fallback) const {
    return parseNumber<std::int64_t>(text(option)).value_or(fallback);
}

double Arguments::real(std::string_view option, double fallback) const {
    return parseNumber<double>(text(option)).value_or(fallback);
}

std::vector<std::string> Arguments::all(std::string_view option) const {
    const auto found = m_values.find(option);
    return found == m_values.end() ? std::vector<std::string>() : found->second;
}

std::string Arguments::positional(std::size_t index) const {
    return index < m_positionals.size() ? m_positionals[index] : std::string();
}

std::optional<std::string> Arguments::parse(const std::vector<std::string>& words, const Syntax& syntax) {
    bool optionsEnded = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!optionsEnded && word == "--") {
            optionsEnded = true;
        } else if (!optionsEnded && word.size() > 1 && word[0] == '-') {
            if (std::optional<std::string> wrong = takeOption(words, i, syntax)) return wrong;
        } else if (m_positionals.size() >= syntax.positionals.size() &&
                   (syntax.positionals.empty() || !syntax.positionals.back().repeatable)) {
            return "unexpected argument '" + word + "'";
        } else {
            m_positionals.push_back(word);
        }
    }
    for (std::size_t i = m_positionals.size(); i < syntax.positionals.size(); ++i)
        if (!syntax.positionals[i].optional) return syntax.positionals[i].name + " is missing";
    return std::nullopt;
}

std::optional<std::string> Arguments::takeOption(const std::vector<std::string>& words, std::size_t& index,
                                                 const Syntax& syntax) {
    const std::string& word = words[index];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option = std::find_if(syntax.options.begin(), syntax.options.end(),
                                     [&](const Option& each) { return each.name == name; });
    if (option == syntax.options.end()) {
        std::vector<std::string> names;
        for (const Option& each : syntax.options) names.push_back(each.name);
        return withHint("unknown option " + name, didYouMean(name, names));
    }
    std::string value;
    if (option->kind == Option::Kind::Flag) {
        if (equals != std::string::npos) return name + " takes no value";
    } else if (equals != std::string::npos) {
        value = word.substr(equals + 1);
    } else if (index + 1 < words.size()) {
        value = words[++index];
    } else {
        return name + " needs a value: " + option->value;
    }
    if (std::optional<std::string> wrong = objection(*option, value)) return wrong;
    std::vector<std::string>& values = m_values[name];
    if (!values.empty() && !option->repeatable && option->kind != Option::Kind::Flag)
        return name + " is given twice";
    values.push_back(std::move(value));
    return std::nullopt;
}

}  // namespace retort::cli
