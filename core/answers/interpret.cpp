#include "core/answers/interpret.h"

#include <algorithm>

#include "core/answers/inequality.h"
#include "core/answers/limits.h"
#include "core/answers/simplify.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

int countOf(const Node& node, Op op) {
    int count = node.op == op ? 1 : 0;
    for (const Node& child : node.args) count += countOf(child, op);
    return count;
}

bool contains(const Node& node, const Node& symbol) {
    const bool named = symbol.op == Op::Symbol || symbol.op == Op::Function || symbol.op == Op::Text;
    if (named && node.op == symbol.op && node.name == symbol.name) return true;
    return std::any_of(node.args.begin(), node.args.end(),
                       [&](const Node& child) { return contains(child, symbol); });
}

// Something in it stands for a number that is not given.
bool hasNames(const Node& node) {
    const bool constant = node.name == "pi" || node.name == "e" || node.name == "i";
    if ((node.op == Op::Symbol && !constant) || node.op == Op::Text || node.name.starts_with("apply "))
        return true;
    return std::any_of(node.args.begin(), node.args.end(), hasNames);
}

// AB, ABC: points in a row name a segment or a figure.
bool isPointNames(const Node& node) {
    if (node.op == Op::Product) return isPointNames(node.args[0]) && isPointNames(node.args[1]);
    return node.op == Op::Symbol && node.name.size() == 1 && node.name[0] >= 'A' && node.name[0] <= 'Z';
}

std::string pointNames(const Node& node) {
    return node.op == Op::Symbol ? node.name : pointNames(node.args[0]) + pointNames(node.args[1]);
}

// f(1) and f(2) are two labels, f(x) and f(t) one.
bool hasBareArguments(const Node& call) {
    return std::all_of(call.args.begin(), call.args.end(),
                       [](const Node& each) { return each.op == Op::Symbol; });
}
std::string written(const Node& node) {
    std::string text = "(" + std::to_string(int(node.op)) + node.name;
    if (node.op == Op::Number) text += node.value.get_str();
    for (const Node& child : node.args) text += written(child);
    return text + ")";
}

/// What stands before `= value` and only names it; empty: an expression.
std::string labelOf(const Node& node) {
    if (node.op == Op::Symbol) return node.name == "pi" ? "" : node.name;
    if (node.op == Op::Text) return "\"" + node.name;
    if (node.op == Op::Function && (node.name.starts_with("apply ") || node.name.starts_with("index ")))
        return hasBareArguments(node) ? node.name : node.name + written(node);
    if (node.op == Op::Union || node.op == Op::Intersection || node.op == Op::Difference) {
        const std::string left = labelOf(node.args[0]), right = labelOf(node.args[1]);
        return left.empty() || right.empty() ? "" : left + " " + std::to_string(int(node.op)) + " " + right;
    }
    if (isPointNames(node)) return pointNames(node);
    // m\angle A
    const bool measure = node.op == Op::Product && node.args[0].op == Op::Symbol && node.args[0].name == "m";
    if (measure && node.args[1].name.starts_with("angle ")) return node.args[1].name;
    // `(x, y) = (1, 2)` and `a : b = 3 : 4`
    if (node.op != Op::Ratio && node.op != Op::Brackets) return "";
    std::string label;
    for (const Node& part : node.args) {
        const std::string name = labelOf(part);
        if (name.empty()) return "";
        label.append(label.empty() ? "" : node.op == Op::Ratio ? ":" : ",").append(name);
    }
    return label;
}

Node resolved(Node node, bool upper) {
    for (Node& child : node.args) child = resolved(std::move(child), upper);
    if (node.op != Op::PlusMinus) return node;
    Node inner = std::move(node.args[0]);
    return (node.name == "+") == upper ? inner : Node(Op::Negative, {std::move(inner)});
}

class Interpreter {
  public:
    explicit Interpreter(Algebra& algebra) : m_algebra(algebra) {}

    Answer operator()(const Node& node) {
        switch (node.op) {
            case Op::List:
                return list(node);
            case Op::Set:
                return parts(Answer::Kind::Set, node.args);
            case Op::Brackets:
                return brackets(node);
            case Op::Matrix:
                return matrix(node);
            case Op::Ratio:
                return ratio(node);
            case Op::Based:
                return based(node);
            case Op::Relation:
                return relation(node);
            case Op::Member:
                return member(node);
            case Op::Infinity:
                return infinity(1);
            case Op::EmptySet:
                return parts(Answer::Kind::Set, {});
            case Op::Text:
                return words(node);
            case Op::Reals:
            case Op::Union:
            case Op::Intersection:
            case Op::Difference:
                return reals(node);
            case Op::Unit:
                return withUnit(node);
            case Op::Degree:
                return degrees(node);
            case Op::Percent:
                return percent(node);
            default:
                return expression(node);
        }
    }

  private:
    Answer parts(Answer::Kind kind, const std::vector<Node>& nodes) {
        Answer answer;
        answer.kind = kind;
        for (const Node& node : nodes) {
            Answer part = (*this)(node);
            // `1, \pm 2` and `x = 3, -2`: what unfolds joins the list around it.
            if (part.kind == Answer::Kind::List && kind != Answer::Kind::Tuple)
                std::move(part.parts.begin(), part.parts.end(), std::back_inserter(answer.parts));
            else
                answer.parts.push_back(std::move(part));
        }
        if (answer.parts.size() > std::size_t(maxNodes)) throw Error("a list that is too long");
        return answer;
    }

    Answer words(const Node& node) {
        Answer answer;
        answer.kind = Answer::Kind::Words;
        answer.words = node.name;
        if (!node.args.empty()) answer.asProduct = simplified(node.args[0], m_algebra);
        return answer;
    }

    Answer infinity(int sign) {
        Answer answer;
        answer.kind = Answer::Kind::Infinity;
        answer.infinite = sign;
        return answer;
    }

    // "x < 1 or x > 3" and "x > 1 and x < 3" are sets; any other list is its elements.
    Answer list(const Node& node) {
        Answer answer = parts(Answer::Kind::List, node.args);
        answer.joined = node.name;
        const auto isReals = [](const Answer& part) { return part.kind == Answer::Kind::Reals; };
        if (node.name == "," || !std::all_of(answer.parts.begin(), answer.parts.end(), isReals))
            return answer;
        Answer set = answer.parts[0];
        for (std::size_t i = 1; i < answer.parts.size(); ++i) {
            const Answer& part = answer.parts[i];
            if (part.label != set.label || part.label.empty()) return answer;
            set.reals = node.name == "or" ? united(set.reals, part.reals, m_algebra)
                                          : intersected(set.reals, part.reals, m_algebra);
        }
        return set;
    }

    Answer brackets(const Node& node) {
        requireOneSign(node);
        const auto isRow = [](const Node& row) { return row.op == Op::Brackets && row.name == "[]"; };
        if (node.name == "[]" && std::all_of(node.args.begin(), node.args.end(), isRow)) return matrix(node);
        if (node.args.size() == 2 && node.name != "()") return reals(node);
        Answer answer = parts(Answer::Kind::Tuple, node.args);
        answer.brackets = node.name;
        return answer;
    }

    void requireOneSign(const Node& node) {
        if (countOf(node, Op::PlusMinus) > 0)
            throw Error("signs ± inside of brackets can be read in several ways");
    }

    Answer matrix(const Node& node) {
        requireOneSign(node);
        Answer answer;
        answer.kind = Answer::Kind::Matrix;
        for (const Node& row : node.args) {
            answer.parts.push_back(parts(Answer::Kind::Tuple, row.args));
            answer.parts.back().brackets = "()";
            if (answer.parts.back().parts.size() != answer.parts[0].parts.size())
                throw Error("a matrix of unequal rows");
        }
        return answer;
    }

    Answer ratio(const Node& node) {
        Answer answer = parts(Answer::Kind::Ratio, node.args);
        for (const Answer& part : answer.parts)
            if (part.kind != Answer::Kind::Value || Algebra::isZero(part.value))
                throw Error("a ratio of no numbers");
        return answer;
    }

    Answer based(const Node& node) {
        Answer answer;
        answer.kind = Answer::Kind::Based;
        answer.words = node.name;
        answer.base = int(node.value.get_num().get_si());
        for (const char digit : node.name)
            if (digit - '0' >= answer.base) throw Error("a digit that its base does not have");
        answer.value = m_algebra.number(mpq_class(mpz_class(node.name, answer.base)));
        if (answer.base == 10) answer.kind = Answer::Kind::Value;
        return answer;
    }

    Answer member(const Node& node) {
        const Node& set = node.args[1];
        const bool pair = set.op == Op::Brackets && set.args.size() == 2;
        Answer answer = pair ? reals(set) : (*this)(set);
        answer.label = labelOf(node.args[0]);
        return answer;
    }

    Answer withUnit(const Node& node) {
        Answer answer = (*this)(node.args[0]);
        if (answer.kind != Answer::Kind::Value && answer.kind != Answer::Kind::Words)
            throw Error("a unit after what is no number");
        answer.unit = node.name;
        if (node.args.size() > 1) {
            answer.asProduct = m_algebra.multiply(answer.value, simplified(node.args[1], m_algebra));
            return answer;
        }
        const std::size_t caret = node.name.find('^');
        if (caret == 1 || node.name.size() == 1) {
            const Value letter = m_algebra.variable(node.name.substr(0, 1));
            const bool square = node.name.ends_with("^2"), cube = node.name.ends_with("^3");
            if (caret == std::string::npos || square || cube)
                answer.asProduct =
                    m_algebra.multiply(answer.value, m_algebra.power(letter, m_algebra.number(square ? 2
                                                                                              : cube ? 3
                                                                                                     : 1)));
        }
        return answer;
    }

    Answer degrees(const Node& node) {
        Answer answer = (*this)(node.args[0]);
        if (answer.kind != Answer::Kind::Value) throw Error("degrees of what is no number");
        answer.unit = "degree";
        return answer;
    }

    Answer percent(const Node& node) {
        Answer answer = (*this)(node.args[0]);
        if (answer.kind != Answer::Kind::Value || answer.percent) throw Error("percent of what is no number");
        answer.percent = true;
        return answer;
    }

    Answer expression(const Node& node) {
        if (const int signs = countOf(node, Op::PlusMinus); signs > 0) return unfolded(node, signs);
        if (node.op == Op::Negative) {
            const Op inner = node.args[0].op;
            if (inner == Op::Infinity) return infinity(-1);
            if (inner == Op::Unit || inner == Op::Degree || inner == Op::Percent)
                return negated(node.args[0]);
            if (inner == Op::Matrix) return scaledMatrix(Node(Op::Product, {Node::number(-1), node.args[0]}));
        }
        if (node.op == Op::Product && node.args[1].op == Op::Matrix) return scaledMatrix(node);
        if (isPoint(node)) return labelled(node.args[0], node.args[1], node.args[0].name);
        Answer answer;
        answer.value = simplified(node, m_algebra);
        const Node& literal = node.op == Op::Negative ? node.args[0] : node;
        if (literal.op == Op::Number && literal.places >= 0) {
            answer.decimal = node.op == Op::Negative ? mpq_class(-literal.value) : literal.value;
            answer.places = literal.places;
        }
        if (literal.op == Op::Quotient) answer.reducible = isReducible(literal);
        return answer;
    }

    Answer negated(const Node& inner) {
        Answer answer = (*this)(inner);
        answer.value = m_algebra.scaled(answer.value, -1);
        if (answer.asProduct) answer.asProduct = m_algebra.scaled(*answer.asProduct, -1);
        if (answer.decimal) answer.decimal = mpq_class(-*answer.decimal);
        return answer;
    }

    Answer scaledMatrix(const Node& node) {
        const Value factor = simplified(node.args[0], m_algebra);
        Answer answer = matrix(node.args[1]);
        for (Answer& row : answer.parts)
            for (Answer& entry : row.parts) {
                if (entry.kind != Answer::Kind::Value) throw Error("a matrix of other than values");
                entry.value = m_algebra.multiply(factor, entry.value);
                entry.decimal.reset();
            }
        return answer;
    }

    // A(1, 2)
    static bool isPoint(const Node& node) {
        return node.op == Op::Product && isPointNames(node.args[0]) && node.args[0].op == Op::Symbol &&
               node.args[1].op == Op::Brackets && node.args[1].name == "()";
    }

    static bool isReducible(const Node& quotient) {
        const Node &above = quotient.args[0], &below = quotient.args[1];
        const Node& top = above.op == Op::Negative ? above.args[0] : above;
        if (top.op != Op::Number || below.op != Op::Number || top.value.get_den() != 1 ||
            below.value.get_den() != 1)
            return false;
        return gcd(top.value.get_num(), below.value.get_num()) != 1;
    }

    // One ± is two values; with ∓ they go together.
    Answer unfolded(const Node& node, int signs) {
        int plus = 0;
        countSigns(node, plus);
        if (plus > 1 || (plus == 0 && signs > 1)) throw Error("several signs ± can be read in several ways");
        return parts(Answer::Kind::List, {resolved(node, true), resolved(node, false)});
    }
    static void countSigns(const Node& node, int& plus) {
        if (node.op == Op::PlusMinus && node.name == "+") ++plus;
        for (const Node& child : node.args) countSigns(child, plus);
    }

    Answer reals(const Node& node) {
        Answer answer;
        answer.kind = Answer::Kind::Reals;
        answer.reals = realSet(node);
        return answer;
    }

    RealSet realSet(const Node& node) {
        switch (node.op) {
            case Op::Reals:
                return realLine();
            case Op::EmptySet:
                return {};
            case Op::Union:
                return united(realSet(node.args[0]), realSet(node.args[1]), m_algebra);
            case Op::Intersection:
                return intersected(realSet(node.args[0]), realSet(node.args[1]), m_algebra);
            case Op::Difference:
                return intersected(realSet(node.args[0]), complement(realSet(node.args[1]), m_algebra),
                                   m_algebra);
            case Op::Set: {
                RealSet points;
                for (const Node& element : node.args) points = united(points, {point(element)}, m_algebra);
                return points;
            }
            case Op::Brackets: {
                if (node.args.size() != 2) break;
                requireOneSign(node);
                Interval interval{bound(node.args[0]), bound(node.args[1])};
                interval.low.open = node.name[0] == '(' || interval.low.infinite != 0;
                interval.high.open = node.name[1] == ')' || interval.high.infinite != 0;
                return {interval};
            }
            default:
                break;
        }
        throw Error("a set that is not understood");
    }

    Interval point(const Node& node) {
        Bound at = bound(node);
        if (at.infinite != 0) throw Error("infinity is no element");
        at.open = false;
        return {at, at};
    }

    Bound bound(const Node& node) {
        Bound result;
        const bool negative = node.op == Op::Negative;
        if ((negative ? node.args[0] : node).op == Op::Infinity)
            result.infinite = negative ? -1 : 1;
        else
            result.value = simplified(node, m_algebra);
        return result;
    }

    // --- relations

    Answer relation(const Node& given) {
        const Node node = withoutApproximations(given);
        if (node.op != Op::Relation) return (*this)(node);
        if (const int signs = countOf(node, Op::PlusMinus); signs > 0) return unfolded(node, signs);
        const auto isEquality = [](const std::string& sign) { return sign == "=" || sign == "~"; };
        if (std::all_of(node.operators.begin(), node.operators.end(), isEquality)) return equality(node);
        return inequality(node, labelOf(node.args.size() == 3 ? node.args[1] : node.args[0]), m_algebra);
    }

    // `x = 1/3 ≈ 0.33` says 1/3.
    Node withoutApproximations(Node node) {
        const auto tilde = std::find(node.operators.begin(), node.operators.end(), "~");
        if (tilde == node.operators.end()) return node;
        const auto kept = std::size_t(tilde - node.operators.begin());
        if (kept == 0 && !labelOf(node.args[0]).empty()) return node;
        node.operators.resize(kept);
        node.args.resize(kept + 1);
        return kept == 0 ? Node(node.args[0]) : node;
    }

    Answer equality(const Node& node) {
        const Node &first = node.args.front(), &last = node.args.back();
        const std::string label = labelOf(first);
        if (!label.empty() && !contains(last, first)) return labelled(first, last, label);
        const std::string reversed = labelOf(last);
        if (node.args.size() == 2 && !reversed.empty() && !hasNames(first))
            return labelled(last, first, reversed);
        return equation(node);
    }

    Answer labelled(const Node& name, const Node& content, const std::string& label) {
        Answer answer = (*this)(content);
        answer.label = label;
        for (Answer& part : answer.parts)
            if (answer.kind == Answer::Kind::List && part.label.empty()) part.label = label;
        const bool expression = name.op == Op::Symbol || name.op == Op::Function || name.op == Op::Product;
        if (expression && answer.kind == Answer::Kind::Value && answer.unit.empty() && !answer.percent)
            answer.equation = m_algebra.subtract(simplified(name, m_algebra), answer.value);
        return answer;
    }

    Answer equation(const Node& node) {
        const Value left = simplified(node.args.front(), m_algebra),
                    right = simplified(node.args.back(), m_algebra);
        Answer answer;
        if (m_algebra.isConstant(left) && m_algebra.isConstant(right)) {
            // `2+3 = 5`: the value, when it is true.
            for (const Node& part : node.args)
                if (!m_algebra.same(simplified(part, m_algebra), right))
                    throw Error("an equation that does not hold");
            return (*this)(node.args.back());
        }
        if (node.args.size() > 2) throw Error("a chain of equations");
        answer.kind = Answer::Kind::Relation;
        answer.relation = "=";
        answer.value = m_algebra.subtract(left, right);
        answer.left = left;
        answer.right = right;
        return answer;
    }

    Algebra& m_algebra;
};

}  // namespace

Answer interpreted(const Node& node, Algebra& algebra) {
    return Interpreter(algebra)(node);
}

}  // namespace retort::answers
