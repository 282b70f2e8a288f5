// Many experts of one base in the space of two models (#161, TALL masks, arXiv:2405.07813): beside the base
// the sum of the task vectors, once, and a bit an entry and expert, which says where the sum stands for that
// expert. What comes back is close to the expert, not equal to it.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "training/merging/methods/tall_masks.h"

namespace retort {

struct PackedExpert {
    std::string name;  ///< that it is asked for by
    std::filesystem::path folder;
};

struct PackOptions {
    double lambda = 0.4;  ///< mask where |τ_t| > lambda·|Σ τ − τ_t|; authors: 0.2 to 0.6
    std::function<void(double fraction)> progress = {};
    std::string program;  ///< for unpacked experts' lineage
};

struct PackReport {
    MaskStorage storage;
    std::vector<double> kept;  ///< of each expert: share of ones in its masks
    bool isStopped = false;    ///< then nothing was written
};

/// Writes `out`: model.safetensors (the sum, float32), masks.safetensors and packed.json. Tensor by tensor;
/// the masks are in memory until the end (a bit an entry and expert). Throws Error: `out` exists, fewer than
/// two experts, names that are not different, tensors that differ in name or shape, values that are not
/// finite, a full disk.
PackReport packExperts(const std::filesystem::path& base, const std::vector<PackedExpert>& experts,
                       const std::filesystem::path& out, const PackOptions& options,
                       std::stop_token stop = {});

/// Names of the experts in a packed folder. Throws Error when it is none.
std::vector<std::string> packedExperts(const std::filesystem::path& packed);

/// The folder of the base that it was packed from. Throws Error when `packed` is no packed folder.
std::filesystem::path packedBase(const std::filesystem::path& packed);

/// Writes the checkpoint base + mask ⊙ sum, with the base's configuration, tokenizer and types. False:
/// stopped, nothing was written. Throws Error: no such expert, another base (names, shapes), `out` exists, a
/// full disk.
bool unpackExpert(const std::filesystem::path& packed, const std::string& name,
                  const std::filesystem::path& base, const std::filesystem::path& out,
                  const PackOptions& options, std::stop_token stop = {});

}  // namespace retort
