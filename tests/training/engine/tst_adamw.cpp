// AdamW on the flat buffer against LibTorch's own.
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include <QtTest>
#include <cmath>
#include <limits>

#include "core/util/error.h"
#include "training/engine/adamw.h"
#include "training/tensor.h"

using namespace retort;

namespace {

std::shared_ptr<CausalLM> smallModel() {
    ModelSettings settings;
    settings.hidden_size = 16;
    settings.num_hidden_layers = 1;
    settings.num_attention_heads = settings.num_key_value_heads = 2;
    settings.intermediate_size = 24;
    settings.attention_bias = true;
    return std::make_shared<CausalLM>(ModelShape::fromSettings(settings, 11), 1);
}

void setGradient(CausalLM& model, const torch::Tensor& gradient) {
    model.flatParameters().mutable_grad() = gradient.clone();
}

}  // namespace

class TestAdamW : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void agreesWithLibTorch() {
        auto model = smallModel();
        AdamW ours(model, {0.8, 0.9, 1e-6, 0.2});
        std::vector<torch::Tensor> matrices, vectors, order;
        for (const auto& [name, weight] : model->namedWeights()) {
            torch::Tensor copy = weight.clone().set_requires_grad(true);
            (weight.dim() > 1 ? matrices : vectors).push_back(copy);
            order.push_back(copy);
        }
        const auto options = [](double decay) {
            auto o = std::make_unique<torch::optim::AdamWOptions>(0.01);
            o->betas({0.8, 0.9}).eps(1e-6).weight_decay(decay);
            return o;
        };
        std::vector<torch::optim::OptimizerParamGroup> groups;
        groups.emplace_back(matrices, options(0.2));
        groups.emplace_back(vectors, options(0));
        torch::optim::AdamW theirs(groups, torch::optim::AdamWOptions(0.01));
        torch::manual_seed(1);
        for (int step = 0; step < 4; ++step) {
            // The gaps between the slices hold no weight; their gradient is zero.
            torch::Tensor gradient = torch::zeros_like(model->flatParameters().detach());
            for (auto& [name, view] : model->namedViews(gradient)) view.normal_();
            setGradient(*model, gradient);
            const auto views = model->namedViews(gradient);
            for (std::size_t i = 0; i < order.size(); ++i) order[i].mutable_grad() = views[i].second.clone();
            const double norm = torch::nn::utils::clip_grad_norm_(order, 1.5);
            theirs.step();
            QVERIFY(std::abs(ours.step(0.01, 1.5) - norm) < 1e-4 * norm);
            const auto weights = model->namedWeights();
            for (std::size_t i = 0; i < order.size(); ++i)
                QVERIFY2((weights[i].second - order[i]).abs().max().item<float>() < 1e-5f,
                         weights[i].first.c_str());
        }
        QCOMPARE(ours.steps(), std::int64_t(4));
    }

    void nonFiniteGradientChangesNothing() {
        auto model = smallModel();
        AdamW optimizer(model, {});
        const torch::Tensor before = model->flatParameters().detach().clone();
        torch::Tensor gradient = torch::ones_like(before);
        gradient[3] = std::numeric_limits<float>::quiet_NaN();
        setGradient(*model, gradient);
        QVERIFY(!std::isfinite(optimizer.step(0.1, 1)));
        QVERIFY(model->flatParameters().detach().equal(before));
        QCOMPARE(optimizer.steps(), std::int64_t(0));
    }

    void stateRestoresExactly() {
        auto model = smallModel();
        AdamW optimizer(model, {});
        const auto train = [](CausalLM& m, AdamW& o, int steps) {
            for (int i = 0; i < steps; ++i) {
                setGradient(m, torch::sin(m.flatParameters().detach() * 50 + 1));
                o.step(0.01, 1);
            }
        };
        train(*model, optimizer, 3);
        auto copy = smallModel();
        AdamW restored(copy, {});
        copy->flatParameters().detach().copy_(model->flatParameters().detach());
        const auto from = optimizer.namedState();
        auto to = restored.namedState();
        QCOMPARE(from.size(), 2 * model->slices().size());
        for (std::size_t i = 0; i < from.size(); ++i) {
            QCOMPARE(to[i].first, from[i].first);
            to[i].second.copy_(from[i].second);
        }
        restored.setSteps(optimizer.steps());
        train(*model, optimizer, 3);
        train(*copy, restored, 3);
        for (std::size_t i = 0; i < model->slices().size(); ++i)
            QVERIFY(model->namedWeights()[i].second.equal(copy->namedWeights()[i].second));
    }

    void stepBeforeBackwardIsAnError() {
        AdamW optimizer(smallModel(), {});
        QVERIFY_EXCEPTION_THROWN(optimizer.step(0.1, 1), Error);
    }
};

QTEST_APPLESS_MAIN(TestAdamW)
#include "tst_adamw.moc"
