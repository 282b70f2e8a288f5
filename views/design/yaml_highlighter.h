// Colours of YAML: keys, numbers, strings, comments.
#pragma once

#include <QSyntaxHighlighter>

namespace retort {

class YamlHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
  public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

  protected:
    void highlightBlock(const QString& text) override;
};

}  // namespace retort
