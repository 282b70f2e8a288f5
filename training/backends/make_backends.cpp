#include "training/backends/adopted_backend.h"
#include "training/backends/in_process_backend.h"
#include "training/backends/local_process_backend.h"

namespace retort {

std::vector<std::unique_ptr<Backend>> makeBackends(QObject* parent) {
    std::vector<std::unique_ptr<Backend>> backends;
    backends.push_back(std::make_unique<LocalProcessBackend>(parent));
    backends.push_back(std::make_unique<InProcessBackend>(parent));
    backends.push_back(std::make_unique<AdoptedBackend>(parent));
    return backends;
}

}  // namespace retort
