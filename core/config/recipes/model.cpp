// Which model a run starts from: a checkpoint, or the shape of a new one.
#include "core/config/recipes/declarations.h"

namespace retort {

void declareModel(BoundRecipe& recipe) {
    using M = ModelSettings;
    SectionDeclarations model(recipe, "model.", "Model", &RunConfig::model);
    model("from", &M::from)
        .checkpoint()
        .help(
            "Checkpoint to start from: a folder, \"run:<name or id>[@step]\", or \"@stage\" in a study; "
            "empty: a new "
            "model of the shape below.");
    model("hidden_size", &M::hidden_size).help("Width of the residual stream.").between(8, 16384);
    model("num_hidden_layers", &M::num_hidden_layers).help("Number of decoder layers.").between(1, 256);
    model("num_attention_heads", &M::num_attention_heads).help("Query heads a layer.").between(1, 256);
    model("num_key_value_heads", &M::num_key_value_heads)
        .help("Key/value heads; fewer than query heads: grouped-query attention.")
        .between(1, 256);
    model("head_dim", &M::head_dim)
        .help("Width of a head; 0: hidden_size / num_attention_heads.")
        .between(0, 1024)
        .advanced();
    model("intermediate_size", &M::intermediate_size).help("Width of the SwiGLU layer.").between(8, 131072);
    model("position_embedding", &M::position_embedding)
        .help("Rotary, learned absolute, or no positions (NoPE).")
        .choices({"rope", "learned", "none"});
    model("rope_theta", &M::rope_theta).help("Base of the rotary frequencies.").between(1, 1e9).advanced();
    model("max_position_embeddings", &M::max_position_embeddings)
        .help("Longest sequence, prompt and completion together.")
        .unit("tokens")
        .between(8, 1 << 20);
    model("attention_bias", &M::attention_bias)
        .help("Bias on queries, keys and values, as in Qwen2.")
        .advanced();
    model("qk_norm", &M::qk_norm).help("RMSNorm on queries and keys, as in Qwen3.").advanced();
    model("tie_word_embeddings", &M::tie_word_embeddings)
        .help("Input and output embeddings share their weights.")
        .advanced();
    model("rms_norm_eps", &M::rms_norm_eps)
        .help("Added under the root in RMSNorm.")
        .above(0)
        .atMost(0.1)
        .advanced();
    model("initializer_range", &M::initializer_range)
        .help("Standard deviation of the initial weights.")
        .above(0)
        .atMost(1)
        .advanced();
}

}  // namespace retort
