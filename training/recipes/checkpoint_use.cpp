#include "training/recipes/checkpoint_use.h"

#include <ATen/Parallel.h>

#include "core/runlog/checkpoint_folder.h"
#include "core/util/error.h"
#include "training/api/available_cores.h"
#include "training/engine/generator.h"
#include "training/recipes/evaluation.h"
#include "training/recipes/token_sequence.h"
#include "training/recipes/trainer_state.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

struct OpenCheckpoint {
    std::shared_ptr<const Tokenizer> tokenizer;
    std::unique_ptr<Generator> generator;
};

OpenCheckpoint openCheckpoint(const fs::path& folder, std::int64_t threads) {
    at::set_num_threads(threads > 0 ? int(threads) : availableCores());
    std::error_code code;
    if (!fs::is_directory(folder, code))
        throw Error("there is no checkpoint folder here", folder.string(),
                    "name a folder with a model.safetensors");
    OpenCheckpoint checkpoint;
    checkpoint.tokenizer = loadTokenizer(folder);
    checkpoint.generator = std::make_unique<Generator>(folder, checkpoint.tokenizer);
    return checkpoint;
}

GeneratedText textOf(const Tokenizer& tokenizer, const Completion& completion,
                     const std::vector<std::string>& stop) {
    GeneratedText text;
    text.text = completionText(tokenizer, completion, stop);
    text.finish = completion.finished ? "stop" : "length";
    text.logprobs = completion.logprobs;
    for (std::int32_t id : completion.ids) text.tokens.push_back(tokenizer.decode({id}));
    return text;
}

}  // namespace

std::vector<GeneratedText> generateFrom(const GenerateRequest& request, std::stop_token stop) {
    if (request.samples < 1) throw Error("at least one sample a prompt is needed", "samples");
    const OpenCheckpoint checkpoint = openCheckpoint(request.checkpoint, request.threads);
    std::vector<std::vector<std::int32_t>> prompts;
    for (const std::string& prompt : request.prompts) {
        prompts.push_back(checkpoint.tokenizer->encode(prompt));
        if (prompts.back().empty()) throw Error("the prompt has no tokens", "'" + prompt + "'");
    }
    const SamplingSettings sampling{request.maxNewTokens, request.temperature, request.topP, request.topK,
                                    request.stop,         request.seed,        false};
    const auto completions = checkpoint.generator->generate(prompts, request.samples, sampling, 0, stop);
    std::vector<GeneratedText> texts;
    for (std::size_t i = 0; i < completions.size(); ++i) {
        if (!completions[i].whole) continue;  // a stop has cut it off
        texts.push_back(textOf(*checkpoint.tokenizer, completions[i], request.stop));
        texts.back().prompt = std::int64_t(i) / request.samples;
    }
    return texts;
}

std::vector<EvaluationReport> evaluateCheckpoint(const EvaluateRequest& request, std::stop_token stop) {
    const std::vector<DataSource> sources =
        makeDataSources(request.tasks, request.files, DialogueFormat(request.checkpoint));
    const OpenCheckpoint checkpoint = openCheckpoint(request.checkpoint, request.threads);
    checkCoverage(*checkpoint.tokenizer, sources);
    std::int64_t step = checkpointStepOf(request.checkpoint.filename().string()).value_or(0);
    if (std::error_code code; fs::exists(request.checkpoint / "trainer.json", code))
        step = readTrainerState(request.checkpoint / "trainer.json").step;
    return evaluateSets(makeEvaluationSets(sources, request.settings.num_problems), *checkpoint.generator,
                        *checkpoint.tokenizer, request.settings, true, request.seed, step, std::move(stop));
}

}  // namespace retort
