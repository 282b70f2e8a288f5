// A trace as text for people, as JSON for programs, and a list of traces as JSONL or CSV.
#pragma once

#include <QString>

#include "core/store/store.h"

namespace retort {

/// Prompt, numbered steps with their verdicts, answer, rewards.
QString traceAsText(const Trace& trace);
/// The run log's own form of a trace, indented or on one line.
std::string traceAsJson(const Trace& trace, int indent);

enum class TraceFileFormat { Jsonl, Csv };
/// Writes every trace that the filter lets through, bodies included, beside `file` and renames into place.
/// Returns how many; throws Error. Reads in windows, so a long list needs little memory.
std::int64_t exportTraces(StoreReader& reader, const TraceFilter& filter, const QString& file,
                          TraceFileFormat format);

}  // namespace retort
