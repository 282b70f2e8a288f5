// Everything about the selected checkpoint: what it is, its hash, parents with weights, children,
// evaluations; and what can be done with it.
#pragma once

#include <QWidget>
#include <optional>
#include <stop_token>

#include "core/lineage/lineage_graph.h"

class QPushButton;
class QTextBrowser;

namespace retort {

class Lab;

class LineageDetails : public QWidget {
    Q_OBJECT
  public:
    explicit LineageDetails(Lab& lab, QWidget* parent = nullptr);
    ~LineageDetails() override;

    void show(const LineageGraph& graph, std::optional<std::size_t> node);
    QTextBrowser* text() const { return m_text; }
    void copyPath();
    void reveal();

  Q_SIGNALS:
    void nodeWanted(std::size_t node);  ///< a parent or child was clicked
    void openWanted();
    void compareWanted();
    void mergeWanted();

  private:
    QString html(const LineageGraph& graph, std::size_t node) const;
    void computeHash();

    Lab& m_lab;
    QTextBrowser* m_text;
    QPushButton *m_open, *m_copy, *m_reveal, *m_compare, *m_merge, *m_hash;
    QString m_path;
    std::stop_source m_hashing;
};

}  // namespace retort
