// tokenizer.json, and what a tokenizer that was accepted does with text.
#include "core/tokenizers/stream_decoder.h"
#include "core/tokenizers/tokenizer_json.h"
#include "core/util/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        retort::TokenizerFiles files;
        files.tokenizer.assign(reinterpret_cast<const char*>(data), size);
        const auto tokenizer = retort::tokenizerOf(std::move(files));
        const auto ids =
            tokenizer->encodeWithSpecialTokens("The <s> quick\t\xc3\xa9\xff 1234  fox's\n\n\xf0\x9f\x98\x80");
        tokenizer->decode(ids);
        retort::StreamDecoder stream(*tokenizer);
        for (const std::int32_t id : ids) {
            if (id < 0 || id >= tokenizer->vocabularySize()) __builtin_trap();
            stream.push(id);
        }
        stream.finish();
        tokenizer->hash();
    } catch (const retort::Error&) {
    }
    return 0;
}
