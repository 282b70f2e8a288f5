// One instruction set's kernels. CMake compiles this file once for each, with RETORT_VARIANT naming its
// namespace. Nothing here may use inline functions of shared headers: the linker would keep one copy, perhaps
// the AVX-512 one.
#include "training/engine/kernels/attention.h"
#include "training/engine/kernels/gemm.h"
#include "training/engine/kernels/kernels.h"
#include "training/engine/kernels/optimizer.h"
#include "training/engine/kernels/rows.h"

namespace RETORT_VARIANT {

#define RETORT_TEXT_OF(name) #name
#define RETORT_TEXT(name) RETORT_TEXT_OF(name)

static void multiplyRows(long rows, long columns, long depth, const float* a, long lda, const float* packed,
                         float* c, long ldc, bool add) {
    multiplyDeep<Left::Rows>(rows, columns, depth, depth, a, lda, packed, c, ldc, add);
}

extern const retort::Kernels table;
const retort::Kernels table = {
    .name = RETORT_TEXT(RETORT_VARIANT),
    .panel = panel,
    .packedSize = packedSize,
    .packRows = packRows,
    .packTransposed = packTransposed,
    .multiply = multiplyRows,
    .multiplyGradient = multiplyGradient,
    .gradientScratch = gradientScratch,
    .rmsNorm = rmsNorm,
    .rmsNormGradient = rmsNormGradient,
    .rotate = rotate,
    .swiglu = swiglu,
    .swigluGradient = swigluGradient,
    .add = add,
    .attentionScratch = attentionScratch,
    .attention = attention,
    .attentionGradient = attentionGradient,
    .attendOne = attendOne,
    .statistics = statistics,
    .statisticsGradient = statisticsGradient,
    .exponentials = exponentials,
    .sumOfSquares = sumOfSquares,
    .adamw = adamw,
};

}  // namespace RETORT_VARIANT
