#include "core/tasks/task.h"

#include <algorithm>

#include "core/util/random.h"

namespace retort {
namespace {

// The text whose hash decides. Sums and products that differ only in the order of their operands go together:
// having seen 321+654 makes 654+321 no held-out problem.
std::string splitKey(std::string_view id) {
    const char sign = id.starts_with("addition:") ? '+' : id.starts_with("multiplication:") ? '*' : '\0';
    const std::size_t colon = id.find(':');
    if (sign == '\0') return std::string(id);
    std::vector<std::string_view> operands;
    for (std::size_t begin = colon + 1; begin <= id.size();) {
        const std::size_t end = std::min(id.find(sign, begin), id.size());
        operands.push_back(id.substr(begin, end - begin));
        begin = end + 1;
    }
    std::sort(operands.begin(), operands.end());
    std::string key(id.substr(0, colon));
    for (std::string_view operand : operands) (key += sign) += operand;
    return key;
}

}  // namespace

Task::~Task() = default;

Split splitOf(std::string_view problemId) {
    switch (stableHash(splitKey(problemId)) % 10) {
        case 8:
            return Split::Validation;
        case 9:
            return Split::Test;
        default:
            return Split::Train;
    }
}

}  // namespace retort
