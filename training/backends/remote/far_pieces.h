// Pieces of files on a machine, brought through a POSIX shell there.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "training/backends/remote/far_listing.h"
#include "training/backends/remote/shell.h"

namespace retort {

/// Bytes are asked for in blocks, because dd seeks by these.
inline constexpr std::uint64_t farBlock = 4096;
struct FarPiece {
    std::string name;
    std::uint64_t fromBlock = 0, blocks = 0;  ///< no blocks: only the stamp is asked for
};
/// `marker` is a word that no file holds.
std::string piecesScript(const FarFolder& folder, const std::vector<FarPiece>& pieces,
                         const std::string& marker);

/// Takes apart what piecesScript() prints, however it was cut on its way.
class FarPieces {
  public:
    /// `bytes` is called for the piece of this index as they come, `whole` with its stamp behind them (empty:
    /// there is no such file any more).
    FarPieces(const std::string& marker, std::function<void(std::size_t, std::string_view)> bytes,
              std::function<void(std::size_t, const std::string&)> whole);
    void add(std::string_view piece);
    /// What came is not what piecesScript() prints.
    bool isBroken() const { return m_isBroken; }

  private:
    std::string m_marker, m_waiting;
    std::function<void(std::size_t, std::string_view)> m_bytes;
    std::function<void(std::size_t, const std::string&)> m_whole;
    std::size_t m_index = 0;
    bool m_isBroken = false;
};

struct FarArrival {
    std::uint64_t bytes = 0;
    std::string stamp;    ///< of the file there, behind the last byte; empty: it is gone
    bool isOver = false;  ///< all of it that there is came
};

/// Brings the pieces, each into the file of its place in the list. `each` is called with the bytes that came
/// since it was called last. What went wrong is returned, so that what came before can be kept.
std::optional<Error> fetchPieces(Shell& shell, const FarFolder& folder, const std::vector<FarPiece>& pieces,
                                 const std::vector<std::filesystem::path>& files,
                                 std::vector<FarArrival>& arrived, const std::function<bool()>& stop,
                                 const std::function<void(std::uint64_t)>& each);

}  // namespace retort
