// The syntax tree of an answer: what was written, before any arithmetic.
#pragma once

#include <gmpxx.h>

#include <string>
#include <vector>

namespace retort::answers {

enum class Op {
    Number,  ///< value; places >= 0: written as a decimal with so many digits after the point
    Symbol,  ///< name: a letter, a Greek letter, `x_1`, `angle ABC`
    Infinity,
    Sum,
    Negative,
    PlusMinus,  ///< name "+" for `\pm a`, "-" for `\mp a`
    Product,
    Quotient,
    Power,
    Root,      ///< of args[0], index args[1]
    Function,  ///< name(args)
    Degree,
    Percent,
    Unit,      ///< args[0] in the unit `name`
    Brackets,  ///< name: the two brackets, "()", "[)", "<>" …; two or more elements
    Set,       ///< `\{…\}`
    List,      ///< elements without brackets; name "and", "or" or ","
    Union,
    Intersection,
    Difference,
    Member,    ///< args[0] in the set args[1]
    Matrix,    ///< args are rows (Op::List); name: the environment
    Relation,  ///< args joined by `operators`
    Ratio,     ///< a:b:c
    Based,     ///< name: digits; value: the base
    Reals,     ///< all real numbers
    EmptySet,
    Text,  ///< name: words
};

struct Node {
    Op op = Op::Number;
    std::string name;
    mpq_class value;
    int places = -1;
    std::vector<Node> args;
    std::vector<std::string> operators;  ///< of a relation: "=", "<", "<=", ">", ">=", "!=", "~"

    Node() = default;
    explicit Node(Op kind) : op(kind) {}
    Node(Op kind, std::string text) : op(kind), name(std::move(text)) {}
    Node(Op kind, std::vector<Node> children) : op(kind), args(std::move(children)) {}
    Node(Op kind, std::string text, std::vector<Node> children)
        : op(kind), name(std::move(text)), args(std::move(children)) {}

    static Node number(mpq_class value, int places = -1) {
        Node node(Op::Number);
        node.value = std::move(value);
        node.places = places;
        return node;
    }
};

}  // namespace retort::answers
