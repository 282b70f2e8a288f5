// One problem, answered by two checkpoints: the prompt, and the completions side by side, step against step,
// with the words that differ marked.
#pragma once

#include <QTextBrowser>
#include <optional>

#include "core/traces/trace.h"

namespace retort {

struct ShownAnswer {
    QString checkpoint;
    std::optional<Trace> trace;  ///< nothing: none was kept
    std::int32_t correct = 0, samples = 0;
};

/// As HTML, in the theme's colours. What differs is underlined as well as shaded.
QString answersHtml(const QString& problem, const ShownAnswer& first, const ShownAnswer& second);
/// For the clipboard: both, one below the other.
QString answersText(const QString& problem, const ShownAnswer& first, const ShownAnswer& second);

class AnswerDiff : public QTextBrowser {
    Q_OBJECT
  public:
    explicit AnswerDiff(QWidget* parent = nullptr);

    void showAnswers(const QString& problem, ShownAnswer first, ShownAnswer second);
    void showNothing(const QString& reason);
    QString asText() const { return answersText(m_problem, m_first, m_second); }

  protected:
    void changeEvent(QEvent* event) override;

  private:
    QString m_problem;
    ShownAnswer m_first, m_second;
};

}  // namespace retort
