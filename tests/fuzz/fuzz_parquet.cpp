// A Parquet file of any content: its columns are read, or an Error says why not.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "core/formats/parquet/parquet_file.h"
#include "core/util/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const int memory = ::memfd_create("parquet", MFD_CLOEXEC);
    if (memory < 0) return 0;
    const bool written = ::write(memory, data, size) == ssize_t(size);
    try {
        if (written) {
            const retort::ParquetFile file("/proc/self/fd/" + std::to_string(memory));
            for (std::size_t group = 0; group < file.groups(); ++group)
                for (std::size_t i = 0; i < file.columns().size(); ++i) {
                    if (!file.columns()[i].refused.empty()) continue;
                    const retort::ParquetValues values = file.read(group, i);
                    if (std::int64_t(values.present.size()) != file.rowsOf(group)) __builtin_trap();
                }
        }
    } catch (const retort::Error&) {
    }
    ::close(memory);
    return 0;
}
