// Says which parents of the compared merges are not compared themselves, and offers to add them.
#pragma once

#include <QWidget>
#include <vector>

#include "core/comparison/merge_families.h"

class QLabel;
class QPushButton;

namespace retort {

class RelativesStrip : public QWidget {
    Q_OBJECT
  public:
    explicit RelativesStrip(QWidget* parent = nullptr);

    /// Shown where something is missing, unless just that was dismissed before.
    void setFamilies(const Comparison& comparison, const std::vector<MergeFamily>& families);
    QLabel* label() const { return m_label; }
    QPushButton* addButton() const { return m_add; }

  Q_SIGNALS:
    void addRequested(const std::vector<retort::CheckpointRef>& checkpoints);

  private:
    QLabel* m_label;
    QPushButton* m_add;
    std::vector<CheckpointRef> m_missing;
    QString m_dismissed;
};

}  // namespace retort
