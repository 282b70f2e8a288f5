#include "training/recipes/merge_adapter.h"

#include "core/formats/hf_config.h"
#include "core/util/error.h"
#include "training/model/causal_lm.h"
#include "training/model/lora.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

Dtype dtypeOf(const std::string& name) {
    if (name == "float32" || name == "fp32") return Dtype::Float32;
    if (name == "float16" || name == "fp16") return Dtype::Float16;
    if (name == "bfloat16" || name == "bf16") return Dtype::BFloat16;
    throw Error("unknown type of weights '" + name + "'", "dtype", "float32, float16 or bfloat16");
}

/// What belongs to a model besides its weights and shape.
void copyTokenizer(const fs::path& from, const fs::path& to) {
    for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                             "vocab.json", "merges.txt", "added_tokens.json", "chat_template.jinja"})
        if (std::error_code code; fs::is_regular_file(from / name, code))
            fs::copy_file(from / name, to / name);
}

}  // namespace

void mergeAdapter(const MergeAdapterRequest& request) {
    if (fs::exists(request.out))
        throw Error("is there already", request.out.string(), "name a folder that is to be made");
    const Dtype dtype = dtypeOf(request.dtype.empty() ? readHfConfig(request.base).dtype : request.dtype);
    const auto model = CausalLM::load(request.base);
    model->setAdapter(LoraAdapter::load(request.adapter, WeightLayout(model->shape())));
    const fs::path beside = fs::path(request.out.lexically_normal().string() + ".partial");
    fs::remove_all(beside);
    fs::create_directories(beside);
    try {
        model->save(beside, dtype);
        copyTokenizer(request.base, beside);
        fs::rename(beside, request.out);
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(beside, ignored);
        throw;
    }
}

}  // namespace retort
