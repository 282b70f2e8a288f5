#include "core/formats/rope_scaling.h"

#include <array>
#include <cmath>

#include "core/formats/config_fields.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::array<const char*, 5> names{"default", "linear", "dynamic", "llama3", "yarn"};

RopeType readType(const ConfigFields& fields) {
    const std::string name = fields.text("rope_type", fields.text("type", "default"));
    for (std::size_t i = 0; i < names.size(); ++i)
        if (name == names[i]) return RopeType(i);
    fields.require(false, "RoPE scaling of the type '" + name.substr(0, 60) + "' is not supported");
    return RopeType::Default;
}

// transformers' modeling_rope_utils, _compute_yarn_parameters: Peng et al. 2023, with DeepSeek's two factors.
double yarnAttentionFactor(const ConfigFields& fields, double factor) {
    const auto scale = [factor](double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * std::log(factor) + 1;
    };
    const bool both = fields.has("mscale") && fields.has("mscale_all_dim");
    return fields.real(
        "attention_factor",
        both ? scale(fields.real("mscale", 1)) / scale(fields.real("mscale_all_dim", 1)) : scale(1));
}

RopeScaling readScaling(const ConfigFields& fields, std::int64_t maxPositions) {
    RopeScaling scaling;
    scaling.type = readType(fields);
    fields.require(fields.real("partial_rotary_factor", 1) == 1,
                   "RoPE on a part of each head is not supported");
    if (scaling.type == RopeType::Default) return scaling;
    fields.require(fields.has("factor"), "RoPE scaling has no factor");
    scaling.factor = fields.real("factor", 1);
    if (scaling.type == RopeType::Linear) return scaling;
    // Dynamic scaling counts from the model's own positions, whatever else the file says.
    const bool dynamic = scaling.type == RopeType::Dynamic, llama3 = scaling.type == RopeType::Llama3;
    scaling.originalMaxPositions =
        dynamic ? maxPositions : fields.size("original_max_position_embeddings", llama3 ? 0 : maxPositions);
    if (llama3) {
        fields.require(fields.has("low_freq_factor") && fields.has("high_freq_factor"),
                       "RoPE scaling of the type 'llama3' needs low_freq_factor and high_freq_factor");
        scaling.lowFreqFactor = fields.real("low_freq_factor", 1);
        scaling.highFreqFactor = fields.real("high_freq_factor", 4);
        fields.require(scaling.highFreqFactor > scaling.lowFreqFactor,
                       "RoPE scaling: high_freq_factor must be larger than low_freq_factor");
    } else if (scaling.type == RopeType::Yarn) {
        scaling.betaFast = fields.real("beta_fast", 32);
        scaling.betaSlow = fields.real("beta_slow", 1);
        fields.require(scaling.betaFast >= scaling.betaSlow,
                       "RoPE scaling: beta_fast must not be below beta_slow");
        scaling.attentionFactor = yarnAttentionFactor(fields, scaling.factor);
        scaling.truncate = fields.flag("truncate", true);
    }
    return scaling;
}

Json scalingJson(const RopeScaling& scaling) {
    Json json = {{"rope_type", ropeTypeName(scaling.type)}};
    if (scaling.type == RopeType::Default) return json;
    json["factor"] = scaling.factor;
    if (scaling.type == RopeType::Llama3) {
        json["low_freq_factor"] = scaling.lowFreqFactor;
        json["high_freq_factor"] = scaling.highFreqFactor;
    }
    if (scaling.type == RopeType::Yarn) {
        json["beta_fast"] = scaling.betaFast;
        json["beta_slow"] = scaling.betaSlow;
        json["attention_factor"] = scaling.attentionFactor;
        json["truncate"] = scaling.truncate;
    }
    if (scaling.type == RopeType::Llama3 || scaling.type == RopeType::Yarn)
        json["original_max_position_embeddings"] = scaling.originalMaxPositions;
    return json;
}

}  // namespace

const char* ropeTypeName(RopeType type) {
    return names[std::size_t(type)];
}

RopeSettings readRope(const ConfigFields& config, std::int64_t maxPositions) {
    // A file with both keys was written for both generations; the older key then wins, as in transformers v5.
    const ConfigFields parameters = config.object("rope_parameters"), scaling = config.object("rope_scaling");
    for (const char* perLayer : {"full_attention", "sliding_attention"})
        config.require(!parameters.has(perLayer), "RoPE that differs between layers is not supported");
    config.require(config.real("partial_rotary_factor", 1) == 1,
                   "RoPE on a part of each head is not supported");
    RopeSettings result;
    result.theta =
        scaling.real("rope_theta", parameters.real("rope_theta", config.real("rope_theta", result.theta)));
    result.scaling = readScaling(config.has("rope_scaling") ? scaling : parameters, maxPositions);
    return result;
}

void writeRope(Json& config, double theta, const RopeScaling& scaling) {
    config["rope_theta"] = theta;
    config["rope_scaling"] = scaling.type == RopeType::Default ? Json() : scalingJson(scaling);
    config["rope_parameters"] = scalingJson(scaling);
    config["rope_parameters"]["rope_theta"] = theta;
}

}  // namespace retort
