#include "core/store/trace_rows.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include "core/store/dispute_rows.h"
#include "core/store/lane_rows.h"
#include "core/util/json.h"

namespace retort {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the per-token arrays are stored as they lie in memory");

constexpr std::array<std::string_view, 3> verdictNames = {"unchecked", "correct", "wrong"};
constexpr auto replaceBadUtf8 = Json::error_handler_t::replace;

template <class T>
std::optional<std::span<const std::byte>> bytes(const std::vector<T>& values) {
    if (values.empty()) return std::nullopt;
    return std::as_bytes(std::span(values));
}

template <class T>
std::vector<T> values(std::span<const std::byte> bytes) {
    std::vector<T> result(bytes.size() / sizeof(T));
    if (!result.empty()) std::memcpy(result.data(), bytes.data(), result.size() * sizeof(T));
    return result;
}

void insertTokens(Database& database, RowId id, const TokenArrays& tokens) {
    if (tokens == TokenArrays{}) return;
    std::optional<std::string> texts;
    if (!tokens.topTexts.empty()) texts = Json(tokens.topTexts).dump(-1, ' ', false, replaceBadUtf8);
    database
        .prepared(
            "INSERT INTO trace_tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
            "?15)")
        .run(id, bytes(tokens.ids), bytes(tokens.ends), bytes(tokens.logprobs), bytes(tokens.entropies),
             bytes(tokens.refLogprobs), bytes(tokens.ratios), bytes(tokens.advantages), bytes(tokens.clipped),
             bytes(tokens.values), bytes(tokens.scores), tokens.topCount, bytes(tokens.topIds),
             bytes(tokens.topLogprobs), texts);
}

void insertBranch(Database& database, RowId id, const TraceBranch& branch) {
    database.prepared("INSERT INTO trace_branches VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .run(id, branch.run, branch.step, branch.phase, branch.group, branch.sample, branch.byte,
             branch.checkpoint, branch.edited);
}

std::optional<TraceBranch> readBranch(Database& database, RowId id) {
    Statement& row = database.prepared(
        "SELECT parent_run, step, group_number, sample, phase, byte, checkpoint, edited FROM trace_branches "
        "WHERE trace_id = ?1");
    std::optional<TraceBranch> branch;
    if (row.with(id).step())
        branch = {row.text(0), row.integer(1), row.integer(2), std::int32_t(row.integer(3)),
                  row.text(4), row.integer(5), row.text(6),    row.integer(7) != 0};
    row.reset();
    return branch;
}

StepVerdict verdict(const std::string& name) {
    for (std::size_t i = 0; i < verdictNames.size(); ++i)
        if (verdictNames[i] == name) return StepVerdict(i);
    return StepVerdict::Unchecked;
}

bool readHead(Database& database, RowId id, Trace& trace) {
    Statement& row = database.prepared(
        "SELECT step, phase, task, problem, group_number, sample, correct, worked, reward, advantage, "
        "num_tokens, "
        "finish, step_accuracy, prompt, completion, gold, extracted FROM traces JOIN trace_texts ON trace_id "
        "= id "
        "WHERE id = ?1");
    const bool found = row.with(id).step();
    if (found) {
        trace.step = row.integer(0);
        trace.phase = row.text(1);
        trace.task = row.text(2);
        trace.problemId = row.text(3);
        trace.group = row.integer(4);
        trace.sample = std::int32_t(row.integer(5));
        trace.correct = row.integer(6) != 0;
        trace.worked = row.integer(7) != 0;
        trace.reward = row.optionalReal(8);
        trace.advantage = row.optionalReal(9);
        trace.numTokens = std::int32_t(row.integer(10));
        trace.finish = row.text(11);
        trace.stepAccuracy = row.optionalReal(12);
        trace.prompt = row.text(13);
        trace.completion = row.text(14);
        trace.gold = row.text(15);
        trace.extracted = row.text(16);
    }
    row.reset();
    return found;
}

void readParts(Database& database, RowId id, Trace& trace) {
    Statement& rewards =
        database.prepared("SELECT name, value FROM trace_rewards WHERE trace_id = ?1 ORDER BY idx");
    for (rewards.with(id); rewards.step();) trace.rewards.emplace_back(rewards.text(0), rewards.real(1));
    rewards.reset();
    Statement& steps = database.prepared(
        "SELECT begin_byte, end_byte, verdict, reason FROM trace_steps WHERE trace_id = ?1 ORDER BY idx");
    for (steps.with(id); steps.step();)
        trace.steps.push_back({steps.integer(0), steps.integer(1), verdict(steps.text(2)), steps.text(3)});
    steps.reset();
    Statement& tokens = database.prepared(
        "SELECT ids, ends, logprobs, entropies, ref_logprobs, ratios, advantages, clipped, "
        "value_estimates, scores, top_count, top_ids, top_logprobs, top_texts FROM trace_tokens WHERE "
        "trace_id = ?1");
    if (tokens.with(id).step()) {
        trace.tokens = {values<std::int32_t>(tokens.blob(0)), values<std::int32_t>(tokens.blob(1)),
                        values<float>(tokens.blob(2)),        values<float>(tokens.blob(3)),
                        values<float>(tokens.blob(4)),        values<float>(tokens.blob(5)),
                        values<float>(tokens.blob(6)),        values<std::int32_t>(tokens.blob(7)),
                        values<float>(tokens.blob(8)),        values<float>(tokens.blob(9)),
                        std::int32_t(tokens.integer(10)),     values<std::int32_t>(tokens.blob(11)),
                        values<float>(tokens.blob(12)),       {}};
        if (!tokens.isNull(13)) trace.tokens.topTexts = Json::parse(tokens.text(13));
    }
    tokens.reset();
    trace.lanes = readTraceLanes(database, id);
    trace.branch = readBranch(database, id);
}

}  // namespace

void insertTrace(Database& database, RowId run, const Trace& trace, double t, std::int32_t attempt) {
    database
        .prepared(
            "INSERT INTO traces (run_id, step, phase, task, problem, group_number, sample, correct, worked, "
            "reward, "
            "advantage, num_tokens, finish, step_accuracy, t, attempt, superseded) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0)")
        .run(run, trace.step, trace.phase, trace.task, trace.problemId, trace.group, trace.sample,
             trace.correct, trace.worked, trace.reward, trace.advantage, trace.numTokens, trace.finish,
             trace.stepAccuracy, t, attempt);
    const RowId id = database.lastInsertId();
    database.prepared("INSERT INTO trace_texts VALUES (?1, ?2, ?3, ?4, ?5)")
        .run(id, trace.prompt, trace.completion, trace.gold, trace.extracted);
    std::int64_t idx = 0;
    for (const auto& [name, value] : trace.rewards)
        database.prepared("INSERT INTO trace_rewards VALUES (?1, ?2, ?3, ?4)").run(id, idx++, name, value);
    idx = 0;
    for (const TraceStep& step : trace.steps)
        database.prepared("INSERT INTO trace_steps VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .run(id, idx++, step.begin, step.end, verdictNames[std::size_t(step.verdict)], step.reason);
    insertTokens(database, id, trace.tokens);
    insertTraceLanes(database, id, trace.lanes);
    if (!trace.lanes.empty()) refreshDispute(database, id);
    if (trace.branch) insertBranch(database, id, *trace.branch);
}

std::optional<Trace> readTrace(Database& database, RowId id) {
    Trace trace;
    if (!readHead(database, id, trace)) return std::nullopt;
    readParts(database, id, trace);
    return trace;
}

}  // namespace retort
