// Logs of a folder on a machine, mirrored here so that they are adopted like local ones.
//
// What is appended there is appended here, by byte offset and behind a comparison of what overlaps; a file
// that is another one now (shorter, rotated, begun anew) appears here anew by a rename, as the reader of a
// local log would meet it. Small files that are rewritten are brought whole; databases of SQLite with what
// lies beside them, between two looks in which they did not change, and checked. Nothing is needed there but
// a POSIX shell. What is gone there stays here.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/machines/machine.h"
#include "training/backends/remote/far_pieces.h"

namespace retort {

struct MirrorProgress {
    std::uint64_t bytes = 0, total = 0;  ///< brought by this call; known to be there, these among them
    std::size_t files = 0;               ///< that are logs
};

/// Lives in one thread, in which it waits for the machine in loops of events.
class FolderMirror {
  public:
    using Stop = std::function<bool()>;  ///< true: give up
    using Progress = std::function<void(const MirrorProgress&)>;

    /// What a path on a machine is. Throws Error when it is not there, or the machine is not reached.
    static FarFolder find(const Machine& machine, const std::string& path, const Stop& stop);

    /// `mirrors`: the folder in which mirrors lie.
    FolderMirror(Machine machine, FarFolder folder, std::filesystem::path mirrors);
    ~FolderMirror();

    const FarFolder& folder() const { return m_folder; }
    /// What recognise() gets.
    std::filesystem::path content() const { return m_folder.content(m_mirrors); }

    /// Of these (files, or folders with what is below) everything is brought, of others only the beginning,
    /// by which they are recognised. Without a call everything is wanted. `isAll`: these are files, and
    /// nothing else in the folder matters; it is not searched then.
    void want(const std::vector<std::filesystem::path>& here, bool isAll = false);

    /// Brings what is new until there is no more. Several programs may do that at once. Throws Error when the
    /// machine is not reached, the disk here is full, or `stop` said so; what came stays, and the next call
    /// goes on from there.
    void bring(const Stop& stop = nullptr, const Progress& progress = nullptr);
    /// The same for somebody who follows: as often as is sensible, and again with growing pauses where it
    /// failed; never throws. Whether anything was looked at.
    bool keepUp(const Stop& stop);
    /// Why the last try of keepUp() failed; empty: it did not.
    const std::string& problem() const { return m_problem; }
    /// What is not mirrored, with the reason: too large, damaged.
    std::vector<std::string> notes() const;

    static constexpr std::uint64_t largestDatabase = std::uint64_t(256) << 20;
    static constexpr std::uint64_t largestWhole = std::uint64_t(64) << 20;
    /// Of files that are not wanted.
    static constexpr std::uint64_t beginning = std::uint64_t(256) << 10;

  private:
    using Clock = std::chrono::steady_clock;
    struct Piece {
        FarLog log;
        std::uint64_t from = 0, blocks = 0;  // there
        std::uint64_t have = 0;              // bytes that are here; 0 also when it begins anew
    };
    class Lock;

    bool round(const Stop& stop, MirrorProgress& progress, const Progress& told);
    std::vector<Piece> plan(const FarListing& listing, MirrorProgress& progress);
    bool fetch(std::vector<Piece>& pieces, const Stop& stop, MirrorProgress& progress, const Progress& told);
    bool take(const Piece& piece, const FarArrival& arrival, const std::filesystem::path& arrived);
    bool takeGrowing(const Piece& piece, const FarArrival& arrival, const std::filesystem::path& arrived);
    bool bringDatabase(const std::vector<FarLog>& files, const Stop& stop, MirrorProgress& progress,
                       const Progress& told);
    void emptyArriving() const;
    void isHereNow(const FarLog& log, const std::string& stamp);
    bool isWanted(const std::string& name) const;
    std::filesystem::path here(const std::string& name) const;
    void setTime(const std::filesystem::path& file, double modified) const;
    void load();
    void save();
    std::string recordStamp() const;

    Machine m_machine;
    FarFolder m_folder;
    std::filesystem::path m_mirrors, m_home, m_root, m_arriving;
    std::unique_ptr<Shell> m_shell;
    std::unordered_set<std::string> m_wanted;  ///< names of files and folders
    bool m_wantsAll = true, m_hasMore = false;
    std::vector<std::string> m_names;             ///< that alone are looked at; none: the folder is searched
    std::map<std::string, std::string> m_stamps;  // of files that are here to their end
    bool m_stampsChanged = false;
    std::string m_known;           // of files.json, as these were read from it or written into it
    std::set<std::string> m_anew;  // their bytes here are another file's
    std::map<std::string, std::string> m_notes;  // by file
    struct DatabaseTries {
        Clock::time_point next{};
        int failed = 0;
    };
    std::map<std::string, DatabaseTries> m_tries;
    double m_skew = 0;
    std::string m_problem;
    Clock::time_point m_next{};
    std::chrono::milliseconds m_delay;
};

}  // namespace retort
