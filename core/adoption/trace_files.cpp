#include "core/adoption/trace_files.h"

#include <sys/stat.h>
#include <xxhash.h>

#include "core/trace_formats/trace_import.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr double youngest = 2;  // s

std::uint64_t hashOf(const Trace& trace, std::uint64_t before) {
    const std::uint64_t hash = XXH3_64bits_withSeed(trace.prompt.data(), trace.prompt.size(), before);
    return XXH3_64bits_withSeed(trace.completion.data(), trace.completion.size(), hash);
}

TraceImportOptions optionsOf(const AdoptedFile& file) {
    TraceImportOptions options;
    options.format = file.source.type == FoundSource::Type::TrlCompletions ? TraceFormat::TrlCompletions
                                                                           : TraceFormat::Verl;
    options.mostProblems = 5;
    return options;
}

/// verl's validation_data_dir, by what people call it.
bool isValidation(const AdoptedFile& file) {
    const std::string folder = file.source.path.parent_path().filename().string();
    return file.source.type == FoundSource::Type::VerlRollouts && folder.find("val") != std::string::npos;
}

}  // namespace

TraceFileResult readTraceFile(AdoptedLog& log, AdoptedFile& file, int index, bool settled) {
    TraceFileResult result;
    struct stat info;
    if (::stat(file.source.path.c_str(), &info) != 0) {
        result.isRead = true;  // it was deleted; what it told stays
        return result;
    }
    const auto modified = std::int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
    result.isRead = std::uint64_t(info.st_size) == file.size && modified == file.modified;
    if (result.isRead) return result;
    const double t = double(modified) * 1e-9;
    const bool isYoung = unixTime() - t < youngest;
    if (!settled && isYoung) return result;

    const auto known = log.state().files.find(index);
    const TrackerCursor told = known == log.state().files.end() ? TrackerCursor() : known->second.cursor;
    const bool validation = isValidation(file);
    const auto readFrom = [&](std::uint64_t first) -> std::uint64_t {
        // Passing over those that were told shows whether they are the same ones.
        std::uint64_t count = 0, hash = 0;
        TraceImporter importer(optionsOf(file), [&](Trace&& trace) {
            hash = hashOf(trace, hash);
            // The trainer went back before this step since, and wrote the file again: also where it says the
            // same.
            if (count == 0 && log.state().isSuperseded(index, trace.step)) first = 0;
            if (++count <= first) {
                if (count == first && hash != told.check) throw Error("is another file than before");
                return;
            }
            if (validation) trace.phase = "eval";
            ++result.traces;
            log.append(t, TraceEvent{std::move(trace)}, index, {count, hash});
        });
        const TraceImportReport report = importer.read(file.source.path);
        for (const TraceImportProblem& each : report.problems)
            result.problems.push_back(each.file + ":" + std::to_string(each.line) + ": " +
                                      (each.field.empty() ? "" : each.field + ": ") + each.reason);
        return count;
    };
    try {
        bool same = true;
        try {
            same = readFrom(told.at) >= told.at;
        } catch (const Error& error) {
            if (error.what_happened() != "is another file than before") throw;
            same = false;
        }
        if (!same) readFrom(0);
    } catch (const Error& error) {
        // A table without its end, or lines of which none is whole yet, look like this.
        if (isYoung && !settled) return result;
        result.problems.emplace_back(error.what());
    }
    result.isRead = true;
    file.size = std::uint64_t(info.st_size);
    file.modified = modified;
    return result;
}

}  // namespace retort
