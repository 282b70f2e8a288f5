#include "core/util/json_fields.h"

#include <cmath>
#include <limits>

#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

[[noreturn]] void expected(const char* what, std::string_view name) {
    throw Error("\"" + std::string(name) + "\" must be " + what);
}

}  // namespace

double jsonNumber(const element& value, std::string_view name) {
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS) return number;
    if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
        if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
        if (text == "Infinity") return std::numeric_limits<double>::infinity();
        if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    }
    expected("a number", name);
}

std::int64_t jsonInteger(const element& value, std::string_view name) {
    std::int64_t integer = 0;
    if (value.get(integer) == simdjson::SUCCESS) return integer;
    double number = 0;
    // 2^53: above it a double no longer says which integer was meant.
    if (value.get(number) == simdjson::SUCCESS && std::nearbyint(number) == number &&
        std::abs(number) < 0x1p53)
        return std::int64_t(number);
    expected("an integer", name);
}

std::string_view jsonString(const element& value, std::string_view name) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) expected("a string", name);
    return text;
}

simdjson::dom::array jsonArray(const element& value, std::string_view name) {
    simdjson::dom::array array;
    if (value.get(array) != simdjson::SUCCESS) expected("an array", name);
    return array;
}

simdjson::dom::object jsonObject(const element& value, std::string_view name) {
    simdjson::dom::object object;
    if (value.get(object) != simdjson::SUCCESS) expected("an object", name);
    return object;
}

std::optional<element> JsonFields::find(std::string_view name) const {
    element value;
    if (m_object.at_key(name).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
    return value;
}

element JsonFields::need(std::string_view name) const {
    element value;
    if (m_object.at_key(name).get(value) != simdjson::SUCCESS)
        throw Error("\"" + std::string(name) + "\" is missing");
    return value;
}

std::int64_t JsonFields::integer(std::string_view name, std::int64_t otherwise) const {
    const auto value = find(name);
    return value ? jsonInteger(*value, name) : otherwise;
}

std::int32_t JsonFields::integer32(std::string_view name, std::int32_t otherwise) const {
    const std::int64_t value = integer(name, otherwise);
    if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max())
        expected("a 32-bit integer", name);
    return std::int32_t(value);
}

std::optional<double> JsonFields::optionalNumber(std::string_view name) const {
    const auto value = find(name);
    if (!value) return std::nullopt;
    return jsonNumber(*value, name);
}

std::string JsonFields::text(std::string_view name, std::string_view otherwise) const {
    const auto value = find(name);
    return std::string(value ? jsonString(*value, name) : otherwise);
}

bool JsonFields::flag(std::string_view name, bool otherwise) const {
    const auto value = find(name);
    if (!value) return otherwise;
    bool flag = false;
    if (value->get(flag) != simdjson::SUCCESS) expected("true or false", name);
    return flag;
}

}  // namespace retort
