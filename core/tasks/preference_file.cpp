#include "core/tasks/preference_file.h"

#include <simdjson.h>

#include <functional>
#include <optional>

#include "core/tasks/line_reader.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t maxLineBytes = 16u << 20;

/// A field's text, or its messages.
struct Value {
    std::string text;
    std::vector<Message> turns;
    bool isText = true;
};

class Row {
  public:
    Row(const object& fields, const DialogueFormat& dialogue, std::string place)
        : m_fields(fields), m_dialogue(dialogue), m_place(std::move(place)) {}

    bool has(const char* name) const {
        element value;
        return m_fields.at_key(name).get(value) == simdjson::SUCCESS && !value.is_null();
    }

    PreferencePair pair() const {
        const Value chosen = value("chosen"), rejected = value("rejected");
        if (chosen.isText != rejected.isText) fail("'chosen' and 'rejected' are not of one kind");
        PreferencePair pair;
        if (chosen.isText) {
            pair = {prompt(), chosen.text, rejected.text};
        } else {
            std::vector<Message> shared = promptTurns();
            std::vector<Message> left = chosen.turns, right = rejected.turns;
            pair.chosen = takeLast(left, "chosen");
            pair.rejected = takeLast(right, "rejected");
            if (left != right) fail("'chosen' and 'rejected' answer different prompts");
            shared.insert(shared.end(), left.begin(), left.end());
            if (shared.empty()) fail("has no prompt");
            write(shared, pair.prompt, {&pair.chosen, &pair.rejected});
        }
        if (pair.chosen == pair.rejected) fail("'chosen' and 'rejected' are the same");
        return pair;
    }

    LabelledCompletion labelled() const {
        element label;
        bool good = false;
        if (m_fields.at_key("label").get(label) != simdjson::SUCCESS || label.get(good) != simdjson::SUCCESS)
            fail("'label' is not true or false");
        Value completion = value("completion");
        if (completion.isText) return {prompt(), completion.text, good};
        std::vector<Message> turns = promptTurns();
        LabelledCompletion row{{}, takeLast(completion.turns, "completion"), good};
        turns.insert(turns.end(), completion.turns.begin(), completion.turns.end());
        write(turns, row.prompt, {&row.completion});
        return row;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(what, m_place,
                    "a row is {prompt, chosen, rejected}, or {prompt, completion, label} for kto");
    }

    void write(const std::vector<Message>& turns, std::string& prompt,
               std::initializer_list<std::string*> replies) const {
        try {
            prompt = m_dialogue.prompt(turns);
            for (std::string* reply : replies) *reply = m_dialogue.reply(turns, *reply);
        } catch (const Error& error) {
            throw Error(error.what_happened(), m_place);
        }
    }

    std::string takeLast(std::vector<Message>& turns, const char* name) const {
        if (turns.empty() || turns.back().role != "assistant")
            fail(std::string("the last message of '") + name + "' is not the assistant's");
        std::string text = std::move(turns.back().content);
        turns.pop_back();
        return text;
    }

    std::string prompt() const {
        const Value found = value("prompt");
        return found.isText ? found.text : m_dialogue.prompt(found.turns);
    }

    std::vector<Message> promptTurns() const {
        if (!has("prompt")) return {};
        const Value found = value("prompt");
        return found.isText ? std::vector<Message>{{"user", found.text}} : found.turns;
    }

    Value value(const char* name) const {
        element found;
        if (m_fields.at_key(name).get(found) != simdjson::SUCCESS)
            fail(std::string("has no field '") + name + "'");
        if (found.is_string()) return {std::string(std::string_view(found)), {}, true};
        if (!found.is_array()) fail(std::string("'") + name + "' is neither a text nor a list of messages");
        Value value{{}, {}, false};
        for (const element message : simdjson::dom::array(found)) {
            std::string_view role, content;
            if (!message.is_object() || message["role"].get(role) != simdjson::SUCCESS ||
                message["content"].get(content) != simdjson::SUCCESS)
                fail(std::string("a message of '") + name + "' is not {\"role\": text, \"content\": text}");
            value.turns.push_back({std::string(role), std::string(content)});
        }
        return value;
    }

    const object& m_fields;
    const DialogueFormat& m_dialogue;
    std::string m_place;
};

void forEachRow(const std::filesystem::path& file, const DialogueFormat& dialogue,
                const std::function<void(const Row&)>& use) {
    LineReader lines(file, maxLineBytes);
    simdjson::dom::parser parser;
    bool any = false;
    for (std::string line; lines.next(line);) {
        if (lines.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
        element parsed;
        if (const auto code = parser.parse(line.data(), line.size(), false).get(parsed))
            throw Error(std::string("not valid JSON: ") + simdjson::error_message(code), lines.place(),
                        "each line holds one JSON object");
        object fields;
        if (parsed.get(fields) != simdjson::SUCCESS)
            throw Error("expected a JSON object", lines.place(), "each line holds one JSON object");
        use(Row(fields, dialogue, lines.place()));
        any = true;
    }
    if (!any) throw Error("holds no preferences", file.string());
}

}  // namespace

std::vector<PreferencePair> readPreferencePairs(const std::filesystem::path& file,
                                                const DialogueFormat& dialogue) {
    std::vector<PreferencePair> pairs;
    forEachRow(file, dialogue, [&](const Row& row) { pairs.push_back(row.pair()); });
    return pairs;
}

std::vector<LabelledCompletion> readLabelledCompletions(const std::filesystem::path& file,
                                                        const DialogueFormat& dialogue) {
    std::vector<LabelledCompletion> rows;
    forEachRow(file, dialogue, [&](const Row& row) {
        if (!row.has("chosen")) return rows.push_back(row.labelled());
        const PreferencePair pair = row.pair();
        rows.push_back({pair.prompt, pair.chosen, true});
        rows.push_back({pair.prompt, pair.rejected, false});
    });
    return rows;
}

}  // namespace retort
