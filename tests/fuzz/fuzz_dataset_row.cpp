// A line of a JSONL dataset, in every shape.
#include "core/datasets/row.h"
#include "core/util/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static simdjson::dom::parser parser;
    simdjson::dom::object row;
    const simdjson::padded_string line(reinterpret_cast<const char*>(data), size);
    if (parser.parse(line).get_object().get(row) != simdjson::SUCCESS) return 0;
    try {
        if (const auto found = retort::shapeOf(row)) retort::readExample(row, found->shape);
    } catch (const retort::Error&) {
    }
    return 0;
}
