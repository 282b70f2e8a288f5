#include "core/datasets/row.h"

#include <algorithm>
#include <initializer_list>

#include "core/datasets/reasoning.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return result;
}

// The first of the names that the row has, in whatever case, and that is not null.
std::optional<element> find(const object& row, std::initializer_list<std::string_view> names) {
    for (std::string_view name : names)
        for (const auto field : row)
            if (!field.value.is_null() && lowered(field.key) == name) return element(field.value);
    return std::nullopt;
}

bool has(const object& row, std::string_view name) {
    return find(row, {name}).has_value();
}

[[noreturn]] void wrongType(std::string_view name, std::string_view expected) {
    throw Error("'" + std::string(name) + "' is not " + std::string(expected));
}

// A text, or a number as it is written.
std::string textOf(const element& value, std::string_view name) {
    if (value.is_string()) return std::string(std::string_view(value));
    if (value.is_int64() || value.is_uint64() || value.is_double() || value.is_bool())
        return simdjson::to_string(value);
    wrongType(name, "a text");
}

array listOf(const element& value, std::string_view name) {
    array list;
    if (value.get(list) != simdjson::SUCCESS) wrongType(name, "a list");
    return list;
}

bool boolOf(const element& value, std::string_view name) {
    bool result = false;
    std::int64_t number = 0;
    if (value.get(result) == simdjson::SUCCESS) return result;
    if (value.get(number) == simdjson::SUCCESS && (number == 0 || number == 1)) return number == 1;
    wrongType(name, "true or false");
}

// {"role", "content"}, or ShareGPT's {"from", "value"}.
Message messageOf(const element& value) {
    object fields;
    if (value.get(fields) != simdjson::SUCCESS) throw Error("a message is not a JSON object");
    const auto role = find(fields, {"role", "from"}), content = find(fields, {"content", "value"});
    if (!role || !content || !role->is_string() || !content->is_string())
        throw Error("a message is not {\"role\": text, \"content\": text}");
    Message message{lowered(std::string_view(*role)), std::string(std::string_view(*content))};
    if (message.role == "human") message.role = "user";
    if (message.role == "gpt" || message.role == "bot" || message.role == "model") message.role = "assistant";
    return message;
}

std::vector<Message> messagesOf(const element& value, std::string_view name) {
    std::vector<Message> messages;
    for (const element each : listOf(value, name)) messages.push_back(messageOf(each));
    if (messages.empty()) throw Error("'" + std::string(name) + "' is empty");
    return messages;
}

std::vector<Message> promptOf(const element& value, std::string_view name) {
    if (value.is_array()) return messagesOf(value, name);
    return {{"", textOf(value, name)}};
}

std::string joined(const std::vector<Message>& messages, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < messages.size(); ++i)
        text.append(i == from ? "" : "\n").append(messages[i].content);
    return text;
}

std::string contentOf(const element& value, std::string_view name) {
    return value.is_array() ? joined(messagesOf(value, name), 0) : textOf(value, name);
}

bool isListOfMessages(const element& value) {
    array list;
    if (value.get(list) != simdjson::SUCCESS || list.size() == 0) return false;
    object first;
    return list.at(0).get(first) == simdjson::SUCCESS && find(first, {"role", "from"});
}

bool hasThinking(const element& value) {
    return value.is_string() && !thinkingOf(std::string_view(value)).empty();
}

// The text in which a think region would stand, whatever the file calls it.
bool isReasoning(const object& row) {
    if (has(row, "generations") || has(row, "r1_solution_1") || has(row, "deepseek_reasoning") ||
        has(row, "reasoning"))
        return true;
    for (std::string_view name : {"completion", "response", "solution", "output"})
        if (const auto value = find(row, {name}); value && hasThinking(*value)) return true;
    const auto messages = find(row, {"messages", "conversations"});
    if (!messages || !isListOfMessages(*messages)) return false;
    const array list = listOf(*messages, "messages");
    object last;
    if (list.at(list.size() - 1).get(last) != simdjson::SUCCESS) return false;
    const auto content = find(last, {"content", "value"});
    return content && hasThinking(*content);
}

void setPrompt(DatasetExample& example, const object& row) {
    const auto prompt = find(row, {"prompt", "problem", "question", "instruction", "query"});
    if (!prompt) throw Error("has no prompt");
    example.prompt = promptOf(*prompt, "prompt");
    // Alpaca's second part of an instruction.
    const auto input = has(row, "instruction") ? find(row, {"input"}) : std::nullopt;
    if (input && !textOf(*input, "input").empty())
        example.prompt.back().content.append("\n").append(textOf(*input, "input"));
}

void setAnswer(DatasetExample& example, const object& row) {
    if (const auto answer = find(row, {"final_answer", "answer", "ground_truth", "solution"}))
        if (!answer->is_array() && !answer->is_object()) example.answer = textOf(*answer, "answer");
}

void addCompletion(DatasetExample& example, std::string text) {
    DatasetCompletion completion;
    completion.thinking = thinkingOf(text);
    completion.text = std::move(text);
    example.completions.push_back(std::move(completion));
}

void readConversation(DatasetExample& example, const object& row) {
    std::vector<Message> messages = messagesOf(*find(row, {"messages", "conversations"}), "messages");
    if (messages.back().role != "assistant") throw Error("the last message is not the assistant's");
    if (const auto system = find(row, {"system"}); system && system->is_string())
        example.prompt.push_back({"system", textOf(*system, "system")});
    addCompletion(example, std::move(messages.back().content));
    messages.pop_back();
    std::move(messages.begin(), messages.end(), std::back_inserter(example.prompt));
}

// The prompt is the messages that both sides begin with (TRL's extract_prompt).
void readImplicitPreference(DatasetExample& example, const object& row) {
    const auto chosen = messagesOf(*find(row, {"chosen"}), "chosen"),
               rejected = messagesOf(*find(row, {"rejected"}), "rejected");
    std::size_t common = 0;
    while (common < chosen.size() && common < rejected.size() && chosen[common] == rejected[common]) ++common;
    if (common == chosen.size() || common == rejected.size())
        throw Error("'chosen' and 'rejected' do not differ");
    example.prompt.assign(chosen.begin(), chosen.begin() + std::ptrdiff_t(common));
    example.chosen = joined(chosen, common);
    example.rejected = joined(rejected, common);
}

void readSteps(DatasetExample& example, const object& row) {
    const array texts = listOf(*find(row, {"completions"}), "completions");
    const array labels = listOf(*find(row, {"labels"}), "labels");
    if (texts.size() != labels.size())
        throw Error(std::to_string(texts.size()) + " completions, but " + std::to_string(labels.size()) +
                    " labels");
    if (texts.size() == 0) throw Error("'completions' is empty");
    auto label = labels.begin();
    for (const element text : texts) {
        example.steps.push_back({textOf(text, "completions"), boolOf(*label, "labels")});
        ++label;
    }
}

// OpenR1 keeps several generations with the verdicts of Math-Verify, DeepMath three solutions.
void readReasoning(DatasetExample& example, const object& row) {
    if (find(row, {"messages", "conversations"}) && !find(row, {"prompt", "problem", "question"}))
        return readConversation(example, row);
    setPrompt(example, row);
    if (const auto generations = find(row, {"generations"})) {
        std::vector<bool> verdicts;
        if (const auto list = find(row, {"correctness_math_verify"}); list && list->is_array())
            for (const element each : listOf(*list, "correctness_math_verify"))
                verdicts.push_back(boolOf(each, "correctness_math_verify"));
        for (const element each : listOf(*generations, "generations")) {
            const std::size_t index = example.completions.size();
            addCompletion(example, textOf(each, "generations"));
            if (index < verdicts.size()) example.completions.back().verified = verdicts[index];
        }
    }
    for (std::string_view name : {"r1_solution_1", "r1_solution_2", "r1_solution_3"})
        if (const auto value = find(row, {name})) addCompletion(example, textOf(*value, name));
    const auto reasoning = find(row, {"deepseek_reasoning", "reasoning"});
    const auto solution = find(row, {"deepseek_solution", "completion", "response", "solution", "output"});
    if (example.completions.empty() && reasoning && solution)
        addCompletion(example, std::string("<think>\n")
                                   .append(textOf(*reasoning, "reasoning"))
                                   .append("\n</think>\n")
                                   .append(textOf(*solution, "solution")));
    else if (example.completions.empty() && solution)
        addCompletion(example, textOf(*solution, "solution"));
    if (example.completions.empty()) throw Error("has a prompt, but no reasoning");
    if (const auto answer = find(row, {"final_answer", "answer", "ground_truth"});
        answer && !answer->is_array())
        example.answer = textOf(*answer, "answer");
}

void readMath(DatasetExample& example, const object& row) {
    setPrompt(example, row);
    if (const auto solution = find(row, {"solution"})) addCompletion(example, textOf(*solution, "solution"));
    if (const auto answer = find(row, {"final_answer", "answer"})) example.answer = textOf(*answer, "answer");
    if (example.answer.empty() && !example.completions.empty())
        example.answer = finalAnswerOf(example.completions[0].text);
}

}  // namespace

std::optional<ShapeFinding> shapeOf(const object& row) {
    const auto chosen = find(row, {"chosen"}), rejected = find(row, {"rejected"});
    const bool prompt = has(row, "prompt"), completion = find(row, {"completion", "response"}).has_value();
    if (has(row, "completions") && has(row, "labels"))
        return ShapeFinding{DatasetShape::Stepwise, "has 'completions' and 'labels'"};
    if (chosen && rejected && find(row, {"prompt", "question"}))
        return ShapeFinding{DatasetShape::Preference, "has a prompt, 'chosen' and 'rejected'"};
    if (chosen && rejected) {
        if (isListOfMessages(*chosen) && isListOfMessages(*rejected))
            return ShapeFinding{DatasetShape::ImplicitPreference,
                                "has 'chosen' and 'rejected' as messages, without a prompt"};
        return std::nullopt;
    }
    if (prompt && completion && has(row, "label"))
        return ShapeFinding{DatasetShape::Unpaired, "has 'prompt', 'completion' and 'label'"};
    if (isReasoning(row)) return ShapeFinding{DatasetShape::Reasoning, "has completions with a think region"};
    if (find(row, {"messages", "conversations"}))
        return ShapeFinding{DatasetShape::Messages, "has 'messages'"};
    if (prompt && completion)
        return ShapeFinding{DatasetShape::PromptCompletion, "has 'prompt' and 'completion'"};
    if (const auto answer = find(row, {"answer"});
        answer && find(row, {"question", "problem"}) && answer->is_string() &&
        std::string_view(*answer).find("####") != std::string_view::npos)
        return ShapeFinding{DatasetShape::Gsm8k, "has 'question', and an 'answer' that ends in ####"};
    if (find(row, {"problem", "question"}) && find(row, {"solution", "answer", "final_answer"}))
        return ShapeFinding{DatasetShape::Math, "has a problem with a solution or an answer"};
    if (has(row, "instruction") && has(row, "output"))
        return ShapeFinding{DatasetShape::PromptCompletion, "has 'instruction' and 'output'"};
    if (prompt) return ShapeFinding{DatasetShape::PromptOnly, "has a 'prompt' and nothing to learn"};
    if (has(row, "text")) return ShapeFinding{DatasetShape::Text, "has a 'text'"};
    return std::nullopt;
}

DatasetExample readExample(const object& row, DatasetShape shape) {
    DatasetExample example;
    example.shape = shape;
    switch (shape) {
        case DatasetShape::Text:
            addCompletion(example, textOf(*find(row, {"text"}), "text"));
            break;
        case DatasetShape::PromptOnly:
            setPrompt(example, row);
            setAnswer(example, row);
            break;
        case DatasetShape::PromptCompletion:
            setPrompt(example, row);
            addCompletion(example, contentOf(*find(row, {"completion", "response", "output"}), "completion"));
            if (const auto answer = find(row, {"final_answer", "answer"}))
                example.answer = textOf(*answer, "answer");
            break;
        case DatasetShape::Messages:
            readConversation(example, row);
            break;
        case DatasetShape::Preference:
            setPrompt(example, row);
            example.chosen = contentOf(*find(row, {"chosen"}), "chosen");
            example.rejected = contentOf(*find(row, {"rejected"}), "rejected");
            if (example.chosen == example.rejected) throw Error("'chosen' and 'rejected' do not differ");
            break;
        case DatasetShape::ImplicitPreference:
            readImplicitPreference(example, row);
            break;
        case DatasetShape::Unpaired:
            setPrompt(example, row);
            addCompletion(example, contentOf(*find(row, {"completion", "response"}), "completion"));
            example.label = boolOf(*find(row, {"label"}), "label");
            break;
        case DatasetShape::Stepwise:
            setPrompt(example, row);
            readSteps(example, row);
            break;
        case DatasetShape::Reasoning:
            readReasoning(example, row);
            break;
        case DatasetShape::Gsm8k:
            setPrompt(example, row);
            addCompletion(example, withoutCalculations(textOf(*find(row, {"answer"}), "answer")));
            example.answer = finalAnswerOf(example.completions[0].text);
            break;
        case DatasetShape::Math:
            readMath(example, row);
            break;
    }
    if (shape != DatasetShape::Text && example.promptText().empty()) throw Error("the prompt is empty");
    if (shape == DatasetShape::Text && example.completions[0].text.empty()) throw Error("'text' is empty");
    return example;
}

}  // namespace retort
