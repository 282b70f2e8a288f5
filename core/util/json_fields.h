// Typed access to the members of a JSON object that simdjson has parsed; errors name the member and what was
// expected. Private to core: nothing outside it sees simdjson.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace retort {

/// A number, or one of the strings (and null) that stand for what JSON has no number for. Throws Error.
double jsonNumber(const simdjson::dom::element& value, std::string_view name);
/// An integer, also when written as 12.0. Throws Error.
std::int64_t jsonInteger(const simdjson::dom::element& value, std::string_view name);
/// Throws Error.
std::string_view jsonString(const simdjson::dom::element& value, std::string_view name);
simdjson::dom::array jsonArray(const simdjson::dom::element& value, std::string_view name);
simdjson::dom::object jsonObject(const simdjson::dom::element& value, std::string_view name);

/// Members by name. The ones without a default must be there. A member that is null counts as absent.
class JsonFields {
  public:
    explicit JsonFields(simdjson::dom::object object) : m_object(object) {}

    std::optional<simdjson::dom::element> find(std::string_view name) const;
    simdjson::dom::element need(std::string_view name) const;

    std::int64_t integer(std::string_view name) const { return jsonInteger(need(name), name); }
    std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
    /// Checked to fit 32 bits.
    std::int32_t integer32(std::string_view name, std::int32_t otherwise) const;
    double number(std::string_view name) const { return jsonNumber(need(name), name); }
    std::optional<double> optionalNumber(std::string_view name) const;
    std::string text(std::string_view name) const { return std::string(jsonString(need(name), name)); }
    std::string text(std::string_view name, std::string_view otherwise) const;
    bool flag(std::string_view name, bool otherwise) const;

  private:
    simdjson::dom::object m_object;
};

}  // namespace retort
