#include "training/recipes/example_pruning.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/recipes/example_scores.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::vector<std::uint64_t> highest(const std::vector<double>& scores, double share) {
    std::vector<std::uint64_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::uint64_t(0));
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
    order.resize(std::max<std::size_t>(std::size_t(std::llround(share * double(scores.size()))), 1));
    std::sort(order.begin(), order.end());
    return order;
}

}  // namespace

bool pruneExamples(TrainerParts& parts, RunSession& session) {
    const double share = parts.config.distillation.keep_share;
    if (share >= 1) return true;
    const fs::path file = session.run().path() / "kept_examples.json";
    std::error_code code;
    Json kept = Json::object();
    if (fs::exists(file, code)) {
        kept = Json::parse(readFile(file), nullptr, false);
        if (!kept.is_object()) throw Error("is no list of kept examples", file.string());
    } else {
        const auto scores = scoreExamples(parts, session);
        if (!scores) return false;
        for (std::size_t i = 0; i < parts.sources.size(); ++i)
            if (!(*scores)[i].empty()) kept[parts.sources[i].name] = highest((*scores)[i], share);
        writeFileAtomically(file, kept.dump() + "\n");
    }
    for (DataSource& source : parts.sources)
        if (kept.contains(source.name)) source.kept = kept[source.name].get<std::vector<std::uint64_t>>();
    return true;
}

}  // namespace retort
