// retort-cli generate: completions of prompts by a checkpoint.
#include <cstdio>
#include <iostream>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "core/util/error.h"
#include "training/api/training_module.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

std::vector<std::string> promptsOf(const Arguments& arguments) {
    std::vector<std::string> prompts = arguments.all("--prompt");
    if (!prompts.empty()) return prompts;
    for (std::string line; std::getline(std::cin, line);)
        if (!line.empty()) prompts.push_back(line);
    if (prompts.empty())
        throw Error("there is no prompt", "", "give --prompt TEXT, or lines on standard input");
    return prompts;
}

std::int64_t atLeast(const Arguments& arguments, const char* option, std::int64_t fallback,
                     std::int64_t low) {
    const std::int64_t value = arguments.integer(option, fallback);
    if (value < low || value > 1 << 20)
        throw Error("expected an integer >= " + std::to_string(low) + " and <= 1048576, found " +
                        std::to_string(value),
                    option);
    return value;
}

GenerateRequest requestOf(const Arguments& arguments) {
    GenerateRequest request;
    request.samples = atLeast(arguments, "--samples", 1, 1);
    request.maxNewTokens = atLeast(arguments, "--max-tokens", 128, 1);
    request.topK = atLeast(arguments, "--top-k", 0, 0);
    request.temperature = arguments.real("--temperature", 1);
    request.topP = arguments.real("--top-p", 1);
    if (request.temperature < 0) throw Error("expected a number >= 0", "--temperature");
    if (request.topP <= 0 || request.topP > 1) throw Error("expected a number > 0 and <= 1", "--top-p");
    request.stop = arguments.all("--stop");
    request.seed = std::uint64_t(arguments.integer("--seed", 1));
    request.prompts = promptsOf(arguments);
    return request;
}

std::string jsonLine(const GenerateRequest& request, const GeneratedText& text) {
    const Json json = {{"prompt", request.prompts.at(std::size_t(text.prompt))},
                       {"completion", text.text},
                       {"finish", text.finish},
                       {"tokens", text.tokens},
                       {"logprobs", text.logprobs}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

int runGenerate(Context& context) {
    GenerateRequest request = requestOf(context.arguments());
    const std::string named = context.arguments().positional(0);
    std::error_code code;
    request.checkpoint =
        findCheckpoint(fs::exists(named, code) || named.rfind("run:", 0) == 0 ? named : "run:" + named,
                       fs::current_path(), context.runFinder());
    const InterruptStop interrupt;
    const std::vector<GeneratedText> texts = loadTrainingModule().generate(request, interrupt.token());
    for (const GeneratedText& text : texts) {
        if (context.json())
            std::puts(jsonLine(request, text).c_str());
        else
            std::printf("%s%s%s\n", printable(request.prompts.at(std::size_t(text.prompt))).c_str(),
                        printable(text.text).c_str(), text.finish == "length" ? " …" : "");
    }
    const std::size_t asked = request.prompts.size() * std::size_t(request.samples);
    if (texts.size() == asked) return exitOk;
    context.note("interrupted: " + std::to_string(texts.size()) + " of " + std::to_string(asked) +
                 " completions came to their end");
    return exitInterrupted;
}

}  // namespace retort::cli
