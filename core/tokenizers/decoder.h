// How tokenizer.json's `decoder` makes text of tokens again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/tokenizers/json_construct.h"
#include "core/tokenizers/regex.h"

namespace retort {

class Decoder {
  public:
    /// ByteLevel.
    Decoder() = default;
    /// ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace, and sequences of them; null: tokens with
    /// blanks between them. Throws Error for others, by name.
    explicit Decoder(const simdjson::dom::element& json);

    bool isByteLevel() const { return m_byteLevel; }
    /// The text of `tokens`, which are as the vocabulary writes them. What is not UTF-8 in the end is U+FFFD.
    std::string decoded(std::vector<std::string> tokens) const;
    /// The bytes that one token adds behind others; `first`: as the first of a text.
    std::string tokenBytes(std::string_view token, bool first) const;

  private:
    struct Replace {
        std::string text;  // what is replaced, unless there is an expression
        std::optional<Regex> regex;
        std::string content;
    };
    struct ByteFallback {};
    struct Fuse {};
    struct Strip {
        std::string content;  // one character
        std::size_t start, stop;
    };
    struct Metaspace {
        std::string replacement;
        bool removesFirst;
    };
    using Step = std::variant<Replace, ByteFallback, Fuse, Strip, Metaspace>;
    using Tokens = std::vector<std::string>;

    static Step readStep(const JsonConstruct& construct);
    static void apply(const Replace& replace, Tokens& tokens);
    static void apply(const ByteFallback&, Tokens& tokens);
    static void apply(const Fuse&, Tokens& tokens);
    static void apply(const Strip& strip, Tokens& tokens);
    static void apply(const Metaspace& metaspace, Tokens& tokens);

    bool m_byteLevel = true, m_joinsWithBlanks = false;
    std::vector<Step> m_steps;
};

}  // namespace retort
