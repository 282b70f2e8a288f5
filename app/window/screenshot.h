// retort --screenshot: renders views to PNG files when all they show has been read.
#pragma once

#include "app/window/application.h"

namespace retort {

/// Returns the exit status; says on stderr what could not be written.
int takeScreenshots(Application& application, const WindowOptions& options);

}  // namespace retort
