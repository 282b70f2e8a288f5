// Which logs a run's command writes.
#pragma once

#include <map>
#include <set>

#include "core/adoption/adoption_record.h"
#include "training/external/command_folders.h"

namespace retort {

/// What recognise() finds, as one run: the command's own log where it logs with retort_log.py, and nothing
/// else then; otherwise of each kind of log one, that which changed since the attempt began. Several runs of
/// one kind in one log would go to and fro between their steps.
class LogFinder {
  public:
    /// `since`: Unix time, s, when the attempt began.
    LogFinder(const CommandFolders& folders, const ExternalSettings& settings, double since);

    /// What earlier attempts followed is followed on.
    void know(const AdoptionRecord& record);
    FoundRun look();
    /// What was found since it was asked last, and what of it is not followed, for people.
    std::vector<std::string> takeNotes() { return std::exchange(m_notes, {}); }

  private:
    void lookAt(const std::filesystem::path& place, FoundRun& all);
    bool isTaken(const FoundRun& found, bool isNamed);
    void note(const std::string& text);

    CommandFolders m_folders;
    std::vector<std::filesystem::path> m_places;
    bool m_areNamed;
    std::set<std::filesystem::path> m_notLogs;  ///< external.files
    ColumnMapping m_mapping;
    double m_since;
    std::set<std::string> m_known;                ///< sources
    std::map<std::string, std::string> m_ofKind;  ///< kind of log: the run that is followed
    std::set<std::string> m_noted;
    std::vector<std::string> m_notes;
};

}  // namespace retort
