// Of all programs that have a store open, the one that holds this starts what waits in its queue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace retort {

class QueueLock {
  public:
    explicit QueueLock(const std::filesystem::path& storeFile);
    ~QueueLock();
    QueueLock(const QueueLock&) = delete;
    QueueLock& operator=(const QueueLock&) = delete;

    /// True while it is ours, also when it was before. Throws Error when the file cannot be made.
    bool take();
    void release();
    /// Whether anybody has the lock of this store.
    static bool isHeld(const std::filesystem::path& storeFile);
    /// The number of the process that holds it, or did last; 0: not known.
    std::int64_t holder() const;

  private:
    std::filesystem::path m_file;
    int m_fd = -1;
};

}  // namespace retort
