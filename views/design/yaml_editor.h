// The YAML beside the form: line numbers, colours, and each problem marked at its line, in the gutter and in
// the text.
#pragma once

#include <QPlainTextEdit>
#include <vector>

#include "core/config/load.h"

namespace retort {

class YamlEditor : public QPlainTextEdit {
    Q_OBJECT
  public:
    explicit YamlEditor(QWidget* parent = nullptr);

    /// Changes only what differs, as one step of the undo history, or as more of the step before (`join`:
    /// what one drag of a slider does); the cursor stays where it was in the text.
    void replaceText(const QString& text, bool join = false);
    void setProblems(std::vector<ConfigProblem> problems);
    void goTo(int line, int column);
    /// Messages of a line (1-based), one a line of text.
    QString problemsOf(int line) const;

    int gutterWidth() const;
    void paintGutter(QPaintEvent* event);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

  private:
    void markProblems();

    QWidget* m_gutter;
    std::vector<ConfigProblem> m_problems;
};

}  // namespace retort
