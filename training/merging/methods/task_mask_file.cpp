// Masks as bits: made, applied, kept in a safetensors file.
#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "training/merging/methods/tall_masks.h"

namespace retort {

namespace {

constexpr const char* formatName = "retort-task-masks";

/// Elements of a shape; throws Error where it is impossible.
std::size_t elementsOf(const std::vector<std::int64_t>& shape, const std::string& where) {
    std::size_t count = 1;
    for (const std::int64_t side : shape) {
        if (side < 0 || (side > 0 && count > (std::size_t(1) << 48) / std::size_t(side)))
            throw Error("the mask has an impossible shape", where);
        count *= std::size_t(side);
    }
    return count;
}

}  // namespace

std::size_t TaskMask::elements() const {
    return elementsOf(shape, tensor);
}

std::size_t TaskMask::kept() const {
    std::size_t count = 0;
    for (const std::uint8_t byte : bits) count += std::size_t(std::popcount(byte));
    return count;
}

TaskMask taskMask(std::string task, std::string tensor, std::vector<std::int64_t> shape,
                  std::span<const float> taskVector, std::span<const float> multiTaskVector, double lambda) {
    TaskMask mask{std::move(task), std::move(tensor), std::move(shape), {}};
    if (mask.elements() != taskVector.size() || taskVector.size() != multiTaskVector.size())
        throw Error("the task vector, the multi-task vector and the shape differ in size", mask.tensor);
    mask.bits.resize((taskVector.size() + 7) / 8);
    for (std::size_t i = 0; i < taskVector.size(); ++i) {
        const float off = std::fabs(multiTaskVector[i] - taskVector[i]);
        if (std::fabs(taskVector[i]) > off * float(lambda)) mask.bits[i / 8] |= std::uint8_t(0x80 >> (i % 8));
    }
    return mask;
}

void applyTaskMask(const TaskMask& mask, std::span<const float> base, std::span<const float> multiTaskVector,
                   std::span<float> out) {
    if (mask.elements() != out.size() || base.size() != out.size() || multiTaskVector.size() != out.size() ||
        mask.bits.size() != (out.size() + 7) / 8)
        throw Error("the mask and the tensor differ in size", mask.tensor);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = base[i] + (mask.at(i) ? multiTaskVector[i] : 0);
}

void writeTaskMasks(const std::filesystem::path& path, const std::vector<TaskMask>& masks) {
    std::vector<TensorData> tensors;
    nlohmann::json contents = nlohmann::json::array();
    for (const TaskMask& mask : masks) {
        if (mask.bits.size() != (mask.elements() + 7) / 8)
            throw Error("the mask and its shape differ in size", mask.tensor);
        tensors.push_back({mask.task + "/" + mask.tensor,
                           Dtype::UInt8,
                           {std::int64_t(mask.bits.size())},
                           mask.bits.data()});
        contents.push_back({{"task", mask.task}, {"tensor", mask.tensor}, {"shape", mask.shape}});
    }
    writeSafetensors(path, std::move(tensors), {{"format", formatName}, {"masks", contents.dump()}});
}

std::vector<TaskMask> readTaskMasks(const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    const auto format = file.metadata().find("format"), contents = file.metadata().find("masks");
    if (format == file.metadata().end() || format->second != formatName || contents == file.metadata().end())
        throw Error("this is not a file of task masks", path.string());
    std::vector<TaskMask> masks;
    try {
        for (const auto& entry : nlohmann::json::parse(contents->second)) {
            TaskMask mask{entry.at("task"), entry.at("tensor"), entry.at("shape"), {}};
            const TensorInfo& info = file.at(mask.task + "/" + mask.tensor);
            if (info.dtype != Dtype::UInt8 || info.size != (elementsOf(mask.shape, path.string()) + 7) / 8)
                throw Error("the mask " + info.name + " does not have its shape's size", path.string());
            const std::span<const std::byte> bytes = file.bytes(info);
            for (const std::byte byte : bytes) mask.bits.push_back(std::uint8_t(byte));
            masks.push_back(std::move(mask));
        }
    } catch (const nlohmann::json::exception& error) {
        throw Error(std::string("the list of masks cannot be read: ") + error.what(), path.string());
    }
    std::sort(masks.begin(), masks.end(), [](const TaskMask& a, const TaskMask& b) {
        return a.task != b.task ? a.task < b.task : a.tensor < b.tensor;
    });
    return masks;
}

}  // namespace retort
