// Takes the stream that RunServer writes apart, however it was cut into pieces on its way.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/util/json.h"

namespace retort {

class RunFrames {
  public:
    /// `bytes` are those that belong to the answer; empty for most.
    using Frame = std::function<void(const Json& answer, std::string_view bytes)>;
    explicit RunFrames(Frame frame) : m_frame(std::move(frame)) {}

    /// Throws Error for what is no such stream; nothing can be read behind that.
    void add(std::string_view piece);

  private:
    Frame m_frame;
    std::string m_waiting;
};

}  // namespace retort
