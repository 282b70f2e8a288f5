#include "training/recipes/reference_policy.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <vector>

#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

fs::path folderOf(const RunDirectory& run, std::int64_t step) {
    char name[32];
    std::snprintf(name, sizeof name, "step-%08lld", static_cast<long long>(step));
    return run.path() / "reference" / name;
}

/// In rising order; half-written ones have another ending.
std::vector<std::int64_t> savedSteps(const RunDirectory& run) {
    std::vector<std::int64_t> steps;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(run.path() / "reference", code)) {
        const std::string name = entry.path().filename().string();
        std::int64_t step = 0;
        const char* end = name.data() + name.size();
        if (!name.starts_with("step-")) continue;
        if (const auto [rest, wrong] = std::from_chars(name.data() + 5, end, step);
            wrong == std::errc() && rest == end)
            steps.push_back(step);
    }
    std::sort(steps.begin(), steps.end());
    return steps;
}

}  // namespace

ReferencePolicy::ReferencePolicy(const RunDirectory& run, CausalLM& policy, std::int64_t step) : m_run(run) {
    std::int64_t newest = -1;
    for (const std::int64_t saved : savedSteps(run))
        if (saved <= step) newest = saved;
    if (newest < 0 && step > 0)
        throw Error("the reference policy of this run is gone", folderOf(run, 0).string(),
                    "begin a new run from the checkpoint");
    if (newest < 0) {
        save(policy, 0);
        newest = 0;
    }
    m_model = CausalLM::load(folderOf(run, newest));
    m_model->setDevice(policy.device());
    m_model->setPrecision(policy.precision());
}

void ReferencePolicy::follow(const CausalLM& policy, double share, std::int64_t step, bool writes) {
    {
        const torch::NoGradGuard noGrad;
        m_model->flatParameters().mul_(1 - share).add_(policy.effectiveParameters().to(m_model->device()),
                                                       share);
    }
    if (!writes) return;
    save(*m_model, step);
    prune();
}

void ReferencePolicy::save(const CausalLM& model, std::int64_t step) const {
    const fs::path folder = folderOf(m_run, step), beside = folder.string() + ".partial";
    fs::remove_all(beside);
    fs::create_directories(beside);
    model.save(beside);
    for (const auto& entry : fs::directory_iterator(beside)) syncPath(entry.path());
    fs::remove_all(folder);  // of an attempt that was given up
    fs::rename(beside, folder);
    syncPath(folder.parent_path());
}

/// Those that no checkpoint would ask for any more.
void ReferencePolicy::prune() const {
    const auto checkpoints = m_run.checkpointSteps();
    const std::int64_t oldest = checkpoints.empty() ? 0 : checkpoints.front();
    const auto saved = savedSteps(m_run);
    std::error_code ignored;
    for (std::size_t i = 0; i + 1 < saved.size(); ++i)
        if (saved[i + 1] <= oldest) fs::remove_all(folderOf(m_run, saved[i]), ignored);
}

}  // namespace retort
