#include "core/answers/compare.h"

#include <algorithm>

#include "core/answers/compare_values.h"
#include "core/answers/numeric.h"
#include "core/answers/text_form.h"
#include "core/util/error.h"

namespace retort::answers {
namespace {

using Kind = Answer::Kind;

bool isCollection(const Answer& answer) {
    return answer.kind == Kind::List || answer.kind == Kind::Set;
}

class Comparison {
  public:
    Comparison(const AnswerPolicy& policy, Algebra& algebra) : m_policy(policy), m_algebra(algebra) {}

    Outcome operator()(const Answer& a, const Answer& b) {
        if (labelsDiffer(a, b)) return rejected("labels", "a value of " + a.label + ", not of " + b.label);
        Outcome outcome = content(a, b);
        if (outcome.correct && m_policy.requireLabels && a.label.empty() != b.label.empty())
            return byPolicy(false, "label left out", "the same value, but only one side says of what");
        return outcome;
    }

  private:
    // Words ("Area") and letters ("A") may name the same thing; two different letters do not.
    static bool labelsDiffer(const Answer& a, const Answer& b) {
        if (a.label.empty() || b.label.empty() || a.label == b.label) return false;
        const bool words = a.label[0] == '"' || b.label[0] == '"';
        return !words && !(a.equation && b.equation);  // equations are compared as such
    }

    Outcome content(const Answer& a, const Answer& b) {
        if (a.equation && b.equation && a.label != b.label) return equations(a, b);
        if (a.kind == Kind::Value && b.kind == Kind::Value) return compareValues(a, b, m_policy, m_algebra);
        if (a.kind == Kind::Relation || b.kind == Kind::Relation) return relation(a, b);
        if (a.kind == Kind::Based || b.kind == Kind::Based) return bases(a, b);
        if (a.kind == Kind::Ratio || b.kind == Kind::Ratio) return ratios(a, b);
        if (isCollection(a) && isCollection(b)) return collections(a, b);
        if (a.kind == Kind::Tuple && b.kind == Kind::Tuple) return tuples(a, b);
        if (a.kind == Kind::Reals || b.kind == Kind::Reals) return reals(a, b);
        if (a.kind == Kind::Matrix || b.kind == Kind::Matrix) return matrices(a, b);
        if (a.kind == Kind::Infinity && b.kind == Kind::Infinity)
            return a.infinite == b.infinite ? accepted("infinity")
                                            : rejected("infinity", "the other infinity");
        if (a.kind == Kind::Words && b.kind == Kind::Words)
            return textForm(a.words) == textForm(b.words) ? accepted("the same words")
                                                          : rejected("words", "other words");
        if (isCollection(a) || isCollection(b)) return collectionAndOther(a, b);
        if (a.asProduct && b.kind == Kind::Value) return compareExactly(*a.asProduct, b.value, m_algebra);
        if (b.asProduct && a.kind == Kind::Value) return compareExactly(a.value, *b.asProduct, m_algebra);
        return rejected("kinds", "another kind of answer");
    }

    // --- equations

    bool proportional(const Value& a, const Value& b, bool positive) {
        if (Algebra::isZero(a) || Algebra::isZero(b)) return false;
        // Multiplied by the unknowns below, both have the same solutions only where those are not zero.
        if (!m_algebra.same({a.below, Value().below}, {b.below, Value().below})) {
            const Value below = {a.below, Value().below}, other = {b.below, Value().below};
            if (!m_algebra.isConstant(below) || !m_algebra.isConstant(other)) return false;
        }
        const auto &first = *a.above.begin(), &second = *b.above.begin();
        if (first.first != second.first) return proportionalNumerically(a, b, positive);
        const mpq_class factor = first.second / second.second;
        if (positive && factor < 0) return false;
        return m_algebra.same(a, m_algebra.scaled(b, factor)) || proportionalNumerically(a, b, positive);
    }

    // √2·x - 2 = 0 and x - √2 = 0: the factor is a constant, but no rational one.
    bool proportionalNumerically(const Value& a, const Value& b, bool positive) {
        const Value factor = m_algebra.divide(leading(a), leading(b));
        if (!m_algebra.isConstant(factor)) return false;
        const auto number = realValue(m_algebra, factor);
        if (!number || number->isZero() || (positive && number->sign() < 0)) return false;
        return m_algebra.same(a, m_algebra.multiply(b, factor));
    }

    // The terms of the highest unknowns: those that share the unknown part of the last term.
    Value leading(const Value& value) {
        const Monomial reference = unknownPart(value.above.rbegin()->first);
        Value result;
        for (const auto& [monomial, coefficient] : value.above)
            if (unknownPart(monomial) == reference) result.above.emplace(monomial, coefficient);
        return result;
    }
    Monomial unknownPart(const Monomial& monomial) {
        Monomial part;
        for (const auto& factor : monomial) {
            Value single;
            single.above.emplace(Monomial{factor}, mpq_class(1));
            if (!m_algebra.isConstant(single)) part.push_back(factor);
        }
        return part;
    }

    Outcome equations(const Answer& a, const Answer& b) {
        // `y = 2` and `x = 2` have other unknowns; `y = 2x` and `x = y/2` have the same.
        if (proportional(*a.equation, *b.equation, false)) return accepted("the same equation");
        return rejected("equations", "another equation, or another unknown");
    }

    Outcome relation(const Answer& a, const Answer& b) {
        const bool aEquation = a.kind == Kind::Relation || a.equation,
                   bEquation = b.kind == Kind::Relation || b.equation;
        if (aEquation && bEquation) {
            const std::string left = a.equation ? "=" : a.relation, right = b.equation ? "=" : b.relation;
            if (left != right) return rejected("relations", "another relation");
            const Value &x = a.equation ? *a.equation : a.value, &y = b.equation ? *b.equation : b.value;
            const bool direction = left == "<" || left == "<=";
            return proportional(x, y, direction) ? accepted("the same relation")
                                                 : rejected("relations", "another relation");
        }
        // "x + y = 7" answers "7": the value of the expression was asked. "2x + y = 7" is a line.
        const bool number = b.kind == Kind::Value && a.relation == "=" && m_algebra.isConstant(b.value);
        if (number && !b.percent && isPlainExpression(*a.left) && m_algebra.same(*a.right, b.value))
            return accepted("the value of an expression");
        return rejected("relations", "a relation on one side only");
    }

    // A sum, a difference or a product of bare unknowns, each once.
    bool isPlainExpression(const Value& value) {
        const auto isOne = [](const mpq_class& number) { return number == 1 || number == -1; };
        const bool product = value.above.size() == 1;
        if (value.below != Value().below || value.above.empty()) return false;
        return std::all_of(value.above.begin(), value.above.end(), [&](const auto& term) {
            const auto& [monomial, coefficient] = term;
            if (!isOne(coefficient) || (product ? monomial.size() < 2 : monomial.size() != 1)) return false;
            return std::all_of(monomial.begin(), monomial.end(), [&](const auto& factor) {
                return factor.second == 1 && m_algebra.kernel(factor.first).kind == Kernel::Kind::Variable;
            });
        });
    }

    // --- other kinds

    Outcome bases(const Answer& a, const Answer& b) {
        const auto digits = [](const Answer& answer) {
            const std::size_t first = answer.words.find_first_not_of('0');
            return first == std::string::npos ? std::string("0") : answer.words.substr(first);
        };
        if (a.kind == b.kind && a.base == b.base)
            return digits(a) == digits(b) ? accepted("the same digits in base " + std::to_string(a.base))
                                          : rejected("base", "other digits");
        const bool numbers = (a.kind == Kind::Based || a.kind == Kind::Value) &&
                             (b.kind == Kind::Based || b.kind == Kind::Value);
        if (numbers && m_algebra.same(a.value, b.value))
            return byPolicy(m_policy.allowBases, "another base", "the same number, but not in the same base");
        return rejected("base", "a number in another base");
    }

    Outcome ratios(const Answer& a, const Answer& b) {
        if (a.kind == Kind::Value && b.parts.size() == 2) return fraction(b, a);
        if (b.kind == Kind::Value && a.parts.size() == 2) return fraction(a, b);
        if (a.kind != b.kind || a.parts.size() != b.parts.size())
            return rejected("ratio", "another kind of answer");
        for (std::size_t i = 1; i < a.parts.size(); ++i) {
            const Value left = m_algebra.multiply(a.parts[i].value, b.parts[0].value);
            const Value right = m_algebra.multiply(b.parts[i].value, a.parts[0].value);
            if (!m_algebra.same(left, right)) return rejected("ratio", "another ratio");
        }
        return accepted("the same ratio");
    }
    Outcome fraction(const Answer& ratio, const Answer& number) {
        const Value value = m_algebra.divide(ratio.parts[0].value, ratio.parts[1].value);
        const bool plain = number.unit.empty() && !number.percent;
        return plain && m_algebra.same(value, number.value) ? accepted("a ratio as a fraction")
                                                            : rejected("ratio", "another ratio");
    }

    Outcome inOrder(const std::vector<Answer>& a, const std::vector<Answer>& b, const std::string& rule) {
        if (a.size() != b.size()) return counts(a.size(), b.size());
        Outcome worst = accepted(rule);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const Outcome each = (*this)(a[i], b[i]);
            if (!each.correct) return rejected(rule, "element " + std::to_string(i + 1) + ": " + each.reason);
            if (each.verdict != AnswerVerdict::Correct) worst = each;
        }
        return worst;
    }

    static Outcome counts(std::size_t a, std::size_t b) {
        return rejected("elements", std::to_string(a) + " elements, not " + std::to_string(b));
    }

    // Labels that differ from each other make the order count for elements that have none.
    static bool haveDifferentLabels(const std::vector<Answer>& parts) {
        std::string first;
        return std::any_of(parts.begin(), parts.end(), [&](const Answer& part) {
            if (first.empty()) first = part.label;
            return !part.label.empty() && part.label != first;
        });
    }
    static bool haveNoLabels(const std::vector<Answer>& parts) {
        return std::all_of(parts.begin(), parts.end(), [](const Answer& part) { return part.label.empty(); });
    }

    Outcome collections(const Answer& a, const Answer& b) {
        const bool listed = a.kind == Kind::List && b.kind == Kind::List;  // a set has no order
        const bool ordered = m_policy.orderedSets ||
                             (listed && haveDifferentLabels(b.parts) && haveNoLabels(a.parts)) ||
                             (listed && haveDifferentLabels(a.parts) && haveNoLabels(b.parts));
        if (a.joined != b.joined && isSystem(a) != isSystem(b))
            return rejected("elements", "\"and\" is not \"or\"");
        if (ordered) return inOrder(a.parts, b.parts, "elements in order");
        if (a.parts.size() != b.parts.size()) return counts(a.parts.size(), b.parts.size());
        std::vector<const Answer*> left;
        for (const Answer& part : b.parts) left.push_back(&part);
        Outcome worst = accepted("the same elements");
        for (const Answer& part : a.parts) {
            const auto match = std::find_if(left.begin(), left.end(), [&](const Answer* other) {
                const Outcome each = (*this)(part, *other);
                if (each.correct && each.verdict != AnswerVerdict::Correct) worst = each;
                return each.correct;
            });
            if (match == left.end()) return rejected("elements", "an element that is not in the reference");
            left.erase(match);
        }
        return worst;
    }

    // Relations joined by "and" hold together, by "or" one of them; commas say neither.
    static bool isSystem(const Answer& answer) {
        const bool relations = std::any_of(answer.parts.begin(), answer.parts.end(), [](const Answer& part) {
            return part.kind == Kind::Relation || part.kind == Kind::Reals;
        });
        return relations && answer.joined == "or";
    }

    Outcome tuples(const Answer& a, const Answer& b) {
        if (a.brackets != b.brackets) return rejected("tuple", "other brackets");
        return inOrder(a.parts, b.parts, "the same elements in order");
    }

    Outcome reals(const Answer& a, const Answer& b) {
        if (a.kind == b.kind)
            return sameSet(a.reals, b.reals, m_algebra) ? accepted("the same set of numbers")
                                                        : rejected("sets", "another set of numbers");
        const Answer &set = a.kind == Kind::Reals ? a : b, &other = a.kind == Kind::Reals ? b : a;
        const bool pair = other.kind == Kind::Tuple && other.parts.size() == 2 && other.brackets == "()";
        if (pair) return openInterval(set, other);
        if (other.kind == Kind::Set || other.kind == Kind::Value) return points(set, other);
        if (other.kind == Kind::List) return intervalList(set, other);
        return rejected("kinds", "another kind of answer");
    }

    // A pair in round brackets may be an open interval.
    std::optional<Interval> asInterval(const Answer& pair) {
        Interval interval;
        Bound* bounds[] = {&interval.low, &interval.high};
        for (int i = 0; i < 2; ++i) {
            const Answer& part = pair.parts[std::size_t(i)];
            if (part.kind != Kind::Value && part.kind != Kind::Infinity) return std::nullopt;
            bounds[i]->infinite = part.infinite;
            bounds[i]->value = part.value;
        }
        return interval;
    }

    Outcome openInterval(const Answer& set, const Answer& pair) {
        const auto interval = asInterval(pair);
        if (!interval || !sameSet(set.reals, {*interval}, m_algebra))
            return rejected("intervals", "another interval");
        return accepted("the same interval");
    }

    Outcome points(const Answer& set, const Answer& other) {
        const std::vector<Answer> single = {other};
        const std::vector<Answer>& elements = other.kind == Kind::Set ? other.parts : single;
        RealSet reals;
        for (const Answer& element : elements) {
            if (element.kind != Kind::Value || !m_algebra.isConstant(element.value))
                return rejected("sets", "another set of numbers");
            reals = united(reals, {{{0, element.value, false}, {0, element.value, false}}}, m_algebra);
        }
        return sameSet(set.reals, reals, m_algebra) ? accepted("the same set of numbers")
                                                    : rejected("sets", "another set of numbers");
    }

    // `(1, 2), (3, 4)` or `x < 1, x > 3` for a union; `x > 1, x < 3`, where both can be true, for what is
    // in both.
    Outcome intervalList(const Answer& set, const Answer& list) {
        RealSet either, both = realLine();
        bool overlap = false, conditions = true;
        for (const Answer& part : list.parts) {
            const auto reals = asReals(part);
            if (!reals) return rejected("kinds", "another kind of answer");
            overlap = overlap || !intersected(either, *reals, m_algebra).empty();
            either = united(either, *reals, m_algebra);
            both = intersected(both, *reals, m_algebra);
            conditions = conditions && !part.label.empty() && part.label == list.parts[0].label;
        }
        if (overlap && !(conditions && list.joined != "or"))
            return rejected("sets", "intervals in a list that overlap");
        if (!sameSet(set.reals, overlap ? both : either, m_algebra))
            return rejected("sets", "another set of numbers");
        return byPolicy(true, "intervals in a list", "the same intervals, without a sign between them");
    }
    std::optional<RealSet> asReals(const Answer& part) {
        if (part.kind == Kind::Reals) return part.reals;
        if (part.kind != Kind::Tuple || part.parts.size() != 2) return std::nullopt;
        const auto interval = asInterval(part);
        return interval ? std::optional(RealSet{*interval}) : std::nullopt;
    }

    // [[1, 2], [3, 4]] is a matrix too.
    Outcome matrices(const Answer& a, const Answer& b) {
        const Answer &matrix = a.kind == Kind::Matrix ? a : b, &other = a.kind == Kind::Matrix ? b : a;
        const bool rows = other.kind == Kind::Matrix || (other.kind == Kind::Tuple && other.parts.size() > 1);
        if (!rows) return rejected("matrix", "another kind of answer");
        if (matrix.parts.size() != other.parts.size()) return rejected("matrix", "another number of rows");
        for (std::size_t i = 0; i < a.parts.size(); ++i) {
            if (other.parts[i].kind != Kind::Tuple) return rejected("matrix", "another kind of answer");
            const Outcome row = inOrder(a.parts[i].parts, b.parts[i].parts, "the same entries");
            if (!row.correct) return rejected("matrix", "row " + std::to_string(i + 1) + ", " + row.reason);
        }
        return accepted("the same entries");
    }

    Outcome collectionAndOther(const Answer& a, const Answer& b) {
        const Answer &many = isCollection(a) ? a : b, &other = isCollection(a) ? b : a;
        if (other.kind == Kind::Tuple) {
            if (many.kind == Kind::Set)
                return byPolicy(false, "a set for a tuple",
                                "braces and round brackets are different objects");
            if (many.joined == "or")
                return rejected("tuple", "one of several values, not all of them in order");
            return inOrder(a.parts, b.parts, "the same elements in order");
        }
        // "0.5 or 1/2" is one number, written in two ways.
        if (many.joined == "or" && std::all_of(many.parts.begin(), many.parts.end(), [&](const Answer& part) {
                return (&many == &a ? (*this)(part, b) : (*this)(a, part)).correct;
            }))
            return accepted("the same value in several forms");
        if (many.parts.size() == 1) return &many == &a ? (*this)(a.parts[0], b) : (*this)(a, b.parts[0]);
        return counts(isCollection(a) ? a.parts.size() : 1, isCollection(b) ? b.parts.size() : 1);
    }

    const AnswerPolicy& m_policy;
    Algebra& m_algebra;
};

}  // namespace

Outcome compare(const Answer& prediction, const Answer& reference, const AnswerPolicy& policy,
                Algebra& algebra) {
    return Comparison(policy, algebra)(prediction, reference);
}

}  // namespace retort::answers
