#include "core/tokenizers/split_pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/util/error.h"

namespace retort {
namespace {

// Far above what the patterns in use need for a word, and reached in well under a second.
constexpr std::uint32_t matchLimit = 1'000'000;

std::string messageOf(int code) {
    PCRE2_UCHAR text[256] = {};
    pcre2_get_error_message(code, text, sizeof text);
    return reinterpret_cast<const char*>(text);
}

struct MatchDeleter {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

}  // namespace

SplitPattern::SplitPattern(const std::string& expression) : m_expression(expression) {
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code* compiled = pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
        PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &offset, nullptr);
    if (compiled == nullptr)
        throw Error("invalid regular expression at character " + std::to_string(offset) + ": " +
                    messageOf(code));
    pcre2_jit_compile(compiled,
                      PCRE2_JIT_COMPLETE);  // where it is not available, matching is slower and the same
    m_code.reset(compiled, [](pcre2_code* p) { pcre2_code_free(p); });
}

void SplitPattern::split(std::string_view text, std::vector<std::string_view>& words) const {
    const auto* code = static_cast<const pcre2_code*>(m_code.get());
    const std::unique_ptr<pcre2_match_data, MatchDeleter> data(
        pcre2_match_data_create_from_pattern(code, nullptr));
    const std::unique_ptr<pcre2_match_context, MatchDeleter> context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), matchLimit);
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    std::size_t done = 0, from = 0;
    while (from < text.size()) {
        std::uint32_t options = PCRE2_NOTEMPTY;
        int result = pcre2_match(code, subject, text.size(), from, options, data.get(), context.get());
        // JIT's stack is small; the interpreter has no such limit.
        if (result == PCRE2_ERROR_JIT_STACKLIMIT)
            result = pcre2_match(code, subject, text.size(), from, options | PCRE2_NO_JIT, data.get(),
                                 context.get());
        if (result == PCRE2_ERROR_NOMATCH) break;
        if (result < 0) throw Error("cannot cut the text into words: " + messageOf(result), m_expression);
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(data.get());
        if (range[0] > done) words.push_back(text.substr(done, range[0] - done));
        words.push_back(text.substr(range[0], range[1] - range[0]));
        done = from = range[1];
    }
    if (done < text.size()) words.push_back(text.substr(done));
}

}  // namespace retort
