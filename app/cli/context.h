// What every command works with: its arguments, the store that they name, and where its output goes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/arguments.h"
#include "app/cli/command.h"
#include "core/config/launch.h"
#include "core/store/store.h"

namespace retort::cli {

class Context {
  public:
    explicit Context(Arguments arguments, std::vector<std::string> words = {})
        : m_arguments(std::move(arguments)), m_words(std::move(words)) {}

    /// The command and its arguments as they stood on the line.
    const std::vector<std::string>& words() const { return m_words; }

    const Arguments& arguments() const { return m_arguments; }
    bool json() const { return m_arguments.has("--json"); }
    bool quiet() const { return m_arguments.has("--quiet"); }

    std::filesystem::path storeFile() const;
    std::filesystem::path runsFolder() const { return storeFile().parent_path() / "runs"; }
    /// For commands that keep their own (quickstart --out).
    void useStore(std::filesystem::path file) { m_store = std::move(file); }

    /// Opens the store for reading; an Error that says how to make one when there is none.
    StoreReader reader() const;
    /// The run of this name or id. Throws Error when there is none.
    RunRow findRun(StoreReader& reader, const std::string& nameOrId) const;
    /// The run directory by a path, or by a name or id in the store.
    RunDirectory runDirectory(const std::string& pathNameOrId) const;
    /// Looks in the store, where there is one.
    FindRun runFinder() const;

    /// A line on standard error, unless --quiet.
    void note(const std::string& line) const;

  private:
    Arguments m_arguments;
    std::vector<std::string> m_words;
    std::optional<std::filesystem::path> m_store;
};

/// The store for writing; made where there is none.
std::unique_ptr<StoreWriter> openStore(const Context& context);

}  // namespace retort::cli
