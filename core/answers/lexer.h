// LaTeX or plain mathematics as tokens.
#pragma once

#include <gmpxx.h>

#include <string>
#include <string_view>
#include <vector>

namespace retort::answers {

enum class TokenKind {
    End,
    Number,   ///< value, places
    Word,     ///< a run of ASCII letters
    Command,  ///< a LaTeX command's name; "begin:pmatrix"
    Text,     ///< words set as text: `\text{ cm}`, `\$` (as "dollars")
    Sign,     ///< an operator or a bracket; "\\{" is the brace that is printed, "{" the one that groups
};

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text;
    mpq_class value;
    int places = -1;      ///< of a decimal: digits after the point; -1: written without a point
    bool spaced = false;  ///< something blank stands before it
};

struct Reading {
    bool grouping = true;       ///< `1,234` outside brackets is one number
    bool decimalComma = false;  ///< `1,22` is 1.22
};

/// Throws Error for characters outside the grammar, numbers that are too long, braces that do not match.
/// `text` must be folded (foldUnicode).
std::vector<Token> tokenize(std::string_view text, const Reading& reading);

/// The end (position after `}`) of the group that begins with `{` at `begin`; npos when it never closes.
std::size_t groupEnd(std::string_view text, std::size_t begin);

/// True for names that are functions when written as a word or command: "sin", "sqrt", "max".
bool isFunctionName(std::string_view name);

}  // namespace retort::answers
