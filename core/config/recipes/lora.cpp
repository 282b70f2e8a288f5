// The section "lora" of every recipe that starts from a model.
#include "core/config/recipes/declarations.h"

namespace retort {

void declareLora(BoundRecipe& recipe) {
    using L = LoraSettings;
    SectionDeclarations lora(recipe, "lora.", "LoRA", &RunConfig::lora);
    lora("r", &L::r)
        .help(
            "Rank of a low-rank adapter that is trained instead of the weights; 0: the weights are trained.")
        .between(0, 4096);
    lora("alpha", &L::alpha).help("The adapter is scaled by alpha / r.").above(0).atMost(65536).advanced();
    lora("dropout", &L::dropout)
        .help("Dropout before the adapter, in training only; above 0 the slower forward pass is used.")
        .between(0, 0.99)
        .advanced();
    lora("target_modules", &L::target_modules)
        .help("Projections that get an adapter: q_proj, down_proj …; all-linear: every one in the layers.")
        .advanced();
    lora("use_rslora", &L::use_rslora).help("Scales by alpha / sqrt(r): rank-stabilised LoRA.").advanced();
    lora("from", &L::from)
        .help("Folder of a PEFT adapter to go on with, whose rank and modules then hold; empty: a new one.")
        .advanced();
}

}  // namespace retort
