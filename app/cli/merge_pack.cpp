// retort-cli merge-pack and merge-unpack: several experts of one base in the space of two models, and back.
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/terminal.h"
#include "core/util/error.h"
#include "training/merging/merge_model.h"
#include "training/merging/packed_experts.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

fs::path checkpointOf(const Context& context, const std::string& reference) {
    if (reference.rfind("run:", 0) == 0)
        return findCheckpoint(reference, fs::current_path(), context.runFinder());
    return findMergeModel(reference, fs::current_path());
}

/// "name=folder", or a folder, whose own name it is then.
PackedExpert expertOf(const Context& context, const std::string& text) {
    const std::size_t at = text.find('=');
    if (at != std::string::npos && at > 0)
        return {text.substr(0, at), checkpointOf(context, text.substr(at + 1))};
    const fs::path folder = checkpointOf(context, text);
    return {text.rfind("run:", 0) == 0 ? text.substr(4)
                                       : fs::absolute(folder).lexically_normal().filename().string(),
            folder};
}

PackOptions optionsOf(const Context& context) {
    PackOptions options;
    options.lambda = context.arguments().real("--lambda", options.lambda);
    if (!(options.lambda > 0)) throw Error("--lambda must be above 0");
    options.program = "retort-cli " RETORT_VERSION;
    if (terminalWidth(2) && !context.quiet())
        options.progress = [](double fraction) {
            std::fprintf(stderr, "\r\033[K%d %%", int(100 * fraction));
        };
    return options;
}

std::string megabytes(double bits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", bits / 8e6);
    return text;
}

bool lacksOut(const Context& context, const char* command) {
    if (context.arguments().has("--out")) return false;
    std::fprintf(stderr, "retort-cli: %s: --out DIR is missing\n", command);
    return true;
}

int stopped(const Context& context) {
    context.note("stopped: nothing was written");
    return exitInterrupted;
}

}  // namespace

int runPack(Context& context) {
    const Arguments& arguments = context.arguments();
    if (lacksOut(context, "merge-pack")) return exitUsage;
    std::vector<PackedExpert> experts;
    for (std::size_t i = 1; i < arguments.positionals().size(); ++i)
        experts.push_back(expertOf(context, arguments.positional(i)));
    const InterruptStop interrupt;
    const PackOptions options = optionsOf(context);
    const fs::path out = fs::absolute(arguments.text("--out"));
    const PackReport report =
        packExperts(checkpointOf(context, arguments.positional(0)), experts, out, options, interrupt.token());
    if (options.progress) std::fputs("\r\033[K", stderr);
    if (report.isStopped) return stopped(context);
    const auto packed = double(report.storage.maskedBits()), separate = double(report.storage.separateBits());
    if (context.json()) {
        Json json = {{"packed", out.string()},
                     {"weights", report.storage.weights},
                     {"bytes", packed / 8},
                     {"bytes_separate", separate / 8},
                     {"experts", Json::array()}};
        for (std::size_t i = 0; i < experts.size(); ++i)
            json["experts"].push_back({{"name", experts[i].name}, {"kept", report.kept[i]}});
        std::puts(json.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
        return exitOk;
    }
    std::printf("%s: %zu experts in %s instead of %s (float32), beside the base\n", out.c_str(),
                experts.size(), megabytes(packed).c_str(), megabytes(separate).c_str());
    for (std::size_t i = 0; i < experts.size(); ++i)
        std::printf("  %s: %.1f %% of the sum's weights\n", experts[i].name.c_str(), 100 * report.kept[i]);
    return exitOk;
}

int runUnpack(Context& context) {
    const Arguments& arguments = context.arguments();
    if (lacksOut(context, "merge-unpack")) return exitUsage;
    const fs::path packed = arguments.positional(0), out = fs::absolute(arguments.text("--out"));
    const fs::path base =
        arguments.has("--base") ? checkpointOf(context, arguments.text("--base")) : packedBase(packed);
    const InterruptStop interrupt;
    const PackOptions options = optionsOf(context);
    const bool done = unpackExpert(packed, arguments.positional(1), base, out, options, interrupt.token());
    if (options.progress) std::fputs("\r\033[K", stderr);
    if (!done) return stopped(context);
    if (context.json())
        std::puts(Json{{"checkpoint", out.string()}}.dump(2).c_str());
    else
        std::printf("%s\n", out.c_str());
    return exitOk;
}

}  // namespace retort::cli
