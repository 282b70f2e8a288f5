// A model's answer against a reference: never throws, and what answers itself is right. The two are separated
// by a line break; without one, the text is compared with itself.
#include "core/answers/answer_checker.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t split = input.find('\n');
    const std::string_view reference = split == input.npos ? input : input.substr(split + 1);
    retort::checkAnswer(input.substr(0, split), reference);
    return 0;
}
