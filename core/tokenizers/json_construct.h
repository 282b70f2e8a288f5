// The constructs of tokenizer.json, {"type": NAME, …}, read with simdjson: a file of 64 MB with half a
// million merges is read in well under a second and in memory of a few times its size. Errors name what is
// wrong; the place in the file is added by loadTokenizer(). Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/util/json_fields.h"

namespace retort {

/// {"type": …} of a construct, and its other members.
struct JsonConstruct {
    std::string type;
    JsonFields fields;
};

/// Throws Error when it is not an object with a type; `role` is the construct's name in messages.
JsonConstruct jsonConstruct(const simdjson::dom::element& value, const char* role);

/// The constructs of `value`: none for null, the listed ones (of the member `list`) for a Sequence, also
/// nested, else the one. At most 64.
std::vector<JsonConstruct> jsonSequence(const simdjson::dom::element& value, const char* list,
                                        const char* role);

/// A construct that Retort does not know: throws Error with its name.
[[noreturn]] void refuseConstruct(const char* role, const std::string& type);

/// `pattern` of Split and Replace: {"String": text} or {"Regex": expression}.
struct JsonPattern {
    std::string text;
    bool isRegex = false;
};
JsonPattern jsonPattern(const JsonFields& fields);

}  // namespace retort
