#include "core/formats/safetensors_header.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_set>

#include "core/util/error.h"
#include "core/util/json.h"

namespace retort {
namespace {

constexpr std::size_t maxTensors = 200'000;
constexpr std::size_t maxDimensions = 64;
constexpr std::size_t shownNameBytes = 80;

struct DtypeRow {
    Dtype dtype;
    const char* name;
    std::size_t bytes;
};

constexpr std::array<DtypeRow, 10> dtypes{{{Dtype::Float64, "F64", 8},
                                           {Dtype::Float32, "F32", 4},
                                           {Dtype::Float16, "F16", 2},
                                           {Dtype::BFloat16, "BF16", 2},
                                           {Dtype::Int64, "I64", 8},
                                           {Dtype::Int32, "I32", 4},
                                           {Dtype::Int16, "I16", 2},
                                           {Dtype::Int8, "I8", 1},
                                           {Dtype::UInt8, "U8", 1},
                                           {Dtype::Bool, "BOOL", 1}}};

// Names come from the file: cut, and without control characters, before they reach a message.
std::string shown(std::string_view name) {
    std::string text;
    for (char c : name.substr(0, shownNameBytes)) text += (static_cast<unsigned char>(c) < 0x20 ? '?' : c);
    return "'" + text + (name.size() > shownNameBytes ? "…'" : "'");
}

struct Entry {
    TensorInfo info;
    std::vector<std::uint64_t> shape, offsets;
    std::string dtype;
    bool hasDtype = false, hasShape = false, hasOffsets = false;
};

// The header's grammar as a small state machine over SAX events; the first rule that is broken ends the
// parse.
class HeaderReader : public nlohmann::json_sax<Json> {
  public:
    std::vector<Entry> entries;
    std::map<std::string, std::string> metadata;
    std::string problem;

    bool null() override { return refuse("null is not allowed"); }
    bool boolean(bool) override { return refuse("true and false are not allowed"); }
    bool number_integer(number_integer_t) override { return refuse("negative numbers are not allowed"); }
    bool number_float(number_float_t, const string_t&) override {
        return refuse("numbers must be whole and fit in 64 bits");
    }
    bool binary(binary_t&) override { return refuse("binary values are not allowed"); }

    bool number_unsigned(number_unsigned_t value) override {
        if (m_list == nullptr) return refuse("a number is not expected here");
        if (m_list->size() >= (m_field == "shape" ? maxDimensions : 2))
            return refuse("too many numbers in a list");
        m_list->push_back(value);
        return true;
    }
    bool string(string_t& value) override {
        if (m_depth == 2 && m_inMetadata) {
            metadata[m_field] = value;
            return true;
        }
        if (m_depth == 2 && m_field == "dtype" && m_list == nullptr) {
            entries.back().dtype = value;
            entries.back().hasDtype = true;
            return true;
        }
        return refuse("a text is not expected here");
    }
    bool key(string_t& name) override { return m_depth == 1 ? tensorKey(name) : fieldKey(name); }
    bool start_object(std::size_t) override {
        ++m_depth;
        // Objects: the header itself, and one for each key of it; so nothing can be nested deeply.
        const bool allowed = m_list == nullptr && (m_depth == 1 ? !m_started : m_depth == 2 && m_keyOpen);
        m_started = true;
        m_keyOpen = false;
        return allowed ? true : refuse("an object is not expected here");
    }
    bool end_object() override {
        if (m_depth == 2 && m_inMetadata)
            m_inMetadata = false;
        else if (m_depth == 2 && !complete(entries.back()))
            return refuse("dtype, shape and data_offsets are required");
        --m_depth;
        return true;
    }
    bool start_array(std::size_t) override {
        if (m_depth != 2 || m_inMetadata || m_list != nullptr) return refuse("a list is not expected here");
        Entry& entry = entries.back();
        if (m_field == "shape") {
            m_list = &entry.shape;
            entry.hasShape = true;
        } else if (m_field == "data_offsets") {
            m_list = &entry.offsets;
            entry.hasOffsets = true;
        } else {
            return refuse("a list is not expected here");
        }
        return true;
    }
    bool end_array() override {
        m_list = nullptr;
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
        if (problem.empty()) problem = "not valid JSON at byte " + std::to_string(position);
        return false;
    }

  private:
    static bool complete(const Entry& entry) {
        return entry.hasDtype && entry.hasShape && entry.hasOffsets && entry.offsets.size() == 2;
    }
    bool tensorKey(std::string& name) {
        if (!m_names.insert(name).second) return refuse("two entries named " + shown(name));
        m_keyOpen = true;
        m_inMetadata = name == "__metadata__";
        m_fields.clear();
        if (m_inMetadata) return true;
        if (entries.size() >= maxTensors) return refuse("more than 200000 tensors");
        entries.emplace_back().info.name = std::move(name);
        return true;
    }
    bool fieldKey(std::string& name) {
        if (!m_fields.insert(name).second) return refuse("the key " + shown(name) + " occurs twice");
        if (!m_inMetadata && name != "dtype" && name != "shape" && name != "data_offsets")
            return refuse("unknown key " + shown(name));
        m_field = std::move(name);
        return true;
    }
    bool refuse(const std::string& reason) {
        problem = reason;
        if (m_inMetadata)
            problem += " (in __metadata__, which holds texts only)";
        else if (m_depth >= 2 && !entries.empty())
            problem += " (at tensor " + shown(entries.back().info.name) + ")";
        return false;
    }

    int m_depth = 0;
    bool m_started = false, m_keyOpen = false, m_inMetadata = false;
    std::string m_field;
    std::vector<std::uint64_t>* m_list = nullptr;
    std::unordered_set<std::string> m_names, m_fields;
};

bool multiply(std::uint64_t& product, std::uint64_t factor) {
    return !__builtin_mul_overflow(product, factor, &product);
}

// Fills `info` from what was read, and checks the tensor by itself.
void resolve(Entry& entry, const std::string& where) {
    const std::string name = "tensor " + shown(entry.info.name);
    const auto row = std::find_if(dtypes.begin(), dtypes.end(),
                                  [&](const DtypeRow& known) { return entry.dtype == known.name; });
    if (row == dtypes.end())
        throw Error(name + " has the unsupported type " + shown(entry.dtype), where,
                    "convert it to F32, F16 or BF16");
    std::uint64_t bytes = row->bytes;
    // A zero anywhere makes the tensor empty; the other factors are still multiplied in the format's reader,
    // so a shape that overflows is refused whatever else it holds.
    for (std::uint64_t size : entry.shape) {
        if (size > std::uint64_t(std::numeric_limits<std::int64_t>::max()) || !multiply(bytes, size))
            throw Error(name + " has a shape whose size overflows", where);
        entry.info.shape.push_back(std::int64_t(size));
    }
    const std::uint64_t begin = entry.offsets[0], end = entry.offsets[1];
    if (end < begin) throw Error(name + " ends before it begins", where);
    if (end - begin != bytes)
        throw Error(
            name + " has " + std::to_string(end - begin) + " bytes, its shape needs " + std::to_string(bytes),
            where);
    entry.info.dtype = row->dtype;
    entry.info.begin = begin;
    entry.info.size = bytes;
}

// The tensors tile the buffer: no hole, no overlap, nothing behind the last.
void checkTiling(const std::vector<TensorInfo>& tensors, std::uint64_t bufferBytes,
                 const std::string& where) {
    std::uint64_t next = 0;
    for (const TensorInfo& tensor : tensors) {
        if (tensor.begin != next)
            throw Error("tensor " + shown(tensor.name) + " begins at byte " + std::to_string(tensor.begin) +
                            ", the one before it ends at " + std::to_string(next),
                        where, "the file is damaged or was made to mislead");
        next = tensor.begin + tensor.size;
    }
    if (next != bufferBytes)
        throw Error("the tensors take " + std::to_string(next) + " bytes, the file holds " +
                        std::to_string(bufferBytes),
                    where, next > bufferBytes ? "the file is truncated" : "there is foreign data at its end");
}

}  // namespace

const char* dtypeName(Dtype dtype) {
    return dtypes[std::size_t(dtype)].name;
}
std::size_t dtypeBytes(Dtype dtype) {
    return dtypes[std::size_t(dtype)].bytes;
}

std::int64_t TensorInfo::elements() const {
    return std::int64_t(size / dtypeBytes(dtype));
}

SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::uint64_t bufferBytes,
                                         const std::string& where) {
    HeaderReader reader;
    const bool parsed = Json::sax_parse(json.begin(), json.end(), &reader);
    if (!parsed)
        throw Error("not a safetensors header: " + (reader.problem.empty() ? "invalid JSON" : reader.problem),
                    where);
    SafetensorsHeader header;
    header.metadata = std::move(reader.metadata);
    header.tensors.reserve(reader.entries.size());
    for (Entry& entry : reader.entries) {
        resolve(entry, where);
        header.tensors.push_back(std::move(entry.info));
    }
    std::sort(header.tensors.begin(), header.tensors.end(), [](const TensorInfo& a, const TensorInfo& b) {
        return std::pair(a.begin, a.begin + a.size) < std::pair(b.begin, b.begin + b.size);
    });
    checkTiling(header.tensors, bufferBytes, where);
    return header;
}

}  // namespace retort
