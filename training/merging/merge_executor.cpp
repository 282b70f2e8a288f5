#include "training/merging/merge_executor.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>

#include "core/util/error.h"
#include "training/merging/checkpoint_writer.h"
#include "training/merging/finite_inputs.h"
#include "training/merging/merge_files.h"
#include "training/merging/merge_folder.h"
#include "training/merging/prepared_merge.h"
#include "training/merging/work_queue.h"

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;

// Of elementwise work: five pieces stay in the second-level cache; a block is written at once, and then its
// pages are let go.
constexpr std::size_t pieceElements = 1 << 14, blockElements = 1 << 18;
constexpr std::size_t unitElements = 1 << 22;        // so that two threads can share a large tensor
constexpr std::uint64_t hashedUpTo = 1'000'000'000;  // of larger inputs whoever asks for the hash computes it

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::uint64_t inputBytes(const PlannedTensor& tensor) {
    std::uint64_t bytes = 0;
    for (const PlannedInput& input : tensor.inputs) bytes += input.tensor->size;
    return bytes;
}

class ProgressTeller {
  public:
    ProgressTeller(const MergeRunOptions& options, std::uint64_t total, int pass) : m_options(options) {
        m_progress.totalBytes = total;
        m_progress.pass = pass;
    }

    void add(std::uint64_t bytes, const std::string& tensor) {
        constexpr auto pause = std::chrono::milliseconds(50);
        const std::lock_guard lock(m_mutex);
        m_progress.doneBytes += bytes;
        const auto now = Clock::now();
        if (!m_options.progress || (now - m_told < pause && m_progress.doneBytes < m_progress.totalBytes))
            return;
        m_told = now;
        m_progress.tensor = tensor;
        m_options.progress(m_progress);
    }

  private:
    const MergeRunOptions& m_options;
    std::mutex m_mutex;
    MergeProgress m_progress;
    Clock::time_point m_told;
};

/// A plan cut into units of work, and what every pass over it shares.
class Pass {
  public:
    Pass(const MergePlan& plan, const MergeRunOptions& options, const std::stop_token& stop)
        : m_plan(plan), m_options(options), m_stop(stop) {
        m_threads =
            options.threads > 0 ? options.threads : int(std::max(1u, std::thread::hardware_concurrency()));
        std::uint64_t largest = 0;
        std::size_t models = 1;
        for (const PlannedTensor& tensor : plan.tensors) {
            models = std::max(models, tensor.inputs.size());
            largest = std::max(largest, std::max(inputBytes(tensor) / tensor.inputs.size(), tensor.bytes()));
        }
        m_budget = 3 * largest * models;
        m_workspaces.resize(std::size_t(m_threads));
    }

    /// `work(unit, tensor, workspace)`; `inPieces`: whether a tensor may be cut.
    template <class Work, class InPieces>
    void run(int pass, InPieces inPieces, Work work) {
        std::vector<WorkUnit> units;
        for (std::size_t i = 0; i < m_plan.tensors.size(); ++i) cut(i, inPieces(m_plan.tensors[i]), units);
        ProgressTeller progress(m_options, m_plan.inputBytes(), pass);
        runUnits(std::move(units), m_budget, m_threads, m_stop,
                 [&](const WorkUnit& unit, std::size_t thread) {
                     const PlannedTensor& tensor = m_plan.tensors[unit.tensor];
                     MergeWorkspace& workspace = m_workspaces[thread];
                     workspace.shrink(unit.count + unit.count / 4);
                     work(unit, tensor, workspace);
                     const double share =
                         double(unit.count) / double(std::max<std::int64_t>(tensor.elements(), 1));
                     progress.add(std::uint64_t(double(inputBytes(tensor)) * share), tensor.name);
                 });
    }

  private:
    void cut(std::size_t index, bool inPieces, std::vector<WorkUnit>& units) const {
        const PlannedTensor& tensor = m_plan.tensors[index];
        const std::size_t all = std::size_t(tensor.elements());
        const std::size_t most = inPieces ? unitElements : std::max<std::size_t>(all, 1);
        std::size_t first = 0;
        do {
            WorkUnit unit{index, first, std::min(most, all - first), 0};
            // Inputs (mapped pages count while they are looked at) and the result.
            const std::size_t held = inPieces ? std::min(blockElements, unit.count) : unit.count;
            unit.cost = std::uint64_t(held) * sizeof(float) * (tensor.inputs.size() + 1);
            units.push_back(unit);
            first += unit.count;
        } while (first < all);
    }

    const MergePlan& m_plan;
    const MergeRunOptions& m_options;
    const std::stop_token& m_stop;
    int m_threads = 1;
    std::uint64_t m_budget = 0;
    std::vector<MergeWorkspace> m_workspaces;
};

bool goesInPieces(const MergePlan& plan, const PlannedTensor& tensor) {
    if (tensor.isCopy) return true;
    const bool hasStatistics =
        std::any_of(tensor.inputs.begin(), tensor.inputs.end(),
                    [](const PlannedInput& each) { return each.statistics != nullptr; });
    return plan.method->isElementwise() && !tensor.hasRowPlan && !hasStatistics;
}

/// Writes what the units of the last pass compute.
class UnitWriter {
  public:
    UnitWriter(const MergePlan& plan, const MergeSurvey* survey, const MergeRunOptions& options,
               CheckpointWriter& writer, const std::stop_token& stop)
        : m_plan(plan), m_survey(survey), m_options(options), m_writer(writer), m_stop(stop) {}

    void write(const WorkUnit& unit, const PlannedTensor& tensor, MergeWorkspace& workspace) {
        if (tensor.isCopy) return copy(unit, tensor);
        const bool inPieces = goesInPieces(m_plan, tensor);
        const auto* preparer = inPieces ? nullptr : dynamic_cast<const PreparesMerge*>(m_plan.method);
        if (preparer) return writePrepared(*preparer, unit, tensor, workspace);
        TensorInputs inputs(m_plan, tensor, workspace, m_options.allowNonFinite);
        inputs.prefetch(unit.first, unit.count);
        const std::size_t block = inPieces ? blockElements : std::max<std::size_t>(unit.count, 1);
        writeBlocks(unit, block, inPieces ? pieceElements : block, inputs, workspace,
                    [&](std::size_t first, std::span<float> out) {
                        m_plan.method->merge(inputs.load(first, out.size()), m_survey, out);
                    });
    }

  private:
    void writePrepared(const PreparesMerge& method, const WorkUnit& unit, const PlannedTensor& tensor,
                       MergeWorkspace& workspace) {
        // Looking at all values for NaN before they are merged would be one more pass over memory.
        TensorInputs inputs(m_plan, tensor, workspace, true);
        inputs.prefetch(0, unit.count);
        const TensorMerge& values = inputs.load(0, unit.count);
        const std::unique_ptr<PreparedMerge> prepared = method.prepare(values);
        writeBlocks(unit, blockElements, pieceElements, inputs, workspace,
                    [&](std::size_t first, std::span<float> out) {
                        if (!m_options.allowNonFinite) requireFiniteInputs(tensor, values, first, out.size());
                        prepared->merge(first, out);
                    });
    }

    /// `merge(first, out)` for every piece; blocks of them are written.
    template <class Merge>
    void writeBlocks(const WorkUnit& unit, std::size_t block, std::size_t piece, const TensorInputs& inputs,
                     MergeWorkspace& workspace, Merge merge) {
        for (std::size_t done = 0; done < unit.count && !m_stop.stop_requested(); done += block) {
            const std::size_t first = unit.first + done, count = std::min(block, unit.count - done);
            const std::span<float> out(workspace.out.need(count), count);
            for (std::size_t i = 0; i < count; i += piece)
                merge(first + i, out.subspan(i, std::min(piece, count - i)));
            inputs.release(first, count);
            m_writer.writeFloats(unit.tensor, first, out);
        }
    }

    // Buffers of whole numbers, and what passes through untouched.
    void copy(const WorkUnit& unit, const PlannedTensor& tensor) {
        const std::size_t width = dtypeBytes(tensor.dtype);
        const auto bytesOf = [&](const PlannedInput& input) {
            return input.model->weights()
                .bytes(*input.tensor)
                .subspan(unit.first * width, unit.count * width);
        };
        const std::span<const std::byte> bytes = bytesOf(tensor.inputs.front());
        for (std::size_t i = 1; i < tensor.inputs.size(); ++i)
            if (std::memcmp(bytesOf(tensor.inputs[i]).data(), bytes.data(), bytes.size()) != 0)
                throw Error(
                    "tensor '" + tensor.name + "' holds whole numbers, and not the same ones in every model",
                    tensor.inputs[i].model->reference());
        constexpr std::size_t piece = 8u << 20;
        for (std::size_t done = 0; done < bytes.size() && !m_stop.stop_requested(); done += piece) {
            const auto part = bytes.subspan(done, std::min(piece, bytes.size() - done));
            requireFinite(tensor, part);
            m_writer.write(unit.tensor, unit.first * width + done, part);
            releasePages(part);
        }
    }

    void requireFinite(const PlannedTensor& tensor, std::span<const std::byte> part) const {
        if (m_options.allowNonFinite || !isMappedAsFloats(tensor, tensor.inputs.front())) return;
        const std::span<const float> values(reinterpret_cast<const float*>(part.data()),
                                            part.size() / sizeof(float));
        if (!allFinite(values))
            throw Error("tensor '" + tensor.inputs.front().tensor->name + "' of " +
                            tensor.inputs.front().model->reference() + " holds numbers that are not finite",
                        tensor.inputs.front().model->folder().string(),
                        "this model is damaged; --allow-non-finite merges it all the same");
    }

    const MergePlan& m_plan;
    const MergeSurvey* m_survey;
    const MergeRunOptions& m_options;
    CheckpointWriter& m_writer;
    const std::stop_token& m_stop;
};

std::vector<CheckpointWriter::Tensor> layoutOf(const MergePlan& plan) {
    std::vector<CheckpointWriter::Tensor> tensors;
    for (const PlannedTensor& tensor : plan.tensors)
        tensors.push_back({tensor.name, tensor.dtype, tensor.shape, tensor.bytes()});
    return tensors;
}

}  // namespace

MergeReport executeMerge(const MergePlan& plan, const MergeOutputOptions& options, std::stop_token stop) {
    const auto start = Clock::now();
    checkMergeTarget(plan, options.out, options.overwrite);
    mergedChatTemplate(plan);  // a name that is unknown is known now
    MergeReport report;
    report.inputBytes = plan.inputBytes();
    report.outputBytes = plan.totalBytes();
    report.tensors = plan.tensors.size();
    report.isStopped = true;
    const std::unique_ptr<MergeSurvey> survey = surveyMerge(plan, options, stop);
    if (!stop.stop_requested()) {
        MergeFolder folder(options.out, options.overwrite);
        CheckpointWriter writer(folder.path(), layoutOf(plan), options.shardBytes);
        UnitWriter units(plan, survey.get(), options, writer, stop);
        Pass(plan, options, stop)
            .run(
                0, [&](const PlannedTensor& tensor) { return goesInPieces(plan, tensor); },
                [&](const WorkUnit& unit, const PlannedTensor& tensor, MergeWorkspace& workspace) {
                    units.write(unit, tensor, workspace);
                });
        if (!stop.stop_requested()) {
            writer.finish();
            writeMergeFiles(plan, folder.path(), options.program, report.inputBytes <= hashedUpTo);
            writeMergeConfig(plan, folder.path());
            folder.commit();
            report.isStopped = false;
        }
    }
    report.seconds = secondsSince(start);
    return report;
}

void checkMergeValues(const MergePlan& plan, const MergeRunOptions& options, std::stop_token stop) {
    Pass(plan, options, stop)
        .run(
            1, [](const PlannedTensor& tensor) { return !tensor.hasRowPlan; },
            [&](const WorkUnit& unit, const PlannedTensor& tensor, MergeWorkspace& workspace) {
                if (*floatDtypeName(tensor.inputs.front().tensor->dtype) == '\0') return;
                TensorInputs inputs(plan, tensor, workspace);
                const std::size_t most = tensor.hasRowPlan ? unit.count : blockElements;
                for (std::size_t done = 0; done < unit.count && !stop.stop_requested(); done += most) {
                    const std::size_t count = std::min(most, unit.count - done);
                    inputs.load(unit.first + done, count);
                    inputs.release(unit.first + done, count);
                }
            });
}

std::unique_ptr<MergeSurvey> surveyMerge(const MergePlan& plan, const MergeRunOptions& options,
                                         std::stop_token stop) {
    std::unique_ptr<MergeSurvey> survey = plan.method->survey();
    if (!survey) return nullptr;
    Pass over(plan, options, stop);
    int pass = 0;
    do {
        over.run(
            ++pass, [](const PlannedTensor&) { return false; },
            [&](const WorkUnit& unit, const PlannedTensor& tensor, MergeWorkspace& workspace) {
                if (tensor.isCopy) return;
                TensorInputs inputs(plan, tensor, workspace, options.allowNonFinite);
                survey->observe(inputs.load(0, unit.count));
                inputs.release(0, unit.count);
            });
        if (stop.stop_requested()) return nullptr;
    } while (survey->wantsAnotherPass());
    return survey;
}

void mergeTensor(const MergePlan& plan, const PlannedTensor& tensor, const MergeSurvey* survey,
                 MergeWorkspace& workspace, std::span<float> out, bool allowNonFinite) {
    const std::size_t count = std::size_t(tensor.elements());
    if (out.size() != count)
        throw Error("tensor '" + tensor.name + "' has " + std::to_string(count) +
                    " elements, there is room for " + std::to_string(out.size()));
    if (*floatDtypeName(tensor.dtype) == '\0')
        throw Error("tensor '" + tensor.name + "' holds whole numbers and is not merged");
    TensorInputs inputs(plan, tensor, workspace, allowNonFinite);
    plan.method->merge(inputs.load(0, count), survey, out);
}

}  // namespace retort
