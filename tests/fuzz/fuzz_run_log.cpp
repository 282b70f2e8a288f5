// A line of a run's log, from a trainer in any language; what is accepted can be written and read again.
#include "core/runlog/codec.h"
#include "core/util/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static retort::EventDecoder decoder;
    std::string line;
    try {
        retort::encodeEvent(decoder.decode(std::string_view(reinterpret_cast<const char*>(data), size)),
                            line);
    } catch (const retort::Error&) {
        return 0;
    }
    line.pop_back();  // its line break
    decoder.decode(line);
    return 0;
}
