// What an answer says, once it is understood: a value, a tuple, a set …, with label and unit beside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/answers/real_set.h"

namespace retort::answers {

struct Answer {
    enum class Kind {
        Value,     ///< value
        Infinity,  ///< infinite: 1 or -1
        Tuple,     ///< parts in order, between `brackets`
        List,      ///< parts in any order, without brackets; `joined` by ",", "and" or "or"
        Set,       ///< parts in any order, `\{…\}`
        Reals,     ///< reals: intervals, unions, inequalities of one variable
        Matrix,    ///< parts are rows (Tuple)
        Relation,  ///< value `relation` 0
        Ratio,     ///< parts
        Based,     ///< digits in base
        Words,     ///< words
    } kind = Kind::Value;

    std::string label;              ///< "x" of `x = 5`; empty: none
    std::optional<Value> equation;  ///< of a labelled value: label - value
    Value value;
    std::optional<mpq_class> decimal;  ///< the answer is this decimal literal …
    int places = -1;                   ///< … with so many digits after the point
    bool percent = false;              ///< `value` is a number of percent
    bool reducible = false;            ///< a written fraction of integers that is not in lowest terms
    std::string unit;
    std::optional<Value> asProduct;  ///< a unit or a word of few letters: the product, were they variables
    int infinite = 0;
    std::string brackets, joined, relation, words;
    std::optional<Value> left, right;  ///< sides of an equation that is no label and value
    int base = 0;
    std::vector<Answer> parts;
    RealSet reals;
};

}  // namespace retort::answers
