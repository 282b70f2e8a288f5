#include "training/engine/completion_bytes.h"

#include "training/engine/byte_stream.h"

namespace retort {

std::string completionBytes(const std::vector<Completion>& completions) {
    ByteWriter bytes;
    for (const Completion& completion : completions) {
        bytes.add(completion.ids);
        bytes.add(completion.logprobs);
        bytes.add(completion.entropies);
        bytes.add(std::uint8_t(completion.finished));
        bytes.add(std::uint8_t(completion.whole));
    }
    return bytes.take();
}

std::vector<Completion> completionsIn(const std::string& bytes) {
    ByteReader reader(bytes);
    std::vector<Completion> completions;
    while (!reader.atEnd()) {
        Completion& completion = completions.emplace_back();
        completion.ids = reader.array<std::int32_t>();
        completion.logprobs = reader.array<float>();
        completion.entropies = reader.array<float>();
        completion.finished = reader.number<std::uint8_t>() != 0;
        completion.whole = reader.number<std::uint8_t>() != 0;
    }
    return completions;
}

}  // namespace retort
