// retort-cli adopt FOLDER
#include "app/cli/adoption_session.h"
#include "app/cli/context.h"
#ifdef RETORT_HAS_REMOTE
#include "app/cli/remote_program.h"
#endif

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

#ifdef RETORT_HAS_REMOTE
/// "box:/data/outputs", as scp has it; a folder here may have such a name, too.
bool isElsewhere(const std::string& folder) {
    const std::size_t colon = folder.find(':');
    std::error_code code;
    return colon != std::string::npos && colon > 0 && colon < folder.find('/') && !fs::exists(folder, code);
}
#endif

}  // namespace

int runAdopt(Context& context) {
    const std::string& folder = context.arguments().positional(0);
#ifdef RETORT_HAS_REMOTE
    if (isElsewhere(folder)) becomeRemoteProgram(context.words());
#endif
    return adoptFolder(context, folder);
}

}  // namespace retort::cli
