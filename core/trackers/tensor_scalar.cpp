#include "core/trackers/tensor_scalar.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "core/formats/half.h"
#include "core/trackers/protobuf_wire.h"

namespace retort {
namespace {

// tensorflow/core/framework/types.proto
enum DataType : std::uint64_t {
    dtFloat = 1,
    dtDouble = 2,
    dtInt32 = 3,
    dtUint8 = 4,
    dtInt16 = 5,
    dtInt8 = 6,
    dtString = 7,
    dtInt64 = 9,
    dtBool = 10,
    dtBfloat16 = 14,
    dtHalf = 19,
    dtUint32 = 22,
    dtUint64 = 23
};

template <class Number>
std::optional<double> read(std::string_view content) {
    if (content.size() != sizeof(Number)) return std::nullopt;
    Number number;
    std::memcpy(&number, content.data(), sizeof number);
    return double(number);
}

std::optional<double> halfOf(std::uint16_t bits, bool brain) {
    return double(brain ? bfloat16ToFloat(bits) : float16ToFloat(bits));
}

/// tensor_content: the elements as they lie in memory.
std::optional<double> ofContent(std::uint64_t type, std::string_view content) {
    switch (type) {
        case dtFloat:
            return read<float>(content);
        case dtDouble:
            return read<double>(content);
        case dtInt32:
            return read<std::int32_t>(content);
        case dtUint8:
            return read<std::uint8_t>(content);
        case dtInt16:
            return read<std::int16_t>(content);
        case dtInt8:
            return read<std::int8_t>(content);
        case dtInt64:
            return read<std::int64_t>(content);
        case dtBool:
            return read<std::uint8_t>(content);
        case dtUint32:
            return read<std::uint32_t>(content);
        case dtUint64:
            return read<std::uint64_t>(content);
        case dtHalf:
        case dtBfloat16: {
            if (content.size() != 2) return std::nullopt;
            std::uint16_t bits;
            std::memcpy(&bits, content.data(), 2);
            return halfOf(bits, type == dtBfloat16);
        }
        default:
            return std::nullopt;
    }
}

/// The one number of a packed or plain repeated field.
std::optional<double> ofList(std::uint64_t type, const WireField& field) {
    std::uint64_t bits = field.value;
    if (field.type == WireField::Type::Bytes) {
        if (type == dtFloat) return read<float>(field.bytes);
        if (type == dtDouble) return read<double>(field.bytes);
        WireReader list(field.bytes);
        if (!list.varint(bits)) return std::nullopt;
        std::uint64_t second;
        if (list.varint(second)) return std::nullopt;
    }
    if (type == dtFloat) return double(std::bit_cast<float>(std::uint32_t(bits)));
    if (type == dtDouble) return std::bit_cast<double>(bits);
    if (type == dtHalf || type == dtBfloat16) return halfOf(std::uint16_t(bits), type == dtBfloat16);
    if (type == dtUint64 || type == dtUint32) return double(bits);
    return double(std::int64_t(bits));
}

/// TensorShapeProto: 2 dim {1 size}. Whether there is one element.
bool isOneElement(std::string_view shape) {
    WireReader dims(shape);
    for (WireField dim; dims.next(dim);) {
        if (!dim.isBytes(2)) continue;
        std::int64_t size = 0;
        WireReader fields(dim.bytes);
        for (WireField field; fields.next(field);)
            if (field.is(1, WireField::Type::Varint)) size = field.asInt();
        if (size != 1) return false;
    }
    return !dims.isDamaged();
}

}  // namespace

// TensorProto: 1 dtype, 2 tensor_shape, 4 tensor_content, then a list a type: 5 float, 6 double, 7 int,
// 8 string, 10 int64, 11 bool, 13 half, 16 uint32, 17 uint64.
TensorScalar tensorScalar(std::string_view message) {
    TensorScalar result;
    std::uint64_t type = 0;
    std::string_view content;
    WireField list;
    bool one = true, hasList = false;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        switch (field.number) {
            case 1:
                type = field.value;
                break;
            case 2:
                one = field.type == WireField::Type::Bytes && isOneElement(field.bytes);
                break;
            case 4:
                if (field.type == WireField::Type::Bytes) content = field.bytes;
                break;
            case 8:
                if (result.text.empty()) result.text = field.bytes;
                break;
            case 5:
            case 6:
            case 7:
            case 10:
            case 11:
            case 13:
            case 16:
            case 17:
                list = field;
                hasList = true;
                break;
            default:
                break;
        }
    }
    if (fields.isDamaged()) return {};
    result.isText = type == dtString;
    if (result.isText || !one) return result;
    if (!content.empty())
        result.value = ofContent(type, content);
    else if (hasList)
        result.value = ofList(type, list);
    return result;
}

}  // namespace retort
