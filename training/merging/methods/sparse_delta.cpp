#include "training/merging/methods/sparse_delta.h"

#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

/// The shape as [outer][ranked][inner]: ranks are along dimension 1, or along the whole of a vector.
struct RankShape {
    std::size_t outer = 1, ranked = 0, inner = 1;
};

RankShape rankShape(const TensorMerge& tensor, std::size_t size) {
    RankShape shape{1, size, 1};
    if (tensor.shape.size() < 2 || size == 0) return shape;
    shape.outer = std::size_t(tensor.shape[0]);
    shape.ranked = std::size_t(tensor.shape[1]);
    shape.inner = size / (shape.outer * shape.ranked);
    return shape;
}

/// Calls function(element, probability of keeping it).
template <class Function>
void forRanks(const TensorMerge& tensor, const Delta& delta, double density, double epsilon,
              Function function) {
    const RankShape shape = rankShape(tensor, delta.size);
    std::vector<std::uint64_t> order(shape.ranked);  // magnitude, then index: equals in their order
    for (std::size_t row = 0; row < shape.outer * shape.inner; ++row) {
        const std::size_t start = row / shape.inner * shape.ranked * shape.inner + row % shape.inner;
        for (std::size_t i = 0; i < shape.ranked; ++i) {
            const std::size_t at = start + i * shape.inner;
            const float value = delta.base ? delta.values[at] - delta.base[at] : delta.values[at];
            order[i] = std::uint64_t(magnitudeBits(value)) << 32 | i;
        }
        std::sort(order.begin(), order.end());
        // A row of one element has no ranks to tell apart (mergekit divides zero by zero): its middle.
        const double last = double(shape.ranked) - 1;
        for (std::size_t rank = 0; rank < shape.ranked; ++rank) {
            const double share = last > 0 ? double(rank) / last : 0.5;
            function(start + std::size_t(order[rank] & 0xffffffff) * shape.inner,
                     density - epsilon + 2 * epsilon * share);
        }
    }
}

/// ‖δ‖₁ / ‖kept δ‖₁; 1 where one of them is next to nothing.
float l1Factor(const Delta& delta, const SparseDelta& sparse) {
    double before = 0, after = 0;
    float chunk[mergeChunk];
    forChunks(delta.size, [&](std::size_t first, std::size_t count) {
        readDelta(delta, first, count, chunk);
        before += absoluteSum(chunk, count);
        sparse.read(first, count, chunk);
        after += absoluteSum(chunk, count);
    });
    constexpr double tiny = 1e-7;
    return before < tiny || after < tiny ? 1.0f : float(before / after);
}

struct Settings {
    double density, gamma, epsilon;
};

Settings settingsOf(const TensorMerge& tensor, const ModelTensor& model, Sparsifier sparsifier) {
    Settings settings{numberOf(tensor, model.parameters, "density", 1, {0, 1}), 0, 0};
    if (sparsifier == Sparsifier::MagnitudeOutliers)
        settings.gamma = numberOf(tensor, model.parameters, "gamma", 0.01, {0, 1});
    if (sparsifier != Sparsifier::RankedRandom) return settings;
    const double density = settings.density;
    settings.epsilon = numberOf(tensor, model.parameters, "epsilon", 0.15, {0, 1});
    if (density > 0 && density < 1 && (density + settings.epsilon >= 1 || density - settings.epsilon <= 0))
        refuseMerge(tensor, "density - epsilon and density + epsilon must lie between 0 and 1",
                    "choose a smaller epsilon");
    return settings;
}

}  // namespace

std::optional<double> rescaleNumber(std::string_view word) {
    if (word == "none") return double(Rescale::None);
    if (word == "l1") return double(Rescale::L1);
    if (word == "inverse_p") return double(Rescale::InverseP);
    return std::nullopt;
}

void SparseDelta::read(std::size_t first, std::size_t count, float* out) const {
    if (m_isBanded)
        readBand(m_delta, m_band, first, count, out);
    else
        readDelta(m_delta, first, count, out);
    if (m_mask) {
        float mask[mergeChunk];
        m_mask->read(first, count, mask);
        for (std::size_t i = 0; i < count; ++i) out[i] *= mask[i];
    }
    if (!m_inverseP.empty())
        for (std::size_t i = 0; i < count; ++i) out[i] *= m_inverseP[first + i];
    if (m_factor != 1) scale(out, m_factor, count);
}

std::vector<SparseDelta> sparseDeltas(const TensorMerge& tensor,
                                      const std::vector<const ModelTensor*>& models, Sparsifier sparsifier,
                                      Rescale rescale) {
    std::vector<SparseDelta> found(models.size());
    std::vector<Settings> settings;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const std::size_t size = models[i]->values.size();
        found[i].m_delta = {models[i]->values.data(), tensor.base.data(), size};
        settings.push_back(settingsOf(tensor, *models[i], sparsifier));
    }
    if (sparsifier == Sparsifier::None) return found;

    if (sparsifier == Sparsifier::Magnitude) {
        std::vector<Delta> deltas;
        std::vector<std::size_t> counts;
        for (std::size_t i = 0; i < models.size(); ++i) {
            const double density = settings[i].density;
            const std::size_t size = found[i].m_delta.size;
            deltas.push_back(found[i].m_delta);
            counts.push_back(density >= 1   ? size
                             : density <= 0 ? 0
                                            : std::max<std::size_t>(1, std::size_t(density * double(size))));
        }
        const std::vector<MagnitudeBand> bands = largestOf(deltas, counts);
        for (std::size_t i = 0; i < models.size(); ++i) found[i].m_band = bands[i];
    }

    for (std::size_t i = 0; i < models.size(); ++i) {
        const Settings& s = settings[i];
        SparseDelta& sparse = found[i];
        const std::size_t size = sparse.m_delta.size;
        if (s.density >= 1 || size == 0) continue;  // as it is, outliers included
        sparse.m_isBanded = sparsifier == Sparsifier::Magnitude || s.density <= 0;
        if (s.density <= 0) {
            sparse.m_band.high = {-1, -1, 0};
            continue;
        }
        if (sparsifier == Sparsifier::MagnitudeOutliers) {
            const auto kept = std::size_t(s.density * double(size)),
                       top = std::size_t(s.gamma * double(size));
            const std::size_t bottom = size > kept + top ? size - kept - top : 0;
            sparse.m_band = ranksBetween(sparse.m_delta, bottom, bottom + kept);
            sparse.m_isBanded = true;
        } else if (sparsifier == Sparsifier::Random) {
            sparse.m_mask = bernoulliMask(tensor, *models[i], size, s.density);
        } else if (sparsifier == Sparsifier::RankedRandom) {
            std::vector<std::uint32_t> random((size + 3) / 4 * 4);
            ElementRandom(tensor, *models[i]).read(0, random.size(), random.data());
            sparse.m_mask.emplace(size);
            if (rescale == Rescale::InverseP) sparse.m_inverseP.resize(size);
            forRanks(tensor, sparse.m_delta, s.density, s.epsilon, [&](std::size_t at, double p) {
                if (double(random[at]) < p * 0x1p32) sparse.m_mask->set(at);
                if (!sparse.m_inverseP.empty()) sparse.m_inverseP[at] = float(1 / p);
            });
        }
        if (rescale == Rescale::L1)
            sparse.m_factor = l1Factor(sparse.m_delta, sparse);
        else if (rescale == Rescale::InverseP && sparse.m_inverseP.empty())
            sparse.m_factor = float(1 / s.density);
    }
    return found;
}

}  // namespace retort
