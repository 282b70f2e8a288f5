// Ctrl+K: every command by typing some letters of it.
#pragma once

#include <QFrame>
#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace retort {

/// How well `typed` fits as a subsequence of `text`, case aside: -1 not at all; starts of words count more.
int matchScore(const QString& typed, const QString& text);

class CommandPalette : public QFrame {
    Q_OBJECT
  public:
    explicit CommandPalette(QWidget* window);

    void open(std::vector<QAction*> commands);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void fill();
    void runCurrent();

    QLineEdit* m_edit;
    QListWidget* m_list;
    std::vector<QAction*> m_commands;
};

}  // namespace retort
