// The angles of rotary position embeddings, with the scalings that stretch them to longer contexts: linear,
// dynamic NTK, llama3 and YaRN, to the formula of transformers' modeling_rope_utils (engine.md d.2).
#pragma once

#include <cstdint>
#include <vector>

#include "training/model/model_shape.h"

namespace retort {

/// Cosine and sine of every (position, frequency), [rows × headDim / 2] each; YaRN's attention factor is in
/// them.
struct RotaryTable {
    std::vector<float> cosines, sines;
};

/// headDim / 2 inverse frequencies for a sequence of `length` tokens; only dynamic NTK looks at the length.
std::vector<float> inverseFrequencies(const ModelShape& shape, std::int64_t length);

/// Whether the table for a sequence of `length` tokens is another than for a short one.
bool rotaryDependsOn(const ModelShape& shape, std::int64_t length);

/// Adds the rows of positions [0, positions) of a sequence of `length` tokens.
void appendRotary(const ModelShape& shape, std::int64_t positions, std::int64_t length, RotaryTable& table);

/// Rows for decoding with a key cache, [capacity]: position p as in a sequence of p + 1 tokens. With dynamic
/// NTK keys stay as they were rotated when they came, as in transformers' generate().
RotaryTable decodingRotary(const ModelShape& shape, std::int64_t capacity);

/// A packed batch's table and each token's row in it. Sequences that dynamic NTK stretches have rows of their
/// own, so that a sequence's numbers do not depend on its neighbours.
struct RotaryRows {
    RotaryTable table;
    std::vector<std::int64_t> rows;  ///< empty: a token's row is its position
};
RotaryRows batchRotary(const ModelShape& shape, const std::int32_t* starts, std::int64_t sequences,
                       std::int64_t maxLength);

}  // namespace retort
