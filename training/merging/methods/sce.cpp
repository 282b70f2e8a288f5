#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/magnitude.h"
#include "training/merging/methods/model_stock.h"
#include "training/merging/methods/sign_election.h"

namespace retort {

namespace {

/// Select (entries on which the models differ most), Calculate (weights from the energy of what is left),
/// Erase (minority signs).
class Sce final : public DescribedMethod {
  public:
    Sce()
        : DescribedMethod({"sce",
                           "keeps the entries that vary most, weighs models by their energy, elects signs "
                           "(arXiv:2408.07990)",
                           {mergeNumber("select_topk", 1, "share of the varying entries that is kept"),
                            mergeFlag("int8_mask", false, "how mergekit stores masks; changes nothing here")},
                           {.needsBase = true}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        if (models.empty()) {
            std::copy(base.begin(), base.end(), out.begin());
            return;
        }
        std::vector<Delta> deltas;
        for (const ModelTensor* model : models)
            deltas.push_back({model->values.data(), base.data(), out.size()});
        const double share = numberOf(tensor, tensor.parameters, "select_topk", 1, {0, 1});

        // The variances, where entries are selected, are in `out` until the merged values replace them.
        MagnitudeBand band;
        if (share < 1) band = selected(deltas, share, out);
        const bool selects = share < 1;
        const std::vector<float> weights = energyShares(deltas, selects, band, out);

        std::vector<float> scratch((deltas.size() + 3) * mergeChunk);
        float* sum = scratch.data();
        float* sign = sum + mergeChunk;
        float* divisor = sign + mergeChunk;
        float* kept = divisor + mergeChunk;
        forChunks(out.size(), [&](std::size_t first, std::size_t count) {
            std::fill_n(sum, count, 0.0f);
            for (std::size_t m = 0; m < deltas.size(); ++m) {
                read(deltas[m], selects, band, out, first, count, kept + m * mergeChunk);
                add(sum, kept + m * mergeChunk, count);
            }
            electSigns(sum, count, sign);
            std::fill_n(sum, count, 0.0f);
            std::fill_n(divisor, count, 0.0f);
            for (std::size_t m = 0; m < deltas.size(); ++m)
                addWeighted(kept + m * mergeChunk, sign, weights[m], count, sum, divisor);
            for (std::size_t i = 0; i < count; ++i)
                out[first + i] = base[first + i] + sum[i] / (divisor[i] < 1e-6f ? 1e-6f : divisor[i]);
        });
    }

  private:
    /// Writes each element's variance over the models to `variance`, and gives the band of the largest.
    static MagnitudeBand selected(const std::vector<Delta>& deltas, double share, std::span<float> variance) {
        std::size_t varying = 0;
        for (std::size_t i = 0; i < variance.size(); ++i) {
            double mean = 0, squares = 0;
            for (const Delta& delta : deltas) mean += double(delta.values[i] - delta.base[i]);
            mean /= double(deltas.size());
            for (const Delta& delta : deltas) {
                const double off = double(delta.values[i] - delta.base[i]) - mean;
                squares += off * off;
            }
            variance[i] = float(squares / double(deltas.size()));
            varying += variance[i] != 0;
        }
        // In float32, as mergekit multiplies.
        const auto count = std::size_t(float(varying) * float(share));
        return largestOf({{variance.data(), nullptr, variance.size()}}, {count}).front();
    }

    static void read(const Delta& delta, bool selects, const MagnitudeBand& band,
                     std::span<const float> variance, std::size_t first, std::size_t count, float* out) {
        readDelta(delta, first, count, out);
        if (!selects) return;
        for (std::size_t i = 0; i < count; ++i)
            out[i] *= band.holds(first + i, variance[first + i]) ? 1.0f : 0.0f;
    }

    /// mean(δ²) of each model, as shares of their sum.
    static std::vector<float> energyShares(const std::vector<Delta>& deltas, bool selects,
                                           const MagnitudeBand& band, std::span<const float> variance) {
        std::vector<double> energy(deltas.size());
        float chunk[mergeChunk];
        double total = 0;
        for (std::size_t m = 0; m < deltas.size(); ++m) {
            forChunks(variance.size(), [&](std::size_t first, std::size_t count) {
                read(deltas[m], selects, band, variance, first, count, chunk);
                energy[m] += dotProduct(chunk, chunk, count);
            });
            energy[m] /= double(variance.size());
            total += energy[m];
        }
        std::vector<float> shares;
        for (const double e : energy)
            shares.push_back(std::fabs(total) < 1e-6 ? 1.0f / float(deltas.size()) : float(e / total));
        return shares;
    }

    static void addWeighted(const float* __restrict x, const float* __restrict sign, float weight,
                            std::size_t count, float* __restrict sum, float* __restrict divisor) {
        for (std::size_t i = 0; i < count; ++i) {
            const float kept = x[i] * sign[i] > 0 ? weight : 0.0f;
            sum[i] += x[i] * kept;
            divisor[i] += kept;
        }
    }
};

}  // namespace

std::unique_ptr<MergeMethod> sceMethod() {
    return std::make_unique<Sce>();
}

}  // namespace retort
