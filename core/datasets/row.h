// A parsed JSON object as an example: which shape its keys make, and what it holds.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

#include "core/datasets/example.h"

namespace retort {

struct ShapeFinding {
    DatasetShape shape;
    std::string explanation;  ///< "has 'prompt', 'chosen' and 'rejected'"
};

/// By the keys that are there (in whatever case) and the types of their values; nothing when no shape fits.
std::optional<ShapeFinding> shapeOf(const simdjson::dom::object& row);

/// Reads the row in the shape that was found. Throws Error (without a place) for values of the wrong type and
/// for contents that make no example: no assistant message, labels that do not fit the steps, an empty
/// prompt.
DatasetExample readExample(const simdjson::dom::object& row, DatasetShape shape);

}  // namespace retort
