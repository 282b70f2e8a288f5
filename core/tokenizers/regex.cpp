#include "core/tokenizers/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <ctime>

#include "core/util/error.h"

namespace retort {
namespace {

// Far above what the patterns in use need for a word, and reached in well under a second.
constexpr std::uint32_t matchLimit = 1'000'000;
// A search goes this far before the time is looked at: one call of PCRE2 cannot be interrupted.
constexpr std::size_t searchBytes = 4096;
// The interpreter's calls are slower, and its match limit is counted anew at each place of the search.
constexpr std::size_t interpretedBytes = 64;
// Of the thread's own processor time, which does not pass while the machine does something else. Patterns in
// use need a hundredth of the second part.
constexpr double secondsAtLeast = 1, secondsPerMegabyte = 2;
constexpr std::uint32_t heapKibibytes = 256 * 1024;  // for the interpreter's backtracking
constexpr std::size_t maxExpressionBytes = 20'000;

double threadSeconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

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

Regex::Regex(const std::string& expression) : m_expression(expression) {
    if (expression.size() > maxExpressionBytes) throw Error("a regular expression is too long");
    int code = 0;
    PCRE2_SIZE offset = 0;
    constexpr std::uint32_t options =
        PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    pcre2_code* compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                         options, &code, &offset, nullptr);
    if (compiled == nullptr)
        throw Error("invalid regular expression at character " + std::to_string(offset) + ": " +
                    messageOf(code));
    pcre2_jit_compile(compiled,
                      PCRE2_JIT_COMPLETE);  // where it is not available, matching is slower and the same
    m_code.reset(compiled, [](pcre2_code* p) { pcre2_code_free(p); });
}

std::vector<std::pair<std::size_t, std::size_t>> Regex::matches(std::string_view text) const {
    const auto* code = static_cast<const pcre2_code*>(m_code.get());
    const std::unique_ptr<pcre2_match_data, MatchDeleter> data(
        pcre2_match_data_create_from_pattern(code, nullptr));
    const std::unique_ptr<pcre2_match_context, MatchDeleter> context(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(context.get(), matchLimit);
    pcre2_set_heap_limit(context.get(), heapKibibytes);
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    const double deadline =
        threadSeconds() + secondsAtLeast + secondsPerMegabyte * 1e-6 * double(text.size());
    std::vector<std::pair<std::size_t, std::size_t>> found;
    bool slow = false;  // the last search went through all that one call may look at
    for (std::size_t from = 0, calls = 1; from < text.size(); ++calls) {
        if ((slow || calls % 64 == 0) && threadSeconds() > deadline)
            throw Error("a regular expression takes too long on this text", m_expression);
        std::size_t searched = searchBytes;
        pcre2_set_offset_limit(context.get(), from + searched);
        int result = pcre2_match(code, subject, text.size(), from, PCRE2_NOTEMPTY, data.get(), context.get());
        // JIT's stack is small; the interpreter has no such limit.
        if (result == PCRE2_ERROR_JIT_STACKLIMIT) {
            searched = interpretedBytes;
            pcre2_set_offset_limit(context.get(), from + searched);
            result = pcre2_match(code, subject, text.size(), from, PCRE2_NOTEMPTY | PCRE2_NO_JIT, data.get(),
                                 context.get());
        }
        slow = result == PCRE2_ERROR_NOMATCH;
        if (slow) {
            from += searched + 1;
            // Not inside a character, where PCRE2 would begin the search at its rest.
            while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0u) == 0x80u) --from;
            continue;
        }
        if (result < 0) throw Error("cannot match a regular expression: " + messageOf(result), m_expression);
        const PCRE2_SIZE* range = pcre2_get_ovector_pointer(data.get());
        if (range[1] <= range[0]) throw Error("a regular expression moves its own begin (\\K)", m_expression);
        found.emplace_back(range[0], range[1]);
        from = range[1];
    }
    return found;
}

}  // namespace retort
