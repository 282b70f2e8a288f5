#include "training/api/training_module.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <mutex>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {

TrainingModule::~TrainingModule() = default;

namespace {

constexpr const char* moduleName = "libretort_training.so";
std::atomic<TrainingModule*> loadedModule = nullptr;

/// LibTorch picks AVX2 by itself; its AVX-512 kernels are 25 to 30 % faster where the CPU has all that they
/// use.
const char* atenCapability() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        return "avx512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "avx2";
#endif
    return nullptr;
}

/// Debian's default OpenBLAS has its own spinning threads, which fight with LibTorch's OpenMP threads.
bool blasHasItsOwnThreads() {
    std::error_code code;
    for (const char* folder :
         {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"}) {
        const fs::path blas = fs::canonical(fs::path(folder) / "libblas.so.3", code);
        if (!code) return blas.string().find("openblas-pthread") != std::string::npos;
    }
    return false;
}

/// What LibTorch, libgomp and OpenBLAS read once, when they are loaded. What the user has set stays.
void prepareEnvironment() {
    constexpr int keep = 0;
    if (const char* capability = atenCapability()) ::setenv("ATEN_CPU_CAPABILITY", capability, keep);
    if (blasHasItsOwnThreads()) ::setenv("OPENBLAS_NUM_THREADS", "1", keep);
    // The fused engine has its own workers (training/engine/worker_pool.h); this is for what LibTorch does
    // itself. libgomp's endless spinning makes training 20 times slower beside a second busy process, no
    // spinning costs 30 % alone; a bounded spin keeps most of both (engine.md c.4).
    ::setenv("GOMP_SPINCOUNT", "5000", keep);
}

std::vector<fs::path> candidates() {
    if (const char* named = std::getenv("RETORT_TRAINING_MODULE"); named && *named) return {named};
    std::error_code code;
    const fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path();
    std::vector<fs::path> paths;
    for (const char* folder :
         {".", "lib", "../lib", "../lib/x86_64-linux-gnu", "../lib/aarch64-linux-gnu", "../lib64"})
        paths.push_back((program / folder / moduleName).lexically_normal());
    return paths;
}

TrainingModule& loadFrom(const fs::path& path) {
    // LibTorch's and OpenMP's threads cannot be unloaded safely.
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_NODELETE);
    if (!library) {
        const char* reason = ::dlerror();
        throw Error("cannot load the training module: " + std::string(reason ? reason : "unknown reason"),
                    path.string(), "is LibTorch installed (Debian: libtorch1.13)?");
    }
    using Entry = TrainingModule* (*)();
    const auto entry = reinterpret_cast<Entry>(::dlsym(library, "retort_training_module"));
    if (!entry) throw Error("is not a training module of Retort", path.string());
    return *entry();
}

}  // namespace

TrainingModule& loadTrainingModule() {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (TrainingModule* module = loadedModule) return *module;
    const std::vector<fs::path> paths = candidates();
    for (const fs::path& path : paths) {
        std::error_code code;
        if (!fs::exists(path, code)) continue;
        prepareEnvironment();
        loadedModule = &loadFrom(path);
        return *loadedModule;
    }
    throw Error("the training module is not there", paths.front().string(),
                "build with -DRETORT_TRAINING=ON, or name it in $RETORT_TRAINING_MODULE");
}

bool isTrainingModuleLoaded() {
    return loadedModule != nullptr;
}

}  // namespace retort
