// The tokens that tokenizer.json's `post_processor` puts around a text (<s> before it, say).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tokenizers/json_construct.h"

namespace retort {

struct PostProcessor {
    std::vector<std::int32_t> before, after;

    PostProcessor() = default;
    /// TemplateProcessing, ByteLevel (which changes no ids), and sequences of them; null: nothing. `size`:
    /// ids are below it. Throws Error for others, by name.
    PostProcessor(const simdjson::dom::element& json, std::int32_t size);
};

}  // namespace retort
