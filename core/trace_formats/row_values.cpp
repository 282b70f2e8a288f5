// What several row readers need of a value.
#include <algorithm>
#include <charconv>

#include "core/answers/answer_checker.h"
#include "core/trace_formats/row_readers.h"
#include "core/util/error.h"

namespace retort {

using simdjson::dom::element;

std::string plainText(const element& value, std::string_view name) {
    if (value.is_string()) return std::string(std::string_view(value));
    if (value.is_null()) return "";
    simdjson::dom::array list;
    if (value.get(list) == simdjson::SUCCESS) return list.size() == 0 ? "" : plainText(list.at(0), name);
    if (value.is_object()) throw Error("is not a text", std::string(name));
    return simdjson::minify(value);
}

std::optional<double> numberOf(const element& value) {
    bool flag = false;
    if (value.get(flag) == simdjson::SUCCESS) return flag ? 1 : 0;
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    return std::nullopt;
}

std::optional<element> findPath(const JsonFields& fields, std::string_view path) {
    if (const auto found = fields.find(path)) return found;
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    std::optional<element> at = fields.find(path.substr(0, dot));
    std::string_view rest = path.substr(dot + 1);
    while (at && !rest.empty()) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        const std::string_view name = rest.substr(0, end);
        simdjson::dom::object object;
        simdjson::dom::array list;
        std::size_t index = 0;
        element next;
        if (at->get(object) == simdjson::SUCCESS) {
            if (object.at_key(name).get(next) != simdjson::SUCCESS) return std::nullopt;
        } else if (at->get(list) == simdjson::SUCCESS &&
                   std::from_chars(name.data(), name.data() + name.size(), index).ec == std::errc()) {
            if (list.at(index).get(next) != simdjson::SUCCESS) return std::nullopt;
        } else {
            return std::nullopt;
        }
        at = next;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (at && at->is_null()) return std::nullopt;
    return at;
}

void judgeAnswer(Trace& trace) {
    if (trace.gold.empty()) return;
    const AnswerCheck check =
        checkAnswer(trace.extracted.empty() ? trace.completion : trace.extracted, trace.gold);
    if (trace.extracted.empty()) trace.extracted = check.extracted;
    trace.correct = check.correct;
    trace.reward = check.correct ? 1 : 0;
}

void note(RowContext& context, const std::string& text) {
    if (std::find(context.notes.begin(), context.notes.end(), text) == context.notes.end())
        context.notes.push_back(text);
}

}  // namespace retort
