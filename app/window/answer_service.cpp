#include "app/window/answer_service.h"

#include <algorithm>

#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/api/training_module.h"

namespace retort {

AnswerService makeAnswerService() {
    return [](const AnswerRequest& asked, const std::stop_token& stop) {
        if (std::error_code code; !std::filesystem::is_directory(asked.checkpoint, code))
            throw Error("the checkpoint is no longer there", asked.checkpoint.string());
        GenerateRequest request;
        request.checkpoint = asked.checkpoint;
        request.prompts = {asked.prompt};
        request.samples = asked.settings.samples;
        request.maxNewTokens = asked.settings.maxTokens;
        request.temperature = asked.settings.temperature;
        request.seed = asked.settings.seed;
        request.threads = std::max(1, availableCores() - 1);  // one for the window
        std::vector<GeneratedAnswer> answers;
        for (GeneratedText& text : loadTrainingModule().generate(request, stop))
            answers.push_back(
                {std::move(text.text), std::move(text.finish), std::int64_t(text.tokens.size())});
        return answers;
    };
}

}  // namespace retort
