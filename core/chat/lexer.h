// A template's text as tokens, as Jinja's lexer gives them with trim_blocks and lstrip_blocks (what
// `transformers` sets): the line break behind a block and the blanks before it are not output.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort::chat {

struct Token {
    enum class Kind {
        Data,         ///< text between the tags; `text` is what is output
        BlockBegin,   ///< {%
        BlockEnd,     ///< %}
        OutputBegin,  ///< {{
        OutputEnd,    ///< }}
        Name,
        String,  ///< `text` without quotes and escapes
        Integer,
        Float,
        Operator,
        End
    };
    Kind kind = Kind::End;
    std::string text;
    int line = 1;
};

/// Throws Error with the line (as `where`: "WHERE:LINE") for what is no template.
std::vector<Token> tokens(std::string_view source, const std::string& where);

}  // namespace retort::chat
