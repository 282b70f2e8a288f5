#include "training/engine/matrix_jobs.h"

#include <algorithm>

#include "training/engine/parallel.h"

namespace retort {

namespace {

struct Piece {
    std::size_t job;
    long begin, end;
};

}  // namespace

void packAll(const Kernels& k, const std::vector<PackJob>& jobs) {
    std::vector<Piece> pieces;
    for (std::size_t j = 0; j < jobs.size(); ++j) {
        const long step = k.panel * 4;
        for (long begin = 0; begin < jobs[j].columns; begin += step)
            pieces.push_back({j, begin, std::min(begin + step, jobs[j].columns)});
    }
    runTasks(long(pieces.size()), [&](long i, int) {
        const Piece& piece = pieces[std::size_t(i)];
        const PackJob& job = jobs[piece.job];
        (job.transposed ? k.packTransposed : k.packRows)(job.weight, job.ld, job.depth, piece.begin,
                                                         piece.end, job.packed);
    });
}

void multiplyGradients(const Kernels& k, const std::vector<GradientJob>& jobs,
                       std::vector<FloatBuffer>& scratch) {
    // Few large blocks: each packs all of y once more.
    const long share = threadCount();
    std::vector<Piece> pieces;
    for (std::size_t j = 0; j < jobs.size(); ++j) {
        const long wanted = std::clamp((jobs[j].m + share - 1) / share, 96L, 768L);
        const long step = (wanted + 11) / 12 * 12;
        for (long begin = 0; begin < jobs[j].m; begin += step)
            pieces.push_back({j, begin, std::min(begin + step, jobs[j].m)});
    }
    const auto work = [&](const Piece& p) { return (p.end - p.begin) * jobs[p.job].n * jobs[p.job].depth; };
    std::stable_sort(pieces.begin(), pieces.end(),
                     [&](const Piece& a, const Piece& b) { return work(a) > work(b); });  // the largest first
    runTasks(long(pieces.size()), [&](long i, int thread) {
        const Piece& piece = pieces[std::size_t(i)];
        const GradientJob& job = jobs[piece.job];
        const long m = piece.end - piece.begin;
        k.multiplyGradient(m, job.n, job.depth, job.x + piece.begin, job.ldx, job.y, job.ldy,
                           job.c + piece.begin * job.n, job.n,
                           scratch[std::size_t(thread)].reserve(std::size_t(k.gradientScratch(m, job.n))));
    });
}

}  // namespace retort
