#include "core/util/log.h"

#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include "core/util/files.h"

namespace retort {

void startLogging(const std::string& program) {
    constexpr std::size_t maxBytes = 1 << 20;
    constexpr std::size_t files = 3;
    try {
        const auto file = userDataFolder() / "logs" / (program + ".log");
        auto logger = spdlog::rotating_logger_mt(program, file.string(), maxBytes, files);
        logger->flush_on(spdlog::level::warn);
        spdlog::set_default_logger(std::move(logger));
    } catch (const spdlog::spdlog_ex& error) {
        spdlog::warn("no log file: {}", error.what());
    }
}

}  // namespace retort
