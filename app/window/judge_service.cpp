#include "app/window/judge_service.h"

#include <algorithm>

#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/api/training_module.h"

namespace retort {

JudgeService makeJudgeService() {
    return
        [](JudgeRequest request, const std::function<void(JudgedTrace)>& done, const std::stop_token& stop) {
            if (std::error_code code; !std::filesystem::is_directory(request.checkpoint, code))
                throw Error("the checkpoint is no longer there", request.checkpoint.string());
            request.threads = std::max(1, availableCores() - 1);  // one for the window
            loadTrainingModule().judge(request, done, stop);
        };
}

}  // namespace retort
