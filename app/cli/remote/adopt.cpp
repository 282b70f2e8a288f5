// retort-cli adopt MACHINE:FOLDER
#include <cstdio>

#include "app/cli/adoption_session.h"
#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/terminal.h"
#include "core/util/error.h"
#include "training/backends/remote/folder_mirror.h"

namespace retort::cli {
namespace {

bool isStopped() {
    return InterruptGuard::isAsked();
}

/// One line that is written over.
void draw(const MirrorProgress& progress) {
    std::fprintf(stderr, "\r\033[Kbringing %.1f of %.1f MB (%zu logs)", double(progress.bytes) / 1e6,
                 double(progress.total) / 1e6, progress.files);
    std::fflush(stderr);
}

}  // namespace

int runAdoptThere(Context& context) {
    const EventLoop loop;
    const std::string& place = context.arguments().positional(0);
    const std::size_t colon = place.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == place.size())
        throw Error("is no folder on a machine", place, "MACHINE:PATH");
    const Machine machine = context.reader().machine(place.substr(0, colon));
    const InterruptGuard guard;
    const FarFolder folder = FolderMirror::find(machine, place.substr(colon + 1), isStopped);
    FolderMirror mirror(machine, folder, mirrorsBeside(context.runsFolder()));
    if (context.arguments().has("--dry-run")) mirror.want({});
    const bool isShown = !context.quiet() && terminalWidth(2);
    mirror.bring(isStopped, isShown ? draw : FolderMirror::Progress());
    if (isShown) std::fputs("\r\033[K", stderr);
    for (const std::string& note : mirror.notes()) context.note(note);
    std::string told;
    return adoptFolder(context, mirror.content(), [&] {
        if (!mirror.keepUp(isStopped) || isStopped() || mirror.problem() == told) return;
        told = mirror.problem();
        context.note(told.empty() ? "connected again" : "not connected, trying again: " + told);
    });
}

}  // namespace retort::cli
