// Random (version 4) UUIDs: the identity of runs.
#pragma once

#include <string>

namespace retort {
std::string newUuid();
}
