// The only place that knows which LibTorch this is: 1.13 (Debian 12) or 2.x.
#pragma once

#include <torch/version.h>

#define RETORT_TORCH_AT_LEAST(major, minor) \
    (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))
