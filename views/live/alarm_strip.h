// Alarms and errors of the selected runs, the gravest first.
#pragma once

#include <QWidget>
#include <vector>

#include "core/store/rows.h"

class QListWidget;

namespace retort {

class AlarmStrip : public QWidget {
    Q_OBJECT
  public:
    explicit AlarmStrip(QWidget* parent = nullptr);

    struct Entry {
        std::string run, severity;
        QString text;  ///< in the window's language
        std::int64_t step = 0;
        bool operator==(const Entry&) const = default;
    };
    /// Hides itself when there is none.
    void setEntries(std::vector<Entry> entries);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void copyCurrent();

    QListWidget* m_list;
    std::vector<Entry> m_entries;
};

/// What the strip shows of a run: its alarms, and how it failed.
std::vector<AlarmStrip::Entry> alarmEntries(const RunRow& run, const std::vector<AlarmRow>& alarms);

}  // namespace retort
