// A trainer to kill: trains (or resumes) one run directory through the training module.
#include <cstdio>
#include <cstring>
#include <exception>

#include "training/api/training_module.h"

int main(int argc, char** argv) try {
    const bool resume = argc > 2 && std::strcmp(argv[2], "--resume") == 0;
    retort::loadTrainingModule().train(retort::RunDirectory::open(argv[1]), resume, {});
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
