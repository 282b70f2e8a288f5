// In a run's details: which files of another program it comes from, and whether they are followed.
#pragma once

#include <QWidget>
#include <filesystem>
#include <optional>

#include "core/store/rows.h"

class QLabel;
class QPushButton;

namespace retort {

class Lab;

class AdoptionPanel : public QWidget {
    Q_OBJECT
  public:
    AdoptionPanel(Lab& lab, QWidget* parent);

    /// Hidden for runs that were not adopted.
    void showRun(const RunRow* run);
    /// On which its files lie; empty: on this one, or it is not known yet.
    QString machine() const { return m_from.machine; }
    QLabel* origin() const { return m_origin; }
    QPushButton* followButton() const { return m_follow; }

  Q_SIGNALS:
    void originRead();

  private:
    struct Origin {
        QString text, machine;
        QString home;  ///< of the mirror
    };
    static Origin originOf(const std::filesystem::path& run);
    void showState();

    Lab& m_lab;
    std::optional<RunRow> m_run;
    Origin m_from;
    QLabel* m_origin;
    QPushButton* m_follow;
};

}  // namespace retort
