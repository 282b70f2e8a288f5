// tensorflow.TensorProto, as far as TensorBoard's scalars and texts go.
#pragma once

#include <optional>
#include <string_view>

namespace retort {

struct TensorScalar {
    std::optional<double> value;  ///< absent: it is no number of one element
    bool isText = false;
    std::string_view text;  ///< the first of its strings; into the message
};

TensorScalar tensorScalar(std::string_view message);

}  // namespace retort
