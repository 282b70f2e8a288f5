// The kernels of every instruction set that this processor runs, against plain loops in double precision.
#include <QtTest>
#include <cmath>
#include <limits>
#include <vector>

#include "core/util/random.h"
#include "training/engine/kernels/kernels.h"

using namespace retort;

namespace {

std::vector<float> noise(std::size_t count, std::uint64_t seed, double deviation = 1) {
    Random random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = float(deviation * random.normal());
    return values;
}

bool close(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

void addVariants() {
    QTest::addColumn<QString>("variant");
    for (const char* name : {"baseline", "avx2", "avx512"})
        if (kernelsNamed(name)) QTest::newRow(name) << QString(name);
}

const Kernels& variant() {
    QFETCH_GLOBAL(QString, variant);
    return *kernelsNamed(variant.toUtf8().constData());
}

}  // namespace

class TestKernels : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase_data() { addVariants(); }

    void multiply_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("depth");
        QTest::newRow("one") << 1 << 1 << 1;
        QTest::newRow("odd") << 7 << 19 << 13;
        QTest::newRow("tiles") << 12 << 64 << 32;
        QTest::newRow("narrow last panel") << 31 << 65 << 40;
        QTest::newRow("deeper than a block") << 50 << 33 << 1100;
        QTest::newRow("many rows") << 301 << 17 << 9;
    }
    void multiply() {
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, depth);
        const Kernels& k = variant();
        const auto a = noise(std::size_t(rows * depth), 1), b = noise(std::size_t(depth * columns), 2);
        std::vector<float> transposed(b.size());
        for (int i = 0; i < depth; ++i)
            for (int j = 0; j < columns; ++j)
                transposed[std::size_t(j * depth + i)] = b[std::size_t(i * columns + j)];
        std::vector<float> packed(std::size_t(k.packedSize(depth, columns))), again(packed.size());
        k.packRows(b.data(), columns, depth, 0, columns, packed.data());
        k.packTransposed(transposed.data(), depth, depth, 0, columns, again.data());
        QCOMPARE(packed, again);
        const auto before = noise(std::size_t(rows * columns), 3);
        std::vector<float> c = before, added = before;
        k.multiply(rows, columns, depth, a.data(), depth, packed.data(), c.data(), columns, false);
        k.multiply(rows, columns, depth, a.data(), depth, packed.data(), added.data(), columns, true);
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) {
                double sum = 0;
                for (int d = 0; d < depth; ++d)
                    sum += double(a[std::size_t(i * depth + d)]) * b[std::size_t(d * columns + j)];
                const auto at = std::size_t(i * columns + j);
                QVERIFY2(close(c[at], sum, 1e-4),
                         qPrintable(QString("%1,%2: %3 %4").arg(i).arg(j).arg(c[at]).arg(sum)));
                QVERIFY(close(added[at], sum + before[at], 1e-4));
            }
    }

    /// Decoding relies on it: a row's result must not depend on how many rows are with it.
    void rowsAreIndependent() {
        const Kernels& k = variant();
        const int rows = 29, columns = 50, depth = 600;
        const auto a = noise(rows * depth, 1), b = noise(depth * columns, 2);
        std::vector<float> packed(std::size_t(k.packedSize(depth, columns))), all(rows * columns),
            one(columns);
        k.packRows(b.data(), columns, depth, 0, columns, packed.data());
        k.multiply(rows, columns, depth, a.data(), depth, packed.data(), all.data(), columns, false);
        for (int i = 0; i < rows; ++i) {
            k.multiply(1, columns, depth, a.data() + i * depth, depth, packed.data(), one.data(), columns,
                       false);
            QVERIFY(std::equal(one.begin(), one.end(), all.begin() + i * columns));
        }
    }

    void multiplyGradient() {
        const Kernels& k = variant();
        for (const auto& [m, n, depth] : {std::tuple{5, 3, 4}, {37, 50, 300}, {96, 33, 1030}}) {
            const auto x = noise(std::size_t(depth * m), 1), y = noise(std::size_t(depth * n), 2);
            std::vector<float> c(std::size_t(m * n), 1.0f), scratch(std::size_t(k.gradientScratch(m, n)));
            k.multiplyGradient(m, n, depth, x.data(), m, y.data(), n, c.data(), n, scratch.data());
            for (int i = 0; i < m; ++i)
                for (int j = 0; j < n; ++j) {
                    double sum = 1;
                    for (int d = 0; d < depth; ++d)
                        sum += double(x[std::size_t(d * m + i)]) * y[std::size_t(d * n + j)];
                    QVERIFY(close(c[std::size_t(i * n + j)], sum, 1e-4));
                }
        }
    }

    void statistics() {
        const Kernels& k = variant();
        for (int vocab : {1, 3, 16, 61, 5000}) {
            const auto logits = noise(std::size_t(vocab), std::uint64_t(vocab), 6);
            const float scale = 1.25f;
            const int target = vocab / 2;
            double total = 0, weighted = 0;
            for (float x : logits) total += std::exp(double(x) * scale);
            for (float x : logits)
                weighted += std::exp(double(x) * scale) / total * (x * scale - std::log(total));
            const TokenStatistics found = k.statistics(logits.data(), vocab, scale, target);
            QVERIFY(close(found.logprob, logits[std::size_t(target)] * scale - std::log(total), 1e-5));
            QVERIFY(close(found.entropy, -weighted, 1e-4));
            QCOMPARE(found.argmax, std::max_element(logits.begin(), logits.end()) - logits.begin());
            auto gradient = logits;
            k.statisticsGradient(gradient.data(), vocab, scale, target, found.logSum, 0.5f);
            for (int i = 0; i < vocab; ++i) {
                const double p = std::exp(double(logits[std::size_t(i)]) * scale) / total;
                QVERIFY(close(gradient[std::size_t(i)], 0.5 * scale * ((i == target) - p), 1e-5));
            }
        }
    }

    /// Logits far apart, and minus infinity (a masked token), must not make NaN; NaN must not be hidden.
    void statisticsOfExtremes() {
        const Kernels& k = variant();
        const float inf = std::numeric_limits<float>::infinity();
        std::vector<float> logits(20, -1e30f);
        logits[7] = 1e4f;
        logits[3] = -inf;
        TokenStatistics found = k.statistics(logits.data(), 20, 1, 7);
        QCOMPARE(found.logprob, 0.0f);
        QCOMPARE(found.entropy, 0.0f);
        QCOMPARE(found.argmax, 7L);
        logits[5] = std::numeric_limits<float>::quiet_NaN();
        found = k.statistics(logits.data(), 20, 1, 7);
        QVERIFY(std::isnan(found.logprob));
    }

    void attentionAgreesWithCachedAttention() {
        const Kernels& k = variant();
        for (const auto& [length, width, heads] :
             {std::tuple{1, 4, 1}, {33, 24, 2}, {130, 32, 1}, {20, 10, 3}}) {
            const long ld = width * (heads + 2);
            const auto qkv = noise(std::size_t(length * ld), 1);
            std::vector<float> out(std::size_t(length * width * heads)), logSums(std::size_t(length * heads));
            std::vector<float> scratch(std::size_t(k.attentionScratch(length, width)));
            AttentionTask task;
            task.length = length;
            task.width = width;
            task.queryHeads = heads;
            task.scale = 0.3f;
            task.query = qkv.data();
            task.key = qkv.data() + heads * width;
            task.value = task.key + width;
            task.ld = ld;
            task.out = out.data();
            task.ldOut = heads * width;
            task.logSums = logSums.data();
            task.ldLogSums = heads;
            k.attention(task, scratch.data());
            const int blocks = (length + 15) / 16;
            std::vector<float> keys(std::size_t(blocks * 16 * width)), values,
                scores(std::size_t(blocks * 16));
            for (int t = 0; t < length; ++t) {
                for (int d = 0; d < width; ++d)
                    keys[std::size_t(t / 16 * 16 * width + d * 16 + t % 16)] = task.key[t * ld + d];
                values.insert(values.end(), task.value + t * ld, task.value + t * ld + width);
                std::vector<float> one(std::size_t(width * heads));
                k.attendOne(t + 1, width, heads, task.scale, task.query + t * ld, keys.data(), values.data(),
                            one.data(), scores.data());
                for (std::size_t i = 0; i < one.size(); ++i)
                    QVERIFY(close(out[std::size_t(t) * one.size() + i], one[i], 1e-5));
            }
        }
    }

    void optimizerKernels() {
        const Kernels& k = variant();
        const auto gradient = noise(1001, 1);
        double squares = 0;
        for (float g : gradient) squares += double(g) * g;
        QVERIFY(close(k.sumOfSquares(gradient.data(), 1001), squares, 1e-6));
        std::vector<float> average(1001, 0.1f), square(1001, 0.2f), weights(1001, 1.0f);
        k.adamw({0.01f, 0.9f, 0.95f, 1e-8f, 0.1f, 0.5f, 0.19f, 0.0975f}, gradient.data(), average.data(),
                square.data(), weights.data(), 1001);
        for (std::size_t i = 0; i < 1001; ++i) {
            const double g = gradient[i] * 0.5, m = 0.9 * 0.1 + 0.1 * g, v = 0.95 * 0.2 + 0.05 * g * g;
            const double w = 1 - 0.01 * 0.1 - 0.01 * (m / 0.19) / (std::sqrt(v / 0.0975) + 1e-8);
            QVERIFY(close(weights[i], w, 1e-5));
        }
    }
};

QTEST_APPLESS_MAIN(TestKernels)
#include "tst_kernels.moc"
