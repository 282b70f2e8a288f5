// Rows of `points` and `summaries` as values.
#pragma once

#include "core/store/sqlite.h"
#include "core/store/summary.h"

namespace retort {

/// SELECT list for readPoint().
#define RETORT_POINT_COLUMNS "idx, step, tokens, t, value, attempt, superseded"
/// SELECT list for readSummary().
#define RETORT_SUMMARY_COLUMNS                                                                         \
    "idx, count, non_finite, first_point, last_point, min_point, max_point, first_value, last_value, " \
    "min_value, "                                                                                      \
    "max_value, first_step, last_step, first_tokens, last_tokens, first_t, last_t"

inline SeriesPoint readPoint(const Statement& row) {
    SeriesPoint point;
    point.step = row.integer(1);
    point.tokens = row.integer(2);
    point.t = row.real(3);
    point.value = row.real(4);
    point.attempt = std::int32_t(row.integer(5));
    point.superseded = row.integer(6) != 0;
    return point;
}

inline Summary readSummary(const Statement& row) {
    Summary s;
    s.count = row.integer(1);
    s.nonFinite = row.integer(2);
    s.firstPoint = row.integer(3);
    s.lastPoint = row.integer(4);
    s.minPoint = row.integer(5);
    s.maxPoint = row.integer(6);
    s.firstValue = row.real(7);
    s.lastValue = row.real(8);
    s.minValue = row.real(9);
    s.maxValue = row.real(10);
    s.firstStep = row.integer(11);
    s.lastStep = row.integer(12);
    s.firstTokens = row.integer(13);
    s.lastTokens = row.integer(14);
    s.firstT = row.real(15);
    s.lastT = row.real(16);
    return s;
}

}  // namespace retort
