#include "core/util/error.h"

namespace retort {
namespace {

// "where: what (hint)": one line, the form in which compilers report, so that editors can jump to it.
std::string compose(const std::string& what, const std::string& where, const std::string& hint) {
    std::string line = where.empty() ? what : where + ": " + what;
    if (!hint.empty()) line += " (" + hint + ")";
    return line;
}

}  // namespace

Error::Error(std::string what, std::string where, std::string hint)
    : std::runtime_error(compose(what, where, hint)),
      m_what(std::move(what)),
      m_where(std::move(where)),
      m_hint(std::move(hint)) {}

}  // namespace retort
