#include "training/engine/kernels/kernels.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace baseline {
extern const retort::Kernels table;
}
#if defined(RETORT_X86_VARIANTS)
namespace avx2 {
extern const retort::Kernels table;
}
namespace avx512 {
extern const retort::Kernels table;
}
#endif

namespace retort {

const Kernels* kernelsNamed(const char* name) {
#if defined(RETORT_X86_VARIANTS)
    if (!std::strcmp(name, "avx512"))
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
                   ? &avx512::table
                   : nullptr;
    if (!std::strcmp(name, "avx2"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2::table : nullptr;
#endif
    return std::strcmp(name, "baseline") ? nullptr : &baseline::table;
}

const Kernels& kernels() {
    static const Kernels& best = []() -> const Kernels& {
        const char* asked = std::getenv("RETORT_KERNELS");
        for (const char* name : {asked ? asked : "avx512", "avx512", "avx2"})
            if (const Kernels* found = kernelsNamed(name)) return *found;
        return baseline::table;
    }();
    return best;
}

}  // namespace retort
