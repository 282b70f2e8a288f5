// One problem, answered by any number of checkpoints: the prompt, and the completions side by side, step
// against step of the first one's, with the words that differ marked.
#pragma once

#include <QTextBrowser>
#include <optional>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

struct ShownAnswer {
    QString checkpoint;
    std::optional<Trace> trace;  ///< nothing: none was kept
    std::int32_t correct = 0, samples = 0;
    QString facts = {};    ///< in place of verdict and length
    QString missing = {};  ///< why there is no text; empty: none was kept
};

/// What the answers are set against, and what is said below them.
struct ShownProblem {
    QString name;
    QString hint = {};
};

/// As HTML, in the theme's colours, each column at least `columnWidth` pixels wide. What differs from the
/// first answer is underlined as well as shaded; of two, both sides are marked.
QString answersHtml(const ShownProblem& problem, const std::vector<ShownAnswer>& answers,
                    int columnWidth = 0);
/// For the clipboard: one below the other.
QString answersText(const ShownProblem& problem, const std::vector<ShownAnswer>& answers);

class AnswerDiff : public QTextBrowser {
    Q_OBJECT
  public:
    explicit AnswerDiff(QWidget* parent = nullptr);

    void showAnswers(const ShownProblem& problem, std::vector<ShownAnswer> answers);
    void showNothing(const QString& reason);
    QString asText() const { return answersText(m_problem, m_answers); }
    const std::vector<ShownAnswer>& answers() const { return m_answers; }

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    /// 0: all fit beside each other.
    int columnWidth() const;
    void render();

    ShownProblem m_problem;
    std::vector<ShownAnswer> m_answers;
    int m_columnWidth = 0;
};

}  // namespace retort
