// Loops compiled twice, for every x86-64 processor and for those with AVX2; the loader picks. No FMA in
// either: results are the same to the bit.
#pragma once

// Not under sanitizers, whose run time is not ready when the loader asks which one to take.
#if defined(RETORT_X86_CLONES)
#define RETORT_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define RETORT_VECTOR_CLONES
#endif
