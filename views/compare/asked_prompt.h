// A prompt that was put to checkpoints, and what each has answered: plain values, as tables, columns and
// text.
#pragma once

#include <QDateTime>
#include <QString>

#include "core/util/json.h"
#include "views/compare/answer_diff.h"
#include "views/compare/answer_service.h"
#include "views/compare/asked_problem.h"
#include "views/models/value_table_model.h"

namespace retort {

/// What one checkpoint has answered.
struct AskedCheckpoint {
    enum class State { Waiting, Answering, Done, Failed, Cancelled };

    std::string name, folder;
    State state = State::Waiting;
    std::vector<GeneratedAnswer> answers;
    QString error;                ///< of a failed one
    double seconds = 0;           ///< with reading the model
    bool otherTokenizer = false;  ///< it cuts texts otherwise than the baseline

    std::int64_t tokens() const;
    bool isOver() const { return state != State::Waiting && state != State::Answering; }
};

struct AskedPrompt {
    std::string prompt;
    AnswerSettings settings;
    AskedProblem problem;  ///< without id: the prompt is none of the evaluation's
    QDateTime at;
    std::vector<AskedCheckpoint> checkpoints;  ///< the baseline first

    bool isOver() const;
};

/// Characters (not bytes) of UTF-8.
std::int64_t characterCount(std::string_view text);

/// One row a checkpoint and sample; a checkpoint without answers has one row that says why.
ValueTable askedTable(const AskedPrompt& asked);
struct AskedRow {
    std::size_t checkpoint = 0, sample = 0;
};
/// What the rows of the table are.
std::vector<AskedRow> askedRows(const AskedPrompt& asked);

/// A column of these checkpoints each. Without a checker's verdict a completion is cut at its marks
/// (`<…;…;>`) or at its lines.
std::vector<ShownAnswer> askedAnswers(const AskedPrompt& asked, const std::vector<std::size_t>& checkpoints,
                                      std::size_t sample);

/// Prompt, settings and all answers.
Json askedJson(const AskedPrompt& asked);
/// For a menu: the beginning of the prompt, and how it was asked.
QString askedTitle(const AskedPrompt& asked);

}  // namespace retort
