// Runs of other programs in the window: followed, or left.
#pragma once

#include "views/lab.h"

namespace retort {

class AdoptedBackend;

AdoptedBackend* adoptedBackend(const Lab& lab);
/// Another program trains it: it is followed or not, and no request of ours reaches it.
bool isAdopted(const RunRow& run);
/// Once, when the lab has its backends.
void connectAdopted(Lab& lab);

/// What its program writes is read on from now on, also by later windows.
void followAdopted(Lab& lab, const RunRow& run);
/// Nothing more is read of it, also not by later windows.
void leaveAdopted(Lab& lab, const RunRow& run);

}  // namespace retort
