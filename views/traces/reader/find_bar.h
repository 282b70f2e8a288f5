// Find in the open trace: all hits highlighted, counted, and gone through; also in what is folded away.
#pragma once

#include <QFutureWatcher>
#include <QWidget>
#include <memory>
#include <stop_token>

#include "core/traces/text_search.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace retort {

class TraceCanvas;

class FindBar : public QWidget {
    Q_OBJECT
  public:
    explicit FindBar(TraceCanvas& canvas, QWidget* parent = nullptr);
    ~FindBar() override;

    void open();
    void close();
    void next() { go(1); }
    void previous() { go(-1); }
    /// The same text in another trace or another document.
    void searchAgain();
    bool hasHits() const { return !m_hits.empty(); }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void search();
    void show(TextHits hits);
    void go(int by);
    void sayCount();

    TraceCanvas& m_canvas;
    QLineEdit* m_text;
    QToolButton* m_case;
    QLabel* m_count;
    std::vector<std::pair<qint64, qint64>> m_hits;
    bool m_complete = true;
    int m_at = -1;
    std::stop_source m_stop;
    QFutureWatcher<TextHits> m_watcher;
};

}  // namespace retort
