// The folder that a merge writes: made beside its target under another name, renamed when it is whole.
#pragma once

#include <cstdint>
#include <filesystem>

#include "training/merging/merge_plan.h"

namespace retort {

/// Throws Error when the output cannot be written there: a folder with something in it (unless `overwrite`,
/// and then one that is no checkpoint), one that is, holds or lies in an input, one without the space.
void checkMergeTarget(const MergePlan& plan, const std::filesystem::path& target, bool overwrite);

class MergeFolder {
  public:
    /// Makes the temporary folder, after removing those that killed merges to this target left. Throws Error.
    MergeFolder(std::filesystem::path target, bool overwrite);
    /// Removes it with all that is in it, unless commit() was called.
    ~MergeFolder();
    MergeFolder(const MergeFolder&) = delete;
    MergeFolder& operator=(const MergeFolder&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// Puts it in the target's place; what was there is removed. Throws Error.
    void commit();

  private:
    std::filesystem::path m_target, m_path;
    bool m_overwrite = false, m_isCommitted = false;
};

}  // namespace retort
