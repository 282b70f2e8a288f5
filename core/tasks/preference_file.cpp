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

struct Turn {
    std::string role, content;
    bool operator==(const Turn&) const = default;
};

/// A field's text, or its messages.
struct Value {
    std::string text;
    std::vector<Turn> turns;
    bool isText = true;
};

/// As jsonl_data.h writes conversations.
std::string written(const std::vector<Turn>& turns) {
    std::string text;
    for (Turn turn : turns) {
        if (!turn.role.empty() && turn.role[0] >= 'a' && turn.role[0] <= 'z')
            turn.role[0] = char(turn.role[0] - 'a' + 'A');
        text += turn.role + ": " + turn.content + "\n";
    }
    return text + "Assistant: ";
}

class Row {
  public:
    Row(const object& fields, std::string place) : m_fields(fields), m_place(std::move(place)) {}

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
            std::vector<Turn> shared = promptTurns();
            std::vector<Turn> left = chosen.turns, right = rejected.turns;
            pair.chosen = takeLast(left, "chosen");
            pair.rejected = takeLast(right, "rejected");
            if (left != right) fail("'chosen' and 'rejected' answer different prompts");
            shared.insert(shared.end(), left.begin(), left.end());
            if (shared.empty()) fail("has no prompt");
            pair.prompt = written(shared);
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
        std::vector<Turn> turns = promptTurns();
        const std::string text = takeLast(completion.turns, "completion");
        turns.insert(turns.end(), completion.turns.begin(), completion.turns.end());
        return {written(turns), text, good};
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(what, m_place,
                    "a row is {prompt, chosen, rejected}, or {prompt, completion, label} for kto");
    }

    std::string takeLast(std::vector<Turn>& turns, const char* name) const {
        if (turns.empty() || turns.back().role != "assistant")
            fail(std::string("the last message of '") + name + "' is not the assistant's");
        std::string text = std::move(turns.back().content);
        turns.pop_back();
        return text;
    }

    std::string prompt() const {
        const Value found = value("prompt");
        return found.isText ? found.text : written(found.turns);
    }

    std::vector<Turn> promptTurns() const {
        if (!has("prompt")) return {};
        const Value found = value("prompt");
        return found.isText ? std::vector<Turn>{{"user", found.text}} : found.turns;
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
    std::string m_place;
};

void forEachRow(const std::filesystem::path& file, const std::function<void(const Row&)>& use) {
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
        use(Row(fields, lines.place()));
        any = true;
    }
    if (!any) throw Error("holds no preferences", file.string());
}

}  // namespace

std::vector<PreferencePair> readPreferencePairs(const std::filesystem::path& file) {
    std::vector<PreferencePair> pairs;
    forEachRow(file, [&](const Row& row) { pairs.push_back(row.pair()); });
    return pairs;
}

std::vector<LabelledCompletion> readLabelledCompletions(const std::filesystem::path& file) {
    std::vector<LabelledCompletion> rows;
    forEachRow(file, [&](const Row& row) {
        if (!row.has("chosen")) return rows.push_back(row.labelled());
        const PreferencePair pair = row.pair();
        rows.push_back({pair.prompt, pair.chosen, true});
        rows.push_back({pair.prompt, pair.rejected, false});
    });
    return rows;
}

}  // namespace retort
