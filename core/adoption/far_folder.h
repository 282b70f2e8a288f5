// Folders of other machines, whose logs are mirrored into a folder here and adopted from it.
//
// <data>/far/<machine>-<hash>/far.json      where it comes from: this record
// <data>/far/<machine>-<hash>/<its name>/   the mirror; "folder" where that is a name of what else lies
// there: <data>/far/<machine>-<hash>/lock, files.json, arriving/   the mirror's own
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace retort {

struct FarFolder {
    std::string machine;  ///< its name in the store
    std::string path;     ///< of the folder there, absolute, without links
    std::string only;     ///< the one file in it that is meant; empty: the whole folder
    bool operator==(const FarFolder&) const = default;

    /// Where its mirror lies below a folder of such: the same for the same place.
    std::filesystem::path home(const std::filesystem::path& mirrors) const;
    /// What is to be adopted, below that home: the folder, or the one file.
    std::filesystem::path content(const std::filesystem::path& mirrors) const;
    /// "box:/data/outputs", as `retort-cli adopt` takes it.
    std::string text() const;
};

/// Beside the store's runs.
std::filesystem::path mirrorsBeside(const std::filesystem::path& runsFolder);

/// Makes the home with its record. Throws Error.
void saveFarFolder(const FarFolder& folder, const std::filesystem::path& mirrors);
/// Of the mirror that a path lies in, and that mirror's home; nothing for a path that lies in none. Throws
/// Error for a record that is malformed.
struct FarPlace {
    FarFolder folder;
    std::filesystem::path home;
};
std::optional<FarPlace> farPlaceOf(const std::filesystem::path& path);

/// Where a path lies on its own machine: itself, but for one in a mirror.
std::filesystem::path pathThere(const std::filesystem::path& path);
/// What people know the path as: "box:/data/outputs/run-1" for one in a mirror, else itself.
std::string sourceText(const std::filesystem::path& path);

}  // namespace retort
