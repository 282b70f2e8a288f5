// What is wrong with a record that is no JSON, and in which field.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace retort {

struct RecordProblem {
    std::string field;  ///< "messages[2].content"; empty: not known
    std::string reason;
};

RecordProblem problemOf(std::string_view record, simdjson::error_code code);

/// The member in which a byte of a JSON text stands.
std::string fieldAt(std::string_view record, std::size_t byte);

}  // namespace retort
