#include "training/merging/tensor_inputs.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "core/util/error.h"
#include "training/merging/finite_inputs.h"

namespace retort {
namespace {

std::int64_t rowElements(const TensorInfo& tensor) {
    std::int64_t count = 1;
    for (std::size_t i = 1; i < tensor.shape.size(); ++i) count *= tensor.shape[i];
    return count;
}

// Of the whole pages in a range of a mapped file.
void advise(std::span<const std::byte> range, int advice) {
    static const std::uintptr_t page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(range.data());
    const std::uintptr_t from = (begin + page - 1) / page * page, to = (begin + range.size()) / page * page;
    if (to > from) ::madvise(reinterpret_cast<void*>(from), to - from, advice);
}

}  // namespace

float* MergeBuffer::need(std::size_t count) {
    if (count > m_capacity) {
        m_data.reset();  // before the new one is there
        m_data = std::make_unique_for_overwrite<float[]>(count);
        m_capacity = count;
    }
    return m_data.get();
}

void MergeBuffer::shrink(std::size_t count) {
    if (m_capacity <= count) return;
    m_data.reset();
    m_capacity = 0;
}

void MergeWorkspace::shrink(std::size_t count) {
    for (MergeBuffer& buffer : inputs) buffer.shrink(count);
    for (MergeBuffer& buffer : statistics) buffer.shrink(count);
    out.shrink(count);
}

TensorInputs::TensorInputs(const MergePlan& plan, const PlannedTensor& tensor, MergeWorkspace& workspace,
                           bool allowNonFinite)
    : m_plan(plan), m_tensor(tensor), m_workspace(workspace), m_allowNonFinite(allowNonFinite) {
    if (workspace.inputs.size() < tensor.inputs.size()) {
        workspace.inputs.resize(tensor.inputs.size());
        workspace.statistics.resize(tensor.inputs.size());
    }
    m_merge.name = tensor.name;
    m_merge.parameters = tensor.parameters;
    m_merge.seed = plan.seed;
    for (std::size_t i = 0; i < tensor.inputs.size(); ++i) {
        const PlannedInput& input = tensor.inputs[i];
        ModelTensor model{{}, input.parameters, input.isBase, input.model->key(), {}};
        if (input.statistics != nullptr) {
            const std::size_t size = std::size_t(input.statistics->elements());
            float* const values = workspace.statistics[i].need(size);
            input.statisticsFile->readFloats(*input.statistics, values);
            model.statistics = {values, size};
        }
        m_merge.models.push_back(std::move(model));
    }
}

void TensorInputs::prefetch(std::size_t first, std::size_t count) const {
    for (const PlannedInput& input : m_tensor.inputs) {
        const std::size_t width = dtypeBytes(input.tensor->dtype);
        std::span<const std::byte> range = input.model->weights().bytes(*input.tensor);
        if (!m_tensor.hasRowPlan) range = range.subspan(first * width, count * width);
        advise(range, MADV_WILLNEED);
    }
}

const TensorMerge& TensorInputs::load(std::size_t first, std::size_t count) {
    const bool isWhole = std::size_t(m_tensor.elements()) == count;
    m_merge.shape = isWhole ? m_tensor.shape : std::vector<std::int64_t>{std::int64_t(count)};
    for (std::size_t i = 0; i < m_tensor.inputs.size(); ++i) {
        const std::span<const float> values = loadInput(i, first, count);
        requireFinite(m_tensor.inputs[i], values, first);
        m_merge.models[i].values = values;
        if (m_tensor.inputs[i].isBase) m_merge.base = values;
    }
    return m_merge;
}

void TensorInputs::release(std::size_t first, std::size_t count) const {
    for (const PlannedInput& input : m_tensor.inputs) {
        const std::span<const std::byte> all = input.model->weights().bytes(*input.tensor);
        if (m_tensor.hasRowPlan)
            releasePages(all);
        else if (isMappedAsFloats(m_tensor, input))
            releasePages(all.subspan(first * sizeof(float), count * sizeof(float)));
    }
}

std::span<const float> TensorInputs::loadInput(std::size_t index, std::size_t first, std::size_t count) {
    const PlannedInput& input = m_tensor.inputs[index];
    if (isMappedAsFloats(m_tensor, input)) {
        const std::byte* const bytes = input.model->weights().bytes(*input.tensor).data();
        return {reinterpret_cast<const float*>(bytes) + first, count};
    }
    float* const values = m_workspace.inputs[index].need(count);
    if (m_tensor.hasRowPlan) return arrangeRows(input, values);
    input.model->weights().readFloats(*input.tensor, std::int64_t(first), std::int64_t(count), values);
    return {values, count};
}

std::span<const float> TensorInputs::arrangeRows(const PlannedInput& input, float* out) const {
    const VocabularyPlan& plan = *m_plan.vocabulary;
    const std::int64_t columns = rowElements(*input.tensor);
    const std::vector<std::int32_t>& own = plan.own.at(input.model);
    std::vector<float> row(static_cast<std::size_t>(columns));
    const auto add = [&](const VocabularyPlan::Place& place, float* to, std::size_t among) {
        const auto giver = std::find_if(m_tensor.inputs.begin(), m_tensor.inputs.end(),
                                        [&](const PlannedInput& each) { return each.model == place.model; });
        if (giver == m_tensor.inputs.end())
            throw Error(
                "a token's row comes from " + place.model->reference() + ", which has no part in this tensor",
                m_tensor.name);
        giver->model->weights().readFloats(*giver->tensor, place.row * columns, columns, row.data());
        for (std::int64_t i = 0; i < columns; ++i) to[i] += row[std::size_t(i)] / float(among);
    };
    for (std::int64_t r = 0; r < plan.meanFrom; ++r) {
        float* const to = out + r * columns;
        if (const std::int32_t from = own[std::size_t(r)]; from != VocabularyPlan::noRow) {
            input.model->weights().readFloats(*input.tensor, std::int64_t(from) * columns, columns, to);
            continue;
        }
        std::fill_n(to, columns, 0.f);
        const auto places = plan.defaults.find(r);
        if (places == plan.defaults.end()) continue;
        for (const VocabularyPlan::Place& place : places->second) add(place, to, places->second.size());
    }
    if (plan.meanFrom < plan.rows) {
        std::vector<double> mean(static_cast<std::size_t>(columns));
        for (std::int64_t r = 0; r < plan.meanFrom; ++r)
            for (std::int64_t i = 0; i < columns; ++i) mean[std::size_t(i)] += double(out[r * columns + i]);
        for (std::int64_t r = plan.meanFrom; r < plan.rows; ++r)
            for (std::int64_t i = 0; i < columns; ++i)
                out[r * columns + i] = float(mean[std::size_t(i)] / double(plan.meanFrom));
    }
    return {out, std::size_t(plan.rows * columns)};
}

void TensorInputs::requireFinite(const PlannedInput& input, std::span<const float> values,
                                 std::size_t first) const {
    if (!m_allowNonFinite) requireFiniteInput(input, values, first);
}

bool isMappedAsFloats(const PlannedTensor& tensor, const PlannedInput& input) {
    if (tensor.hasRowPlan || input.tensor->dtype != Dtype::Float32) return false;
    const std::byte* const data = input.model->weights().bytes(*input.tensor).data();
    return reinterpret_cast<std::uintptr_t>(data) % alignof(float) == 0;
}

void releasePages(std::span<const std::byte> range) {
    advise(range, MADV_DONTNEED);
}

}  // namespace retort
