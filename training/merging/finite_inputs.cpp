#include "training/merging/finite_inputs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include "core/util/error.h"
#include "training/merging/methods/vector_clones.h"
#include "training/merging/tensor_inputs.h"

namespace retort {
namespace {

// A loop of integers, which becomes vectors.
RETORT_VECTOR_CLONES bool anyNonFinite(const float* x, std::size_t count) {
    constexpr std::uint32_t exponentBits = 0x7f800000;
    std::uint32_t bad = 0;
    for (std::size_t i = 0; i < count; ++i)
        bad |= std::uint32_t((std::bit_cast<std::uint32_t>(x[i]) & exponentBits) == exponentBits);
    return bad != 0;
}

}  // namespace

bool allFinite(std::span<const float> values) {
    constexpr std::size_t piece = 4096;  // so that a damaged tensor is noticed early
    for (std::size_t first = 0; first < values.size(); first += piece)
        if (anyNonFinite(values.data() + first, std::min(piece, values.size() - first))) return false;
    return true;
}

void requireFiniteInput(const PlannedInput& input, std::span<const float> values, std::size_t first) {
    if (allFinite(values)) return;
    const auto bad = std::find_if_not(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
    throw Error("tensor '" + input.tensor->name + "' of " + input.model->reference() + " holds " +
                    (std::isnan(*bad) ? "NaN" : "an infinite number") + " (element " +
                    std::to_string(first + std::size_t(bad - values.begin())) + ")",
                input.model->weights().fileOf(*input.tensor).string(),
                "this model is damaged; --allow-non-finite merges it all the same");
}

void requireFiniteInputs(const PlannedTensor& tensor, const TensorMerge& values, std::size_t first,
                         std::size_t count) {
    for (std::size_t i = 0; i < tensor.inputs.size(); ++i)
        requireFiniteInput(tensor.inputs[i], values.models[i].values.subspan(first, count), first);
}

}  // namespace retort
