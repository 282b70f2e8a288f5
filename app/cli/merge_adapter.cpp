// retort-cli merge-adapter: a PEFT adapter into its base model.
#include <cstdio>

#include "app/cli/context.h"
#include "training/api/training_module.h"

namespace fs = std::filesystem;

namespace retort::cli {

int runMergeAdapter(Context& context) {
    MergeAdapterRequest request;
    const std::string base = context.arguments().positional(0);
    std::error_code code;
    request.base = findCheckpoint(fs::exists(base, code) || base.rfind("run:", 0) == 0 ? base : "run:" + base,
                                  fs::current_path(), context.runFinder());
    request.adapter = context.arguments().positional(1);
    request.out = fs::absolute(context.arguments().positional(2));
    request.dtype = context.arguments().text("--dtype");
    loadTrainingModule().mergeAdapter(request);
    if (context.json())
        std::puts(Json{{"checkpoint", request.out.string()}}.dump(2).c_str());
    else
        std::printf("%s\n", request.out.c_str());
    return exitOk;
}

}  // namespace retort::cli
