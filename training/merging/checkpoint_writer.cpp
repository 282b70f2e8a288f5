#include "training/merging/checkpoint_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <tuple>

#include "core/formats/half.h"
#include "core/formats/shard_index.h"
#include "core/util/error.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

std::string fileName(std::size_t index, std::size_t count) {
    if (count == 1) return "model.safetensors";
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", index + 1, count);
    return name;
}

// In order; a tensor larger than the limit has a file of its own.
std::vector<std::vector<std::size_t>> packed(const std::vector<CheckpointWriter::Tensor>& tensors,
                                             std::uint64_t most) {
    std::vector<std::vector<std::size_t>> files(1);
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!files.back().empty() && bytes + tensors[i].bytes > most) {
            files.emplace_back();
            bytes = 0;
        }
        files.back().push_back(i);
        bytes += tensors[i].bytes;
    }
    return files;
}

template <typename Element, typename Round>
void roundTo(std::span<const float> values, std::vector<std::byte>& out, Round round) {
    out.resize(values.size() * sizeof(Element));
    Element* const to = reinterpret_cast<Element*>(out.data());
    std::transform(values.begin(), values.end(), to, round);
}

}  // namespace

CheckpointWriter::CheckpointWriter(const fs::path& folder, const std::vector<Tensor>& tensors,
                                   std::uint64_t shardBytes)
    : m_folder(folder), m_tensors(tensors), m_places(tensors.size()) {
    const auto files = packed(tensors, shardBytes);
    m_files.resize(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        m_files[i].path = folder / fileName(i, files.size());
        for (const std::size_t member : files[i]) m_places[member].file = i;
        layOut(files[i], m_files[i]);
    }
    try {
        for (File& file : m_files) create(file);
    } catch (...) {
        for (const File& file : m_files)
            if (file.fd >= 0) ::close(file.fd);
        throw;
    }
}

CheckpointWriter::~CheckpointWriter() {
    for (const File& file : m_files)
        if (file.fd >= 0) ::close(file.fd);
}

// As writeSafetensors(): falling alignment, then name, the header padded to 8 bytes.
void CheckpointWriter::layOut(const std::vector<std::size_t>& members, File& file) {
    std::vector<std::size_t> order = members;
    std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
        const auto key = [this](std::size_t i) {
            return std::tuple(-std::int64_t(dtypeBytes(m_tensors[i].dtype)),
                              std::string_view(m_tensors[i].name));
        };
        return key(a) < key(b);
    });
    Json header = {{"__metadata__", {{"format", "pt"}}}};
    std::uint64_t begin = 0;
    for (const std::size_t i : order) {
        const Tensor& tensor = m_tensors[i];
        header.push_back({tensor.name,
                          {{"dtype", dtypeName(tensor.dtype)},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, begin + tensor.bytes}}}});
        m_places[i].offset = begin;
        begin += tensor.bytes;
    }
    file.header = header.dump();
    file.header.resize((file.header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t start = 8 + file.header.size();
    for (const std::size_t i : order) m_places[i].offset += start;
    file.bytes = start + begin;
}

void CheckpointWriter::create(File& file) const {
    file.fd = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file.fd < 0) fail("write", file);
    // Where the file system can: the space is ours from now on. Elsewhere a full disk is met while writing.
    int result = 0;
    do result = ::fallocate(file.fd, 0, 0, off_t(file.bytes));
    while (result != 0 && errno == EINTR);
    if (result == 0) return;
    if (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) fail("make room", file);
    if (::ftruncate(file.fd, off_t(file.bytes)) != 0) fail("make room", file);
}

void CheckpointWriter::write(std::size_t tensor, std::uint64_t offset, std::span<const std::byte> data) {
    const Place& place = m_places[tensor];
    writeAt(m_files[place.file], place.offset + offset, data.data(), data.size());
    startWriteback(m_files[place.file], data.size());
}

/// The disk begins while the merge goes on, or all of it would be waited for at the end.
void CheckpointWriter::startWriteback(const File& file, std::uint64_t added) {
    constexpr std::uint64_t step = 32 << 20;
    const std::uint64_t before = m_written.fetch_add(added, std::memory_order_relaxed);
    // A hint: where it is not known, finish() waits longer.
    if (before / step != (before + added) / step) ::sync_file_range(file.fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void CheckpointWriter::writeFloats(std::size_t tensor, std::uint64_t first, std::span<const float> values) {
    const Dtype dtype = m_tensors[tensor].dtype;
    if (dtype == Dtype::Float32) return write(tensor, first * sizeof(float), std::as_bytes(values));
    constexpr std::size_t piece = 1 << 16;
    std::vector<std::byte> rounded;
    for (std::size_t done = 0; done < values.size(); done += piece) {
        const auto part = values.subspan(done, std::min(piece, values.size() - done));
        if (dtype == Dtype::BFloat16)
            roundTo<std::uint16_t>(part, rounded, floatToBfloat16);
        else if (dtype == Dtype::Float16)
            roundTo<std::uint16_t>(part, rounded, floatToFloat16);
        else
            roundTo<double>(part, rounded, [](float value) { return double(value); });
        write(tensor, (first + done) * dtypeBytes(dtype), rounded);
    }
}

void CheckpointWriter::finish() {
    for (File& file : m_files) {
        writeAt(file, 8, file.header.data(), file.header.size());
        const std::uint64_t headerBytes = file.header.size();
        writeAt(file, 0, &headerBytes, 8);
        if (::fsync(file.fd) != 0) fail("sync", file);
        if (::close(std::exchange(file.fd, -1)) != 0) fail("close", file);
    }
    if (m_files.size() == 1) return;
    ShardIndex index;
    index.totalBytes = 0;
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        index.shardOf.emplace(m_tensors[i].name, m_files[m_places[i].file].path.filename().string());
        *index.totalBytes += m_tensors[i].bytes;
    }
    writeShardIndex(m_folder / "model.safetensors.index.json", index);
}

void CheckpointWriter::writeAt(const File& file, std::uint64_t offset, const void* data,
                               std::uint64_t size) const {
    const char* bytes = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t n =
            ::pwrite(file.fd, bytes, std::size_t(std::min<std::uint64_t>(size, 1u << 30)), off_t(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("write", file);
        bytes += n;
        offset += std::uint64_t(n);
        size -= std::uint64_t(n);
    }
}

void CheckpointWriter::fail(const char* action, const File& file) const {
    const int code = errno;
    throw Error(std::string("cannot ") + action + ": " + std::strerror(code), file.path.string(),
                code == ENOSPC ? "free some space on this disk" : "");
}

}  // namespace retort
