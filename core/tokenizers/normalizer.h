// What tokenizer.json's `normalizer` does to text before it is cut into words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/tokenizers/json_construct.h"
#include "core/tokenizers/regex.h"

namespace retort {

class Normalizer {
  public:
    /// Leaves text as it is.
    Normalizer() = default;
    /// NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, and sequences of them; null:
    /// nothing. Throws Error for others, by name.
    explicit Normalizer(const simdjson::dom::element& json);

    bool empty() const { return m_steps.empty(); }
    /// Text that is not valid UTF-8 passes Unicode's forms unchanged. Throws Error when the text grows beyond
    /// measure (a file can ask for replacements that multiply).
    std::string normalized(std::string_view text) const;

  private:
    enum class Form { Nfc, Nfd, Nfkc, Nfkd };
    struct Lowercase {};
    struct StripAccents {};
    struct Strip {
        bool left, right;
    };
    struct Prepend {
        std::string text;
    };
    struct Replace {
        std::string text;  // what is replaced, unless there is an expression
        std::optional<Regex> regex;
        std::string content;
    };
    using Step = std::variant<Form, Lowercase, StripAccents, Strip, Prepend, Replace>;

    static Step readStep(const JsonConstruct& construct);
    static std::string apply(Form form, std::string text);
    static std::string apply(const Lowercase&, std::string text);
    static std::string apply(const StripAccents&, std::string text);
    static std::string apply(const Strip& strip, std::string text);
    static std::string apply(const Prepend& prepend, std::string text);
    static std::string apply(const Replace& replace, std::string text);

    std::vector<Step> m_steps;
};

}  // namespace retort
