#include "core/annotations/annotation.h"

namespace retort {

const std::vector<ErrorType>& errorTaxonomy() {
    static const std::vector<ErrorType> types = {
        {"arithmetic", 'a', "Arithmetic: a calculation is wrong"},
        {"algebra", 'l', "Algebra: a transformation is wrong"},
        {"misread_problem", 'm', "Misread problem: it answers another question"},
        {"wrong_theorem", 't', "Wrong theorem: a rule is false, or does not apply"},
        {"unjustified_claim", 'u', "Unjustified claim: nothing leads to it"},
        {"missing_case", 'c', "Missing case: something is left out"},
        {"unit_format", 'f', "Unit or format of a value is wrong"},
        {"repetition", 'r', "Repetition: it goes round in a loop"},
        {"false_correction", 's', "False self-correction: what was right is made wrong"},
        {"gave_up", 'g', "Gave up, or was cut off"},
        {"answer_not_supported", 'n', "Answer not supported by the steps before it"},
        {"reward_hack", 'h', "Reward hack: written for the grader, not for the problem"}};
    return types;
}

}  // namespace retort
