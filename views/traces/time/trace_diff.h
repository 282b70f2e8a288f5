// Two traces side by side, step against step with the words that differ marked: the pinned one and the open
// one.
#pragma once

#include <QWidget>
#include <optional>

#include "core/store/rows.h"

class QLabel;
class QPushButton;

namespace retort {

class AnswerDiff;

class TraceDiff : public QWidget {
    Q_OBJECT
  public:
    struct Side {
        RowId id = 0;
        QString run;
        Trace trace;
    };
    explicit TraceDiff(QWidget* parent = nullptr);

    void setPinned(std::optional<Side> side);
    void setOpen(std::optional<Side> side);
    const std::optional<Side>& pinned() const { return m_pinned; }
    AnswerDiff* answers() const { return m_answers; }
    QString asText() const;

  Q_SIGNALS:
    void pinnedOpened(retort::RowId id);
    void unpinned();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void renderSoon();
    void render();

    std::optional<Side> m_pinned, m_open;
    bool m_stale = false;  ///< nobody looked since something changed
    QLabel* m_head;
    QPushButton *m_goTo, *m_unpin, *m_copy;
    AnswerDiff* m_answers;
};

/// "run · step 12 · sample 3"
QString sideName(const TraceDiff::Side& side);

}  // namespace retort
