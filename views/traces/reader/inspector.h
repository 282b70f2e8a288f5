// Beside the text: everything that is known of the token at the caret or under the pointer, of the current
// step, and of the sample. Others add tabs of their own.
#pragma once

#include <QTabWidget>

class QTreeWidget;

namespace retort {

class TraceCanvas;

/// Two columns, what and value; headings in between. Rows are copied with Ctrl+C.
class FactTable : public QWidget {
    Q_OBJECT
  public:
    struct Fact {
        QString what, value;
        QString toolTip = {};
        bool heading = false;
        bool strong = false;
    };
    explicit FactTable(const QString& name, QWidget* parent = nullptr);
    void setFacts(const std::vector<Fact>& facts);
    QTreeWidget* tree() const { return m_tree; }
    void copy() const;

  private:
    QTreeWidget* m_tree;
};

class Inspector : public QTabWidget {
    Q_OBJECT
  public:
    explicit Inspector(TraceCanvas& canvas, QWidget* parent = nullptr);

    /// The open trace changed; `verdict` says how its answer was judged, once that is known.
    /// `blind` leaves out what gives the verdict away.
    void showSample(const QString& runName, const std::vector<FactTable::Fact>& verdict, bool blind);
    void showToken(int token);  ///< -1: the one at the caret
    void showStep();
    FactTable* tokenTable() const { return m_token; }
    FactTable* stepTable() const { return m_step; }
    FactTable* sampleTable() const { return m_sample; }

  private:
    TraceCanvas& m_canvas;
    FactTable* m_token;
    FactTable* m_step;
    FactTable* m_sample;
};

}  // namespace retort
