// prime-rl's token exports (token_exports/step_<n>/rank_<n>.jsonl): arrays of one entry a token over prompt
// and completion, without text. With a tokenizer the ids become text; without one the text is the ids.
#include <cmath>

#include "core/trace_formats/row_readers.h"
#include "core/trace_formats/trace_steps.h"
#include "core/util/error.h"

namespace retort {
namespace {

using simdjson::dom::array;

class TokenRow {
  public:
    explicit TokenRow(const JsonFields& fields) : m_fields(fields) {
        for (const auto& each : jsonArray(fields.need("token_ids"), "token_ids")) {
            const std::int64_t id = jsonInteger(each, "token_ids");
            if (id < 0 || id != std::int32_t(id)) throw Error("holds what is no token id", "token_ids");
            m_ids.push_back(std::int32_t(id));
        }
        m_begin = firstTrained();
    }

    const std::vector<std::int32_t>& ids() const { return m_ids; }
    std::size_t begin() const { return m_begin; }  ///< of the completion

    std::vector<float> numbers(std::string_view name) const {
        std::vector<float> values;
        const auto list = parallel(name);
        if (!list) return values;
        std::size_t index = 0;
        bool any = false;
        for (const auto& each : *list) {
            if (index++ < m_begin) continue;
            bool flag = false;
            if (each.get(flag) == simdjson::SUCCESS) {
                values.push_back(flag ? 1 : 0);
            } else {
                values.push_back(each.is_null() ? std::nanf("") : float(jsonNumber(each, name)));
            }
            any = any || !each.is_null();
        }
        return any ? values : std::vector<float>();
    }

  private:
    std::optional<array> parallel(std::string_view name) const {
        const auto found = m_fields.find(name);
        if (!found) return std::nullopt;
        const array list = jsonArray(*found, name);
        if (list.size() != m_ids.size())
            throw Error("has " + std::to_string(list.size()) + " entries, token_ids has " +
                            std::to_string(m_ids.size()),
                        std::string(name));
        return list;
    }

    std::size_t firstTrained() const {
        const auto mask = parallel("loss_mask");
        if (!mask) throw Error("is missing", "loss_mask");
        std::size_t index = 0;
        for (const auto& each : *mask) {
            if (numberOf(each).value_or(0) > 0) return index;
            ++index;
        }
        throw Error("marks no token: there is no completion", "loss_mask");
    }

    const JsonFields& m_fields;
    std::vector<std::int32_t> m_ids;
    std::size_t m_begin = 0;
};

/// The text of the ids [begin, end), with the byte at which each token ends.
std::string textOf(const TokenRow& row, std::size_t begin, std::size_t end, const Tokenizer* tokenizer,
                   std::vector<std::int32_t>* ends) {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
        const std::int32_t id = row.ids()[i];
        if (!tokenizer) {
            text.append(i == begin ? "" : " ").append(std::to_string(id));
        } else if (id < tokenizer->vocabularySize()) {
            // Special tokens are empty as text, but they belong to what was sampled.
            const std::string bytes = tokenizer->tokenBytes(id);
            text += bytes.empty() ? tokenizer->tokenName(id) : bytes;
        } else {
            throw Error("holds " + std::to_string(id) + ", which the tokenizer does not have", "token_ids");
        }
        if (ends) ends->push_back(std::int32_t(text.size()));
    }
    return text;
}

}  // namespace

ImportedRow readPrimeRlRow(const simdjson::dom::object& row, RowContext& context) {
    const JsonFields fields(row);
    const TokenRow tokens(fields);
    ImportedRow result;
    Trace& trace = result.traces.emplace_back();
    trace.task = fields.text("env_name", "prime-rl");
    trace.step = fields.integer("export_step", fields.integer("step", context.step.value_or(0)));
    trace.numTokens = std::int32_t(tokens.ids().size() - tokens.begin());
    trace.prompt = textOf(tokens, 0, tokens.begin(), context.tokenizer.get(), nullptr);
    trace.completion =
        textOf(tokens, tokens.begin(), tokens.ids().size(), context.tokenizer.get(), &trace.tokens.ends);
    trace.problemId = problemIdOf("prime-rl", trace.prompt);
    trace.worked = hasThinking(trace.completion);
    trace.tokens.ids.assign(tokens.ids().begin() + std::ptrdiff_t(tokens.begin()), tokens.ids().end());
    trace.tokens.logprobs = tokens.numbers("inference_logprobs");
    trace.tokens.entropies = tokens.numbers("entropy");
    trace.tokens.ratios = tokens.numbers("importance_ratio");
    trace.tokens.advantages = tokens.numbers("advantages");
    const std::vector<float> high = tokens.numbers("is_masked_high"), low = tokens.numbers("is_masked_low");
    if (!high.empty() && !low.empty())
        for (std::size_t i = 0; i < high.size(); ++i)
            trace.tokens.clipped.push_back(high[i] > 0 ? 1 : low[i] > 0 ? -1 : 0);
    if (!trace.tokens.advantages.empty() && std::isfinite(trace.tokens.advantages.front()))
        trace.advantage = trace.tokens.advantages.front();
    if (const std::vector<float> rewards = tokens.numbers("rewards");
        !rewards.empty() && std::isfinite(rewards.front())) {
        trace.reward = rewards.front();
        trace.correct = rewards.front() > 0;
    }
    if (!context.tokenizer)
        note(context,
             "token exports have no text: it is the tokens' ids; --tokenizer CHECKPOINT decodes them");
    return result;
}

}  // namespace retort
