#include "core/tasks/jsonl_data.h"

#include <simdjson.h>

#include <algorithm>

#include "core/datasets/reasoning.h"
#include "core/datasets/row.h"
#include "core/tasks/line_reader.h"
#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t maxLineBytes = 16u << 20;

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return result;
}

// A field by its exact name.
const element* named(const object& row, const std::string& name, element& storage) {
    return row.at_key(name).get(storage) == simdjson::SUCCESS ? &storage : nullptr;
}

// The first of the usual names that the row has, in whatever case ("Problem", "Answer").
const element* usual(const object& row, std::initializer_list<std::string_view> names, element& storage) {
    for (std::string_view name : names)
        for (const auto field : row)
            if (lowered(field.key) == name && !field.value.is_null()) {
                storage = field.value;
                return &storage;
            }
    return nullptr;
}

class RowReader {
  public:
    RowReader(const object& row, const FileSettings& settings, const DialogueFormat& dialogue,
              std::string place)
        : m_row(row), m_settings(settings), m_dialogue(dialogue), m_place(std::move(place)) {}

    DataRow read() {
        DataRow row;
        element storage;
        if (!m_settings.prompt_field.empty()) {
            readPrompt(required(m_settings.prompt_field, storage), m_settings.prompt_field, row);
            readNamedRest(row);
        } else if (const auto finding = shapeOf(m_row); finding && isOnlyKnownToDatasets(finding->shape)) {
            readDatasetShape(finding->shape, row);
        } else if (const element* messages = usual(m_row, {"messages"}, storage)) {
            readMessages(*messages, row);
        } else if (const element* prompt = usual(m_row, {"prompt"}, storage)) {
            readPrompt(*prompt, "prompt", row);
            readCompletion(row, {"completion", "response"});
            readAnswer(row);
        } else if (const element* problem = usual(m_row, {"problem", "question"}, storage)) {
            readPrompt(*problem, "problem", row);
            readCompletion(row, {"completion", "solution"});
            readAnswer(row);
        } else if (const element* whole = usual(m_row, {"text"}, storage)) {
            row.completion = text(*whole, "text");
        } else {
            fail("no field of a known name",
                 "prompt and completion, problem and answer, messages, or text; or name "
                 "them with prompt_field and completion_field");
        }
        finish(row);
        return row;
    }

  private:
    [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
        throw Error(what, m_place, hint);
    }

    // Reasoning traces and ShareGPT's or Alpaca's keys: core/datasets reads them.
    bool isOnlyKnownToDatasets(DatasetShape shape) const {
        element storage;
        if (shape == DatasetShape::Reasoning) return true;
        if (shape == DatasetShape::Messages) return usual(m_row, {"messages"}, storage) == nullptr;
        return shape == DatasetShape::PromptCompletion && usual(m_row, {"prompt"}, storage) == nullptr;
    }

    void readDatasetShape(DatasetShape shape, DataRow& row) {
        DatasetExample example;
        try {
            example = readExample(m_row, shape);
        } catch (const Error& error) {
            fail(error.what_happened(), error.hint());
        }
        for (const Message& message : example.prompt) {
            if (message.role.empty())
                row.prompt += message.content;
            else
                m_turns.push_back(message);
        }
        // Of several generations the first one that was verified.
        const auto verified =
            std::find_if(example.completions.begin(), example.completions.end(),
                         [](const DatasetCompletion& each) { return each.verified.value_or(false); });
        row.completion = verified == example.completions.end() ? example.completions[0].text : verified->text;
        row.answer = example.answer;
    }

    const element& required(const std::string& name, element& storage) const {
        const element* found = named(m_row, name, storage);
        if (found == nullptr) fail("has no field '" + name + "'");
        return *found;
    }

    void readNamedRest(DataRow& row) {
        element storage;
        if (!m_settings.completion_field.empty())
            row.completion =
                text(required(m_settings.completion_field, storage), m_settings.completion_field);
        else
            readCompletion(row, {"completion", "response", "solution"});
        if (!m_settings.answer_field.empty())
            row.answer = text(required(m_settings.answer_field, storage), m_settings.answer_field);
        else
            readAnswer(row);
    }

    void readCompletion(DataRow& row, std::initializer_list<std::string_view> names) {
        element storage;
        if (!m_settings.completion_field.empty())
            row.completion =
                text(required(m_settings.completion_field, storage), m_settings.completion_field);
        else if (const element* found = usual(m_row, names, storage))
            row.completion = text(*found, "completion");
    }

    void readAnswer(DataRow& row) {
        element storage;
        if (!m_settings.answer_field.empty())
            row.answer = text(required(m_settings.answer_field, storage), m_settings.answer_field);
        else if (const element* found = usual(m_row, {"final_answer", "answer"}, storage))
            row.answer = text(*found, "answer");
    }

    // A text, a number, or messages, of which only the contents count.
    std::string text(const element& value, const std::string& name) const {
        if (value.is_string()) return std::string(std::string_view(value));
        if (value.is_int64() || value.is_uint64() || value.is_double() || value.is_bool())
            return simdjson::to_string(value);
        if (!value.is_array()) fail("'" + name + "' is not a text");
        std::string joined;
        for (const element entry : simdjson::dom::array(value)) joined += message(entry).content;
        return joined;
    }

    Message message(const element& value) const {
        std::string_view role, content;
        if (!value.is_object() || value["role"].get(role) != simdjson::SUCCESS ||
            value["content"].get(content) != simdjson::SUCCESS)
            fail("a message is not {\"role\": text, \"content\": text}");
        return {std::string(role), std::string(content)};
    }

    void readMessages(const element& value, DataRow& row) {
        if (!value.is_array()) fail("'messages' is not a list");
        for (const element entry : simdjson::dom::array(value)) m_turns.push_back(message(entry));
        if (m_turns.empty() || m_turns.back().role != "assistant")
            fail("the last message is not the assistant's");
        row.completion = std::move(m_turns.back().content);
        m_turns.pop_back();
        m_isConversation = true;
    }

    void readPrompt(const element& value, const std::string& name, DataRow& row) {
        if (!value.is_array()) {
            row.prompt = text(value, name);
            return;
        }
        for (const element entry : simdjson::dom::array(value)) m_turns.push_back(message(entry));
        if (m_turns.empty()) fail("'" + name + "' has no messages");
    }

    // The conversation as text, now that the answer was read from the bare completion.
    void writeDialogue(DataRow& row) const {
        std::vector<Message> turns = m_turns;
        const bool always = m_settings.chat_template == "always" && m_dialogue.hasTemplate();
        if (turns.empty() && !m_isConversation && !(always && !row.prompt.empty())) return;
        if (turns.empty() && !m_isConversation) turns = {{"user", row.prompt}};
        try {
            row.prompt = m_dialogue.prompt(turns);
            if (!row.completion.empty()) row.completion = m_dialogue.reply(turns, row.completion);
        } catch (const Error& error) {
            fail(error.what_happened(), error.hint());
        }
    }

    // GSM8K keeps the solution in `answer`; MATH keeps the answer in `solution`.
    void finish(DataRow& row) const {
        if (row.completion.empty() && row.answer.find("####") != std::string::npos) {
            row.completion = withoutCalculations(row.answer);
            row.answer = extractAnswer(row.completion);
        }
        if (row.answer.empty() && (row.completion.find("\\boxed") != std::string::npos ||
                                   row.completion.find("####") != std::string::npos))
            row.answer = extractAnswer(row.completion);
        if (row.completion.empty() && row.answer.empty())
            fail("has a prompt, but neither completion nor answer");
        writeDialogue(row);
    }

    const object& m_row;
    const FileSettings& m_settings;
    const DialogueFormat& m_dialogue;
    std::string m_place;
    std::vector<Message> m_turns;   // before the completion
    bool m_isConversation = false;  // also without a turn before the completion
};

bool blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

std::vector<DataRow> readJsonl(const FileSettings& settings, const DialogueFormat& dialogue) {
    const DialogueFormat plain;
    LineReader lines(settings.path, maxLineBytes);
    simdjson::dom::parser parser;
    std::vector<DataRow> rows;
    for (std::string line; lines.next(line);) {
        if (lines.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
        if (blank(line)) continue;
        line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
        element parsed;
        if (const auto code = parser.parse(line.data(), line.size(), false).get(parsed))
            throw Error(std::string("not valid JSON: ") + simdjson::error_message(code), lines.place(),
                        "each line holds one JSON object");
        object row;
        if (parsed.get(row) != simdjson::SUCCESS)
            throw Error("expected a JSON object", lines.place(), "each line holds one JSON object");
        rows.push_back(
            RowReader(row, settings, settings.chat_template == "none" ? plain : dialogue, lines.place())
                .read());
        rows.back().line = lines.number();
    }
    if (rows.empty()) throw Error("holds no examples", settings.path);
    return rows;
}

bool isHeldOut(const DataRow& row, double heldOutShare) {
    const std::uint64_t hash = stableHash(row.prompt.empty() ? row.completion : row.prompt);
    return double(hash >> 11) * 0x1.0p-53 < heldOutShare;
}

}  // namespace retort
