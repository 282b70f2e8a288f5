// Short ways to write a log in a test.
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/runlog/codec.h"

namespace retort {

// Not inlined: GCC 12 takes the variant's idle members for uninitialised ones.
[[gnu::noinline]] inline std::string lineOf(std::int64_t seq, const EventPayload& payload, double t = 1.0) {
    std::string line;
    encodeEvent(Event{seq, t, payload}, line);
    return line;
}

inline std::string scalarsLine(std::int64_t seq, std::int64_t step, double loss = 0.5) {
    return lineOf(seq, ScalarsEvent{step, step * 10, {{"loss", loss}}});
}

inline void appendTo(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

/// A folder of its own for one test.
struct Folder {
    QTemporaryDir directory;
    std::filesystem::path path() const { return directory.path().toStdString(); }
    std::filesystem::path operator/(const char* name) const { return path() / name; }
};

}  // namespace retort
