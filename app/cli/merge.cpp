// retort-cli merge: a checkpoint from several, as a recipe in mergekit's YAML says.
#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/api/available_cores.h"
#include "training/merging/merge_executor.h"
#include "training/merging/merge_folder.h"
#include "training/merging/recipe_text.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

MergeRecipe recipeOf(const Context& context) {
    const fs::path file = context.arguments().positional(0);
    const std::string text = recipeWith(readFile(file, 4u << 20), context.arguments().all("--set"));
    return parseMergeRecipe(text, file.string(), fs::absolute(file).parent_path());
}

// "5B" and "500M" are mergekit's way to say 5e9 and 5e8.
std::uint64_t bytesOf(const std::string& text) {
    std::size_t used = 0;
    double number = 0;
    try {
        number = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    const std::string unit = text.substr(used);
    const double factor = unit.empty()                                               ? 1
                          : unit == "k" || unit == "K"                               ? 1e3
                          : unit == "m" || unit == "M"                               ? 1e6
                          : unit == "g" || unit == "G" || unit == "b" || unit == "B" ? 1e9
                                                                                     : 0;
    if (used == 0 || !(number * factor >= 1) || number * factor > 1e18)
        throw Error("'" + text + "' is no size", "--shard-size",
                    "bytes, or with k, M, G or B (5B is 5 000 000 000)");
    return std::uint64_t(number * factor);
}

std::string gigabytes(std::uint64_t bytes) {
    return bytes < 1'000'000'000 ? shortNumber(double(bytes) / 1e6) + " MB"
                                 : shortNumber(double(bytes) / 1e9) + " GB";
}

std::string parametersText(const MergePlan& plan, const PlannedTensor& tensor) {
    std::string text;
    const auto add = [&text](const std::string& name, double value) {
        text.append(text.empty() ? "" : " ").append(name).append("=").append(shortNumber(value));
    };
    for (const MergeParameterInfo& info : plan.method->parameters()) {
        if (info.scope == MergeParameterInfo::Scope::Merge) {
            if (tensor.parameters.has(info.name)) add(info.name, tensor.parameters.number(info.name, 0));
            continue;
        }
        std::string values;
        for (const PlannedInput& input : tensor.inputs)
            values.append(values.empty() ? "" : ",")
                .append(input.parameters.has(info.name) ? shortNumber(input.parameters.number(info.name, 0))
                                                        : "–");
        text.append(text.empty() ? "" : " ").append(info.name).append("=").append(values);
    }
    return tensor.isCopy ? "copy" : text;
}

std::string shapeText(const PlannedTensor& tensor) {
    std::string text;
    for (const std::int64_t size : tensor.shape)
        text.append(text.empty() ? "" : "×").append(std::to_string(size));
    return text;
}

Json toJson(const MergeParameters& parameters, const std::vector<MergeParameterInfo>& infos,
            MergeParameterInfo::Scope scope) {
    Json json = Json::object();
    for (const MergeParameterInfo& info : infos)
        if (info.scope == scope && parameters.has(info.name))
            json[info.name] = parameters.number(info.name, 0);
    return json;
}

Json toJson(const MergePlan& plan, const PlannedTensor& tensor) {
    using Scope = MergeParameterInfo::Scope;
    Json inputs = Json::array();
    for (const PlannedInput& input : tensor.inputs)
        inputs.push_back({{"model", input.model->reference()},
                          {"tensor", input.tensor->name},
                          {"base", input.isBase},
                          {"parameters", toJson(input.parameters, plan.method->parameters(), Scope::Model)}});
    return {{"name", tensor.name},
            {"dtype", dtypeName(tensor.dtype)},
            {"shape", tensor.shape},
            {"copy", tensor.isCopy},
            {"parameters", toJson(tensor.parameters, plan.method->parameters(), Scope::Merge)},
            {"inputs", inputs}};
}

void printPlan(const Context& context, const MergePlan& plan) {
    if (context.json()) {
        Json tensors = Json::array();
        for (const PlannedTensor& tensor : plan.tensors) tensors.push_back(toJson(plan, tensor));
        const Json json = {{"method", plan.method->name()},
                           {"input_bytes", plan.inputBytes()},
                           {"output_bytes", plan.totalBytes()},
                           {"warnings", plan.warnings},
                           {"config", plan.config},
                           {"tensors", tensors}};
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const PlannedTensor& tensor : plan.tensors)
        rows.push_back(
            {tensor.name, shapeText(tensor), dtypeName(tensor.dtype), parametersText(plan, tensor)});
    std::fputs(formatTable({"tensor", "shape", "type", "parameters"}, rows).c_str(), stdout);
    std::printf("%zu tensors, %s of inputs, %s of output\n", plan.tensors.size(),
                gigabytes(plan.inputBytes()).c_str(), gigabytes(plan.totalBytes()).c_str());
}

// One line that is written over; nothing where nobody looks.
std::function<void(const MergeProgress&)> progressLine(const Context& context) {
    const auto width = terminalWidth(2);
    if (!width || context.quiet()) return nullptr;
    return [columns = *width](const MergeProgress& progress) {
        const double share =
            progress.totalBytes > 0 ? double(progress.doneBytes) / double(progress.totalBytes) : 1;
        std::string line = progress.pass > 0 ? "survey " + std::to_string(progress.pass) + " " : "";
        line += std::to_string(int(100 * share)) + " %  " + gigabytes(progress.doneBytes) + " of " +
                gigabytes(progress.totalBytes) + "  " + progress.tensor;
        std::fprintf(stderr, "\r\033[K%s", shortened(line, columns > 1 ? columns - 1 : 1).c_str());
        std::fflush(stderr);
    };
}

}  // namespace

int runMerge(Context& context) {
    const Arguments& arguments = context.arguments();
    const bool isDry = arguments.has("--dry-run");
    if (!isDry && !arguments.has("--out")) {
        std::fputs("retort-cli: merge: --out DIR is missing\n", stderr);
        return exitUsage;
    }
    const InterruptStop interrupt;
    MergeOutputOptions output;
    output.out = arguments.text("--out");
    output.overwrite = arguments.has("--overwrite");
    output.threads = int(std::clamp<std::int64_t>(arguments.integer("--threads", availableCores()), 1, 256));
    output.allowNonFinite = arguments.has("--allow-non-finite");
    if (arguments.has("--shard-size")) output.shardBytes = bytesOf(arguments.text("--shard-size"));
    output.program = "retort-cli " RETORT_VERSION;
    output.progress = progressLine(context);

    MergeModels models([&context](const std::string& reference, const fs::path& base) {
        if (reference.rfind("run:", 0) == 0) return findCheckpoint(reference, base, context.runFinder());
        return findMergeModel(reference, base);
    });
    MergePlanOptions planning;
    planning.seed = std::uint64_t(arguments.integer("--seed", 0));
    planning.truncateEmbeddings = arguments.has("--truncate-embeddings");
    planning.allowOtherArchitectures = arguments.has("--allow-crimes");
    const MergePlan plan = planMerge(recipeOf(context), models, planning);
    for (const std::string& warning : plan.warnings) context.note("warning: " + warning);

    if (isDry) {
        if (arguments.has("--out")) checkMergeTarget(plan, output.out, output.overwrite);
        if (!output.allowNonFinite) checkMergeValues(plan, output, interrupt.token());
        if (output.progress) std::fputs("\r\033[K", stderr);
        if (interrupt.isAsked()) return exitInterrupted;
        printPlan(context, plan);
        return exitOk;
    }
    const MergeReport report = executeMerge(plan, output, interrupt.token());
    if (output.progress) std::fputs("\r\033[K", stderr);
    if (report.isStopped) {
        context.note("stopped: nothing was written");
        return exitInterrupted;
    }
    const fs::path out = fs::absolute(output.out);
    if (context.json())
        std::puts(Json{{"checkpoint", out.string()},
                       {"tensors", report.tensors},
                       {"input_bytes", report.inputBytes},
                       {"output_bytes", report.outputBytes},
                       {"seconds", report.seconds},
                       {"warnings", plan.warnings}}
                      .dump(2, ' ', false, Json::error_handler_t::replace)
                      .c_str());
    else
        std::printf("%s: %zu tensors, %s in %s\n", out.c_str(), report.tensors,
                    gigabytes(report.outputBytes).c_str(), duration(report.seconds).c_str());
    return exitOk;
}

}  // namespace retort::cli
