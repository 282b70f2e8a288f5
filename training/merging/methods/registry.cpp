// All methods, by name.
#include <algorithm>
#include <memory>

#include "training/merging/merge_method.h"
#include "training/merging/methods/doge.h"
#include "training/merging/methods/global_ties.h"
#include "training/merging/methods/linear.h"
#include "training/merging/methods/model_stock.h"
#include "training/merging/methods/pcb.h"
#include "training/merging/methods/spherical.h"
#include "training/merging/methods/statistics.h"
#include "training/merging/methods/tall_masks.h"
#include "training/merging/methods/task_arithmetic.h"
#include "training/merging/methods/vectors.h"

namespace retort {

namespace {

using Methods = std::vector<std::unique_ptr<MergeMethod>>;

Methods allMethods() {
    Methods all;
    for (const auto family :
         {taskArithmeticMethods, sphericalMethods, reinforcedAgentMethods, tallMaskMethods, vectorMethods})
        for (auto& method : family()) all.push_back(std::move(method));
    all.push_back(linearMethod());
    all.push_back(passthroughMethod());
    all.push_back(nearswapMethod());
    all.push_back(modelStockMethod());
    all.push_back(sceMethod());
    all.push_back(arceeFusionMethod());
    all.push_back(globalTiesMethod());
    all.push_back(pcbMethod());
    all.push_back(fisherMethod());
    all.push_back(regmeanMethod());
    all.push_back(dogeMethod());
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->name() < b->name(); });
    return all;
}

}  // namespace

const std::vector<const MergeMethod*>& mergeMethods() {
    static const Methods owned = allMethods();
    static const std::vector<const MergeMethod*> methods = [] {
        std::vector<const MergeMethod*> found;
        for (const auto& method : owned) found.push_back(method.get());
        return found;
    }();
    return methods;
}

const MergeMethod* findMergeMethod(std::string_view name) {
    for (const MergeMethod* method : mergeMethods())
        if (method->name() == name) return method;
    return nullptr;
}

}  // namespace retort
