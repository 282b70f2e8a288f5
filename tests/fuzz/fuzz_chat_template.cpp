// A chat template, parsed and rendered with a conversation that has everything in it.
#include "core/chat/chat_template.h"
#include "core/util/error.h"

namespace {

const char* const conversation = R"([{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"},
{"role":"assistant","content":null,"tool_calls":[{"type":"function","function":{"name":"f","arguments":{"a":[1,2.5]}}}]},
{"role":"tool","content":"4"},{"role":"assistant","content":"<think>\nx\n</think>\n4"},{"role":"user","content":""}])";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const retort::Json messages = retort::Json::parse(conversation);
    retort::ChatOptions options;
    options.addGenerationPrompt = true;
    options.tools = messages[2]["tool_calls"];
    options.variables = {{"bos_token", "<s>"}, {"eos_token", "</s>"}};
    options.limits.steps = 20'000;
    options.limits.producedBytes = options.limits.textBytes = 1 << 20;
    options.limits.listItems = 10'000;
    try {
        const retort::ChatTemplate chatTemplate(std::string(reinterpret_cast<const char*>(data), size));
        chatTemplate.render(messages, options);
    } catch (const retort::Error&) {
    }
    return 0;
}
