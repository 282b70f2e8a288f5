// retort-cli env.
#include <cstdio>

#include "app/cli/context.h"
#include "training/api/training_module.h"

namespace retort::cli {

int runEnv(Context& context) {
    Json json = {{"retort", RETORT_VERSION}, {"store", context.storeFile().string()}};
    const Json training = loadTrainingModule().environment();
    for (const auto& [key, value] : training.items()) json[key] = value;
    if (context.json()) {
        std::puts(json.dump(2).c_str());
        return exitOk;
    }
    for (const auto& [key, value] : json.items())
        std::printf("%-22s %s\n", key.c_str(),
                    (value.is_string() ? value.get<std::string>() : value.dump()).c_str());
    return exitOk;
}

}  // namespace retort::cli
