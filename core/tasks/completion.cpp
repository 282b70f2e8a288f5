#include "core/tasks/completion.h"

#include "core/util/text.h"

namespace retort {
namespace {

void splitSteps(std::string_view text, std::size_t begin, std::size_t end, ParsedCompletion& completion) {
    while (begin < end) {
        std::size_t stop = text.substr(0, end).find(';', begin);
        const bool closed = stop != std::string_view::npos;
        if (!closed) stop = end;
        ++completion.stepCount;
        if (completion.steps.size() < ParsedCompletion::maxSteps)
            completion.steps.push_back(
                {text.substr(begin, stop - begin), begin, stop + (closed ? 1 : 0), closed});
        if (!closed && completion.fault.empty()) completion.fault = "the last step does not end with ';'";
        begin = stop + 1;
    }
}

}  // namespace

ParsedCompletion parseCompletion(std::string_view text) {
    ParsedCompletion completion;
    const std::size_t open = text.find('<');
    if (open == std::string_view::npos) {
        completion.answer = trimmed(text);
        if (completion.answer.find_first_of(">;") != std::string_view::npos)
            completion.fault = "steps without '<'";
    } else {
        const std::size_t close = text.find('>', open);
        const bool closed = close != std::string_view::npos;
        if (open != 0) completion.fault = "text before '<'";
        if (!closed) completion.fault = "the think region is not closed";
        splitSteps(text, open + 1, closed ? close : text.size(), completion);
        if (closed) completion.answer = trimmed(text.substr(close + 1));
        if (completion.answer.find_first_of("<>;") != std::string_view::npos)
            completion.fault = "text after the answer";
    }
    if (completion.answer.empty() && completion.fault.empty()) completion.fault = "no answer";
    completion.wellFormed = completion.fault.empty();
    return completion;
}

}  // namespace retort
