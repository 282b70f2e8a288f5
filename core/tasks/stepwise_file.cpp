#include "core/tasks/stepwise_file.h"

#include <simdjson.h>

#include "core/tasks/line_reader.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t maxLineBytes = 16u << 20, maxSteps = 4096;

template <class T>
T member(const simdjson::dom::object& row, const char* name, const std::string& place, const char* expected) {
    T value;
    if (row.at_key(name).get(value) != simdjson::SUCCESS)
        throw Error(std::string("\"") + name + "\" must be " + expected, place,
                    "a line holds prompt, completions and labels");
    return value;
}

StepwiseSolution solutionOf(const simdjson::dom::object& row, const std::string& place) {
    StepwiseSolution solution;
    solution.prompt = std::string(member<std::string_view>(row, "prompt", place, "a text"));
    for (const auto step : member<simdjson::dom::array>(row, "completions", place, "a list of texts")) {
        std::string_view text;
        if (step.get(text) != simdjson::SUCCESS)
            throw Error("\"completions\" must be a list of texts", place);
        solution.steps.emplace_back(text);
    }
    for (const auto label : member<simdjson::dom::array>(row, "labels", place, "a list of true and false")) {
        bool right = false;
        std::int64_t number = 0;  // TRL's own sets write 0 and 1, too
        if (label.get(right) == simdjson::SUCCESS)
            solution.labels.push_back(right);
        else if (label.get(number) == simdjson::SUCCESS && (number == 0 || number == 1))
            solution.labels.push_back(number == 1);
        else
            throw Error("\"labels\" must be a list of true and false", place);
    }
    if (solution.steps.empty() || solution.steps.size() > maxSteps)
        throw Error("a solution has 1 to " + std::to_string(maxSteps) + " steps, this one " +
                        std::to_string(solution.steps.size()),
                    place);
    if (solution.labels.size() != solution.steps.size())
        throw Error(std::to_string(solution.steps.size()) + " steps have " +
                        std::to_string(solution.labels.size()) + " labels",
                    place);
    return solution;
}

}  // namespace

std::vector<StepwiseSolution> readStepwiseSolutions(const std::filesystem::path& file) {
    LineReader reader(file, maxLineBytes);
    simdjson::dom::parser parser;
    std::vector<StepwiseSolution> solutions;
    std::string line;
    while (reader.next(line)) {
        if (line.find_first_not_of(" \t") == std::string::npos) continue;
        simdjson::dom::object row;
        if (parser.parse(line).get(row) != simdjson::SUCCESS)
            throw Error("is not a JSON object", reader.place());
        solutions.push_back(solutionOf(row, reader.place()));
    }
    if (solutions.empty()) throw Error("holds no solution", file.string());
    return solutions;
}

}  // namespace retort
