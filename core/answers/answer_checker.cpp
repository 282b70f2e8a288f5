#include "core/answers/answer_checker.h"

#include <algorithm>
#include <optional>

#include "core/answers/compare.h"
#include "core/answers/compare_values.h"
#include "core/answers/extract.h"
#include "core/answers/interpret.h"
#include "core/answers/limits.h"
#include "core/answers/parser.h"
#include "core/answers/special_forms.h"
#include "core/answers/text_form.h"
#include "core/answers/unicode_fold.h"
#include "core/util/error.h"
#include "core/util/text.h"

namespace retort {
namespace answers {
namespace {

constexpr std::size_t maxExtractedBytes = 1024;

/// A text as it is understood; `fault` says why not.
struct Understood {
    std::optional<Answer> answer;
    std::string fault;
    bool parsed = false;  ///< it is mathematics, with or without a meaning as an answer
};

Understood understand(const std::string& text, const Reading& reading, Algebra& algebra) {
    Understood result;
    try {
        const std::string words = textForm(text);
        const bool isLine = words == "all real numbers" || words == "all reals" || words == "all real values";
        const Node node = isLine ? Node(Op::Reals) : parseAnswer(text, reading);
        result.parsed = true;
        result.answer = interpreted(node, algebra);
    } catch (const Error& error) {
        result.fault = error.what_happened();
    }
    return result;
}

Outcome unparsed(std::string rule, std::string reason) {
    return {AnswerVerdict::Unparsed, false, std::move(rule), std::move(reason)};
}

bool isCollection(const Answer& answer) {
    return answer.kind == Answer::Kind::List || answer.kind == Answer::Kind::Set ||
           answer.kind == Answer::Kind::Tuple;
}

// "1,22": one comma between digits that is no thousands separator.
bool looksLikeDecimalComma(std::string_view text) {
    text = trimmed(text);
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos || text.find(',', comma + 1) != std::string_view::npos) return false;
    const std::string_view whole =
        text.substr(text.starts_with('-') ? 1 : 0, comma - (text.starts_with('-') ? 1 : 0));
    const std::string_view places = text.substr(comma + 1);
    const auto digits = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return digits(whole) && digits(places) && (places.size() != 3 || whole == "0");
}

// "1,034": no list would write 34 like that.
bool hasPaddedGroups(std::string_view text) {
    for (std::size_t i = text.find(",0"); i != std::string_view::npos; i = text.find(",0", i + 1))
        if (i + 2 < text.size() && text[i + 2] >= '0' && text[i + 2] <= '9') return true;
    return false;
}

bool isWords(std::string_view text) {
    const std::string form = textForm(text);
    return !form.empty() && form.find_first_of("0123456789=<>+^_\\") == std::string::npos &&
           form.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos;
}

/// Compares one candidate with the reference.
class Judge {
  public:
    Judge(std::string_view reference, const AnswerPolicy& policy)
        : m_policy(policy), m_reference(foldUnicode(reference)), m_compact(compactForm(m_reference)) {
        if (m_compact.empty()) throw Error("the reference answer is empty");
        m_choice = choiceOf(m_reference);
        m_gold = understand(m_reference, {}, m_algebra);
    }

    /// Elements of the reference when it is a list; else 0.
    std::size_t elements() const {
        return m_gold.answer && isCollection(*m_gold.answer) ? m_gold.answer->parts.size() : 0;
    }
    bool isNumber() const { return m_gold.answer && m_gold.answer->kind == Answer::Kind::Value; }

    /// False: the candidate judged last is mathematics that says nothing ("2 = 3"), so nothing is to be
    /// looked for in it.
    bool mayBeProse() const { return m_mayBeProse; }

    Outcome operator()(const std::string& raw) {
        if (raw.size() > maxAnswerBytes) return unparsed("limits", "the answer is longer than 4096 bytes");
        const std::string text = foldUnicode(raw);
        const std::string compact = compactForm(text);
        if (compact.empty()) return unparsed("no answer", "the answer is empty");
        if (compact == m_compact) return accepted("identical");
        if (const auto special = specialForms(text)) return *special;
        Understood understood = understand(text, {}, m_algebra);
        if (const auto words = compareWords(text, understood)) return *words;
        if (!m_gold.answer) return unparsed("reference not understood", m_gold.fault);
        if (!understood.answer) {
            m_mayBeProse = !understood.parsed;
            return unparsed("not understood", understood.fault);
        }
        Outcome outcome = compared(*understood.answer, *m_gold.answer);
        return outcome.correct ? outcome : otherReadings(text, std::move(outcome));
    }

  private:
    Outcome compared(const Answer& prediction, const Answer& reference) {
        try {
            return compare(prediction, reference, m_policy, m_algebra);
        } catch (const Error& error) {
            return unparsed("not decided", error.what_happened());
        }
    }

    std::optional<Outcome> specialForms(const std::string& text) const {
        const auto choice = choiceOf(text);
        if (m_choice && choice && (m_choice->marked || choice->marked))
            return compareChoices(*choice, *m_choice);
        const auto time = timeOf(text), reference = timeOf(m_reference);
        if (!time || !reference) return std::nullopt;
        if (reference->hasHalf && !time->hasHalf) return byPolicy(false, "time", "a.m. or p.m. is missing");
        const int halfDay = 12 * 3600;
        const bool ignoreHalf = time->hasHalf && !reference->hasHalf;
        const bool same = time->seconds == reference->seconds ||
                          (ignoreHalf && time->seconds % halfDay == reference->seconds % halfDay);
        return same ? accepted("the same time") : rejected("time", "another time");
    }

    static std::optional<Outcome> compareChoices(const Choice& choice, const Choice& reference) {
        if (choice.letter != reference.letter) return rejected("choice", "another letter");
        const bool bothRest = !choice.rest.empty() && !reference.rest.empty();
        if (bothRest && textForm(choice.rest) != textForm(reference.rest))
            return unparsed("choice", "the same letter, but other words behind it");
        return accepted("the same choice");
    }

    // Words are compared as words; so are letters set as text.
    std::optional<Outcome> compareWords(const std::string& text, const Understood& understood) const {
        const auto words = [](const Understood& each, const std::string& written) {
            return each.answer ? each.answer->kind == Answer::Kind::Words : isWords(written);
        };
        const bool left = words(understood, text), right = words(m_gold, m_reference);
        if (!left && !right) return std::nullopt;
        const bool same =
            left && right ? textForm(text) == textForm(m_reference) : wordsOf(text) == wordsOf(m_reference);
        if (same && !textForm(text).empty()) return accepted("the same words");
        if (left && right) return rejected("words", "other words");
        const auto product = [](const Understood& each) { return each.answer && each.answer->asProduct; };
        if (product(understood) || product(m_gold)) return std::nullopt;
        return left ? unparsed("not understood", understood.answer
                                                     ? "words, where the reference is mathematics"
                                                     : understood.fault)
                    : rejected("kinds", "the reference is in words");
    }

    // Commas can separate or belong to a number: where the reference says which, that is tried.
    Outcome otherReadings(const std::string& text, Outcome first) {
        const bool severalAsked = isCollection(*m_gold.answer) || m_gold.answer->kind == Answer::Kind::Reals;
        if (severalAsked && !hasPaddedGroups(text)) {
            const Understood list = understand(text, {false, false}, m_algebra);
            if (list.answer)
                if (Outcome outcome = compared(*list.answer, *m_gold.answer); outcome.correct) return outcome;
        }
        const bool comma = looksLikeDecimalComma(text), referenceComma = looksLikeDecimalComma(m_reference);
        if (comma == referenceComma) return first;
        const Understood left = understand(text, {!comma, comma}, m_algebra);
        const Understood right = understand(m_reference, {!referenceComma, referenceComma}, m_algebra);
        if (!left.answer || !right.answer || !left.answer->decimal || !right.answer->decimal) return first;
        Outcome outcome = compared(*left.answer, *right.answer);
        return outcome.correct ? outcome : first;
    }

    const AnswerPolicy& m_policy;
    std::string m_reference, m_compact;
    Algebra m_algebra;
    Understood m_gold;
    std::optional<Choice> m_choice;
    bool m_mayBeProse = true;
};

AnswerCheck result(Outcome outcome, const Candidate& candidate) {
    AnswerCheck check;
    check.verdict = outcome.verdict;
    check.correct = outcome.correct;
    check.rule = candidate.rule + ", " + outcome.rule;
    check.reason = std::move(outcome.reason);
    check.extracted = candidate.text.substr(0, maxExtractedBytes);
    return check;
}

AnswerCheck nothing(std::string rule, std::string reason) {
    AnswerCheck check;
    check.rule = std::move(rule);
    check.reason = std::move(reason);
    return check;
}

AnswerCheck ofBoxes(const Boxes& boxes, Judge& judge) {
    if (const auto list = boxes.listed()) {
        const Candidate all{*list, "boxes joined"};
        return result(judge(all.text), all);
    }
    const Candidate last{boxes.contents.back(), "boxed"};
    const Outcome outcome = judge(last.text);
    if (outcome.correct) return result(outcome, last);
    if (const auto joined = boxes.joined(judge.elements())) {
        const Candidate all{*joined, "boxes joined"};
        if (const Outcome together = judge(all.text); together.correct) return result(together, all);
    }
    return result(outcome, last);
}

AnswerCheck check(std::string_view prediction, std::string_view reference, const AnswerPolicy& policy) {
    const std::string_view text = trimmed(prediction);
    if (!text.empty() && text == trimmed(reference))
        return result(accepted("identical"), {std::string(text.substr(0, maxExtractedBytes)), "whole text"});
    const Candidate gold = referenceAnswer(reference);
    if (gold.text.size() > maxAnswerBytes) throw Error("the reference answer is longer than 4096 bytes");
    Judge judge(gold.text, policy);
    const auto answer = afterThinking(prediction);
    if (!answer) return nothing("unfinished thinking", "the think region never ends, so there is no answer");
    const Boxes boxes = findBoxes(*answer);
    if (boxes.truncated) return nothing("unfinished box", "the last \\boxed{ is never closed");
    if (!boxes.contents.empty()) return ofBoxes(boxes, judge);
    const std::vector<Candidate> list = candidates(*answer);
    if (list.empty()) return nothing("no answer", "no answer was found");
    // Prose is looked into for mathematics only as long as nothing before was understood.
    std::optional<AnswerCheck> first;
    for (const Candidate& candidate : list) {
        const Outcome outcome = judge(candidate.text);
        if (outcome.verdict != AnswerVerdict::Unparsed) return result(outcome, candidate);
        if (!first) first = result(outcome, candidate);
        if (!judge.mayBeProse()) break;
    }
    return *first;
}

}  // namespace
}  // namespace answers

AnswerCheck checkAnswer(std::string_view prediction, std::string_view reference, const AnswerPolicy& policy) {
    try {
        return answers::check(prediction, reference, policy);
    } catch (const Error& error) {
        return answers::nothing("reference not understood", error.what_happened());
    }
}

std::string_view name(AnswerVerdict verdict) {
    switch (verdict) {
        case AnswerVerdict::Correct:
            return "correct";
        case AnswerVerdict::Wrong:
            return "wrong";
        case AnswerVerdict::Unparsed:
            return "unparsed";
        case AnswerVerdict::Probable:
            return "probable";
        case AnswerVerdict::Policy:
            return "policy";
    }
    return "";
}

}  // namespace retort
