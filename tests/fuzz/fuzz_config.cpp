// A run's YAML: problems are collected, nothing is thrown, and what is accepted can be written and read
// again.
#include "core/config/load.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const retort::ParsedConfig parsed = retort::parseConfig(text, "fuzz.yaml");
    if (parsed.problems.empty() &&
        !retort::parseConfig(retort::toYaml(parsed.config), "again.yaml").problems.empty())
        __builtin_trap();
    return 0;
}
