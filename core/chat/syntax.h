// A parsed template: statements and expressions. Every name of a tag, filter, test, method and function in it
// is one that Retort knows; the parser refuses others.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/chat/value.h"

namespace retort::chat {

struct Expression;
using ExpressionPtr = std::unique_ptr<const Expression>;

struct Arguments {
    std::vector<ExpressionPtr> positional;
    std::vector<std::pair<std::string, ExpressionPtr>> named;
};

struct Expression {
    enum class Kind {
        Constant,     ///< value
        Name,         ///< name
        List,         ///< parts
        Tuple,        ///< parts
        Dict,         ///< parts: key, value, key, value …
        Attribute,    ///< parts[0] . name
        Item,         ///< parts[0] [ parts[1] ]
        Slice,        ///< parts[0] [ parts[1] : parts[2] : parts[3] ], nullptr for what is left out
        Call,         ///< parts[0] ( arguments ): of a macro or a function
        Method,       ///< parts[0] . name ( arguments )
        Filter,       ///< parts[0] | name ( arguments )
        Test,         ///< parts[0] is name ( arguments )
        Not,          ///< parts[0]
        Negative,     ///< parts[0]
        Positive,     ///< parts[0]
        And,          ///< parts[0], parts[1]
        Or,           ///< parts[0], parts[1]
        Compare,      ///< parts[0] operators[0] parts[1] operators[1] parts[2] …
        Arithmetic,   ///< parts[0] name parts[1]
        Concatenate,  ///< parts, as texts
        Conditional   ///< parts[0] if parts[1] else parts[2] (nullptr: Undefined)
    };
    Kind kind = Kind::Constant;
    int line = 0;
    int depth = 1;  ///< of the tree below, bounded by the parser
    std::string name;
    Value value;
    std::vector<ExpressionPtr> parts;
    Arguments arguments;
    std::vector<std::string> operators;
};

struct Statement;
using Block = std::vector<std::unique_ptr<const Statement>>;

struct MacroParameter {
    std::string name;
    ExpressionPtr otherwise;  ///< nullptr: Undefined
};

struct Statement {
    enum class Kind {
        Text,        ///< text
        Output,      ///< value
        If,          ///< branches; the last one's condition may be nullptr (else)
        For,         ///< targets in value if condition: body, else: otherwise
        Set,         ///< targets = value, or namespace.attribute (targets[0].targets[1]) = value
        SetBlock,    ///< targets[0] = body
        Macro,       ///< text ( parameters ): body
        Generation,  ///< body
        Break,
        Continue
    };
    struct Branch {
        ExpressionPtr condition;
        Block body;
    };
    Kind kind = Kind::Text;
    int line = 0;
    std::string text;
    ExpressionPtr value, condition;
    std::vector<std::string> targets;
    bool setsAttribute = false;
    std::vector<Branch> branches;
    std::vector<MacroParameter> parameters;
    Block body, otherwise;
};

}  // namespace retort::chat
