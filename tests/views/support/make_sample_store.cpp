// retort-sample-store FILE [RUNS [STEPS [MERGES]]]: a filled store for looking at the window by hand and for
// screenshots. With MERGES: a family of so many runs and merged folders, for the lineage.
#include <cstdio>
#include <cstdlib>

#include "core/util/error.h"
#include "tests/views/support/sample_lineage.h"
#include "tests/views/support/sample_store.h"

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: retort-sample-store FILE [RUNS [STEPS [MERGES]]]\n");
        return 2;
    }
    retort::sample::Options options;
    if (argc > 2) options.runs = std::atoi(argv[2]);
    if (argc > 3) options.steps = std::atoi(argv[3]);
    try {
        if (argc > 4)
            retort::sample::fillLineage(argv[1], {options.runs, 3, std::atoi(argv[4])});
        else
            retort::sample::fillStore(argv[1], options);
    } catch (const retort::Error& error) {
        std::fprintf(stderr, "retort-sample-store: %s\n", error.what());
        return 1;
    }
    return 0;
}
