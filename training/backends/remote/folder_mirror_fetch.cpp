// FolderMirror's part that decides what is brought, and puts it in its place.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/trackers/copied_database.h"
#include "core/util/error.h"
#include "training/backends/remote/folder_mirror.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::uint64_t pieceBytes = 8 << 20, roundBytes = 32 << 20;
constexpr std::size_t roundPieces = 64;
// A database is copied as a whole: the more it takes, the more seldom.
constexpr int databaseShare = 10;
constexpr int mostDatabaseTries = 20;

std::uint64_t sizeOf(const fs::path& file) {
    std::error_code code;
    const auto size = fs::file_size(file, code);
    return code ? 0 : size;
}

std::uint64_t blocksOf(std::uint64_t bytes) {
    return (bytes + farBlock - 1) / farBlock;
}

std::string inodeOf(const std::string& stamp) {
    return stamp.substr(0, stamp.find(' '));
}

void append(const fs::path& to, const fs::path& from, std::uint64_t skip) {
    std::error_code code;
    fs::create_directories(to.parent_path(), code);
    std::ifstream in(from, std::ios::binary);
    in.seekg(std::streamoff(skip));
    std::ofstream out(to, std::ios::binary | std::ios::app);
    std::string buffer(std::size_t(1) << 20, '\0');
    while (in && out) {
        in.read(buffer.data(), std::streamsize(buffer.size()));
        out.write(buffer.data(), in.gcount());
    }
    out.flush();
    if (!out) throw Error(std::string("cannot write: ") + std::strerror(errno), to.string());
}

bool isSame(const fs::path& a, std::uint64_t fromA, const fs::path& b, std::uint64_t count) {
    std::ifstream inA(a, std::ios::binary), inB(b, std::ios::binary);
    inA.seekg(std::streamoff(fromA));
    std::string textA(std::size_t(count), '\0'), textB = textA;
    inA.read(textA.data(), std::streamsize(count));
    inB.read(textB.data(), std::streamsize(count));
    return inA && inB && textA == textB;
}

std::string tooLarge(std::uint64_t size, std::uint64_t most) {
    return "is too large to be copied whenever it changes (" + std::to_string(size >> 20) + " MB; at most " +
           std::to_string(most >> 20) + " MB)";
}

void replace(const fs::path& file, const fs::path& with) {
    std::error_code code;
    fs::create_directories(file.parent_path(), code);
    fs::rename(with, file, code);
    if (code) throw Error("cannot be put in its place: " + code.message(), file.string());
}

}  // namespace

std::vector<FolderMirror::Piece> FolderMirror::plan(const FarListing& listing, MirrorProgress& progress) {
    std::vector<Piece> pieces;
    std::uint64_t outstanding = 0;
    for (const FarLog& log : listing.logs) {
        if (log.kind == FarLog::Kind::Database) continue;
        const fs::path file = here(log.name);
        std::error_code code;
        const bool isHere = fs::exists(file, code), wanted = isWanted(log.name);
        const auto known = m_stamps.find(log.name);
        if (isHere && known != m_stamps.end() && known->second == log.stamp) continue;
        Piece piece;
        piece.log = log;
        if (log.kind == FarLog::Kind::Whole) {
            if (log.size > largestWhole) {
                m_notes[log.name] = tooLarge(log.size, largestWhole);
                continue;
            }
            // What is only looked at need not be the newest.
            if (!wanted && isHere) continue;
            piece.blocks = blocksOf(log.size) + 1;
            outstanding += log.size;
        } else {
            piece.have = m_anew.contains(log.name) || log.size < sizeOf(file) ? 0 : sizeOf(file);
            const std::uint64_t most = wanted ? log.size : std::min(log.size, beginning);
            if (isHere && !wanted && piece.have >= most && !m_anew.contains(log.name)) continue;
            const std::uint64_t block = piece.have / farBlock;
            piece.from = (block > 0 ? block - 1 : 0) * farBlock;
            piece.blocks = std::max<std::uint64_t>(1, blocksOf(std::min(most - piece.from, pieceBytes)));
            outstanding += most - std::min(most, piece.have);
        }
        pieces.push_back(std::move(piece));
    }
    progress.total = progress.bytes + outstanding;
    return pieces;
}

/// Under the lock, so that it is nobody else's.
void FolderMirror::emptyArriving() const {
    std::error_code code;
    fs::remove_all(m_arriving, code);
    fs::create_directories(m_arriving, code);
    if (code) throw Error("cannot be made: " + code.message(), m_arriving.string());
}

/// True when there is more.
bool FolderMirror::fetch(std::vector<Piece>& pieces, const Stop& stop, MirrorProgress& progress,
                         const Progress& told) {
    emptyArriving();
    std::vector<FarPiece> asked;
    std::vector<fs::path> files;
    std::uint64_t sum = 0;
    for (const Piece& piece : pieces) {
        if (asked.size() == roundPieces || sum > roundBytes) break;
        files.push_back(m_arriving / std::to_string(asked.size()));
        asked.push_back({piece.log.name, piece.from / farBlock, piece.blocks});
        sum += piece.blocks * farBlock;
    }
    std::vector<FarArrival> arrived;
    const std::optional<Error> broken =
        fetchPieces(*m_shell, m_folder, asked, files, arrived, stop, [&](std::uint64_t bytes) {
            progress.bytes += bytes;
            progress.total = std::max(progress.total, progress.bytes);
            if (told) told(progress);
        });
    bool more = asked.size() < pieces.size();
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        // What arrived whole before the connection broke is not asked for again.
        if (!arrived[i].isOver) continue;
        const std::string& name = pieces[i].log.name;
        try {
            more = take(pieces[i], arrived[i], files[i]) || more;
        } catch (const Error& error) {  // a folder has the name that a file had
            m_notes[name] = error.what_happened();
        }
    }
    save();
    if (broken) throw *broken;
    return more;
}

void FolderMirror::isHereNow(const FarLog& log, const std::string& stamp) {
    m_stamps[log.name] = stamp;
    m_stampsChanged = true;
    m_notes.erase(log.name);
}

/// True when there is more of it.
bool FolderMirror::take(const Piece& piece, const FarArrival& arrival, const fs::path& arrived) {
    const FarLog& log = piece.log;
    // Rotated or deleted since it was listed: the next listing says what it is now.
    if (inodeOf(arrival.stamp) != inodeOf(log.stamp)) return true;
    if (arrival.bytes == 0 && log.size > 0) {
        m_notes[log.name] = "cannot be read there";
        return false;
    }
    if (log.kind != FarLog::Kind::Whole) return takeGrowing(piece, arrival, arrived);
    if (arrival.stamp != log.stamp || arrival.bytes != log.size) return false;  // it is being written
    setTime(arrived, log.modified);
    replace(here(log.name), arrived);
    isHereNow(log, log.stamp);
    return false;
}

bool FolderMirror::takeGrowing(const Piece& piece, const FarArrival& arrival, const fs::path& arrived) {
    const FarLog& log = piece.log;
    const fs::path file = here(log.name);
    const std::uint64_t overlap = piece.have > 0 ? piece.have - piece.from : 0;
    if (overlap > 0 && (arrival.bytes < overlap || !isSame(file, piece.from, arrived, overlap))) {
        m_anew.insert(log.name);
        return true;
    }
    if (piece.have == 0) {
        // Anew, also where the file is empty: a reader here has to see that it was begun again.
        replace(file, arrived);
        m_anew.erase(log.name);
    } else if (arrival.bytes > overlap) {
        append(file, arrived, overlap);
    }
    setTime(file, log.modified);
    const std::uint64_t have = piece.from + arrival.bytes;
    // One that says to be larger than what can be read of it is looked at again, but not at once.
    if (have < log.size) return have > piece.have && isWanted(log.name);
    isHereNow(log, log.stamp);
    return false;
}

/// `files`: the database, and what lies beside it. A copy is right when the database itself did not change
/// between its two looks. True: it is to be tried again at once.
bool FolderMirror::bringDatabase(const std::vector<FarLog>& files, const Stop& stop, MirrorProgress& progress,
                                 const Progress& told) {
    const FarLog& log = files.front();
    std::string stamp;
    std::uint64_t size = 0;
    for (const FarLog& each : files) {
        stamp += each.name.substr(log.name.size()) + " " + each.stamp + "\n";
        size += each.size;
    }
    const fs::path file = here(log.name);
    std::error_code code;
    const bool isHere = fs::exists(file, code);
    const auto known = m_stamps.find(log.name);
    if (isHere && ((known != m_stamps.end() && known->second == stamp) || !isWanted(log.name))) return false;
    if (size > largestDatabase) {
        m_notes[log.name] = tooLarge(size, largestDatabase);
        return false;
    }
    DatabaseTries& tries = m_tries[log.name];
    const auto began = Clock::now();
    if (began < tries.next) return false;
    emptyArriving();
    std::vector<FarPiece> asked;
    std::vector<fs::path> arriving;
    // Each, and behind them all once more how they look.
    for (const FarLog& each : files) asked.push_back({each.name, 0, blocksOf(each.size) + 1});
    for (const FarLog& each : files) asked.push_back({each.name, 0, 0});
    const fs::path copy = m_arriving / "database";
    for (const FarLog& each : files) arriving.emplace_back(copy.string() + each.name.substr(log.name.size()));
    for (std::size_t i = 0; i < files.size(); ++i)
        arriving.push_back(m_arriving / ("look-" + std::to_string(i)));
    std::vector<FarArrival> arrived;
    progress.total += size;
    const auto broken =
        fetchPieces(*m_shell, m_folder, asked, arriving, arrived, stop, [&](std::uint64_t bytes) {
            progress.bytes += bytes;
            if (told) told(progress);
        });
    if (broken) throw *broken;
    bool isRight = true;
    for (std::size_t i = 0; i < arrived.size(); ++i) {
        const FarLog& each = files[i % files.size()];
        // While nothing was taken from it into the database, a -wal may grow, or be begun anew: what of it is
        // torn or of another time SQLite passes over by its checksums, and the rest is in the database.
        if (each.name.ends_with("-wal")) continue;
        isRight =
            isRight && arrived[i].stamp == each.stamp && (i >= files.size() || arrived[i].bytes == each.size);
    }
    try {
        if (!isRight) throw Error("changes while it is copied; it is tried again");
        settleDatabase(copy);
    } catch (const Error& error) {
        m_notes[log.name] = error.what_happened();
        return !isHere && ++tries.failed < mostDatabaseTries;
    }
    tries.next = Clock::now() + databaseShare * (Clock::now() - began);
    tries.failed = 0;
    const auto newest = std::max_element(
        files.begin(), files.end(), [](const FarLog& a, const FarLog& b) { return a.modified < b.modified; });
    setTime(copy, newest->modified);
    try {
        replace(file, copy);
    } catch (const Error& error) {  // a folder has the name that a file had
        m_notes[log.name] = error.what_happened();
        return false;
    }
    isHereNow(log, stamp);
    return false;
}

}  // namespace retort
