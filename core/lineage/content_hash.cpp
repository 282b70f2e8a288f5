// XXH3 over the tensors where they lie in the mapped files: bound by memory, 10 GB/s and more from the page
// cache.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "core/formats/sharded_safetensors.h"
#include "core/lineage/lineage_record.h"
#include "core/util/content_digest.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* adapterName = "adapter_model.safetensors";
constexpr std::size_t pieceBytes = 16u << 20;  // between two looks at whether to stop

// A stream of texts and numbers that reads in one way only: each text goes with its length.
class TensorHash {
  public:
    void add(const void* data, std::size_t size) { m_digest.add(data, size); }
    void add(std::uint64_t number) { add(&number, sizeof number); }
    void add(std::string_view text) {
        add(std::uint64_t(text.size()));
        add(text.data(), text.size());
    }
    void addHead(const TensorInfo& tensor) {
        add(std::string_view(tensor.name));
        add(std::string_view(dtypeName(tensor.dtype)));
        add(std::uint64_t(tensor.shape.size()));
        for (const std::int64_t size : tensor.shape) add(std::uint64_t(size));
        add(tensor.size);
    }
    std::string digits() const { return m_digest.digits(); }

  private:
    ContentDigest m_digest;
};

// So that the pages of a large checkpoint do not count as this process's memory until it closes the files;
// they stay in the page cache. Only whole pages: the others hold neighbours.
void forgetPages(std::span<const std::byte> piece) {
    const std::uintptr_t page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(piece.data());
    const std::uintptr_t from = (begin + page - 1) / page * page, to = (begin + piece.size()) / page * page;
    if (to > from) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

/// `Weights`: a SafetensorsFile or a CheckpointWeights. Asking it for the bytes of each piece again is what
/// notices a file that was shortened meanwhile.
template <class Weights>
std::string hashOf(const Weights& weights, std::vector<const TensorInfo*> tensors, const std::string& where,
                   const std::stop_token& stop) {
    std::sort(tensors.begin(), tensors.end(),
              [](const TensorInfo* a, const TensorInfo* b) { return a->name < b->name; });
    TensorHash hash;
    for (const TensorInfo* tensor : tensors) {
        hash.addHead(*tensor);
        for (std::size_t done = 0; done < tensor->size; done += pieceBytes) {
            if (stop.stop_requested()) throw Error("stopped before the checkpoint was hashed", where);
            const auto piece =
                weights.bytes(*tensor).subspan(done, std::min<std::size_t>(pieceBytes, tensor->size - done));
            hash.add(piece.data(), piece.size());
            forgetPages(piece);
        }
    }
    return hash.digits();
}

}  // namespace

std::string contentHash(const fs::path& folder, std::stop_token stop) {
    std::error_code code;
    const bool isAdapter =
        fs::exists(folder / adapterName, code) && !fs::exists(folder / "config.json", code);
    if (!isAdapter) {
        const CheckpointWeights weights(folder);
        return hashOf(weights, weights.tensors(), folder.string(), stop);
    }
    const SafetensorsFile adapter(folder / adapterName);
    std::vector<const TensorInfo*> tensors;
    for (const TensorInfo& tensor : adapter.tensors()) tensors.push_back(&tensor);
    return hashOf(adapter, std::move(tensors), folder.string(), stop);
}

}  // namespace retort
