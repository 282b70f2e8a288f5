#include "core/formats/lm_eval_results.h"

#include <map>

#include "core/tasks/line_reader.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json_fields.h"
#include "core/util/random.h"

namespace retort {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t maxFileBytes = 256u << 20, maxLineBytes = 64u << 20;
constexpr std::string_view errorSuffix = "_stderr";

/// "exact_match_stderr,strict-match" in its parts; older harnesses have no filter.
struct MetricKey {
    std::string name, filter;
    bool isError = false;

    static MetricKey of(std::string_view key) {
        MetricKey parts;
        const std::size_t comma = key.find(',');
        parts.filter = comma == std::string_view::npos ? "" : std::string(key.substr(comma + 1));
        std::string_view name = key.substr(0, comma);
        parts.isError = name.ends_with(errorSuffix);
        if (parts.isError) name.remove_suffix(errorSuffix.size());
        parts.name = std::string(name);
        return parts;
    }
};

bool isNumber(const element& value) {
    return value.is<double>() || value.is<std::int64_t>() || value.is<std::uint64_t>();
}

using Elements = std::map<std::string_view, element>;

// By key, the first of each: at_key() searches the object from its beginning every time.
Elements elementsOf(const object& values) {
    Elements elements;
    for (const auto field : values) elements.emplace(field.key, field.value);
    return elements;
}

void readMetrics(const object& values, LmEvalTask& task) {
    const Elements known = elementsOf(values);
    for (const auto field : values) {
        if (!isNumber(field.value)) continue;  // "alias", an error that is "N/A"
        const MetricKey key = MetricKey::of(field.key);
        if (key.isError || key.name == "sample_len") continue;
        LmEvalMetric metric{key.name, key.filter, jsonNumber(field.value, field.key), {}};
        const std::string error =
            key.name + std::string(errorSuffix) + (key.filter.empty() ? "" : "," + key.filter);
        if (const auto found = known.find(error); found != known.end() && isNumber(found->second))
            metric.standardError = jsonNumber(found->second, error);
        task.metrics.push_back(std::move(metric));
    }
}

// What the file says of all tasks, by their names.
struct TaskTables {
    Elements samples, fewshot, versions;

    explicit TaskTables(const object& root)
        : samples(table(root, "n-samples")),
          fewshot(table(root, "n-shot")),
          versions(table(root, "versions")) {}

  private:
    static Elements table(const object& root, std::string_view key) {
        object values;
        return root.at_key(key).get(values) == simdjson::SUCCESS ? elementsOf(values) : Elements();
    }
};

void readCounts(const TaskTables& tables, LmEvalTask& task) {
    std::int64_t number = 0;
    object own;
    if (const auto found = tables.samples.find(task.name);
        found != tables.samples.end() && found->second.get(own) == simdjson::SUCCESS &&
        own.at_key("effective").get(number) == simdjson::SUCCESS)
        task.samples = number;
    if (const auto found = tables.fewshot.find(task.name);
        found != tables.fewshot.end() && found->second.get(number) == simdjson::SUCCESS)
        task.fewshot = number;
    if (const auto found = tables.versions.find(task.name); found != tables.versions.end())
        task.version = simdjson::minify(found->second);
}

std::string modelOf(const object& root) {
    std::string_view text;
    object config;
    if (root.at_key("config").get(config) == simdjson::SUCCESS) {
        if (config.at_key("model_args").get(text) == simdjson::SUCCESS && !text.empty())
            return std::string(text);
        if (config.at_key("model").get(text) == simdjson::SUCCESS) return std::string(text);
    }
    return root.at_key("model_name").get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

}  // namespace

LmEvalResults readLmEvalResults(const std::filesystem::path& file) {
    const std::string text = readFile(file, maxFileBytes);
    simdjson::dom::parser parser;
    object root, results;
    if (parser.parse(text).get(root) != simdjson::SUCCESS) throw Error("is not a JSON object", file.string());
    if (root.at_key("results").get(results) != simdjson::SUCCESS)
        throw Error("has no \"results\"", file.string(),
                    "lm-evaluation-harness writes them with --output_path");
    LmEvalResults read;
    read.model = modelOf(root);
    const TaskTables tables(root);
    for (const auto field : results) {
        LmEvalTask task;
        task.name = std::string(field.key);
        object values;
        if (field.value.get(values) != simdjson::SUCCESS)
            throw Error("the results of " + task.name + " are not an object", file.string());
        readMetrics(values, task);
        readCounts(tables, task);
        read.tasks.push_back(std::move(task));
    }
    return read;
}

std::vector<EvaluationItem> readLmEvalSamples(const std::filesystem::path& file, const std::string& task,
                                              const std::string& metric, const std::string& filter) {
    LineReader reader(file, maxLineBytes);
    simdjson::dom::parser parser;
    std::vector<EvaluationItem> items;
    std::string line;
    while (reader.next(line)) {
        if (line.empty()) continue;
        object row;
        if (parser.parse(line).get(row) != simdjson::SUCCESS)
            throw Error("is not a JSON object", reader.place());
        try {
            const JsonFields fields(row);
            if (!filter.empty() && fields.text("filter", filter) != filter) continue;
            const std::string id =
                fields.find("doc_hash") ? fields.text("doc_hash") : std::to_string(fields.integer("doc_id"));
            const element value = fields.need(metric);
            const double right =
                value.is_bool() ? double(value.get_bool().value()) : jsonNumber(value, metric);
            items.push_back({task + ":" + id, 1, right == 1 ? 1 : 0, 0});
        } catch (const Error& error) {
            throw Error(error.what_happened(), reader.place(), error.hint());
        }
    }
    return items;
}

EvaluationEvent evaluationOf(const LmEvalTask& task, std::int64_t step, std::vector<EvaluationItem> items) {
    EvaluationEvent event;
    event.step = step;
    event.name = task.name;
    std::uint64_t hash = stableHash(task.name + "@" + task.version, std::uint64_t(task.samples));
    for (const EvaluationItem& item : items) hash = stableHash(item.problemId, hash);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    event.setHash = text;
    for (const LmEvalMetric& metric : task.metrics) {
        const std::string filter = metric.filter.empty() ? "" : "," + metric.filter;
        event.metrics.emplace_back(metric.name + filter, metric.value);
        if (metric.standardError)
            event.metrics.emplace_back(metric.name + std::string(errorSuffix) + filter,
                                       *metric.standardError);
    }
    event.items = std::move(items);
    return event;
}

}  // namespace retort
