#include "core/weights/checkpoint_difference.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>

#include "core/formats/sharded_safetensors.h"
#include "core/weights/layer_place.h"
#include "core/weights/tokenizer_difference.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t pieceElements = 1 << 18;
constexpr std::int64_t mostForSpectrum = 64'000'000;  // elements held at once for one

bool isFloating(Dtype dtype) {
    return dtype == Dtype::Float32 || dtype == Dtype::Float16 || dtype == Dtype::BFloat16 ||
           dtype == Dtype::Float64;
}

/// Which row of b (and of the base) belongs to a row of a.
struct RowPairs {
    std::vector<std::int64_t> a, b, base;
};

struct Job {
    const TensorInfo *a = nullptr, *b = nullptr, *base = nullptr;
    const RowPairs* rows = nullptr;
    std::int64_t rowElements = 0;

    std::int64_t elements() const {
        return rows ? std::int64_t(rows->a.size()) * rowElements : a->elements();
    }
};

class Comparing {
  public:
    Comparing(const fs::path& a, const fs::path& b, const WeightOptions& options)
        : m_a(a), m_b(b), m_options(options) {
        if (options.base) m_base.emplace(*options.base);
        pairRows(a, b);
        findJobs();
    }

    CheckpointDifference run(const std::stop_token& stop) {
        m_result.tensors.resize(m_jobs.size());
        for (const Job& job : m_jobs) m_total += job.elements();
        // The largest first, so that no thread is left alone with one at the end.
        std::vector<std::size_t> order(m_jobs.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
            return m_jobs[x].elements() > m_jobs[y].elements();
        });
        std::atomic<std::size_t> next = 0;
        const auto work = [&] {
            try {
                for (std::size_t i = next++; i < order.size() && !stop.stop_requested() && !m_failed;
                     i = next++)
                    m_result.tensors[order[i]] = compare(m_jobs[order[i]], stop);
            } catch (...) {
                const std::lock_guard lock(m_mutex);
                if (!m_failed.exchange(true)) m_error = std::current_exception();
            }
        };
        {
            std::vector<std::jthread> helpers;
            for (int i = 1; i < m_options.threads; ++i) helpers.emplace_back(work);
            work();
        }
        if (m_error) std::rethrow_exception(m_error);
        m_result.complete = !stop.stop_requested();
        if (!m_result.complete) m_result.tensors.clear();
        return std::move(m_result);
    }

  private:
    /// Row numbers by token, where they are not the same.
    void pairRows(const fs::path& a, const fs::path& b) {
        const auto toB = compareTokenizers(a, b);
        const auto toBase = m_options.base ? compareTokenizers(a, *m_options.base) : std::nullopt;
        const bool differs = (toB && !toB->isSameNumbering()) || (toBase && !toBase->isSameNumbering());
        if (!toB || !differs) return;
        for (std::size_t id = 0; id < toB->rows.size(); ++id) {
            const std::int64_t inB = toB->rows[id];
            const std::int64_t inBase = !m_base ? 0 : toBase ? toBase->rows[id] : std::int64_t(id);
            if (inB < 0 || inBase < 0) continue;
            m_rows.a.push_back(std::int64_t(id));
            m_rows.b.push_back(inB);
            m_rows.base.push_back(inBase);
        }
        m_result.alignedByToken = true;
    }

    void findJobs() {
        for (const TensorInfo* tensor : m_a.tensors()) {
            const TensorInfo* other = m_b.find(tensor->name);
            if (other)
                add(*tensor, *other);
            else
                m_result.onlyA.push_back(tensor->name);
        }
        for (const TensorInfo* tensor : m_b.tensors())
            if (!m_a.find(tensor->name)) m_result.onlyB.push_back(tensor->name);
        for (auto* names : {&m_result.onlyA, &m_result.onlyB, &m_result.notCompared})
            std::sort(names->begin(), names->end());
        std::stable_sort(m_jobs.begin(), m_jobs.end(), [](const Job& x, const Job& y) {
            const LayerPlace placeX = layerPlace(x.a->name), placeY = layerPlace(y.a->name);
            return std::tie(placeX.block, placeX.module) < std::tie(placeY.block, placeY.module);
        });
    }

    void add(const TensorInfo& a, const TensorInfo& b) {
        const TensorInfo* base = m_base ? m_base->find(a.name) : nullptr;
        const bool byToken = m_result.alignedByToken && isVocabularyTensor(a.name) && canPair(a, m_rows.a) &&
                             canPair(b, m_rows.b) && a.shape[1] == b.shape[1];
        if (a.shape != b.shape && !byToken) {
            m_result.otherShapes.push_back({a.name, a.shape, b.shape});
            return;
        }
        const bool fitsBase =
            !m_base || (base && isFloating(base->dtype) &&
                        (byToken ? canPair(*base, m_rows.base) && base->shape[1] == a.shape[1]
                                 : base->shape == a.shape));
        if (!isFloating(a.dtype) || !isFloating(b.dtype) || !fitsBase) {
            m_result.notCompared.push_back(a.name);
            return;
        }
        m_jobs.push_back({&a, &b, base, byToken ? &m_rows : nullptr, byToken ? a.shape[1] : 0});
    }

    static bool canPair(const TensorInfo& tensor, const std::vector<std::int64_t>& rows) {
        return tensor.shape.size() == 2 && tensor.shape[1] > 0 && !rows.empty() &&
               tensor.shape[0] > *std::max_element(rows.begin(), rows.end());
    }

    static void read(const CheckpointWeights& weights, const TensorInfo& tensor,
                     const std::vector<std::int64_t>* rows, std::int64_t rowElements, std::int64_t first,
                     std::int64_t count, float* destination) {
        if (!rows) return weights.readFloats(tensor, first, count, destination);
        for (std::int64_t at = first; at < first + count; at += rowElements, destination += rowElements)
            weights.readFloats(tensor, (*rows)[std::size_t(at / rowElements)] * rowElements, rowElements,
                               destination);
    }

    TensorSource sourceOf(const Job& job) const {
        TensorSource source;
        source.elements = job.elements();
        source.piece = job.rows ? std::max<std::int64_t>(pieceElements / job.rowElements, 1) * job.rowElements
                                : pieceElements;
        source.hasBase = job.base != nullptr;
        source.read = [this, job](std::int64_t first, std::int64_t count, float* a, float* b, float* base) {
            const RowPairs* rows = job.rows;
            read(m_a, *job.a, rows ? &rows->a : nullptr, job.rowElements, first, count, a);
            read(m_b, *job.b, rows ? &rows->b : nullptr, job.rowElements, first, count, b);
            if (base)
                read(*m_base, *job.base, rows ? &rows->base : nullptr, job.rowElements, first, count, base);
        };
        return source;
    }

    TensorDifference compare(const Job& job, const std::stop_token& stop) {
        const TensorSource source = sourceOf(job);
        TensorDifference difference = compareTensors(
            source, m_options.topShare,
            [this](std::int64_t elements) {
                const std::int64_t done = m_done += elements;
                if (m_options.progress) m_options.progress(done, m_total);
            },
            stop);
        difference.name = job.a->name;
        difference.shape = job.a->shape;
        difference.alignedByToken = job.rows != nullptr;
        if (job.rows) difference.shape[0] = std::int64_t(job.rows->a.size());
        if (m_options.spectra && difference.shape.size() == 2 && difference.nonFinite == 0 &&
            !difference.isSame() && source.elements <= mostForSpectrum)
            difference.spectrum = spectrum(source, difference.shape, stop);
        return difference;
    }

    static Spectrum spectrum(const TensorSource& source, const std::vector<std::int64_t>& shape,
                             const std::stop_token& stop) {
        std::vector<float> matrix(std::size_t(source.elements)), a(std::size_t(source.piece));
        std::vector<float> unused(source.hasBase ? std::size_t(source.piece) : 0);
        for (std::int64_t first = 0; first < source.elements && !stop.stop_requested();
             first += source.piece) {
            const std::int64_t count = std::min(source.piece, source.elements - first);
            source.read(first, count, a.data(), matrix.data() + first,
                        source.hasBase ? unused.data() : nullptr);
            for (std::int64_t i = 0; i < count; ++i) matrix[std::size_t(first + i)] -= a[std::size_t(i)];
        }
        return spectrumOf(matrix.data(), shape[0], shape[1], stop);
    }

    CheckpointWeights m_a, m_b;
    std::optional<CheckpointWeights> m_base;
    const WeightOptions& m_options;
    RowPairs m_rows;
    std::vector<Job> m_jobs;
    std::int64_t m_total = 0;
    std::atomic<std::int64_t> m_done = 0;
    std::atomic<bool> m_failed = false;
    std::mutex m_mutex;
    std::exception_ptr m_error;
    CheckpointDifference m_result;
};

}  // namespace

std::int64_t CheckpointDifference::elements() const {
    std::int64_t sum = 0;
    for (const TensorDifference& tensor : tensors) sum += tensor.elements;
    return sum;
}

double CheckpointDifference::cosine() const {
    double aa = 0, bb = 0, dd = 0;
    for (const TensorDifference& tensor : tensors) {
        aa += tensor.normA * tensor.normA;
        bb += tensor.normB * tensor.normB;
        dd += tensor.l2 * tensor.l2;
    }
    return aa > 0 && bb > 0 ? (aa + bb - dd) / 2 / std::sqrt(aa * bb) : nan;
}

double CheckpointDifference::relativeL2() const {
    double aa = 0, dd = 0;
    for (const TensorDifference& tensor : tensors) {
        aa += tensor.normA * tensor.normA;
        dd += tensor.l2 * tensor.l2;
    }
    return aa > 0 ? std::sqrt(dd / aa) : nan;
}

double CheckpointDifference::changed() const {
    double changed = 0;
    for (const TensorDifference& tensor : tensors) changed += tensor.changed * double(tensor.elements);
    return tensors.empty() ? nan : changed / double(elements());
}

CheckpointDifference compareCheckpoints(const fs::path& a, const fs::path& b, const WeightOptions& options,
                                        std::stop_token stop) {
    return Comparing(a, b, options).run(stop);
}

}  // namespace retort
