// Requests to a running trainer: files in the run directory's control/ folder (they work across processes
// and, through SSH, across machines) that the trainer looks at between steps.
#pragma once

#include <filesystem>

namespace retort {

enum class Request { Stop, Pause, Checkpoint };

/// Creates control/stop, control/pause or control/checkpoint. Asking twice is asking once.
void ask(const std::filesystem::path& runDirectory, Request request);
/// Takes it back: withdrawing Pause lets the run go on. Whether it stood there.
bool withdraw(const std::filesystem::path& runDirectory, Request request);
/// Stop and Pause that nobody carried out before the attempt they were meant for was over. Whoever starts the
/// next one by hand calls this first: the trainer would obey them at once. Whether there was a Stop.
bool withdrawLeftOver(const std::filesystem::path& runDirectory);

/// The trainer's side. `poll` costs one stat() per kind.
class ControlReader {
  public:
    explicit ControlReader(std::filesystem::path runDirectory);
    bool isAsked(Request request) const;
    /// Removes the file: the request was carried out.
    void done(Request request);

  private:
    std::filesystem::path m_folder;
};

}  // namespace retort
