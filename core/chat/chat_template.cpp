#include "core/chat/chat_template.h"

#include <algorithm>

#include "core/chat/evaluator.h"
#include "core/chat/parser.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxSourceBytes = std::size_t(1) << 20;

bool generates(const chat::Block& block) {
    return std::any_of(block.begin(), block.end(), [](const auto& statement) {
        const bool inBranch = std::any_of(statement->branches.begin(), statement->branches.end(),
                                          [](const auto& branch) { return generates(branch.body); });
        return statement->kind == chat::Statement::Kind::Generation || inBranch ||
               generates(statement->body) || generates(statement->otherwise);
    });
}

}  // namespace

struct ChatTemplate::Parsed {
    std::string source, where;
    chat::Block block;
};

ChatTemplate::ChatTemplate(const std::string& source, const std::string& where) {
    if (source.size() > maxSourceBytes) throw Error("the chat template is larger than a megabyte", where);
    m_parsed = std::make_shared<const Parsed>(Parsed{source, where, chat::parsed(source, where)});
}

const std::string& ChatTemplate::source() const {
    return m_parsed->source;
}

bool ChatTemplate::hasGenerationBlocks() const {
    return generates(m_parsed->block);
}

RenderedChat ChatTemplate::render(const Json& messages, const ChatOptions& options) const {
    if (!messages.is_array()) throw Error("the messages are not a list", m_parsed->where);
    std::unordered_map<std::string, chat::Value> variables;
    for (const auto& [name, value] : options.variables.items())
        variables[name] = chat::Value::fromJson(value);
    variables["messages"] = chat::Value::fromJson(messages);
    variables["tools"] = chat::Value::fromJson(options.tools);
    variables["documents"] = chat::Value::fromJson(options.documents);
    variables["add_generation_prompt"] = options.addGenerationPrompt;
    chat::Evaluator evaluator(m_parsed->where, options.limits,
                              options.now != 0 ? options.now : std::time(nullptr));
    RenderedChat result;
    result.text = evaluator.run(m_parsed->block, std::move(variables));
    result.generated = evaluator.generated();
    return result;
}

RenderedChat ChatFormat::render(const Json& messages, ChatOptions options) const {
    const bool withTools = !options.tools.is_null() && templates.contains("tool_use");
    const auto found = templates.find(withTools ? "tool_use" : "default");
    if (found == templates.end())
        throw Error("the tokenizer has no chat template", {},
                    "give one in chat_template.jinja beside tokenizer.json");
    for (const auto& [name, text] : specialTokens.items())
        if (!options.variables.contains(name)) options.variables[name] = text;
    return found->second.render(messages, options);
}

}  // namespace retort
