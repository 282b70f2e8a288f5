#include "training/model/rotary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace retort {

namespace {

/// In float32, as transformers computes them: the angles at high positions show the last bit.
std::vector<float> plainFrequencies(double theta, std::int64_t width) {
    std::vector<float> frequencies;
    for (std::int64_t i = 0; i < width; i += 2)
        frequencies.push_back(1.0f / std::pow(float(theta), float(i) / float(width)));
    return frequencies;
}

void scaleLlama3(const RopeScaling& s, std::vector<float>& frequencies) {
    const double low = double(s.originalMaxPositions) / s.lowFreqFactor;
    const double high = double(s.originalMaxPositions) / s.highFreqFactor;
    for (float& frequency : frequencies) {
        const double wave = 2 * std::numbers::pi / double(frequency);
        const double smooth =
            (double(s.originalMaxPositions) / wave - s.lowFreqFactor) / (s.highFreqFactor - s.lowFreqFactor);
        if (wave > low)
            frequency = float(double(frequency) / s.factor);
        else if (wave >= high)
            frequency = float((1 - smooth) * double(frequency) / s.factor + smooth * double(frequency));
    }
}

/// Peng et al. 2023: fast dimensions keep their frequency, slow ones are interpolated, a ramp between.
void scaleYarn(const RopeScaling& s, double theta, std::vector<float>& frequencies) {
    const double width = 2.0 * double(frequencies.size());
    const auto dimension = [&](double rotations) {
        return width * std::log(double(s.originalMaxPositions) / (rotations * 2 * std::numbers::pi)) /
               (2 * std::log(theta));
    };
    double low = dimension(s.betaFast), high = dimension(s.betaSlow);
    if (s.truncate) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, width - 1);
    if (low == high) high += 0.001;
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double ramp = std::clamp((double(i) - low) / (high - low), 0.0, 1.0);
        const double kept = double(frequencies[i]);
        frequencies[i] = float(kept / s.factor * ramp + kept * (1 - ramp));
    }
}

double dynamicTheta(const ModelShape& shape, std::int64_t length) {
    const RopeScaling& s = shape.ropeScaling;
    const double width = double(shape.headDim), base = double(s.originalMaxPositions);
    const double ratio = s.factor * std::max(double(length), base) / base - (s.factor - 1);
    return shape.ropeTheta * std::pow(ratio, width / (width - 2));
}

void appendRow(const std::vector<float>& frequencies, std::int64_t position, double scale,
               RotaryTable& table) {
    for (float frequency : frequencies) {
        const float angle = float(position) * frequency;
        table.cosines.push_back(float(double(std::cos(angle)) * scale));
        table.sines.push_back(float(double(std::sin(angle)) * scale));
    }
}

double attentionFactor(const ModelShape& shape) {
    return shape.ropeScaling.type == RopeType::Yarn ? shape.ropeScaling.attentionFactor : 1.0;
}

}  // namespace

std::vector<float> inverseFrequencies(const ModelShape& shape, std::int64_t length) {
    const RopeScaling& scaling = shape.ropeScaling;
    const bool dynamic = scaling.type == RopeType::Dynamic;
    std::vector<float> frequencies =
        plainFrequencies(dynamic ? dynamicTheta(shape, length) : shape.ropeTheta, shape.headDim);
    if (scaling.type == RopeType::Linear)
        for (float& frequency : frequencies) frequency = float(double(frequency) / scaling.factor);
    if (scaling.type == RopeType::Llama3) scaleLlama3(scaling, frequencies);
    if (scaling.type == RopeType::Yarn) scaleYarn(scaling, shape.ropeTheta, frequencies);
    return frequencies;
}

bool rotaryDependsOn(const ModelShape& shape, std::int64_t length) {
    return shape.ropeScaling.type == RopeType::Dynamic && length > shape.ropeScaling.originalMaxPositions;
}

void appendRotary(const ModelShape& shape, std::int64_t positions, std::int64_t length, RotaryTable& table) {
    const std::vector<float> frequencies = inverseFrequencies(shape, length);
    for (std::int64_t p = 0; p < positions; ++p) appendRow(frequencies, p, attentionFactor(shape), table);
}

RotaryTable decodingRotary(const ModelShape& shape, std::int64_t capacity) {
    RotaryTable table;
    const bool dynamic = rotaryDependsOn(shape, capacity);
    const std::int64_t plain = dynamic ? shape.ropeScaling.originalMaxPositions : capacity;
    appendRotary(shape, plain, 1, table);
    for (std::int64_t p = plain; p < capacity; ++p)
        appendRow(inverseFrequencies(shape, p + 1), p, attentionFactor(shape), table);
    return table;
}

RotaryRows batchRotary(const ModelShape& shape, const std::int32_t* starts, std::int64_t sequences,
                       std::int64_t maxLength) {
    RotaryRows result;
    const std::int64_t plain =
        rotaryDependsOn(shape, maxLength) ? shape.ropeScaling.originalMaxPositions : maxLength;
    appendRotary(shape, plain, 1, result.table);
    if (plain == maxLength) return result;
    std::map<std::int64_t, std::int64_t> firstRows;  // of each stretched length
    std::int64_t used = plain;
    for (std::int64_t s = 0; s < sequences; ++s) {
        const std::int64_t length = starts[s + 1] - starts[s];
        std::int64_t first = 0;
        if (rotaryDependsOn(shape, length)) {
            const auto [place, isNew] = firstRows.emplace(length, used);
            if (isNew) {
                appendRotary(shape, length, length, result.table);
                used += length;
            }
            first = place->second;
        }
        for (std::int64_t p = 0; p < length; ++p) result.rows.push_back(first + p);
    }
    return result;
}

}  // namespace retort
