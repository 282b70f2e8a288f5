// The logs below a folder on a machine, through nothing but a POSIX shell there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/adoption/far_folder.h"

namespace retort {

struct FarLog {
    enum class Kind {
        Growing,  ///< appended to: brought by byte offset
        Whole,    ///< rewritten as a whole, small
        Database  ///< SQLite
    };
    std::string name;   ///< relative, "/" between folders
    std::string stamp;  ///< inode, size and time of change, as the machine says them
    std::uint64_t size = 0;
    double modified = 0;  ///< Unix time there, s; 0: unknown
    Kind kind = Kind::Growing;
};

struct FarListing {
    double time = 0;  ///< the machine's clock, Unix time, s
    std::vector<FarLog> logs;
    /// Beside a database, SQLite's own: "mlflow.db-wal", "mlflow.db-journal".
    std::vector<FarLog> beside;
    bool isWhole = true;  ///< false: there were more than 200 000
};

/// Lines of sh that say what a path there is; parseFolder() understands what they print. "~/x" is below the
/// home folder.
std::string folderScript(const std::string& path);
/// The folder, or the folder of the one file. Throws Error for what is neither.
FarFolder parseFolder(const std::string& machine, const std::string& path, int exitCode,
                      const std::string& output);

/// Lists what recognise() takes for logs: the same names, depth, and folders that are passed over. With
/// `names` only these files are looked at.
std::string listingScript(const FarFolder& folder, const std::vector<std::string>& names = {});
/// Names that would leave the folder are left out, and so is what lies in run directories of our own.
FarListing parseListing(const std::string& output);

/// Lines of sh with which a script enters the folder and has stamps(): "inode size time NAME", a NUL behind
/// each, of the files that it is given.
std::string enterScript(const FarFolder& folder);
/// What stamps() says of a file; false for what is none.
bool parseStamp(const std::string& text, FarLog& log);

}  // namespace retort
