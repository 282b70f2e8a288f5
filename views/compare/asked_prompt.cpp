#include "views/compare/asked_prompt.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/tasks/completion.h"
#include "views/models/format.h"

namespace retort {

namespace {

struct Asked {
    Q_DECLARE_TR_FUNCTIONS(AskedPrompt)
};

using State = AskedCheckpoint::State;
using Tone = TableCell::Tone;

QString finishText(const std::string& finish) {
    if (finish == "stop") return Asked::tr("ended");
    return finish == "length" ? Asked::tr("cut off") : toQString(finish);
}

QString stateText(const AskedCheckpoint& checkpoint) {
    switch (checkpoint.state) {
        case State::Waiting:
            return Asked::tr("waits");
        case State::Answering:
            return Asked::tr("answers …");
        case State::Cancelled:
            return Asked::tr("cancelled");
        case State::Failed:
            return checkpoint.error;
        case State::Done:
            break;
    }
    return Asked::tr("gave no whole answer");
}

double tokensPerSecond(const AskedCheckpoint& checkpoint) {
    return checkpoint.seconds > 0 ? double(checkpoint.tokens()) / checkpoint.seconds
                                  : std::numeric_limits<double>::quiet_NaN();
}

/// The task's verdict on an answer; only of a problem of an evaluation.
std::optional<Verdict> judged(const AskedPrompt& asked, const std::string& text) {
    if (!asked.problem.task) return std::nullopt;
    Problem problem;
    problem.id = asked.problem.id;
    problem.prompt = asked.problem.prompt;
    problem.answer = asked.problem.gold;
    return asked.problem.task->verify(problem, text);
}

/// Where nobody has checked the steps: the format's own, else lines.
std::vector<TraceStep> plainSteps(const std::string& text) {
    std::vector<TraceStep> steps;
    for (const CompletionStep& step : parseCompletion(text).steps)
        steps.push_back({std::int64_t(step.begin), std::int64_t(step.end), StepVerdict::Unchecked, {}});
    if (!steps.empty() || text.find('\n') == std::string::npos) return steps;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (text.find_first_not_of(" \t\r", begin) < end)
            steps.push_back({std::int64_t(begin), std::int64_t(end), StepVerdict::Unchecked, {}});
        begin = end + 1;
    }
    return steps;
}

QString factsOf(const AskedPrompt& asked, const AskedCheckpoint& checkpoint, const GeneratedAnswer& answer) {
    QStringList facts;
    if (const auto verdict = judged(asked, answer.text))
        facts << (verdict->correct ? QStringLiteral("✓ ") : QStringLiteral("✗ ")) +
                     (verdict->extracted.empty() ? Asked::tr("no answer") : toQString(verdict->extracted));
    facts << Asked::tr("%n token(s)", nullptr, static_cast<int>(answer.tokens))
          << Asked::tr("%n character(s)", nullptr, static_cast<int>(characterCount(answer.text)))
          << finishText(answer.finish);
    if (checkpoint.otherTokenizer) facts << Asked::tr("other tokenizer");
    return facts.join(QStringLiteral(" · "));
}

ShownAnswer shownAnswer(const AskedPrompt& asked, const AskedCheckpoint& checkpoint, std::size_t sample) {
    ShownAnswer shown;
    shown.checkpoint = toQString(checkpoint.name);
    if (sample >= checkpoint.answers.size()) {
        shown.missing = stateText(checkpoint);
        return shown;
    }
    const GeneratedAnswer& answer = checkpoint.answers[sample];
    Trace trace;
    trace.prompt = asked.prompt;
    trace.completion = answer.text;
    trace.gold = asked.problem.gold;
    trace.numTokens = static_cast<std::int32_t>(answer.tokens);
    trace.finish = answer.finish;
    trace.steps = plainSteps(answer.text);
    shown.facts = factsOf(asked, checkpoint, answer);
    shown.trace = std::move(trace);
    return shown;
}

/// Of all rows but those that have no answer.
void addAnswer(std::vector<TableCell>& row, const AskedPrompt& asked, const AskedCheckpoint& checkpoint,
               std::size_t sample) {
    const GeneratedAnswer& answer = checkpoint.answers[sample];
    const QString text = toQString(answer.text);
    row.push_back({text.simplified().left(80), text, Tone::None, text.left(2000)});
    const auto& first = asked.checkpoints[0].answers;
    const bool isFirst = &checkpoint == asked.checkpoints.data(), known = sample < first.size();
    const bool same = known && first[sample].text == answer.text;
    row.push_back({isFirst || !known ? QString()
                   : same            ? QStringLiteral("=")
                                     : QStringLiteral("≠"),
                   {},
                   Tone::Muted,
                   isFirst || !known ? QString()
                   : same            ? Asked::tr("The baseline's answer, word for word")
                                     : Asked::tr("Another text than the baseline's")});
    const auto verdict = judged(asked, answer.text);
    row.push_back(!verdict ? TableCell{}
                  : verdict->correct
                      ? TableCell{QStringLiteral("✓"), 1, Tone::Good, Asked::tr("right")}
                      : TableCell{QStringLiteral("✗"), 0, Tone::Bad, toQString(verdict->reason)});
    const qlonglong characters = characterCount(answer.text);
    row.push_back({QLocale().toString(qlonglong(answer.tokens)), qlonglong(answer.tokens),
                   checkpoint.otherTokenizer ? Tone::Muted : Tone::None,
                   checkpoint.otherTokenizer
                       ? Asked::tr("Of another tokenizer than the baseline's: compare characters instead")
                       : QString()});
    row.push_back({QLocale().toString(characters), characters, Tone::None, {}});
    row.push_back({finishText(answer.finish), toQString(answer.finish), Tone::None, {}});
    row.push_back(numberCell(tokensPerSecond(checkpoint)));
}

}  // namespace

std::int64_t AskedCheckpoint::tokens() const {
    std::int64_t sum = 0;
    for (const GeneratedAnswer& answer : answers) sum += answer.tokens;
    return sum;
}

bool AskedPrompt::isOver() const {
    return std::all_of(checkpoints.begin(), checkpoints.end(),
                       [](const auto& each) { return each.isOver(); });
}

std::int64_t characterCount(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::vector<AskedRow> askedRows(const AskedPrompt& asked) {
    std::vector<AskedRow> rows;
    for (std::size_t i = 0; i < asked.checkpoints.size(); ++i)
        for (std::size_t sample = 0; sample < std::max<std::size_t>(asked.checkpoints[i].answers.size(), 1);
             ++sample)
            rows.push_back({i, sample});
    return rows;
}

ValueTable askedTable(const AskedPrompt& asked) {
    ValueTable table;
    table.headers = {Asked::tr("Checkpoint"), Asked::tr("Sample"), Asked::tr("Answer"),
                     Asked::tr("Same"),       Asked::tr("Right"),  Asked::tr("Tokens"),
                     Asked::tr("Characters"), Asked::tr("Finish"), Asked::tr("Tokens/s")};
    table.headerTips = {
        {},
        {},
        {},
        Asked::tr("As the baseline's answer"),
        Asked::tr("By the task's checker; only of problems of an evaluation"),
        {},
        {},
        {},
        Asked::tr("All samples of the checkpoint; the time it took to read the model is in it")};
    for (const AskedRow& each : askedRows(asked)) {
        const AskedCheckpoint& checkpoint = asked.checkpoints[each.checkpoint];
        auto& row = table.rows.emplace_back();
        row.push_back({toQString(checkpoint.name), {}, each.checkpoint == 0 ? Tone::Strong : Tone::None, {}});
        row.push_back({QString::number(each.sample + 1), qlonglong(each.sample + 1), Tone::Muted, {}});
        if (each.sample < checkpoint.answers.size()) {
            addAnswer(row, asked, checkpoint, each.sample);
            continue;
        }
        const QString why = stateText(checkpoint);
        row.push_back(
            {why.simplified(), why, checkpoint.state == State::Failed ? Tone::Bad : Tone::Muted, why});
    }
    return table;
}

std::vector<ShownAnswer> askedAnswers(const AskedPrompt& asked, const std::vector<std::size_t>& checkpoints,
                                      std::size_t sample) {
    std::vector<ShownAnswer> answers;
    for (const std::size_t i : checkpoints)
        answers.push_back(shownAnswer(asked, asked.checkpoints[i], sample));
    return answers;
}

Json askedJson(const AskedPrompt& asked) {
    const AnswerSettings& settings = asked.settings;
    Json json = {{"prompt", asked.prompt},
                 {"asked", asked.at.toString(Qt::ISODate).toStdString()},
                 {"temperature", settings.temperature},
                 {"max_tokens", settings.maxTokens},
                 {"samples", settings.samples},
                 {"seed", settings.seed},
                 {"checkpoints", Json::array()}};
    if (!asked.problem.id.empty())
        json["problem"] = {{"id", asked.problem.id}, {"reference", asked.problem.gold}};
    for (const AskedCheckpoint& checkpoint : asked.checkpoints) {
        Json entry = {{"name", checkpoint.name}, {"folder", checkpoint.folder}, {"answers", Json::array()}};
        if (!checkpoint.error.isEmpty()) entry["error"] = checkpoint.error.toStdString();
        if (!checkpoint.answers.empty()) entry["seconds"] = checkpoint.seconds;
        for (const GeneratedAnswer& answer : checkpoint.answers) {
            Json one = {{"text", answer.text},
                        {"finish", answer.finish},
                        {"tokens", answer.tokens},
                        {"characters", characterCount(answer.text)}};
            if (const auto verdict = judged(asked, answer.text)) one["correct"] = verdict->correct;
            entry["answers"].push_back(std::move(one));
        }
        json["checkpoints"].push_back(std::move(entry));
    }
    return json;
}

QString askedTitle(const AskedPrompt& asked) {
    QString prompt = toQString(asked.prompt).simplified();
    if (prompt.size() > 48) prompt = prompt.left(47) + QStringLiteral("…");
    const QString how = asked.settings.temperature > 0
                            ? Asked::tr("temperature %1").arg(formatNumber(asked.settings.temperature))
                            : Asked::tr("greedy");
    return QStringLiteral("%1  (%2, %3)")
        .arg(prompt, how, QLocale().toString(asked.at.time(), QLocale::ShortFormat));
}

}  // namespace retort
