// retort-cli verify-answers: the answer checker over a table of predictions and references.
#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/answers/answer_checker.h"
#include "core/tasks/line_reader.h"
#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort::cli {
namespace {

constexpr std::size_t maxLineBytes = 64u << 20;

std::vector<std::string> columns(const std::string& line) {
    std::vector<std::string> fields(1);
    for (const char c : line)
        if (c == '\t')
            fields.emplace_back();
        else
            fields.back() += c;
    return fields;
}

// \n, \t and \\ stand for line end, tabulator and backslash.
std::string unescaped(const std::string& text, const LineReader& lines) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        const char next = ++i < text.size() ? text[i] : '\0';
        if (next != 'n' && next != 't' && next != '\\' && next != 'r')
            throw Error("a backslash before a character that it does not go with", lines.place(),
                        "write \\\\ for a backslash, \\n for a line end, \\t for a tabulator");
        out += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : '\\';
    }
    return out;
}

// Where the columns stand, by the names in the first line that is no comment.
struct Header {
    std::size_t id = 0, prediction = 0, gold = 0, expected = 0, count = 0;
    bool hasExpected = false;

    Header(const std::vector<std::string>& names, const LineReader& lines) : count(names.size()) {
        id = position(names, "id", lines);
        prediction = position(names, "prediction", lines);
        gold = position(names, "gold", lines);
        const auto found = std::find(names.begin(), names.end(), "expected");
        hasExpected = found != names.end();
        expected = std::size_t(found - names.begin());
    }

  private:
    static std::size_t position(const std::vector<std::string>& names, const char* name,
                                const LineReader& lines) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
            throw Error(std::string("has no column '") + name + "'", lines.place(),
                        "the first line names the columns, separated by tabulators: id, prediction, gold");
        return std::size_t(found - names.begin());
    }
};

struct Row {
    std::string id, expected;
    AnswerCheck check;
};

AnswerPolicy policyFrom(const Arguments& arguments) {
    AnswerPolicy policy;
    const std::string percent = arguments.text("--percent", "lenient");
    policy.percent = percent == "value"  ? AnswerPolicy::Percent::Value
                     : percent == "sign" ? AnswerPolicy::Percent::Sign
                                         : AnswerPolicy::Percent::Lenient;
    policy.requireUnits = arguments.has("--require-units");
    policy.requireReduced = arguments.has("--require-reduced");
    policy.requireLabels = arguments.has("--require-labels");
    policy.orderedSets = arguments.has("--ordered-sets");
    return policy;
}

std::vector<Row> judged(const std::string& file, const AnswerPolicy& policy) {
    LineReader lines(file, maxLineBytes);
    std::optional<Header> header;
    std::vector<Row> rows;
    for (std::string line; lines.next(line);) {
        if (lines.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
        if (line.empty() || (line[0] == '#' && !header)) continue;
        const std::vector<std::string> fields = columns(line);
        if (!header) {
            header.emplace(fields, lines);
            continue;
        }
        if (fields.size() <= std::max({header->id, header->prediction, header->gold}))
            throw Error(
                "has " + std::to_string(fields.size()) + " columns, not " + std::to_string(header->count),
                lines.place());
        Row row;
        row.id = fields[header->id];
        if (header->hasExpected && header->expected < fields.size()) row.expected = fields[header->expected];
        row.check = checkAnswer(unescaped(fields[header->prediction], lines),
                                unescaped(fields[header->gold], lines), policy);
        rows.push_back(std::move(row));
    }
    if (!header) throw Error("holds no table", file);
    return rows;
}

void printJson(const std::vector<Row>& rows) {
    std::string out;
    appendJsonArray(out, rows, [](std::string& text, const Row& row) {
        text += "\n{";
        JsonMembers(text)
            .add("id", row.id)
            .add("verdict", name(row.check.verdict))
            .add("correct", row.check.correct)
            .add("rule", row.check.rule)
            .add("reason", row.check.reason)
            .add("extracted", row.check.extracted);
        text += '}';
    });
    std::puts(out.c_str());
}

// Where the table says what is expected, what differs and how often.
void printAgreement(const std::vector<Row>& rows) {
    std::size_t known = 0, agree = 0, falselyAccepted = 0;
    for (const Row& row : rows) {
        if (row.expected != "0" && row.expected != "1") continue;
        ++known;
        const bool expected = row.expected == "1";
        agree += expected == row.check.correct ? 1 : 0;
        falselyAccepted += !expected && row.check.correct ? 1 : 0;
    }
    if (known > 0)
        std::printf("%zu of %zu as expected, %zu wrong answers accepted\n", agree, known, falselyAccepted);
}

void printTable(const std::vector<Row>& rows) {
    std::vector<std::vector<std::string>> lines;
    for (const Row& row : rows)
        lines.push_back({printable(row.id), std::string(name(row.check.verdict)),
                         row.check.correct ? "yes" : "no", row.check.rule,
                         printable(shortened(row.check.extracted, 40)), printable(row.check.reason)});
    std::fputs(formatTable({"id", "verdict", "correct", "rule", "extracted", "reason"}, lines).c_str(),
               stdout);
    printAgreement(rows);
}

}  // namespace

int runVerifyAnswers(Context& context) {
    const std::vector<Row> rows = judged(context.arguments().positional(0), policyFrom(context.arguments()));
    context.json() ? printJson(rows) : printTable(rows);
    return exitOk;
}

}  // namespace retort::cli
