#include "core/answers/inequality.h"

#include <set>

#include "core/answers/numeric.h"
#include "core/answers/simplify.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

struct Side {
    int infinite = 0;
    Value value;
};

Side sideOf(const Node& node, Algebra& algebra) {
    const bool negative = node.op == Op::Negative;
    if ((negative ? node.args[0] : node).op == Op::Infinity) return {negative ? -1 : 1, {}};
    return {0, simplified(node, algebra)};
}

Interval ray(const Value& end, bool upwards, bool open) {
    Interval result;
    Bound& finite = upwards ? result.low : result.high;
    finite.value = end;
    finite.open = open;
    (upwards ? result.high : result.low).infinite = upwards ? 1 : -1;
    return result;
}

// a·x + b with constants a (not 0) and b, in the one unknown that there is.
struct Linear {
    Value slope, root;
    std::string name;
};

std::optional<Linear> linear(const Value& value, Algebra& algebra) {
    const std::vector<int> unknowns = algebra.unknowns(value);
    if (unknowns.size() != 1 || value.below.size() != 1) return std::nullopt;
    Value slope, rest;
    for (const auto& [monomial, coefficient] : value.above) {
        Monomial others;
        int degree = 0;
        for (const auto& factor : monomial)
            if (factor.first != unknowns[0])
                others.push_back(factor);
            else if (factor.second == 1)
                degree = 1;
            else
                return std::nullopt;
        (degree == 1 ? slope : rest).above[others] += coefficient;
    }
    if (Algebra::isZero(slope) || !algebra.isConstant(slope) || !algebra.isConstant(rest))
        return std::nullopt;
    const Kernel& kernel = algebra.kernel(unknowns[0]);
    return Linear{slope, algebra.divide(algebra.scaled(rest, -1), slope), kernel.name};
}

Answer relationOf(const std::string& sign, const Value& difference, Algebra& algebra) {
    Answer answer;
    const bool less = sign == "<" || sign == "<=";
    answer.kind = Answer::Kind::Relation;
    answer.relation = sign == "!=" ? sign : sign == "<" || sign == ">" ? "<" : "<=";
    answer.value = less || sign == "!=" ? difference : algebra.scaled(difference, -1);
    return answer;
}

Answer single(const Node& left, const std::string& sign, const Node& right, Algebra& algebra) {
    const Value difference = algebra.subtract(simplified(left, algebra), simplified(right, algebra));
    const auto line = linear(difference, algebra);
    const auto slope = line ? realValue(algebra, line->slope) : std::nullopt;
    if (!slope || slope->isZero()) return relationOf(sign, difference, algebra);
    Answer answer;
    answer.kind = Answer::Kind::Reals;
    answer.label = line->name;
    if (sign == "!=") {
        answer.reals = {ray(line->root, false, true), ray(line->root, true, true)};
        return answer;
    }
    const bool greater = sign == ">" || sign == ">=", open = sign == "<" || sign == ">";
    answer.reals = {ray(line->root, greater == (slope->sign() > 0), open)};
    return answer;
}

bool pointsUp(const std::string& sign) {
    return sign == "<" || sign == "<=";
}

// a < label < b, whatever a and b are.
Answer between(const Node& node, const std::string& label, Algebra& algebra) {
    Side low = sideOf(node.args[0], algebra), high = sideOf(node.args[2], algebra);
    bool lowOpen = node.operators[0].size() == 1, highOpen = node.operators[1].size() == 1;
    if (!pointsUp(node.operators[0])) std::swap(low, high), std::swap(lowOpen, highOpen);
    Answer answer;
    answer.kind = Answer::Kind::Reals;
    answer.label = label;
    answer.reals = {{{low.infinite, low.value, lowOpen || low.infinite != 0},
                     {high.infinite, high.value, highOpen || high.infinite != 0}}};
    return answer;
}

}  // namespace

Answer inequality(const Node& node, const std::string& label, Algebra& algebra) {
    for (const std::string& sign : node.operators)
        if (sign == "=" || sign == "~") throw Error("a chain of equations and inequalities");
    if (node.args.size() == 2) {
        const Side left = sideOf(node.args[0], algebra), right = sideOf(node.args[1], algebra);
        if (left.infinite != 0 || right.infinite != 0) throw Error("an inequality with infinity");
        return single(node.args[0], node.operators[0], node.args[1], algebra);
    }
    const bool oneWay = node.args.size() == 3 && node.operators[0] != "!=" && node.operators[1] != "!=" &&
                        pointsUp(node.operators[0]) == pointsUp(node.operators[1]);
    if (!oneWay) throw Error("a chain of inequalities that is not understood");
    if (!label.empty()) return between(node, label, algebra);
    const Answer low = single(node.args[0], node.operators[0], node.args[1], algebra);
    const Answer high = single(node.args[1], node.operators[1], node.args[2], algebra);
    if (low.kind != Answer::Kind::Reals || high.kind != Answer::Kind::Reals || low.label != high.label)
        throw Error("a chain of inequalities that is not understood");
    Answer answer = low;
    answer.reals = intersected(low.reals, high.reals, algebra);
    return answer;
}

}  // namespace retort::answers
